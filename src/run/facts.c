#include "run/facts.h"

#include "base/buf.h"
#include "base/mem.h"
#include "probe/resolvconf.h"
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

/* RFC 1918, 1122 and 3927. */
static bool is_private_ipv4(uint32_t n)
{
    return n >> 24 == 10 || n >> 24 == 127 || n >> 20 == 0xAC1 || n >> 16 == 0xC0A8 ||
           n >> 16 == 0xA9FE;
}

/* RFC 6598, 100.64.0.0/10. */
static bool is_shared_ipv4(uint32_t n)
{
    return n >> 22 == 0x191;
}

/* RFC 1122, section 3.2.1.3, and RFC 4291: it stands for this host where one is asked for. */
static bool is_unspecified(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

static const char *privacy_of(const char *address)
{
    struct in_addr in;
    struct in6_addr in6;
    char bare[80];

    if (inet_pton(AF_INET, address, &in) == 1) {
        uint32_t n = ntohl(in.s_addr);
        return is_private_ipv4(n) ? "yes" : is_shared_ipv4(n) ? "shared" : "no";
    }
    /* RFC 4193, 4291. */
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(address, "%"), address);
    return inet_pton(AF_INET6, bare, &in6) == 1 &&
                   ((in6.s6_addr[0] & 0xFE) == 0xFC || IN6_IS_ADDR_LINKLOCAL(&in6) ||
                    IN6_IS_ADDR_LOOPBACK(&in6))
               ? "yes"
               : "no";
}

static void add_icmp(struct facts *facts, const struct attempt *attempt)
{
    const struct icmp_answer *icmp = &attempt->icmp;

    if (!icmp->seen)
        return;
    add(facts, "icmp", "%d/%d", icmp->type, icmp->code);
    add(facts, "icmp_says", "%s", icmp_meaning(attempt));
    add(facts, "circles", "%s", attempt_went_in_circles(attempt) ? "yes" : "no");
    add(facts, "icmp_sender", "%s",
        icmp->local                                  ? "own"
        : strcmp(icmp->from, attempt->address) == 0 ? "target"
                                                     : "other");
    if (*icmp->from)
        add(facts, "icmp_from", "%s", icmp->from);
}

static double milliseconds(clock_us from, clock_us to)
{
    return (double)(to - from) / CLOCK_MS;
}

/* "refused on 25, 465; open on 443" */
static void put_answers(const struct evidence *evidence, const char *address, const char *answer,
                        struct buf *words)
{
    bool any = false;

    for (size_t i = 0; i < evidence->ncontrasts; i++) {
        const struct attempt *attempt = &evidence->contrasts[i];
        if (strcmp(attempt->address, address) != 0 ||
            strcmp(contrast_answer(attempt), answer) != 0)
            continue;
        if (any)
            buf_printf(words, ", %u", attempt->port);
        else
            buf_printf(words, "%s%s on %u", words->len ? "; " : "", answer, attempt->port);
        any = true;
    }
}

/* Of the one address: what another one answers says nothing about it. */
static void add_contrasts(struct facts *facts, const struct evidence *evidence,
                          const char *address)
{
    static const char *const answers[] = {"open", "refused", "rejected", "unreachable", "silent"};
    struct buf words = {0};
    bool answered = false;

    for (size_t i = 0; i < evidence->ncontrasts; i++) {
        const struct attempt *attempt = &evidence->contrasts[i];
        if (strcmp(attempt->address, address) != 0)
            continue;
        add(facts, contrast_answer(attempt), "%u", attempt->port);
        if (attempt_proves_host(attempt)) {
            add(facts, "answered", "%u", attempt->port);
            answered = true;
        }
    }
    add(facts, "host_answers", "%s", answered ? "yes" : "no");
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        put_answers(evidence, address, answers[i], &words);
    if (words.len)
        add(facts, "others", "%s", words.data);
    buf_clear(&words);
}

static void add_deciding(struct facts *facts, const struct attempt *attempt)
{
    add(facts, "address", "%s", attempt->address);
    add(facts, "private", "%s", privacy_of(attempt->address));
    add(facts, "unspecified", "%s", is_unspecified(attempt->address) ? "yes" : "no");
    add(facts, "lacks_zone", "%s", attempt_lacks_zone(attempt) ? "yes" : "no");
    add(facts, "route", "%s", route_name(attempt->route.kind));
    if (attempt->route.neighbour != NEIGHBOUR_UNKNOWN)
        add(facts, "neighbour", "%s",
            attempt->route.neighbour == NEIGHBOUR_ANSWERED ? "answered" : "unconfirmed");
    if (*attempt->route.gateway)
        add(facts, "gateway", "%s", attempt->route.gateway);
    if (attempt->error)
        add(facts, "errno", "%s", errno_name(attempt->error));
    add(facts, "ms", "%.0f", milliseconds(attempt->started, attempt->ended));
    add_icmp(facts, attempt);
    if (attempt->dropped_here)
        add(facts, "dropped_here", "yes");
}

static bool is_refusal_by_icmp(const struct attempt *attempt)
{
    enum failure_kind failure = failure_of_attempt(attempt);

    return failure == FAILURE_REJECTED || failure == FAILURE_PROHIBITED;
}

static void add_also(struct facts *facts, const struct evidence *evidence,
                     const struct attempt *deciding)
{
    struct buf words = {0};

    for (size_t i = 0; i < evidence->nattempts; i++) {
        const struct attempt *attempt = &evidence->attempts[i];
        const char *failure = failure_name(failure_of_attempt(attempt));
        buf_printf(&words, "%s%s: %s", i ? ", " : "", attempt->address, failure);
        if (attempt == deciding)
            continue;
        add(facts, "also", "%s", failure);
        add(facts, "also_at", "%s", attempt->address);
        if (is_refusal_by_icmp(attempt))
            add(facts, "also_icmp", "%s answered %s (ICMP %d/%d) for %s", attempt->icmp.from,
                icmp_meaning(attempt), attempt->icmp.type, attempt->icmp.code, attempt->address);
    }
    if (evidence->nattempts > 1)
        add(facts, "addresses", "%s", words.data);
    buf_clear(&words);
}

static void add_attempts(struct facts *facts, const struct evidence *evidence)
{
    const struct attempt *deciding = evidence_decisive(evidence);

    add_deciding(facts, deciding);
    add_also(facts, evidence, deciding);
    add_contrasts(facts, evidence, deciding->address);
}

static void add_phase(struct facts *facts, const struct evidence *evidence)
{
    add(facts, "failure", "%s", failure_name(evidence->failure));
    if (evidence->nphases == 0 || evidence->failure == FAILURE_NONE)
        return;
    const struct phase *last = &evidence->phases[evidence->nphases - 1];
    add(facts, "phase", "%s", phase_name(last->kind));
    if (evidence->nattempts == 0)
        add(facts, "ms", "%.0f", milliseconds(last->started, last->ended));
}

static bool is_tried(const struct evidence *evidence, const char *address)
{
    for (size_t i = 0; i < evidence->nattempts; i++)
        if (strcmp(evidence->attempts[i].address, address) == 0)
            return true;
    return false;
}

/* Whether a provider may stand between, as before the target: one that is no other
 * machine tells nothing. */
static bool is_elsewhere(const struct result *result, const struct attempt *attempt)
{
    return attempt->port == result->target.port && attempt->route.kind == ROUTE_GATEWAY &&
           strcmp(privacy_of(attempt->address), "no") == 0 &&
           !is_tried(&result->evidence, attempt->address);
}

static void add_elsewhere(struct facts *facts, const struct result *result)
{
    const struct evidence *deeper = &result->deeper;

    for (size_t i = 0; i < deeper->ncontrasts; i++) {
        const struct attempt *attempt = &deeper->contrasts[i];
        bool silent = failure_of_attempt(attempt) == FAILURE_TIMEOUT;
        if (!is_elsewhere(result, attempt) || (!silent && !attempt_proves_host(attempt)))
            continue;
        add(facts, "elsewhere", "%s", silent ? "silent" : "answered");
        add(facts, silent ? "elsewhere_silent" : "elsewhere_answered", "%s", attempt->address);
    }
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

    const char *fault = result->target.host ? resolvconf_name_fault(result->target.host) : NULL;

    if (fault) {
        add(facts, "askable", "no");
        add(facts, "name_fault", "%s", fault);
    }
    add_nameservers(facts, "nameserver", "nameservers", evidence);
    add_nameservers(facts, "nameserver_again", "nameservers_again", &result->deeper);
    for (size_t i = 0; i < evidence->nnameservers; i++) {
        if (evidence->nameservers[i].aaaa_silent)
            add(facts, "aaaa_silent", "yes");
        if (evidence->nameservers[i].assumed)
            add(facts, "assumed", "yes");
    }
}

static bool has_greeted(const struct evidence *deeper)
{
    for (size_t i = 0; i < deeper->nphases; i++)
        if (deeper->phases[i].kind == PHASE_GREETING && deeper->phases[i].status == STEP_OK)
            return true;
    return false;
}

/* The code of a reply (RFC 5321, section 4.2.1): 4yz says that it may do later. */
static void add_refusal(struct facts *facts, const struct evidence *deeper)
{
    for (size_t i = 0; i < deeper->nphases; i++) {
        const struct phase *phase = &deeper->phases[i];
        if (phase->kind == PHASE_GREETING && phase->status == STEP_FAILED && phase->detail)
            add(facts, "refusal", "%s", *phase->detail == '4' ? "for-now" : "for-good");
    }
}

void facts_gather(struct facts *facts, const struct result *result)
{
    const struct evidence *evidence = &result->evidence;

    add(facts, "smtp", "%s", result->check->smtp ? "yes" : "no");
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
    if (evidence->nattempts > 0)
        add_attempts(facts, evidence);
    add_elsewhere(facts, result);
    add_lookup(facts, result);
    add(facts, "greeted", "%s", has_greeted(&result->deeper) ? "yes" : "no");
    add_refusal(facts, &result->deeper);
    if (result->check->smtp || result->target.tls == TARGET_TLS_TRUE)
        add(facts, "wants", result->check->smtp ? "smtp" : "tls");
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

static bool holds(const struct facts *facts, const struct condition *condition)
{
    switch (condition->kind) {
    case CONDITION_IS:
        return facts_has(facts, condition->fact, condition->values);
    case CONDITION_IS_NOT:
        return !facts_has(facts, condition->fact, condition->values);
    case CONDITION_LESS:
        break;
    }
    double number = facts_number(facts, condition->fact);
    return number >= 0 && number < strtod(condition->values, NULL);
}

bool facts_meet(const struct facts *facts, const struct rule *rule)
{
    for (size_t i = 0; i < rule->nconditions; i++)
        if (!holds(facts, &rule->conditions[i]))
            return false;
    return true;
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
