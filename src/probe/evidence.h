/* What a probe observed: phases, attempts and why it failed. The bar, the list
 * of phases and every report are views of this. */
#ifndef PROBE_EVIDENCE_H
#define PROBE_EVIDENCE_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum phase_kind { PHASE_LOOKUP, PHASE_CONNECT };

enum step_status { STEP_RUNNING, STEP_OK, STEP_FAILED, STEP_TIMEOUT, STEP_CANCELLED };

/* Ordered from the finest to the coarsest; names are stable (reports). */
enum failure_kind {
    FAILURE_NONE,
    FAILURE_NAME_UNKNOWN,        /* EAI_NONAME, EAI_NODATA */
    FAILURE_RESOLVER,            /* any other EAI_*: the resolver failed, the name may exist */
    FAILURE_REFUSED,             /* ECONNREFUSED */
    FAILURE_TIMEOUT,             /* the budget ended (the phase says where), or ETIMEDOUT */
    FAILURE_NETWORK_UNREACHABLE, /* ENETUNREACH, ENETDOWN */
    FAILURE_HOST_UNREACHABLE,    /* EHOSTUNREACH, EHOSTDOWN */
    FAILURE_PROHIBITED,          /* EACCES, EPERM: forbidden here or on the way */
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
    clock_us started, ended;
};

struct evidence {
    clock_us started, ended, deadline; /* monotonic; ended is 0 while running */
    struct phase *phases;
    size_t nphases;
    struct attempt *attempts;
    size_t nattempts;
    enum failure_kind failure;
    enum phase_kind failed_phase; /* with a failure of lookup, connection or time */
    int error;                    /* errno of the deciding attempt, or 0 */
    int lookup_error;             /* EAI_* of getaddrinfo(3), or 0 */
};

/* Frees what the struct holds and zeroes it. */
void evidence_clear(struct evidence *evidence);

/* The phase that is running, or NULL. */
const struct phase *evidence_running(const struct evidence *evidence);

/* Stable names: "lookup", "connect"; "ok", "failed", "timeout", ...;
 * "refused", "name-unknown", ... */
const char *phase_name(enum phase_kind kind);
const char *step_status_name(enum step_status status);
const char *failure_name(enum failure_kind kind);

/* The failure kind of an errno of connect(2), by number, never by text. */
enum failure_kind failure_of_errno(int number);

/* The failure kind of an EAI_* of getaddrinfo(3). */
enum failure_kind failure_of_lookup(int error);

/* "ECONNREFUSED" for the number (strerrorname_np(3)); "errno 999" if unknown,
 * in a buffer the next call overwrites. */
const char *errno_name(int number);

#endif
