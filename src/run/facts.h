/* What was observed in a run, as named facts: what the rules of diagnosis ask for
 * and what their sentences quote. A fact may have several values.
 *
 *     failure      failure_name: "refused", "timeout", ...; "none"
 *     phase        the phase that failed: "lookup", "connect"
 *     host, port   the target; literal: whether host is an address; smtp: whether a mail
 *                  server should be there
 *     address      that of the deciding attempt (evidence_decisive), as are:
 *     errno, ms    ms without attempts: of the phase that failed
 *     private      "yes" (RFC 1918, RFC 4193, loopback, link-local), "shared" (RFC 6598:
 *                  a provider's or a VPN's), "no"
 *     unspecified  whether it is 0.0.0.0 or ::
 *     lacks_zone   whether it is link-local and does not say of which link
 *     route        route_name of the way there; gateway on it, if there is one
 *     neighbour    on a network of this host: "answered", within the last minute, or
 *                  "unconfirmed"; only if the kernel said
 *     icmp         "3/1": type and code behind the failure; icmp_says in words, icmp_from
 *                  its sender; icmp_sender: "own" (this host itself), "target" (the
 *                  address itself), "other"; each only if seen
 *     circles      whether that message says that the packets went round in circles
 *     askable      "no" where DNS has no room for the name; name_fault: "an empty label", ...
 *     dropped_here yes where this host's own rules dropped what it sent
 *     also         failure_name of each other attempt, also_at its address; addresses:
 *                  all of them in words, where there are several; also_icmp: which ICMP
 *                  message rejected or prohibited which other one, by whom, in words
 *     open, refused, rejected, unreachable, silent
 *                  other ports of the same address by what came back: rejected by an
 *                  ICMP message of the address itself, unreachable by another one's;
 *                  answered: one of the first three; host_answers: whether any is
 *     others       "open on 465; refused on 443": the same in words
 *     elsewhere    "answered" or "silent": other configured hosts on the same port, each
 *                  that is behind a gateway and not private; their addresses are
 *                  elsewhere_answered and elsewhere_silent
 *     nameserver   status of each nameserver by the end of the lookup; nameservers: who
 *                  said what, in words; nameserver_again, nameservers_again: to digging
 *                  deeper, after the verdict
 *     aaaa_silent  yes where one answered for IPv4 addresses and not for IPv6 ones
 *     assumed      yes where resolv.conf names none, so that this host is asked
 *     wants        what should answer there: smtp, or tls behind an https URL
 *     finding      finding_name of each
 *     greeted      whether a mail server's greeting was read
 *     refusal      of a greeting that refuses: for-now (4yz) or for-good
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

/* Whether all conditions of the rule hold. */
bool facts_meet(const struct facts *facts, const struct rule *rule);

/* The template with the values of each {fact} put in, several joined by ", "; a
 * fact that is not there gives "?". The caller frees it. */
char *facts_fill(const struct facts *facts, const char *template);

#endif
