/* The demo: three servers on loopback in this process, and settings that name
 * them. It fakes servers, never results: the checks run for real. */
#ifndef RUN_DEMO_H
#define RUN_DEMO_H

#include "settings/settings.h"

#include <uv.h>

struct demo;

/* Opens the three ports and adds a layer "demo" on top of settings: the SMTP
 * target never completes a connection (its accept queue is full), Slack's
 * refuses (bound, not listening), Teams' (an http URL) accepts. NULL with err
 * where loopback cannot be used. Keeps no loop alive. */
struct demo *demo_start(uv_loop_t *loop, struct settings *settings, struct error *err);

/* Closes the ports; the loop must run once more. NULL is allowed. */
void demo_stop(struct demo *demo);

#endif
