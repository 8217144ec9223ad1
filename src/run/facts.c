#include "run/facts.h"

#include "base/buf.h"
#include "base/mem.h"
#include "run/asked.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct facts *facts, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add(struct facts *facts, const char *name, const char *format, ...)
{
    va_list args;
    struct fact fact = {.name = name};

    va_start(args, format);
    fact.value = mem_vprintf(format, args);
    va_end(args);
    facts->items = mem_grow(facts->items, facts->count, sizeof *facts->items);
    facts->items[facts->count++] = fact;
}

void facts_clear(struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        free(facts->items[i].value);
    free(facts->items);
    *facts = (struct facts){0};
}

static bool is_literal(const char *host)
{
    struct in_addr address;
    return strchr(host, ':') || inet_pton(AF_INET, host, &address) == 1;
}

/* RFC 1918, 1122 and 3927; RFC 4193, 4291: no provider stands on the way there. */
static bool is_private(const char *address)
{
    struct in_addr in;
    struct in6_addr in6;
    char bare[80];

    if (inet_pton(AF_INET, address, &in) == 1) {
        uint32_t n = ntohl(in.s_addr);
        return n >> 24 == 10 || n >> 24 == 127 || n >> 20 == 0xAC1 || n >> 16 == 0xC0A8 ||
               n >> 16 == 0xA9FE;
    }
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(address, "%"), address);
    return inet_pton(AF_INET6, bare, &in6) == 1 &&
           ((in6.s6_addr[0] & 0xFE) == 0xFC || IN6_IS_ADDR_LINKLOCAL(&in6) ||
            IN6_IS_ADDR_LOOPBACK(&in6));
}

static void add_addresses(struct facts *facts, const struct evidence *evidence)
{
    bool all_private = evidence->nattempts > 0;

    for (size_t i = 0; i < evidence->nattempts; i++) {
        add(facts, "address", "%s", evidence->attempts[i].address);
        all_private = all_private && is_private(evidence->attempts[i].address);
    }
    if (evidence->nattempts > 0)
        add(facts, "private", "%s", all_private ? "yes" : "no");
}

static void add_icmp(struct facts *facts, const struct icmp_answer *icmp)
{
    if (!icmp->seen)
        return;
    add(facts, "icmp", "%d/%d", icmp->type, icmp->code);
    add(facts, "icmp_local", "%s", icmp->local ? "yes" : "no");
    if (*icmp->from)
        add(facts, "icmp_from", "%s", icmp->from);
}

static double milliseconds(clock_us from, clock_us to)
{
    return (double)(to - from) / CLOCK_MS;
}

static void add_deciding(struct facts *facts, const struct evidence *evidence)
{
    const struct attempt *attempt = evidence_decisive(evidence);

    if (attempt->error)
        add(facts, "errno", "%s", errno_name(attempt->error));
    add(facts, "ms", "%.0f", milliseconds(attempt->started, attempt->ended));
    add_icmp(facts, &attempt->icmp);
}

static void add_phase(struct facts *facts, const struct evidence *evidence)
{
    add(facts, "failure", "%s", failure_name(evidence->failure));
    if (evidence->nphases == 0 || evidence->failure == FAILURE_NONE)
        return;
    const struct phase *last = &evidence->phases[evidence->nphases - 1];
    add(facts, "phase", "%s", phase_name(last->kind));
    if (evidence->nattempts > 0)
        add_deciding(facts, evidence);
    else
        add(facts, "ms", "%.0f", milliseconds(last->started, last->ended));
}

/* "refused on 25, 465; open on 443" */
static void put_answers(const struct evidence *evidence, const char *answer, struct buf *words)
{
    bool any = false;

    for (size_t i = 0; i < evidence->ncontrasts; i++) {
        const struct attempt *attempt = &evidence->contrasts[i];
        if (strcmp(contrast_answer(attempt), answer) != 0)
            continue;
        if (any)
            buf_printf(words, ", %u", attempt->port);
        else
            buf_printf(words, "%s%s on %u", words->len ? "; " : "", answer, attempt->port);
        any = true;
    }
}

static void add_contrasts(struct facts *facts, const struct evidence *evidence)
{
    static const char *const answers[] = {"open", "refused", "unreachable", "silent"};
    struct buf words = {0};

    for (size_t i = 0; i < evidence->ncontrasts; i++) {
        const struct attempt *attempt = &evidence->contrasts[i];
        const char *answer = contrast_answer(attempt);
        add(facts, answer, "%u", attempt->port);
        if (strcmp(answer, "open") == 0 || strcmp(answer, "refused") == 0)
            add(facts, "answered", "%u", attempt->port);
    }
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        put_answers(evidence, answers[i], &words);
    if (words.len)
        add(facts, "others", "%s", words.data);
    buf_clear(&words);
}

/* each and all are the names of two facts: the status of each, and all in words. */
static void add_nameservers(struct facts *facts, const char *each, const char *all,
                            const struct evidence *evidence)
{
    struct buf words = {0};

    for (size_t i = 0; i < evidence->nnameservers; i++) {
        const struct nameserver *server = &evidence->nameservers[i];
        char *text = asked_text(server);
        buf_printf(&words, "%s%s", i ? "; " : "", text);
        free(text);
        add(facts, each, "%s", nameserver_status_name(server->status));
    }
    if (words.len)
        add(facts, all, "%s", words.data);
    buf_clear(&words);
}

/* What the verdict met: digging deeper says what it saw by itself. */
static void add_lookup(struct facts *facts, const struct result *result)
{
    const struct evidence *evidence = &result->evidence;

    add_nameservers(facts, "nameserver", "nameservers", evidence);
    add_nameservers(facts, "nameserver_again", "nameservers_again", &result->deeper);
    for (size_t i = 0; i < evidence->nnameservers; i++) {
        if (evidence->nameservers[i].aaaa_silent)
            add(facts, "aaaa_silent", "yes");
        if (evidence->nameservers[i].assumed)
            add(facts, "assumed", "yes");
    }
}

void facts_gather(struct facts *facts, const struct result *result)
{
    const struct evidence *evidence = &result->evidence;

    if (result->target.host) {
        add(facts, "host", "%s", result->target.host);
        add(facts, "port", "%u", result->target.port);
        add(facts, "literal", "%s", is_literal(result->target.host) ? "yes" : "no");
    }
    if (result->target.reason) {
        add(facts, "reason", "%s", result->target.reason);
        add(facts, "fault", "%s", fault_name(result->target.fault));
    }
    add_phase(facts, evidence);
    add_addresses(facts, evidence);
    add_contrasts(facts, evidence);
    add_lookup(facts, result);
    if (evidence->dropped_here)
        add(facts, "dropped_here", "yes");
    for (size_t i = 0; i < result->findings.count; i++)
        add(facts, "finding", "%s", finding_name(result->findings.items[i].id));
}

static bool is_among(const char *values, const char *value)
{
    size_t n = strlen(value);

    for (const char *p = values;; p += strcspn(p, "|") + 1) {
        size_t m = strcspn(p, "|");
        if (m == n && strncmp(p, value, n) == 0)
            return true;
        if (!p[m])
            return false;
    }
}

bool facts_has(const struct facts *facts, const char *name, const char *values)
{
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->items[i].name, name) == 0 && is_among(values, facts->items[i].value))
            return true;
    return false;
}

double facts_number(const struct facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->items[i].name, name) == 0)
            return strtod(facts->items[i].value, NULL);
    return -1;
}

static void put_fact(const struct facts *facts, const char *name, size_t n, struct buf *text)
{
    size_t found = 0;

    for (size_t i = 0; i < facts->count; i++)
        if (strlen(facts->items[i].name) == n && strncmp(facts->items[i].name, name, n) == 0)
            buf_printf(text, "%s%s", found++ ? ", " : "", facts->items[i].value);
    if (!found)
        buf_putc(text, '?');
}

char *facts_fill(const struct facts *facts, const char *template)
{
    struct buf text = {0};

    for (const char *p = template; *p;) {
        size_t plain = strcspn(p, "{");
        buf_add(&text, p, plain);
        p += plain;
        if (!*p)
            break;
        size_t name = strcspn(p + 1, "}");
        put_fact(facts, p + 1, name, &text);
        p += name + 1 + (p[name + 1] == '}');
    }
    return buf_take(&text);
}
