/* What a probe observed: phases, attempts and why it failed. The bar, the list
 * of phases and every report are views of this. */
#ifndef PROBE_EVIDENCE_H
#define PROBE_EVIDENCE_H

#include "base/clock.h"
#include "probe/errqueue.h"
#include "probe/route.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum phase_kind {
    PHASE_LOOKUP,
    PHASE_CONNECT,
    /* Of digging deeper (deep_dialogue.h), on a connection of its own. */
    PHASE_GREETING,
    PHASE_EHLO,
    PHASE_STARTTLS,
    PHASE_TLS, /* the handshake */
    PHASE_EHLO_TLS,
    PHASE_QUIT
};
enum { PHASES = PHASE_QUIT + 1 };

enum step_status { STEP_RUNNING, STEP_OK, STEP_FAILED, STEP_TIMEOUT, STEP_CANCELLED };

/* As fine as kernel and resolver allow; names are stable (reports). "Answered"
 * means an ICMP message that came back for the attempt. */
enum failure_kind {
    FAILURE_NONE,
    FAILURE_NAME_UNKNOWN,        /* EAI_NONAME */
    FAILURE_NAME_WITHOUT_ADDRESS, /* EAI_NODATA */
    FAILURE_RESOLVER,            /* any other EAI_*: the resolver failed, the name may exist */
    FAILURE_RESOLVER_SERVFAIL,   /* the same, and every nameserver that answered said SERVFAIL */
    FAILURE_RESOLVER_REFUSED,    /* the same with REFUSED */
    FAILURE_RESOLVER_SILENT,     /* no nameserver answered in the time there was */
    FAILURE_REFUSED,             /* ECONNREFUSED by a reset */
    FAILURE_REJECTED,            /* answered port or protocol unreachable: a firewall */
    FAILURE_RESET_AFTER_ACCEPT,  /* ECONNRESET: the handshake was answered, then reset */
    FAILURE_TIMEOUT,             /* the budget ended (the phase says where), or ETIMEDOUT */
    FAILURE_NO_ROUTE,            /* an errno of this host's own routes, before the network */
    FAILURE_NETWORK_UNREACHABLE, /* answered so by another: it has no route, or a rule */
    FAILURE_HOST_UNREACHABLE,    /* answered so by another: the host is down, or a rule */
    FAILURE_NO_NEIGHBOUR,        /* EHOSTUNREACH of this host: nobody answers on its network */
    FAILURE_GATEWAY_SILENT,      /* the same, and it was the gateway that was asked for */
    FAILURE_PROHIBITED,          /* answered by a firewall: administratively prohibited */
    FAILURE_PROHIBITED_HERE,     /* this host's own rules: EACCES, EPERM, or its own ICMP */
    FAILURE_LOCAL_RESOURCE,      /* this host has no port, descriptor or memory left */
    FAILURE_SOCKET,              /* any other errno, by its name */
    FAILURE_CONFIGURATION,       /* the settings name no usable target */
    FAILURE_CANCELLED
};

struct phase {
    enum phase_kind kind;
    enum step_status status;
    clock_us started, ended; /* ended is 0 while running */
    char *detail;            /* "3 addresses", "192.0.2.7:587", or NULL */
};

/* One TCP connection attempt to one address. */
struct attempt {
    char address[80]; /* numeric, IPv6 with its zone, no brackets */
    uint16_t port;
    enum step_status status;
    int error; /* errno, 0 where there is none */
    struct icmp_answer icmp;
    struct route route;  /* once it ended, unless cancelled */
    bool dropped_here;   /* silent, and this host itself drops what it sends (connect.h) */
    clock_us started, ended;
};

/* Ordered by how much an answer tells. */
enum nameserver_status {
    NAMESERVER_SILENT, /* nothing came, so far */
    NAMESERVER_SKIPPED, /* it could not be asked: an address with a zone, no name for DNS */
    NAMESERVER_UNREACHABLE, /* this host has no route to it */
    NAMESERVER_PROHIBITED,  /* a firewall forbids it: this host's own, or by an ICMP message */
    NAMESERVER_PORT_CLOSED,
    NAMESERVER_REFUSED,  /* RCODE REFUSED */
    NAMESERVER_SERVFAIL, /* RCODE SERVFAIL */
    NAMESERVER_NOTIMP,   /* RCODE NOTIMP */
    NAMESERVER_FORMERR,  /* RCODE FORMERR */
    NAMESERVER_GARBAGE,  /* no answer to the question: broken, or another RCODE */
    NAMESERVER_NO_NAME,  /* NXDOMAIN */
    NAMESERVER_NO_ADDRESS, /* the name is there, with neither A nor AAAA */
    NAMESERVER_ADDRESSES
};

/* What one nameserver said. */
struct nameserver {
    char address[80];
    enum nameserver_status status; /* of A and AAAA together, the one that tells more */
    bool a_silent, aaaa_silent;    /* the other one was answered, and this one was not */
    bool assumed;                  /* resolv.conf(5) names none: libc asks this host */
    bool misnamed;                 /* the same, and a line for one is there, without an address */
    clock_us started, ended;       /* ended is that of the last answer, 0 where none came */
    clock_us until;                /* it was listened to so long; 0 while it is */
};

/* "silent", "refused", "servfail", ... */
const char *nameserver_status_name(enum nameserver_status status);

struct certificate;

struct evidence {
    clock_us started, ended, deadline; /* monotonic; ended is 0 while running */
    struct phase *phases;
    size_t nphases;
    struct attempt *attempts;
    size_t nattempts;
    struct attempt *contrasts; /* other ports and hosts, tried beside a silence */
    size_t ncontrasts;
    struct nameserver *nameservers; /* asked beside a lookup */
    size_t nnameservers;
    struct certificate *certificate; /* that the server showed (certificate.h), or NULL */
    enum failure_kind failure;
    enum phase_kind failed_phase; /* with a failure of lookup, connection or time */
    int error;                    /* errno of the deciding attempt, or 0 */
    int lookup_error;             /* EAI_* of getaddrinfo(3), or 0 */
};

/* Phases follow each other: begin ends none, end ends the last one. The clock is the
 * caller's; no detail yet. */
void evidence_begin_phase(struct evidence *evidence, enum phase_kind kind, clock_us now);
void evidence_end_phase(struct evidence *evidence, enum step_status status, clock_us now);

/* Frees what the struct holds and zeroes it. */
void evidence_clear(struct evidence *evidence);

/* The phase that is running, or NULL. */
const struct phase *evidence_running(const struct evidence *evidence);

/* Stable names: "lookup", "connect", "ehlo-tls"; "ok", "failed", "timeout", ...;
 * "refused", "name-unknown", ... */
const char *phase_name(enum phase_kind kind);
const char *step_status_name(enum step_status status);
const char *failure_name(enum failure_kind kind);

/* The failure kind of an attempt, by the number of its errno, the ICMP message behind
 * it and the route, never by text; FAILURE_NONE where it did not fail. */
enum failure_kind failure_of_attempt(const struct attempt *attempt);

/* What a contrast, an attempt that has ended, says of its port: "open", "refused" (by a
 * reset), "rejected" (an ICMP message of the address itself), "unreachable" (any other
 * error) or "silent". */
const char *contrast_answer(const struct attempt *attempt);

/* Whether the address itself must have answered: it took the connection, or it refused
 * or rejected it in its own name (a firewall before it may have forged a reset). */
bool attempt_proves_host(const struct attempt *attempt);

/* Whether an answer came so soon that the time for giving up a silent neighbour (3 s on
 * Linux) cannot have passed: then it is rather a rule. */
/* Whether the address is one of IPv6 for a single link and does not say which: connect(2)
 * then fails with EINVAL. */
bool attempt_lacks_zone(const struct attempt *attempt);

bool attempt_was_fast(const struct attempt *attempt);

/* Whether the ICMP message behind it says that its packets went round in circles. */
bool attempt_went_in_circles(const struct attempt *attempt);

/* What the ICMP message behind an attempt says, in words: "host unreachable". */
const char *icmp_meaning(const struct attempt *attempt);

/* The attempt that a verdict is about. Of a run that connected: the one that won. Of one
 * that timed out: a silent one, first one whose address answers on other ports. Else the
 * one that explains the failure best: what came from the host itself before
 * what a box on the way said, before what this host's network and its own tables said,
 * before other errors; the earliest of equals. There must be one. */
const struct attempt *evidence_decisive(const struct evidence *evidence);

/* Whether the verdict is about this attempt: about none before it is there, nor where the
 * run was cancelled. */
bool evidence_is_decisive(const struct evidence *evidence, const struct attempt *attempt);

/* The failure kind of a lookup: of its EAI_* (getaddrinfo(3)), and where that only
 * says that the resolver failed, of what the nameservers had said by now. */
enum failure_kind failure_of_lookup(const struct evidence *evidence, clock_us now);

/* "ECONNREFUSED" for the number (strerrorname_np(3)); "errno 999" if unknown,
 * in a buffer the next call overwrites. */
const char *errno_name(int number);

#endif
