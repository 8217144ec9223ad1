#include "sight.h"

#include "base/mem.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "o465", with the letters of others. */
static struct attempt make_attempt(const char *address, const char *what)
{
    struct attempt attempt = {.port = (uint16_t)atoi(what + 1),
                              .status = *what == 'o'   ? STEP_OK
                                        : *what == 'r' ? STEP_FAILED
                                                       : STEP_TIMEOUT,
                              .error = *what == 'r' ? ECONNREFUSED : 0};

    strcpy(attempt.address, address);
    return attempt;
}

static void add_to(struct attempt **items, size_t *count, struct attempt attempt)
{
    *items = mem_grow(*items, *count, sizeof attempt);
    (*items)[(*count)++] = attempt;
}

static void add_contrasts(struct evidence *evidence, const char *address, const char *others)
{
    for (const char *p = others; p && *p; p += strcspn(p, " "), p += strspn(p, " "))
        add_to(&evidence->contrasts, &evidence->ncontrasts, make_attempt(address, p));
}

static void add_elsewhere(struct evidence *deeper, const struct sight *sight)
{
    struct attempt attempt = make_attempt(sight->elsewhere == 't' ? sight->address : "198.51.100.8",
                                          sight->elsewhere == 'o' ? "o587" : "s587");

    attempt.route.kind = ROUTE_GATEWAY;
    add_to(&deeper->contrasts, &deeper->ncontrasts, attempt);
}

static void add_attempts(struct evidence *evidence, const struct sight *sight)
{
    struct attempt attempt = {.port = 587,
                              .status = sight->failure == FAILURE_NONE      ? STEP_OK
                                        : sight->failure == FAILURE_TIMEOUT ? STEP_TIMEOUT
                                                                            : STEP_FAILED,
                              .error = sight->error,
                              .icmp = sight->icmp,
                              .dropped_here = sight->dropped_here,
                              .route.kind = sight->route,
                              .route.neighbour = sight->neighbour,
                              .ended = sight->ms * CLOCK_MS};

    strcpy(attempt.address, sight->address);
    if (sight->route == ROUTE_GATEWAY)
        strcpy(attempt.route.gateway, "192.0.2.254");
    if (sight->also) {
        struct attempt also = make_attempt(sight->also, "r587");
        also.icmp = sight->also_icmp;
        add_to(&evidence->attempts, &evidence->nattempts, also);
    }
    add_to(&evidence->attempts, &evidence->nattempts, attempt);
}

static void add_nameservers(struct evidence *evidence, const char *said)
{
    static const enum nameserver_status statuses[] = {
        ['s'] = NAMESERVER_SILENT,      ['u'] = NAMESERVER_UNREACHABLE,
        ['x'] = NAMESERVER_PROHIBITED,  ['p'] = NAMESERVER_PORT_CLOSED,
        ['r'] = NAMESERVER_REFUSED,     ['f'] = NAMESERVER_SERVFAIL,
        ['n'] = NAMESERVER_NO_NAME,     ['w'] = NAMESERVER_NO_ADDRESS,
        ['a'] = NAMESERVER_ADDRESSES,   ['6'] = NAMESERVER_ADDRESSES,
        ['c'] = NAMESERVER_PORT_CLOSED};

    for (; said && *said; said++) {
        evidence->nameservers = mem_grow(evidence->nameservers, evidence->nnameservers,
                                         sizeof *evidence->nameservers);
        struct nameserver *server = &evidence->nameservers[evidence->nnameservers++];
        *server = (struct nameserver){.status = statuses[(unsigned char)*said],
                                      .aaaa_silent = *said == '6',
                                      .assumed = *said == 'c',
                                      .ended = *said == 's' ? 0 : 3 * CLOCK_MS,
                                      .until = 20 * CLOCK_MS};
        snprintf(server->address, sizeof server->address, "192.0.2.%zu",
                 52 + evidence->nnameservers);
    }
}

static void set_target(struct result *result, const struct catalog *catalog,
                       const struct sight *sight)
{
    char *id = mem_printf("check.integration.%s", sight->check ? sight->check : "smtp");

    result->check = catalog_find(catalog, id);
    free(id);
    result->target.tls = result->check->smtp ? TARGET_TLS_UNSET : TARGET_TLS_TRUE;
    result->target.host = mem_strdup(sight->host ? sight->host : "mail.example");
    result->target.port = sight->port ? sight->port : 587;
    if (sight->failure == FAILURE_CONFIGURATION) {
        result->target.reason = mem_strdup("Smtp:Port = \"x\" (a.json:3) is not a port");
        result->target.fault = FAULT_BAD_PORT;
    }
}

static void add_findings(struct result *result, const struct sight *sight)
{
    if (sight->found)
        findings_add(&result->findings, sight->finding, "seen");
    if (sight->second_finding)
        findings_add(&result->findings, sight->second_finding, "seen");
    if (!sight->greeted && !sight->refusal)
        return;
    evidence_begin_phase(&result->deeper, PHASE_GREETING, 1);
    if (sight->refusal)
        result->deeper.phases[0].detail = mem_strdup(sight->refusal);
    evidence_end_phase(&result->deeper, sight->refusal ? STEP_FAILED : STEP_OK, 2);
}

struct result *sight_result(const struct catalog *catalog, const struct sight *sight)
{
    struct result *result = mem_zalloc(sizeof *result);
    struct evidence *evidence = &result->evidence;

    set_target(result, catalog, sight);
    evidence->failure = sight->failure;
    evidence->error = sight->error;
    evidence->lookup_error = sight->phase == PHASE_LOOKUP && !sight->address ? EAI_AGAIN : 0;
    evidence_begin_phase(evidence, sight->phase, 0);
    evidence_end_phase(evidence, STEP_FAILED, sight->ms * CLOCK_MS);
    evidence->ended = sight->ms * CLOCK_MS;
    if (sight->address) {
        add_attempts(evidence, sight);
        add_contrasts(evidence, sight->address, sight->others);
    }
    if (sight->also)
        add_contrasts(evidence, sight->also, sight->also_others);
    if (sight->address && sight->elsewhere)
        add_elsewhere(&result->deeper, sight);
    add_nameservers(evidence, sight->asked);
    add_nameservers(&result->deeper, sight->again);
    add_findings(result, sight);
    result_conclude(result);
    return result;
}
