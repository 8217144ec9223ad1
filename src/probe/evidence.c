#include "probe/evidence.h"

#include "base/mem.h"
#include "probe/certificate.h"

#include <arpa/inet.h>
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
    certificate_free(evidence->certificate);
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
        [FAILURE_RESET_AFTER_ACCEPT] = "reset-after-accept",
        [FAILURE_TIMEOUT] = "timeout",
        [FAILURE_NO_ROUTE] = "no-route",
        [FAILURE_NETWORK_UNREACHABLE] = "network-unreachable",
        [FAILURE_HOST_UNREACHABLE] = "host-unreachable",
        [FAILURE_NO_NEIGHBOUR] = "no-neighbour",
        [FAILURE_GATEWAY_SILENT] = "gateway-silent",
        [FAILURE_PROHIBITED] = "prohibited",
        [FAILURE_PROHIBITED_HERE] = "prohibited-here",
        [FAILURE_LOCAL_RESOURCE] = "local-resource",
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
        [NAMESERVER_PROHIBITED] = "prohibited",
        [NAMESERVER_PORT_CLOSED] = "port-closed",
        [NAMESERVER_REFUSED] = "refused",
        [NAMESERVER_SERVFAIL] = "servfail",
        [NAMESERVER_NOTIMP] = "notimp",
        [NAMESERVER_FORMERR] = "formerr",
        [NAMESERVER_GARBAGE] = "garbage",
        [NAMESERVER_NO_NAME] = "no-such-name",
        [NAMESERVER_NO_ADDRESS] = "no-address",
        [NAMESERVER_ADDRESSES] = "addresses",
    };
    return names[status];
}

static bool is_ipv6(const struct attempt *attempt)
{
    return strchr(attempt->address, ':');
}

bool attempt_went_in_circles(const struct attempt *attempt)
{
    const struct icmp_answer *icmp = &attempt->icmp;

    return icmp->seen &&
           icmp->type == (is_ipv6(attempt) ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED);
}

/* RFC 4443 section 3.1. */
static const char *icmp6_meaning(int code)
{
    static const char *const texts[] = {
        "no route",          "administratively prohibited", "beyond the scope of the source",
        "address unreachable", "port unreachable",          "source address prohibited",
        "route rejected"};

    return code < (int)(sizeof texts / sizeof *texts) ? texts[code] : "unreachable";
}

/* RFC 792, RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1. */
static const char *icmp4_meaning(int code)
{
    static const char *const texts[] = {
        "network unreachable", "host unreachable",        "protocol unreachable",
        "port unreachable",    "fragmentation needed",    "source route failed",
        "network unknown",     "host unknown",            "host isolated",
        "network prohibited",  "host prohibited",         "network unreachable for this service",
        "host unreachable for this service", "administratively prohibited",
        "precedence violation", "precedence cutoff"};

    return code < (int)(sizeof texts / sizeof *texts) ? texts[code] : "unreachable";
}

const char *icmp_meaning(const struct attempt *attempt)
{
    if (attempt_went_in_circles(attempt))
        return "time exceeded";
    return is_ipv6(attempt) ? icmp6_meaning(attempt->icmp.code) : icmp4_meaning(attempt->icmp.code);
}

/* ICMP destination unreachable: by a filter (RFC 1812 section 5.2.7.1). */
static bool is_prohibition(const struct attempt *attempt)
{
    const struct icmp_answer *icmp = &attempt->icmp;

    if (!icmp->seen)
        return false;
    if (is_ipv6(attempt))
        return icmp->type == ICMP6_DST_UNREACH && icmp->code == ICMP6_DST_UNREACH_ADMIN;
    return icmp->type == ICMP_DEST_UNREACH &&
           (icmp->code == ICMP_NET_ANO || icmp->code == ICMP_HOST_ANO ||
            icmp->code == ICMP_PKT_FILTERED);
}

bool attempt_lacks_zone(const struct attempt *attempt)
{
    struct in6_addr in6;

    return inet_pton(AF_INET6, attempt->address, &in6) == 1 && IN6_IS_ADDR_LINKLOCAL(&in6);
}

bool attempt_was_fast(const struct attempt *attempt)
{
    return attempt->ended - attempt->started < CLOCK_SECOND;
}

/* Of this host itself: at once and without a message it is no route or one that forbids,
 * from connect(2) itself. With a message of its own, soon, it is a rule that rejects;
 * later, it asked for a neighbour in vain. */
static enum failure_kind failure_of_own_unreachable(const struct attempt *attempt)
{
    bool fast = attempt->error == ENETUNREACH || attempt_was_fast(attempt);

    if (fast && !attempt->icmp.seen)
        return FAILURE_NO_ROUTE;
    if (fast || is_prohibition(attempt))
        return FAILURE_PROHIBITED_HERE;
    return attempt->route.kind == ROUTE_GATEWAY ? FAILURE_GATEWAY_SILENT : FAILURE_NO_NEIGHBOUR;
}

static enum failure_kind failure_of_unreachable(const struct attempt *attempt)
{
    if (!attempt->icmp.seen || attempt->icmp.local)
        return failure_of_own_unreachable(attempt);
    if (is_prohibition(attempt))
        return FAILURE_PROHIBITED;
    return attempt->error == ENETUNREACH ? FAILURE_NETWORK_UNREACHABLE : FAILURE_HOST_UNREACHABLE;
}

static enum failure_kind failure_of_rejection(const struct attempt *attempt)
{
    return attempt->icmp.local ? FAILURE_PROHIBITED_HERE : FAILURE_REJECTED;
}

enum failure_kind failure_of_attempt(const struct attempt *attempt)
{
    switch (attempt->error) {
    case 0:
        return attempt->status == STEP_TIMEOUT ? FAILURE_TIMEOUT : FAILURE_NONE;
    case ECONNREFUSED:
        return attempt->icmp.seen ? failure_of_rejection(attempt) : FAILURE_REFUSED;
    case ENOPROTOOPT: /* ICMP protocol unreachable */
        return attempt->icmp.seen ? failure_of_rejection(attempt) : FAILURE_SOCKET;
    case ECONNRESET:
        return FAILURE_RESET_AFTER_ACCEPT;
    case ETIMEDOUT:
        return FAILURE_TIMEOUT;
    case ENETDOWN:
    case EAFNOSUPPORT: /* a kernel without IPv6 */
    case EINVAL: /* a blackhole route, from connect(2) itself: measured */
        return FAILURE_NO_ROUTE;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENONET:
        return failure_of_unreachable(attempt);
    case EACCES:
    case EPERM:
        return attempt->icmp.seen && !attempt->icmp.local ? FAILURE_PROHIBITED
                                                          : FAILURE_PROHIBITED_HERE;
    case EADDRNOTAVAIL:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return FAILURE_LOCAL_RESOURCE;
    default:
        return FAILURE_SOCKET;
    }
}

/* How little a failure explains: a refusal proves that the host is there, a
 * missing route names a place, a prohibition may be anybody's. */
static int vagueness(const struct attempt *attempt)
{
    switch (failure_of_attempt(attempt)) {
    case FAILURE_REFUSED:
    case FAILURE_RESET_AFTER_ACCEPT:
        return 0;
    case FAILURE_REJECTED:
    case FAILURE_PROHIBITED:
        return 1;
    case FAILURE_NETWORK_UNREACHABLE:
    case FAILURE_HOST_UNREACHABLE:
        return 2;
    case FAILURE_NO_NEIGHBOUR:
    case FAILURE_GATEWAY_SILENT:
        return 3;
    case FAILURE_PROHIBITED_HERE:
        return 4;
    case FAILURE_NO_ROUTE: /* the usual fate of IPv6 where there is none */
        return 5;
    default:
        return 6;
    }
}

bool attempt_proves_host(const struct attempt *attempt)
{
    switch (failure_of_attempt(attempt)) {
    case FAILURE_NONE:
        return attempt->status == STEP_OK;
    case FAILURE_REFUSED:
    case FAILURE_RESET_AFTER_ACCEPT:
        return true;
    default:
        return attempt->icmp.seen && !attempt->icmp.local &&
               strcmp(attempt->icmp.from, attempt->address) == 0;
    }
}

const char *contrast_answer(const struct attempt *attempt)
{
    switch (failure_of_attempt(attempt)) {
    case FAILURE_NONE:
    case FAILURE_RESET_AFTER_ACCEPT:
        return "open";
    case FAILURE_REFUSED:
        return "refused";
    case FAILURE_TIMEOUT:
        return "silent";
    default:
        return attempt_proves_host(attempt) ? "rejected" : "unreachable";
    }
}

static bool answers_elsewhere(const struct evidence *evidence, const char *address)
{
    for (size_t i = 0; i < evidence->ncontrasts; i++)
        if (strcmp(evidence->contrasts[i].address, address) == 0 &&
            attempt_proves_host(&evidence->contrasts[i]))
            return true;
    return false;
}

/* NULL where there is none. */
static const struct attempt *find_silent(const struct evidence *evidence)
{
    const struct attempt *first = NULL;

    for (size_t i = 0; i < evidence->nattempts; i++) {
        const struct attempt *attempt = &evidence->attempts[i];
        if (failure_of_attempt(attempt) != FAILURE_TIMEOUT)
            continue;
        if (answers_elsewhere(evidence, attempt->address))
            return attempt;
        first = first ? first : attempt;
    }
    return first;
}

static const struct attempt *find_winner(const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->nattempts; i++)
        if (evidence->attempts[i].status == STEP_OK)
            return &evidence->attempts[i];
    return NULL;
}

const struct attempt *evidence_decisive(const struct evidence *evidence)
{
    const struct attempt *best = &evidence->attempts[0];
    const struct attempt *plain = evidence->failure == FAILURE_NONE      ? find_winner(evidence)
                                  : evidence->failure == FAILURE_TIMEOUT ? find_silent(evidence)
                                                                         : NULL;

    if (plain)
        return plain;
    for (size_t i = 1; i < evidence->nattempts; i++)
        if (vagueness(&evidence->attempts[i]) < vagueness(best))
            best = &evidence->attempts[i];
    return best;
}

bool evidence_is_decisive(const struct evidence *evidence, const struct attempt *attempt)
{
    return evidence->ended && evidence->failure != FAILURE_CANCELLED &&
           attempt == evidence_decisive(evidence);
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
