/* Contrast probes: what other ports and addresses answer while the one in question
 * does not. A refusal there proves that the host is up, an open mail port that
 * this port alone is blocked; silence everywhere proves neither. */
#ifndef PROBE_CONTRAST_H
#define PROBE_CONTRAST_H

#include "probe/dial.h"
#include "probe/evidence.h"

#include <uv.h>

struct contrast;

enum { CONTRAST_ATTEMPTS = 64 };

/* Connects to each address (its own port is of no account) at each port, all at
 * once; of more than CONTRAST_ATTEMPTS the last are left out. The attempts are
 * appended to evidence->contrasts and end there as they are answered. done is
 * called on the loop once all have ended, unless stopped before; the contrast
 * stays the caller's. */
struct contrast *contrast_start(uv_loop_t *loop, const struct dial_address *addresses,
                                size_t naddresses, const uint16_t *ports, size_t nports,
                                struct evidence *evidence, void (*done)(void *context),
                                void *context);

/* Closes what is open, marked STEP_TIMEOUT: nothing came so far. Frees; NULL is
 * allowed. */
void contrast_stop(struct contrast *contrast);

#endif
