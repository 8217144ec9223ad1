#include "run/result.h"

#include "base/buf.h"
#include "base/mem.h"
#include "probe/resolvconf.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[OUTCOMES] = {"pass", "fail", "skip", "error"};
    return names[outcome];
}

void result_free(struct result *result)
{
    if (!result)
        return;
    target_clear(&result->target);
    evidence_clear(&result->evidence);
    evidence_clear(&result->deeper);
    findings_clear(&result->findings);
    diagnosis_clear(&result->diagnosis);
    free(result->summary);
    free(result->proxy);
    free(result);
}

const struct evidence *result_current(const struct result *live)
{
    return live->evidence.ended ? &live->deeper : &live->evidence;
}

clock_us result_duration_us(const struct result *result)
{
    return result->evidence.ended - result->evidence.started;
}

static double seconds(clock_us us)
{
    return (double)us / CLOCK_SECOND;
}

/* "smtp.example.com:587", "[::1]:587". */
static void put_target(struct buf *text, const struct result *result)
{
    const char *host = result->target.host;
    buf_printf(text, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, result->target.port);
}

char *result_target(const struct result *result)
{
    struct buf text = {0};

    if (result->target.state != TARGET_OK || !result->target.host)
        return NULL;
    put_target(&text, result);
    return buf_take(&text);
}

/* A dead address beside a live one costs every connection its delay: name it. */
static void put_dead_addresses(struct buf *text, const struct evidence *evidence)
{
    const char *lead = "; not answering: ";

    for (size_t i = 0; i < evidence->nattempts; i++) {
        const struct attempt *attempt = &evidence->attempts[i];
        if (attempt->status == STEP_OK)
            continue;
        buf_puts(text, lead);
        buf_puts(text, attempt->address);
        if (attempt->error)
            buf_printf(text, " (%s)", errno_name(attempt->error));
        lead = ", ";
    }
}

static void put_pass(struct buf *text, const struct result *result)
{
    const struct evidence *evidence = &result->evidence;
    const struct attempt *winner = evidence->nattempts ? evidence_decisive(evidence) : NULL;

    buf_puts(text, "Connected to ");
    put_target(text, result);
    if (winner && strcmp(winner->address, result->target.host) != 0)
        buf_printf(text, " at %s", winner->address);
    buf_printf(text, " in %.0f ms", (double)result_duration_us(result) / CLOCK_MS);
    put_dead_addresses(text, evidence);
}

/* Whether all attempts ended as this one: then its number is enough. */
static bool all_ended_alike(const struct evidence *evidence, const struct attempt *attempt)
{
    for (size_t i = 0; i < evidence->nattempts; i++) {
        const struct attempt *other = &evidence->attempts[i];
        if (failure_of_attempt(other) != failure_of_attempt(attempt) ||
            strcmp(other->icmp.from, attempt->icmp.from) != 0)
            return false;
    }
    return true;
}

/* "; 192.0.2.7: ECONNREFUSED": how the others ended. */
static void put_other_attempts(struct buf *text, const struct evidence *evidence,
                               const struct attempt *deciding)
{
    const char *lead = "; ";

    for (size_t i = 0; i < evidence->nattempts; i++) {
        const struct attempt *attempt = &evidence->attempts[i];
        if (attempt == deciding)
            continue;
        buf_printf(text, "%s%s: %s", lead, attempt->address,
                   attempt->error ? errno_name(attempt->error) : "no answer");
        if (attempt->icmp.seen && !attempt->icmp.local)
            buf_printf(text, " (%s, said by %s)", icmp_meaning(attempt), attempt->icmp.from);
        lead = ", ";
    }
}

/* Whether somebody answers, and nobody is silent but for AAAA. */
static bool is_aaaa_silent(const struct evidence *evidence)
{
    bool found = false;

    for (size_t i = 0; i < evidence->nnameservers; i++) {
        if (evidence->nameservers[i].status == NAMESERVER_SILENT)
            return false;
        found |= evidence->nameservers[i].aaaa_silent;
    }
    return found;
}

static void put_timeout(struct buf *text, const struct result *result)
{
    const struct evidence *evidence = &result->evidence;

    buf_printf(text, "Timed out after %.1f s ", seconds(result_duration_us(result)));
    if (evidence->failed_phase == PHASE_LOOKUP) {
        buf_puts(text, "looking up ");
        buf_puts(text, result->target.host);
        buf_puts(text, is_aaaa_silent(evidence)
                           ? ": the resolver answers for IPv4 (A) and not for IPv6 (AAAA)"
                           : ": the resolver did not answer");
        return;
    }
    buf_puts(text, "connecting: no answer from ");
    put_target(text, result);
    if (evidence->nattempts < 2)
        return;
    const struct attempt *silent = evidence_decisive(evidence);
    if (all_ended_alike(evidence, silent)) {
        buf_printf(text, " on any of %zu addresses", evidence->nattempts);
        return;
    }
    buf_printf(text, " at %s", silent->address);
    put_other_attempts(text, evidence, silent);
}

static const char *lookup_phrase(enum failure_kind failure)
{
    switch (failure) {
    case FAILURE_NAME_UNKNOWN:
        return "is unknown to the resolver";
    case FAILURE_NAME_WITHOUT_ADDRESS:
        return "has no address";
    case FAILURE_RESOLVER_SERVFAIL:
        return "could not be looked up: the nameserver failed (SERVFAIL)";
    case FAILURE_RESOLVER_REFUSED:
        return "could not be looked up: the nameserver refused to answer (REFUSED)";
    case FAILURE_RESOLVER_SILENT:
        return "could not be looked up: no nameserver answered";
    default:
        return NULL;
    }
}

static void put_lookup_failure(struct buf *text, const struct result *result)
{
    const char *phrase = lookup_phrase(result->evidence.failure);
    const char *fault = result->evidence.failure == FAILURE_NAME_UNKNOWN
                            ? resolvconf_name_fault(result->target.host)
                            : NULL;

    if (fault)
        buf_printf(text, "The name %s cannot be asked for: it has %s", result->target.host, fault);
    else if (phrase)
        buf_printf(text, "The name %s %s", result->target.host, phrase);
    else
        buf_printf(text, "The resolver could not answer for %s: %s", result->target.host,
                   gai_strerror(result->evidence.lookup_error));
}

/* What the failure means, in words that fit behind the target. */
static const char *connect_phrase(enum failure_kind failure)
{
    switch (failure) {
    case FAILURE_REFUSED:
        return "refused the connection";
    case FAILURE_REJECTED:
        return "was rejected by a firewall";
    case FAILURE_RESET_AFTER_ACCEPT:
        return "answered, and reset the connection at once";
    case FAILURE_NO_ROUTE:
        return "cannot be reached: this host has no route to it";
    case FAILURE_NETWORK_UNREACHABLE:
        return "cannot be reached: the answer is that its network is unreachable";
    case FAILURE_HOST_UNREACHABLE:
        return "cannot be reached: the answer is that the host is unreachable";
    case FAILURE_NO_NEIGHBOUR:
        return "cannot be reached: nobody answers on the local network";
    case FAILURE_GATEWAY_SILENT:
        return "cannot be reached: the gateway to it does not answer";
    case FAILURE_PROHIBITED:
        return "cannot be reached: a firewall prohibits it";
    case FAILURE_PROHIBITED_HERE:
        return "cannot be reached: a firewall or route rule of this host prohibits it";
    case FAILURE_LOCAL_RESOURCE:
        return "was not tried: this host has no address, port, descriptor or memory for it";
    default:
        return "cannot be connected to";
    }
}

/* "; said by 192.0.2.1": who sent the ICMP message behind the failure. */
static void put_sender(struct buf *text, const struct evidence *evidence)
{
    const struct icmp_answer *icmp = &evidence_decisive(evidence)->icmp;

    if (icmp->seen && *icmp->from)
        buf_printf(text, ", said by %s%s", icmp->local ? "this host itself, " : "", icmp->from);
}

static void put_attempts(struct buf *text, const struct evidence *evidence)
{
    const struct attempt *deciding = evidence_decisive(evidence);
    bool alike = all_ended_alike(evidence, deciding);

    if (!alike)
        buf_printf(text, " at %s", deciding->address);
    else if (evidence->nattempts > 1)
        buf_printf(text, ", %zu addresses", evidence->nattempts);
    put_sender(text, evidence);
    if (!alike)
        put_other_attempts(text, evidence, deciding);
}

static void put_connect_failure(struct buf *text, const struct result *result)
{
    const struct evidence *evidence = &result->evidence;

    put_target(text, result);
    const struct attempt *deciding = evidence->nattempts ? evidence_decisive(evidence) : NULL;
    if (evidence->failure == FAILURE_NO_ROUTE && deciding && attempt_lacks_zone(deciding))
        buf_printf(text, " cannot be reached: a link-local address needs its zone, as %s%%eth0",
                   deciding->address);
    else
        buf_printf(text, " %s", connect_phrase(evidence->failure));
    buf_printf(text, " (%s", errno_name(evidence->error));
    if (evidence->nattempts > 0)
        put_attempts(text, evidence);
    buf_putc(text, ')');
}

static void put_failure(struct buf *text, const struct result *result)
{
    switch (result->evidence.failure) {
    case FAILURE_NAME_UNKNOWN:
    case FAILURE_NAME_WITHOUT_ADDRESS:
    case FAILURE_RESOLVER:
    case FAILURE_RESOLVER_SERVFAIL:
    case FAILURE_RESOLVER_REFUSED:
    case FAILURE_RESOLVER_SILENT:
        put_lookup_failure(text, result);
        break;
    case FAILURE_TIMEOUT:
        put_timeout(text, result);
        break;
    case FAILURE_CONFIGURATION:
        buf_puts(text, result->target.reason);
        break;
    case FAILURE_CANCELLED:
        buf_printf(text, "Cancelled after %.1f s", seconds(result_duration_us(result)));
        break;
    default:
        put_connect_failure(text, result);
    }
}

static enum outcome outcome_of(const struct result *result)
{
    if (result->evidence.failure == FAILURE_CANCELLED || result->check->probe == PROBE_BROKEN ||
        result->target.state == TARGET_UNKNOWN)
        return OUTCOME_ERROR;
    if (result->check->probe == PROBE_NONE || result->target.state == TARGET_UNSET)
        return OUTCOME_SKIP;
    return result->evidence.failure == FAILURE_NONE ? OUTCOME_PASS : OUTCOME_FAIL;
}

void result_conclude(struct result *result)
{
    struct buf text = {0};

    result->outcome = outcome_of(result);
    if (result->check->probe == PROBE_BROKEN)
        buf_puts(&text, "Not run: the file that wires this check could not be loaded");
    else if (result->outcome == OUTCOME_PASS)
        put_pass(&text, result);
    else if (result->outcome != OUTCOME_SKIP)
        put_failure(&text, result);
    else if (result->check->probe == PROBE_NONE)
        buf_puts(&text, "Article only: no probe is wired to this check");
    else
        buf_puts(&text, result->target.reason);
    free(result->summary);
    result->summary = buf_take(&text);
    diagnosis_make(result);
}

bool result_warns(const struct result *result)
{
    return result->outcome == OUTCOME_PASS && findings_warn(&result->findings);
}

void tally_add(struct tally *tally, const struct result *result)
{
    tally->outcomes[result->outcome]++;
    if (result->outcome == OUTCOME_ERROR && result->evidence.failure == FAILURE_CANCELLED)
        tally->cancelled++;
    tally->warned += result_warns(result);
    if (result->outcome != OUTCOME_FAIL)
        return;
    if (!tally->any_failure || result->check->head.severity > tally->worst)
        tally->worst = result->check->head.severity;
    tally->any_failure = true;
}

char *tally_text(const struct tally *tally)
{
    struct buf text = {0};

    for (int i = 0; i < OUTCOMES; i++)
        buf_printf(&text, "%s%zu %s", i ? ", " : "", tally->outcomes[i],
                   outcome_name((enum outcome)i));
    if (tally->warned)
        buf_printf(&text, ", %zu passed with warnings", tally->warned);
    return buf_take(&text);
}

int tally_exit_status(const struct tally *tally)
{
    if (tally->cancelled)
        return EXIT_STATUS_CANCELLED;
    if (tally->outcomes[OUTCOME_ERROR])
        return EXIT_STATUS_UNKNOWN;
    if (!tally->any_failure)
        return tally->warned ? EXIT_STATUS_WARN : EXIT_STATUS_OK;
    return tally->worst == SEVERITY_FAIL ? EXIT_STATUS_FAIL : EXIT_STATUS_WARN;
}

static bool is_named_before(const struct findings *findings, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (findings->items[i].id == findings->items[index].id)
            return true;
    return false;
}

/* Each warning once, however often it was found. */
static void put_warnings(struct buf *text, const struct result *result)
{
    const struct findings *findings = &result->findings;
    const char *lead = " passed with ";

    buf_printf(text, "%s%s", text->len ? "; " : "", result->check->id);
    for (size_t i = 0; i < findings->count; i++) {
        enum finding_id id = findings->items[i].id;
        if (!finding_is_warning(id) || is_named_before(findings, i))
            continue;
        buf_printf(text, "%s%s", lead, finding_name(id));
        lead = ", ";
    }
}

char *tally_why_warn(const struct tally *tally, const struct result *const *results, size_t count)
{
    struct buf text = {0};

    if (tally->any_failure || tally_exit_status(tally) != EXIT_STATUS_WARN)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (results[i] && result_warns(results[i]))
            put_warnings(&text, results[i]);
    return buf_take(&text);
}
