#include "base/buf.h"
#include "base/digest.h"
#include "base/mem.h"
#include "guide/journal.h"
#include "run/asked.h"

#include <inttypes.h>
#include <stdlib.h>

/* Lines that grow, and are freed together. */
struct list {
    char **items;
    size_t count;
};

static void add(struct list *list, struct buf *line)
{
    list->items = mem_grow(list->items, list->count, sizeof *list->items);
    list->items[list->count++] = buf_take(line);
}

static void clear(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
}

static double ms(clock_us from, clock_us to)
{
    return (double)(to - from) / CLOCK_MS;
}

static void add_target(struct list *list, const struct target *target)
{
    struct buf line = {0};

    for (size_t i = 0; i < target->ntried; i++) {
        buf_printf(&line, "%s = %s", target->tried[i].key, target->tried[i].value);
        buf_printf(&line, " (%s)", target->tried[i].source);
        add(list, &line);
    }
}

static void add_phases(struct list *list, const struct evidence *evidence)
{
    struct buf line = {0};

    for (size_t i = 0; i < evidence->nphases; i++) {
        const struct phase *phase = &evidence->phases[i];
        buf_printf(&line, "%s: %s after %.1f ms", phase_name(phase->kind),
                   step_status_name(phase->status), ms(phase->started, phase->ended));
        if (phase->detail)
            buf_printf(&line, ", %s", phase->detail);
        add(list, &line);
    }
}

static void add_attempts(struct list *list, const struct attempt *attempts, size_t count)
{
    struct buf line = {0};

    for (size_t i = 0; i < count; i++) {
        const struct attempt *attempt = &attempts[i];
        buf_printf(&line, "%s port %u: %s after %.1f ms", attempt->address, attempt->port,
                   step_status_name(attempt->status), ms(attempt->started, attempt->ended));
        if (attempt->error)
            buf_printf(&line, ", %s", errno_name(attempt->error));
        if (attempt->icmp.seen && *attempt->icmp.from)
            buf_printf(&line, ", said by %s", attempt->icmp.from);
        add(list, &line);
    }
}

static void add_nameservers(struct list *list, const struct evidence *evidence)
{
    struct buf line = {0};

    for (size_t i = 0; i < evidence->nnameservers; i++) {
        char *text = asked_text(&evidence->nameservers[i]);
        buf_printf(&line, "nameserver %s", text);
        free(text);
        add(list, &line);
    }
}

/* What matters most comes first: the list is cut. */
static void add_evidence(struct list *list, const struct result *result)
{
    const struct evidence *evidence = &result->evidence;

    add_target(list, &result->target);
    add_phases(list, evidence);
    add_attempts(list, evidence->attempts, evidence->nattempts);
    add_nameservers(list, evidence);
    add_attempts(list, evidence->contrasts, evidence->ncontrasts);
    add_phases(list, &result->deeper);
    add_nameservers(list, &result->deeper);
}

static void add_findings(struct list *list, const struct findings *findings)
{
    struct buf line = {0};

    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        buf_printf(&line, "%s: %s", finding_name(finding->id), finding->text);
        add(list, &line);
    }
}

static struct journal_cause *collect_causes(const struct diagnosis *diagnosis)
{
    struct journal_cause *causes = mem_zalloc((diagnosis->ncauses + 1) * sizeof *causes);

    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        const struct cause *cause = &diagnosis->causes[i];
        causes[i] =
            (struct journal_cause){cause->rank, cause->text, cause->because, cause->ruled_out};
    }
    return causes;
}

/* What a run says, without its milliseconds: the caller frees it. */
static char *digest(const struct result *result, const char *vantage)
{
    const struct diagnosis *diagnosis = &result->diagnosis;
    const struct target *target = &result->target;
    struct buf text = {0};

    buf_printf(&text, "%s\n%s\n%s\n", outcome_name(result->outcome),
               failure_name(result->evidence.failure), vantage);
    for (size_t i = 0; i < target->ntried; i++)
        buf_printf(&text, "%s=%s %s\n", target->tried[i].key, target->tried[i].value,
                   target->tried[i].source);
    for (size_t i = 0; i < diagnosis->ncauses; i++)
        buf_printf(&text, "%d %d %s\n", diagnosis->causes[i].rank,
                   diagnosis->causes[i].ruled_out != NULL, diagnosis->causes[i].text);
    for (size_t i = 0; i < result->findings.count; i++)
        buf_printf(&text, "%s\n", finding_name(result->findings.items[i].id));
    if (result->evidence.nphases == 0) /* nothing was measured: the summary is the reason */
        buf_puts(&text, result->summary);
    char *same = mem_printf("%016" PRIx64, digest_of(text.data, text.len));
    buf_clear(&text);
    return same;
}

static struct journal_lines lines_of(const struct list *list)
{
    return (struct journal_lines){(const char *const *)list->items, list->count};
}

void journal_add_result(struct journal *journal, const struct result *result, const char *vantage)
{
    enum failure_kind failure = result->evidence.failure;
    struct list evidence = {0}, findings = {0};

    if (!journal)
        return;
    add_evidence(&evidence, result);
    add_findings(&findings, &result->findings);
    struct journal_cause *causes = collect_causes(&result->diagnosis);
    bool dug = result->deeper.started != 0;
    char *same = digest(result, vantage), *target = result_target(result);
    journal_add(journal, &(struct journal_event){
                             .kind = dug ? JOURNAL_RUN_DEEPER : JOURNAL_RUN,
                             .check = result->check->id,
                             .same = dug ? NULL : same,
                             .deeper = dug ? same : NULL,
                             .title = result->check->head.title,
                             .outcome = outcome_name(result->outcome),
                             .failure = failure == FAILURE_NONE ? NULL : failure_name(failure),
                             .summary = result->summary,
                             .vantage = vantage,
                             .target = target,
                             .duration_ms = result_duration_us(result) / CLOCK_MS,
                             .evidence = lines_of(&evidence),
                             .findings = lines_of(&findings),
                             .causes = causes,
                             .ncauses = result->diagnosis.ncauses});
    free(same);
    free(target);
    free(causes);
    clear(&evidence);
    clear(&findings);
}
