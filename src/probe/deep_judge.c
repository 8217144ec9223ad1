#include "probe/deep_judge.h"

#include <netdb.h>
#include <string.h>

static double seconds(clock_us us)
{
    return (double)us / CLOCK_SECOND;
}

static bool is_dead(const struct attempt *attempt)
{
    enum failure_kind failure = failure_of_attempt(attempt);

    return failure != FAILURE_NONE && failure != FAILURE_NO_ROUTE;
}

static bool is_dead_in(const struct evidence *run, const char *address)
{
    for (size_t i = 0; i < run->nattempts; i++)
        if (strcmp(run->attempts[i].address, address) == 0 && is_dead(&run->attempts[i]))
            return true;
    return false;
}

static void add_dead(struct findings *findings, const struct attempt *attempt)
{
    double took = seconds(attempt->ended - attempt->started);

    if (attempt->error)
        findings_add(findings, FINDING_DEAD_ADDRESS, "%s port %u: %s after %.2f s",
                     attempt->address, attempt->port, errno_name(attempt->error), took);
    else
        findings_add(findings, FINDING_DEAD_ADDRESS, "%s port %u: no answer in %.1f s",
                     attempt->address, attempt->port, took);
}

void judge_addresses(struct findings *findings, const struct evidence *run,
                     const struct evidence *tried)
{
    for (size_t i = 0; i < run->nattempts; i++)
        if (is_dead(&run->attempts[i]))
            add_dead(findings, &run->attempts[i]);
    for (size_t i = 0; i < tried->ncontrasts; i++)
        if (is_dead(&tried->contrasts[i]) && !is_dead_in(run, tried->contrasts[i].address))
            add_dead(findings, &tried->contrasts[i]);
}

static const struct attempt *find_open(const struct evidence *tried, uint16_t port)
{
    for (size_t i = 0; i < tried->ncontrasts; i++)
        if (tried->contrasts[i].port == port && tried->contrasts[i].status == STEP_OK)
            return &tried->contrasts[i];
    return NULL;
}

void judge_ports(struct findings *findings, const char *host, const struct evidence *tried)
{
    /* SMTP; submission with TLS and without, RFC 8314; what providers offer besides. */
    static const uint16_t mail_ports[] = {25, 465, 587, 2525};

    for (size_t i = 0; i < sizeof mail_ports / sizeof *mail_ports; i++) {
        const struct attempt *open = find_open(tried, mail_ports[i]);
        if (open)
            findings_add(findings, FINDING_OTHER_PORT_OPEN, "port %u of %s takes connections (%s)",
                         open->port, host, open->address);
    }
}

void judge_host(struct findings *findings, const char *key, const char *host,
                const struct evidence *tried)
{
    for (size_t i = 0; i < tried->ncontrasts; i++) {
        const struct attempt *attempt = &tried->contrasts[i];
        if (attempt->status != STEP_OK)
            continue;
        findings_add(findings, FINDING_OTHER_HOST_OPEN, "%s = %s takes connections on port %u (%s)",
                     key, host, attempt->port, attempt->address);
        return;
    }
}

void judge_again(struct findings *findings, const struct evidence *tried)
{
    for (size_t i = 0; i < tried->ncontrasts; i++)
        if (tried->contrasts[i].status == STEP_OK)
            findings_add(findings, FINDING_ACCEPTED_LATER,
                         "%s port %u refused at first, and took a connection moments later",
                         tried->contrasts[i].address, tried->contrasts[i].port);
}

/* Where the nameservers failed, the verdict says so, and none need be fast. */
static bool was_answered(const struct evidence *run, const struct phase *lookup)
{
    return lookup->status == STEP_OK ||
           (lookup->status == STEP_FAILED && (run->lookup_error == EAI_NONAME ||
                                              run->lookup_error == EAI_NODATA));
}

void judge_lookup(struct findings *findings, const char *host, const struct evidence *run)
{
    if (run->nphases == 0 || run->phases[0].kind != PHASE_LOOKUP)
        return;
    const struct phase *lookup = &run->phases[0];
    clock_us took = lookup->ended - lookup->started;
    if (took > DNS_SLOW_US && was_answered(run, lookup))
        findings_add(findings, FINDING_DNS_SLOW, "the lookup of %s took %.2f s", host,
                     seconds(took));
}

static bool is_silent(const struct nameserver *server)
{
    return server->status == NAMESERVER_SILENT || server->status == NAMESERVER_UNREACHABLE ||
           server->status == NAMESERVER_PROHIBITED || server->status == NAMESERVER_PORT_CLOSED;
}

/* Where there is no DNS, and nobody says so, none is dead. */
static void judge_assumed(struct findings *findings, const struct nameserver *server)
{
    if (server->misnamed && is_silent(server))
        findings_add(findings, FINDING_DNS_SERVER_DEAD,
                     "the line of a nameserver in /etc/resolv.conf holds no address as libc reads "
                     "it, so libc falls back to %s: %s",
                     server->address, nameserver_status_name(server->status));
}

static void judge_nameserver(struct findings *findings, const struct nameserver *server)
{
    double waited = seconds(server->until - server->started);

    if (server->assumed) {
        judge_assumed(findings, server);
        return;
    }
    switch (server->status) {
    case NAMESERVER_SILENT:
        findings_add(findings, FINDING_DNS_SERVER_DEAD, "%s did not answer in %.1f s",
                     server->address, waited);
        break;
    case NAMESERVER_UNREACHABLE:
    case NAMESERVER_PROHIBITED:
    case NAMESERVER_PORT_CLOSED:
        findings_add(findings, FINDING_DNS_SERVER_DEAD, "%s: %s", server->address,
                     nameserver_status_name(server->status));
        break;
    case NAMESERVER_SKIPPED:
        break;
    default:
        if (server->aaaa_silent)
            findings_add(findings, FINDING_DNS_AAAA_SILENT,
                         "%s answered for IPv4 addresses; for IPv6 ones not in %.1f s",
                         server->address, waited);
    }
}

void judge_nameservers(struct findings *findings, const struct evidence *asked)
{
    for (size_t i = 0; i < asked->nnameservers; i++)
        judge_nameserver(findings, &asked->nameservers[i]);
}
