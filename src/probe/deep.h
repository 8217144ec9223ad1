/* Digging deeper, once the verdict is there: what else can be found out about a
 * target, as findings beside the verdict, which stays as it is.
 *
 * After a connection the server is talked to (deep_talk.h), and each other address
 * of the host is tried. After a failure other ports of the host and other hosts
 * are tried, and whoever refused is asked once more a little later. In either case
 * each nameserver is asked by itself, with the time that a plain run does not give it. */
#ifndef PROBE_DEEP_H
#define PROBE_DEEP_H

#include "probe/deep_talk.h"
#include "probe/resolve.h"

#include <uv.h>

struct deep_probe;

enum {
    DEEP_US = 5 * CLOCK_SECOND,          /* for everything; talking alone may take it all */
    DEEP_CONTRAST_US = 2 * CLOCK_SECOND, /* for all but that */
    DEEP_AGAIN_US = 1500 * CLOCK_MS,   /* from a refusal to the next try */
    DEEP_PORTS = 8,                    /* other ports of the host, at most */
    DEEP_HOSTS = 8                     /* and other hosts */
};

/* Another host that the settings name. */
struct deep_host {
    const char *key; /* that names it */
    const char *host;
    uint16_t port;
};

/* What the verdict was about. Everything is read during the call alone. */
struct deep_target {
    const char *host;
    uint16_t port;
    bool smtp; /* a mail server is what should be there */
    bool tls;  /* something that speaks TLS is */
    const char *ssl_key; /* what the platform was told of TLS with a mail server, or NULL */
    enum talk_ssl ssl;
    const uint16_t *ports; /* other ports of the host */
    size_t nports;
    const struct deep_host *others;
    size_t nothers;
    clock_us budget_us; /* DEEP_US, or less */
    void (*changed)(void *context); /* a phase of deeper began or ended, on the loop; or NULL */
};

/* Starts at once. evidence is that of the finished run: other ports of the host are
 * added to its contrasts, nothing else of it changes. deeper, zeroed by the caller, gets
 * the time of digging, its phases, the certificate that the server showed, what the
 * nameservers answered, and as its contrasts the attempts at other hosts; all of it and the
 * findings last until done or deep_cancel. done is called on the loop, never from within
 * deep_start; the probe is gone after it. */
struct deep_probe *deep_start(uv_loop_t *loop, struct resolver *resolver,
                              const struct deep_target *target, struct evidence *evidence,
                              struct evidence *deeper, struct findings *findings, void (*done)(void *context),
                              void *context);

/* Ends it now; what the talk found so far stays, the rest is not judged; deeper's failure
 * becomes FAILURE_CANCELLED. done is
 * not called. NULL is allowed. */
void deep_cancel(struct deep_probe *probe);

#endif
