/* One host, all its addresses, some ports: who takes connections there. */
#ifndef PROBE_DEEP_KNOCK_H
#define PROBE_DEEP_KNOCK_H

#include "probe/evidence.h"
#include "probe/resolve.h"

#include <uv.h>

struct knock;

struct knock_target {
    const char *host; /* a name, or a numeric address; read during the call alone */
    const uint16_t *ports;
    size_t nports;
    const char *except; /* a numeric address that is left out, or NULL */
};

/* Looks host up and connects to each address at each port, all at once. The attempts
 * are appended to evidence->contrasts, which must last until knock_stop; where the
 * lookup fails there are none. done is called on the loop, never from within
 * knock_start, once all have ended; the knock stays the caller's. */
struct knock *knock_start(uv_loop_t *loop, struct resolver *resolver,
                          const struct knock_target *target, struct evidence *evidence,
                          void (*done)(void *context), void *context);

/* Ends what is under way; attempts that are open become STEP_TIMEOUT. done is not
 * called any more. Frees; NULL is allowed. */
void knock_stop(struct knock *knock);

#endif
