/* Results for the tests of diagnosis, from what a run saw. */
#ifndef TESTS_UNIT_SIGHT_H
#define TESTS_UNIT_SIGHT_H

#include "run/result.h"

/* What a run saw, in short. */
struct sight {
    enum failure_kind failure;
    enum phase_kind phase;
    const char *address; /* of the attempt, or NULL: the lookup failed */
    int error;
    struct icmp_answer icmp;
    int ms;             /* of the attempt */
    const char *others; /* "o465 r443 s25": open, refused, silent */
    /* What the nameservers said, beside the lookup and to digging deeper, a letter each:
     * silent, unreachable, x for prohibited, port closed, refused, f for servfail, no such
     * name, w for a name without address, addresses, 6 for the same but for IPv6, c for the
     * closed port of an assumed one. Each was asked at 0 and answered after 3 ms, or was
     * listened to for 20. */
    const char *asked, *again;
    bool dropped_here;
    enum finding_id finding, second_finding;
    bool found, greeted;
    const char *refusal; /* the greeting that refuses, "554 no"; or NULL */
    enum route_kind route;
    enum neighbour_state neighbour;
    const char *also; /* another address, that refused; or NULL */
    struct icmp_answer also_icmp; /* the message that rejected it; or none: a reset */
    const char *also_others; /* its other ports */
    char elsewhere;   /* another host: 'o' open, 's' silent, 't' the target's own address,
                         silent; or 0 */
    const char *host, *check; /* NULL: mail.example, smtp */
    uint16_t port;            /* 0: 587 */
};

/* A concluded result of one of the catalog's checks, which the caller frees. */
struct result *sight_result(const struct catalog *catalog, const struct sight *sight);

#endif
