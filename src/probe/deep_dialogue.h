/* The SMTP dialogue (smtp.h) over a TCP connection of its own. No credentials, no
 * mail. */
#ifndef PROBE_DEEP_DIALOGUE_H
#define PROBE_DEEP_DIALOGUE_H

#include "probe/dial.h"
#include "probe/finding.h"

#include <uv.h>

struct dialogue;

/* Connects to the address and port of `to` and talks until the dialogue ends, by
 * deadline (monotonic) at the latest. EHLO says the address literal of this end (RFC
 * 5321, section 4.1.4), so that no name leaves this host. Where the server is
 * ready for TLS the connection ends: nothing but a handshake may follow
 * there (RFC 3207, section 4). findings, the caller's, must last until
 * done or dialogue_stop. done is called on the loop, never from within
 * dialogue_start; the dialogue is gone after it. */
struct dialogue *dialogue_start(uv_loop_t *loop, const struct dial_address *to,
                                clock_us deadline, struct findings *findings,
                                void (*done)(void *context), void *context);

/* Closes at once; done is not called. Not valid after done. NULL is allowed. */
void dialogue_stop(struct dialogue *dialogue);

#endif
