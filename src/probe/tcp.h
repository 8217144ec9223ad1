/* The TCP probe: one lookup, then connections to every address, all within one
 * deadline. The first connection wins and is closed politely. */
#ifndef PROBE_TCP_H
#define PROBE_TCP_H

#include "probe/evidence.h"
#include "probe/resolve.h"

#include <stdint.h>
#include <uv.h>

struct tcp_probe;

/* What to connect to. host and ports are read during the call alone. */
struct tcp_target {
    const char *host;
    uint16_t port;
    clock_us budget_us; /* from now, for everything */
    /* Other ports of the same addresses, tried where port stays silent for
     * TCP_SILENCE_US (or 2/5 of the budget): evidence, never the verdict. */
    const uint16_t *contrast_ports;
    size_t ncontrast_ports;
};

enum { TCP_SILENCE_US = 2 * CLOCK_SECOND, TCP_CONTRAST_PORTS = 8 };

/* Both are called on the loop, never from within tcp_probe_start. changed: a
 * phase or an attempt began or ended. done: the last call, with evidence->ended
 * set; the probe is gone after it. */
struct tcp_observer {
    void (*changed)(void *context);
    void (*done)(void *context);
    void *context;
};

/* Starts at once. evidence (zeroed by the caller, who owns it and keeps it until
 * done or cancel) is filled as it goes. A verdict is final: all sockets are looked
 * at once more when the deadline fires, so a stalled process does not report a
 * finished connection as a timeout.
 *
 * Beside the lookup every nameserver is asked by itself, and beside a silent
 * connection the contrast ports are tried. Neither delays the verdict: what has
 * not come by then is not waited for. */
struct tcp_probe *tcp_probe_start(uv_loop_t *loop, struct resolver *resolver,
                                  const struct tcp_target *target, struct evidence *evidence,
                                  const struct tcp_observer *observer);

/* Ends it now with FAILURE_CANCELLED; running phases and attempts are marked
 * STEP_CANCELLED; done is called from within. */
void tcp_probe_cancel(struct tcp_probe *probe);

#endif
