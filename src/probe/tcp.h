/* The TCP probe: one lookup, then connections to every address, all within one
 * deadline. The first connection wins and is closed politely. */
#ifndef PROBE_TCP_H
#define PROBE_TCP_H

#include "probe/evidence.h"
#include "probe/resolve.h"

#include <stdint.h>
#include <uv.h>

struct tcp_probe;

/* Both are called on the loop, never from within tcp_probe_start. changed: a
 * phase or an attempt began or ended. done: the last call, with evidence->ended
 * set; the probe is gone after it. */
struct tcp_observer {
    void (*changed)(void *context);
    void (*done)(void *context);
    void *context;
};

/* Starts at once, with budget_us counted from now. evidence (zeroed by the
 * caller, who owns it and keeps it until done or cancel) is filled as it goes.
 * host is copied. A verdict is final: all sockets are looked at once more when
 * the deadline fires, so a stalled process does not report a finished
 * connection as a timeout. */
struct tcp_probe *tcp_probe_start(uv_loop_t *loop, struct resolver *resolver, const char *host,
                                  uint16_t port, clock_us budget_us, struct evidence *evidence,
                                  const struct tcp_observer *observer);

/* Ends it now with FAILURE_CANCELLED; running phases and attempts are marked
 * STEP_CANCELLED; done is called from within. */
void tcp_probe_cancel(struct tcp_probe *probe);

#endif
