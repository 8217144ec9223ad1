/* What was observed in a run, as named facts: what the rules of diagnosis ask for
 * and what their sentences quote. A fact may have several values.
 *
 *     failure      failure_name: "refused", "timeout", ...; "none"
 *     phase        the phase that failed: "lookup", "connect"
 *     errno        of the deciding attempt
 *     ms           of the deciding attempt, or of the phase that failed
 *     host, port   the target; literal: whether host is an address
 *     address      every address that was tried; private: whether all are (RFC 1918,
 *                  RFC 4193, loopback, link-local)
 *     icmp         "3/1": type and code behind the failure, icmp_from its sender,
 *                  icmp_local whether this host itself sent it; each only if seen
 *     open, refused, silent, unreachable
 *                  ports of the same addresses by what they answered; answered:
 *                  open or refused
 *     others       "open on 465; refused on 443": the same in words
 *     nameserver   status of each nameserver by the end of the lookup; nameservers: who
 *                  said what, in words; nameserver_again, nameservers_again: to digging
 *                  deeper, after the verdict
 *     aaaa_silent  yes where one answered for IPv4 addresses and not for IPv6 ones
 *     assumed      yes where resolv.conf names none, so that this host is asked
 *     dropped_here yes where this host's own rules dropped what it sent
 *     finding      finding_name of each
 *     reason       of a configuration that names no target; fault its fault_name */
#ifndef RUN_FACTS_H
#define RUN_FACTS_H

#include "run/result.h"

struct fact {
    const char *name; /* static */
    char *value;
};

struct facts {
    struct fact *items;
    size_t count;
};

/* Gathers the facts of a finished run. Clear with facts_clear. */
void facts_gather(struct facts *facts, const struct result *result);
void facts_clear(struct facts *facts);

/* Whether the fact has one of the values, which "|" separates. */
bool facts_has(const struct facts *facts, const char *name, const char *values);

/* The number of a fact, or -1 where it is not there. */
double facts_number(const struct facts *facts, const char *name);

/* The template with the values of each {fact} put in, several joined by ", "; a
 * fact that is not there gives "?". The caller frees it. */
char *facts_fill(const struct facts *facts, const char *template);

#endif
