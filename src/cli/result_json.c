#include "cli/result_json.h"

#include "base/mem.h"
#include "probe/certificate.h"

#include <stdlib.h>

static void put(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

static void put_text(json_t *object, const char *name, const char *text)
{
    if (text)
        put(object, name, json_string(text));
}

static json_t *ms_json(clock_us us)
{
    return us % CLOCK_MS ? json_real((double)us / CLOCK_MS) : json_integer(us / CLOCK_MS);
}

static json_t *texts_json(char *const *texts, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_string(texts[i]));
    return array;
}

static json_t *failure_json(const struct evidence *evidence)
{
    json_t *object = json_object();

    put_text(object, "kind", failure_name(evidence->failure));
    if (evidence->nphases > 0)
        put_text(object, "phase", phase_name(evidence->failed_phase));
    if (evidence->error)
        put_text(object, "errno", errno_name(evidence->error));
    return object;
}

static json_t *from_json(int layer, int line)
{
    json_t *object = json_object();

    put(object, "source", json_integer(layer));
    if (line > 0)
        put(object, "line", json_integer(line));
    return object;
}

static json_t *target_json(const struct target *target)
{
    json_t *object = json_object();

    put_text(object, "host", target->host);
    if (target->port)
        put(object, "port", json_integer(target->port));
    if (target->host_key)
        put(object, "host_from", from_json(target->host_layer, target->host_line));
    if (target->port_key)
        put(object, "port_from", from_json(target->port_layer, target->port_line));
    return object;
}

json_t *phase_json(const struct phase *phase)
{
    json_t *object = json_object();

    put_text(object, "name", phase_name(phase->kind));
    put_text(object, "status", step_status_name(phase->status));
    if (phase->ended)
        put(object, "ms", ms_json(phase->ended - phase->started));
    put_text(object, "detail", phase->detail);
    return object;
}

static json_t *icmp_json(const struct icmp_answer *icmp)
{
    json_t *object = json_object();

    put(object, "type", json_integer(icmp->type));
    put(object, "code", json_integer(icmp->code));
    if (*icmp->from)
        put_text(object, "from", icmp->from);
    put(object, "local", json_boolean(icmp->local));
    return object;
}

json_t *attempt_json(const struct attempt *attempt)
{
    json_t *object = json_object();

    put_text(object, "address", attempt->address);
    put(object, "port", json_integer(attempt->port));
    put_text(object, "status", step_status_name(attempt->status));
    if (attempt->error)
        put_text(object, "errno", errno_name(attempt->error));
    if (attempt->icmp.seen)
        put(object, "icmp", icmp_json(&attempt->icmp));
    if (attempt->ended)
        put(object, "ms", ms_json(attempt->ended - attempt->started));
    return object;
}

static json_t *contrast_json(const struct attempt *attempt)
{
    json_t *object = json_object();

    put_text(object, "address", attempt->address);
    put(object, "port", json_integer(attempt->port));
    put_text(object, "answer", contrast_answer(attempt));
    put(object, "ms", ms_json(attempt->ended - attempt->started));
    return object;
}

static json_t *nameserver_json(const struct nameserver *server)
{
    clock_us until = server->status == NAMESERVER_SILENT ? server->until : server->ended;
    json_t *object = json_object();

    put_text(object, "address", server->address);
    put_text(object, "status", nameserver_status_name(server->status));
    put(object, "a_silent", json_boolean(server->a_silent));
    put(object, "aaaa_silent", json_boolean(server->aaaa_silent));
    put(object, "assumed", json_boolean(server->assumed));
    if (server->status != NAMESERVER_SKIPPED)
        put(object, "ms", ms_json(until - server->started));
    return object;
}

static json_t *phases_json(const struct evidence *evidence)
{
    json_t *array = json_array();

    for (size_t i = 0; i < evidence->nphases; i++)
        json_array_append_new(array, phase_json(&evidence->phases[i]));
    return array;
}

static json_t *attempts_json(const struct evidence *evidence)
{
    json_t *array = json_array();

    for (size_t i = 0; i < evidence->nattempts; i++) {
        json_t *object = attempt_json(&evidence->attempts[i]);
        put(object, "decisive",
            json_boolean(evidence_is_decisive(evidence, &evidence->attempts[i])));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *contrasts_json(const struct evidence *evidence)
{
    json_t *array = json_array();

    for (size_t i = 0; i < evidence->ncontrasts; i++)
        json_array_append_new(array, contrast_json(&evidence->contrasts[i]));
    return array;
}

static json_t *nameservers_json(const struct evidence *evidence)
{
    json_t *array = json_array();

    for (size_t i = 0; i < evidence->nnameservers; i++)
        json_array_append_new(array, nameserver_json(&evidence->nameservers[i]));
    return array;
}

static void put_time(json_t *object, const char *name, time_t when)
{
    char text[21];

    clock_format_utc(when, text);
    put_text(object, name, text);
}

static json_t *certificate_json(const struct certificate *certificate)
{
    json_t *object = json_object();
    size_t names = certificate->nnames, chain = certificate->nchain;

    put_text(object, "subject", certificate->subject);
    put(object, "names", texts_json(certificate->names,
                                    names < CERTIFICATE_NAMES ? names : CERTIFICATE_NAMES));
    put_text(object, "matched", certificate->matched);
    put_text(object, "issuer", certificate->issuer);
    if (certificate->dated) {
        put_time(object, "not_before", certificate->not_before);
        put_time(object, "not_after", certificate->not_after);
        put(object, "days_left",
            json_integer(certificate_days_left(certificate, certificate->judged)));
    }
    put(object, "chain", texts_json(certificate->chain,
                                    chain < CERTIFICATE_CHAIN ? chain : CERTIFICATE_CHAIN));
    put(object, "verified", json_boolean(!certificate->distrust));
    put_text(object, "distrust", certificate->distrust);
    return object;
}

static json_t *deeper_json(const struct evidence *deeper)
{
    json_t *object = json_object();

    put(object, "ms", ms_json(deeper->ended - deeper->started));
    put(object, "phases", phases_json(deeper));
    put(object, "contrasts", contrasts_json(deeper));
    put(object, "nameservers", nameservers_json(deeper));
    return object;
}

static json_t *causes_json(const struct diagnosis *diagnosis)
{
    json_t *array = json_array();

    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        const struct cause *cause = &diagnosis->causes[i];
        json_t *object = json_object();
        put_text(object, "id", cause->id);
        if (cause->rank)
            put(object, "rank", json_integer(cause->rank));
        put_text(object, "text", cause->text);
        put_text(object, "because", cause->because);
        put_text(object, "ruled_out", cause->ruled_out);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *findings_json(const struct findings *findings)
{
    json_t *array = json_array();

    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        json_t *object = json_object();
        put_text(object, "id", finding_name(finding->id));
        put_text(object, "severity", finding_is_warning(finding->id) ? "warn" : "info");
        put_text(object, "text", finding->text);
        put_text(object, "fix", finding_fix(finding->id));
        json_array_append_new(array, object);
    }
    return array;
}

/* The ids that the article's last section links to, each once. */
static json_t *related_json(const struct check *check)
{
    struct article *article = check_open_article(check, NULL);
    json_t *array = json_array();
    struct rows rows = {0};
    const char *last = NULL;

    if (article)
        article_layout(article, ARTICLE_RELATED, PLATFORMS, 80, &rows);
    for (size_t i = 0; i < rows.count; i++) {
        const char *link = rows.rows[i].link;
        if (link && link != last)
            json_array_append_new(array, json_string(link));
        last = link;
    }
    rows_clear(&rows);
    article_free(article);
    return array;
}

static void put_check(json_t *object, const struct check *check)
{
    put_text(object, "id", check->id);
    put_text(object, "plugin", check->head.plugin);
    put(object, "tags", texts_json(check->head.tags, check->head.ntags));
    put_text(object, "severity", severity_name(check->head.severity));
}

json_t *result_json(const struct result *result, const char *program)
{
    const struct diagnosis *diagnosis = &result->diagnosis;
    char *show = mem_printf("%s show %s", program, result->check->id);
    json_t *object = json_object();

    put_check(object, result->check);
    put_text(object, "outcome", outcome_name(result->outcome));
    if (result->evidence.failure != FAILURE_NONE)
        put(object, "failure", failure_json(&result->evidence));
    put_text(object, "summary", result->summary);
    if (result->target.host || result->target.host_key)
        put(object, "target", target_json(&result->target));
    put(object, "duration_ms", ms_json(result_duration_us(result)));
    put(object, "timeout_ms", ms_json(result->budget_us));
    put(object, "phases", phases_json(&result->evidence));
    put(object, "attempts", attempts_json(&result->evidence));
    put(object, "contrasts", contrasts_json(&result->evidence));
    put(object, "nameservers", nameservers_json(&result->evidence));
    if (result->deeper.started)
        put(object, "deeper", deeper_json(&result->deeper));
    if (result->deeper.certificate)
        put(object, "certificate", certificate_json(result->deeper.certificate));
    put(object, "causes", causes_json(diagnosis));
    put_text(object, "separate", diagnosis->separate);
    put(object, "findings", findings_json(&result->findings));
    put(object, "not_proven", texts_json(diagnosis->not_proven, diagnosis->nnot_proven));
    put(object, "related", related_json(result->check));
    put_text(object, "article", show);
    free(show);
    return object;
}
