#include "probe/evidence.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void evidence_clear(struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->nphases; i++)
        free(evidence->phases[i].detail);
    free(evidence->phases);
    free(evidence->attempts);
    *evidence = (struct evidence){0};
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
        [FAILURE_RESOLVER] = "resolver-failed",
        [FAILURE_REFUSED] = "refused",
        [FAILURE_TIMEOUT] = "timeout",
        [FAILURE_NETWORK_UNREACHABLE] = "network-unreachable",
        [FAILURE_HOST_UNREACHABLE] = "host-unreachable",
        [FAILURE_PROHIBITED] = "prohibited",
        [FAILURE_SOCKET] = "socket-error",
        [FAILURE_CONFIGURATION] = "configuration",
        [FAILURE_CANCELLED] = "cancelled",
    };
    return names[kind];
}

enum failure_kind failure_of_errno(int number)
{
    switch (number) {
    case 0:
        return FAILURE_NONE;
    case ECONNREFUSED:
        return FAILURE_REFUSED;
    case ETIMEDOUT:
        return FAILURE_TIMEOUT;
    case ENETUNREACH:
    case ENETDOWN:
        return FAILURE_NETWORK_UNREACHABLE;
    case EHOSTUNREACH:
    case EHOSTDOWN:
        return FAILURE_HOST_UNREACHABLE;
    case EACCES:
    case EPERM:
        return FAILURE_PROHIBITED;
    default:
        return FAILURE_SOCKET;
    }
}

enum failure_kind failure_of_lookup(int error)
{
    switch (error) {
    case 0:
        return FAILURE_NONE;
    case EAI_NONAME:
    case EAI_NODATA:
        return FAILURE_NAME_UNKNOWN;
    default:
        return FAILURE_RESOLVER;
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
