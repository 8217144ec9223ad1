/* Connection attempts under way on the loop, kept as evidence in a list that grows. */
#ifndef PROBE_ATTEMPTS_H
#define PROBE_ATTEMPTS_H

#include "probe/dial.h"
#include "probe/evidence.h"

#include <uv.h>

struct attempts;

/* The list they are kept in: the evidence's attempts or its contrasts. */
struct attempt_list {
    struct attempt **items;
    size_t *count;
};

/* ended is called on the loop, never from within attempts_start, when the attempt at
 * index has ended; it may free the attempts. The list must outlive them. */
struct attempts *attempts_new(uv_loop_t *loop, struct attempt_list list,
                              void (*ended)(void *context, size_t index), void *context);

/* Appends an attempt to an address and starts it. 0, or its errno where it has ended
 * at once, of which nobody is told. A connection is parted from without a reset. */
int attempts_start(struct attempts *attempts, const struct dial_address *to);

/* Whether none is open. */
bool attempts_are_over(const struct attempts *attempts);

/* Closes those that are open, which get the status, and frees; NULL is allowed. */
void attempts_free(struct attempts *attempts, enum step_status status);

#endif
