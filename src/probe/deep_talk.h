/* What a server speaks: a dialogue (deep_dialogue.h) with the address that took the
 * connection. A mail port that stays silent, or answers in TLS, is asked on a second
 * connection whether it speaks TLS from the first byte, which also makes protocols answer
 * whose servers do not speak first: its phases stand behind those of the first, and what
 * comes of it is told. What the port speaks is held against what the platform was told to
 * use. */
#ifndef PROBE_DEEP_TALK_H
#define PROBE_DEEP_TALK_H

#include "probe/deep_dialogue.h"

#include <uv.h>

struct talk;

/* What the setting beside the host says of TLS. */
enum talk_ssl { TALK_SSL_UNSET, TALK_SSL_FALSE, TALK_SSL_TRUE };

/* Read during the call of talk_start alone. */
struct talk_target {
    const char *host;    /* that the certificate must bear */
    const char *address; /* numeric */
    uint16_t port;
    bool smtp; /* a mail server is what should be there; else TLS alone */
    const char *ssl_key; /* "Smtp:UseSsl", or NULL */
    enum talk_ssl ssl;
    void (*changed)(void *context); /* a phase began or ended, on the loop; or NULL */
};

/* TLS from the first byte: RFC 8314, section 7.3. */
enum { TALK_SUBMISSIONS_PORT = 465 };

/* Talks until it is over, by deadline (monotonic) at the latest. findings and evidence,
 * to which the phases are appended, must last until done or talk_stop. done is called
 * on the loop, never from within talk_start; the talk is gone after it. NULL where the
 * address is none. */
struct talk *talk_start(uv_loop_t *loop, const struct talk_target *target, clock_us deadline,
                        struct evidence *evidence, struct findings *findings,
                        void (*done)(void *context), void *context);

/* Ends it at once; what was found stays; done is not called. NULL is allowed. */
void talk_stop(struct talk *talk);

#endif
