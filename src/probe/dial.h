/* Which address to try when: RFC 8305 (Happy Eyeballs 2) as a pure state
 * machine, without sockets and without a clock. The caller owns both. */
#ifndef PROBE_DIAL_H
#define PROBE_DIAL_H

#include "base/clock.h"

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* Connection Attempt Delay, RFC 8305 section 5 (recommended 250 ms). */
enum { DIAL_DELAY_US = 250 * CLOCK_MS };

struct dial_address {
    struct sockaddr_storage address;
    socklen_t length;
};

enum dial_step {
    DIAL_START,  /* start an attempt for the address *index now */
    DIAL_WAIT,   /* nothing to do before *until, or before an attempt ends */
    DIAL_WON,    /* attempt *index connected: close the others */
    DIAL_FAILED, /* every address failed */
    DIAL_EXPIRED /* the deadline passed with attempts open */
};

struct dial;

/* Takes the addresses in getaddrinfo(3)'s order (RFC 6724), leaves duplicates
 * out, and interleaves the families starting with the first one's (RFC 8305,
 * section 4). deadline is a time on the caller's clock. Free takes NULL. */
struct dial *dial_new(const struct addrinfo *list, clock_us deadline);
void dial_free(struct dial *dial);

/* The addresses in the order they are tried. */
size_t dial_count(const struct dial *dial);
const struct dial_address *dial_address(const struct dial *dial, size_t index);

/* What to do at now. Call until it says something else than DIAL_START: a start
 * counts as begun. *until is set for DIAL_WAIT: the next start or the deadline. */
enum dial_step dial_next(struct dial *dial, clock_us now, size_t *index, clock_us *until);

/* Attempt index ended: error 0 connected, else its errno. A failure lets the
 * next address start at once. */
void dial_ended(struct dial *dial, size_t index, int error);

#endif
