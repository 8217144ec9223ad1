#include "probe/evidence.h"

#include "base/mem.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void evidence_clear(struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->nphases; i++)
        free(evidence->phases[i].detail);
    free(evidence->phases);
    free(evidence->attempts);
    free(evidence->contrasts);
    free(evidence->nameservers);
    *evidence = (struct evidence){0};
}

void evidence_begin_phase(struct evidence *evidence, enum phase_kind kind, clock_us now)
{
    evidence->phases = mem_grow(evidence->phases, evidence->nphases, sizeof *evidence->phases);
    evidence->phases[evidence->nphases++] =
        (struct phase){.kind = kind, .status = STEP_RUNNING, .started = now};
}

void evidence_end_phase(struct evidence *evidence, enum step_status status, clock_us now)
{
    struct phase *phase = &evidence->phases[evidence->nphases - 1];

    phase->status = status;
    phase->ended = now;
}

const struct phase *evidence_running(const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->nphases; i++)
        if (evidence->phases[i].status == STEP_RUNNING)
            return &evidence->phases[i];
    return NULL;
}

const char *phase_name(enum phase_kind kind)
{
    static const char *const names[] = {
        [PHASE_LOOKUP] = "lookup",
        [PHASE_CONNECT] = "connect",
        [PHASE_GREETING] = "greeting",
        [PHASE_EHLO] = "ehlo",
        [PHASE_STARTTLS] = "starttls",
        [PHASE_TLS] = "tls",
        [PHASE_EHLO_TLS] = "ehlo-tls",
        [PHASE_QUIT] = "quit",
    };
    return names[kind];
}

const char *step_status_name(enum step_status status)
{
    static const char *const names[] = {
        [STEP_RUNNING] = "running", [STEP_OK] = "ok",
        [STEP_FAILED] = "failed",   [STEP_TIMEOUT] = "timeout",
        [STEP_CANCELLED] = "cancelled",
    };
    return names[status];
}

const char *failure_name(enum failure_kind kind)
{
    static const char *const names[] = {
        [FAILURE_NONE] = "none",
        [FAILURE_NAME_UNKNOWN] = "name-unknown",
        [FAILURE_NAME_WITHOUT_ADDRESS] = "name-without-address",
        [FAILURE_RESOLVER] = "resolver-failed",
        [FAILURE_RESOLVER_SERVFAIL] = "resolver-servfail",
        [FAILURE_RESOLVER_REFUSED] = "resolver-refused",
        [FAILURE_RESOLVER_SILENT] = "resolver-silent",
        [FAILURE_REFUSED] = "refused",
        [FAILURE_REJECTED] = "rejected",
        [FAILURE_TIMEOUT] = "timeout",
        [FAILURE_NO_ROUTE] = "no-route",
        [FAILURE_NETWORK_UNREACHABLE] = "network-unreachable",
        [FAILURE_HOST_UNREACHABLE] = "host-unreachable",
        [FAILURE_NO_NEIGHBOUR] = "no-neighbour",
        [FAILURE_PROHIBITED] = "prohibited",
        [FAILURE_PROHIBITED_HERE] = "prohibited-here",
        [FAILURE_SOCKET] = "socket-error",
        [FAILURE_CONFIGURATION] = "configuration",
        [FAILURE_CANCELLED] = "cancelled",
    };
    return names[kind];
}

const char *nameserver_status_name(enum nameserver_status status)
{
    static const char *const names[] = {
        [NAMESERVER_SILENT] = "silent",
        [NAMESERVER_SKIPPED] = "not-asked",
        [NAMESERVER_UNREACHABLE] = "unreachable",
        [NAMESERVER_PORT_CLOSED] = "port-closed",
        [NAMESERVER_REFUSED] = "refused",
        [NAMESERVER_SERVFAIL] = "servfail",
        [NAMESERVER_GARBAGE] = "garbage",
        [NAMESERVER_NO_NAME] = "no-such-name",
        [NAMESERVER_NO_ADDRESS] = "no-address",
        [NAMESERVER_ADDRESSES] = "addresses",
    };
    return names[status];
}

/* ICMP destination unreachable: by a filter (RFC 1812 section 5.2.7.1). */
static bool is_prohibition(const struct attempt *attempt)
{
    const struct icmp_answer *icmp = &attempt->icmp;

    if (!icmp->seen)
        return false;
    if (strchr(attempt->address, ':'))
        return icmp->type == ICMP6_DST_UNREACH && icmp->code == ICMP6_DST_UNREACH_ADMIN;
    return icmp->type == ICMP_DEST_UNREACH &&
           (icmp->code == ICMP_NET_ANO || icmp->code == ICMP_HOST_ANO ||
            icmp->code == ICMP_PKT_FILTERED);
}

static enum failure_kind failure_of_unreachable(const struct attempt *attempt)
{
    if (is_prohibition(attempt))
        return attempt->icmp.local ? FAILURE_PROHIBITED_HERE : FAILURE_PROHIBITED;
    return attempt->icmp.seen && !attempt->icmp.local ? FAILURE_HOST_UNREACHABLE
                                                      : FAILURE_NO_NEIGHBOUR;
}

enum failure_kind failure_of_attempt(const struct attempt *attempt)
{
    switch (attempt->error) {
    case 0:
        return attempt->status == STEP_TIMEOUT ? FAILURE_TIMEOUT : FAILURE_NONE;
    case ECONNREFUSED:
        return attempt->icmp.seen ? FAILURE_REJECTED : FAILURE_REFUSED;
    case ETIMEDOUT:
        return FAILURE_TIMEOUT;
    case ENETUNREACH:
        return attempt->icmp.seen ? FAILURE_NETWORK_UNREACHABLE : FAILURE_NO_ROUTE;
    case ENETDOWN:
    case EINVAL: /* a blackhole route, from connect(2) itself: measured */
        return FAILURE_NO_ROUTE;
    case EHOSTUNREACH:
    case EHOSTDOWN:
        return failure_of_unreachable(attempt);
    case EACCES:
    case EPERM:
        return attempt->icmp.seen && !attempt->icmp.local ? FAILURE_PROHIBITED
                                                          : FAILURE_PROHIBITED_HERE;
    default:
        return FAILURE_SOCKET;
    }
}

const char *contrast_answer(const struct attempt *attempt)
{
    switch (failure_of_attempt(attempt)) {
    case FAILURE_NONE:
        return "open";
    case FAILURE_REFUSED:
        return "refused";
    case FAILURE_TIMEOUT:
        return "silent";
    default:
        return "unreachable";
    }
}

/* How little a failure explains: a refusal proves that the host is there, a
 * missing route names a place, a prohibition may be anybody's. */
static int vagueness(const struct attempt *attempt)
{
    switch (failure_of_attempt(attempt)) {
    case FAILURE_REFUSED:
        return 0;
    case FAILURE_REJECTED:
    case FAILURE_PROHIBITED:
        return 1;
    case FAILURE_NETWORK_UNREACHABLE:
    case FAILURE_HOST_UNREACHABLE:
        return 2;
    case FAILURE_NO_ROUTE:
    case FAILURE_NO_NEIGHBOUR:
    case FAILURE_PROHIBITED_HERE:
        return 3;
    default:
        return 4;
    }
}

const struct attempt *evidence_decisive(const struct evidence *evidence)
{
    const struct attempt *best = &evidence->attempts[0];

    for (size_t i = 1; i < evidence->nattempts; i++)
        if (vagueness(&evidence->attempts[i]) < vagueness(best))
            best = &evidence->attempts[i];
    return best;
}

/* Whether all nameservers that were asked are in the one state. */
static bool all_nameservers(const struct evidence *evidence, enum nameserver_status status)
{
    size_t asked = 0;

    for (size_t i = 0; i < evidence->nnameservers; i++) {
        enum nameserver_status is = evidence->nameservers[i].status;
        if (is != NAMESERVER_SKIPPED && is != status)
            return false;
        asked += is == status;
    }
    return asked > 0;
}

static enum failure_kind failure_of_resolver(const struct evidence *evidence, clock_us now)
{
    if (all_nameservers(evidence, NAMESERVER_SERVFAIL))
        return FAILURE_RESOLVER_SERVFAIL;
    if (all_nameservers(evidence, NAMESERVER_REFUSED))
        return FAILURE_RESOLVER_REFUSED;
    /* libc gives up after 10 s: a silence of no time proves nothing. */
    if (all_nameservers(evidence, NAMESERVER_SILENT) &&
        now - evidence->started > CLOCK_SECOND)
        return FAILURE_RESOLVER_SILENT;
    return FAILURE_RESOLVER;
}

enum failure_kind failure_of_lookup(const struct evidence *evidence, clock_us now)
{
    switch (evidence->lookup_error) {
    case 0:
        return FAILURE_NONE;
    case EAI_NONAME:
        return FAILURE_NAME_UNKNOWN;
    case EAI_NODATA:
        return FAILURE_NAME_WITHOUT_ADDRESS;
    default:
        return failure_of_resolver(evidence, now);
    }
}

const char *errno_name(int number)
{
    static char unknown[32];
    const char *name = strerrorname_np(number);

    if (name)
        return name;
    snprintf(unknown, sizeof unknown, "errno %d", number);
    return unknown;
}
