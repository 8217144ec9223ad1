/* What the observations of digging deeper come to. Only what was seen is said: a
 * silence says for how long. */
#ifndef PROBE_DEEP_JUDGE_H
#define PROBE_DEEP_JUDGE_H

#include "probe/evidence.h"
#include "probe/finding.h"

/* A lookup of the run that took longer is slow. */
enum { DNS_SLOW_US = CLOCK_SECOND };

/* dead-address: addresses that failed in a run that passed, or later, in `tried`. An
 * address that this host has no route to is not dead: nothing waits for it. */
void judge_addresses(struct findings *findings, const struct evidence *run,
                     const struct evidence *tried);

/* other-port-open: each mail port among the contrasts that took a connection. */
void judge_ports(struct findings *findings, const char *host, const struct evidence *tried);

/* other-host-open, if any of the contrasts took a connection. */
void judge_host(struct findings *findings, const char *key, const char *host,
                const struct evidence *tried);

/* accepted-later, for each that took a connection. */
void judge_again(struct findings *findings, const struct evidence *tried);

/* dns-slow, of the run's lookup. */
void judge_lookup(struct findings *findings, const char *host, const struct evidence *run);

/* dns-server-dead, dns-aaaa-silent: of the nameservers that were asked. */
void judge_nameservers(struct findings *findings, const struct evidence *asked);

#endif
