#include "ui/head.h"

#include "base/text.h"
#include "run/asked.h"
#include "run/certificate_lines.h"
#include "run/waterfall.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_COLS = 8, BAR_MAX_COLS = 50, BAR_TEXT_COLS = 13 };

static void put_sign(struct rows *rows, enum status status)
{
    const struct status_look *look = status_look(status);
    rows_printf(rows, look->style, "%s %s", status_sign(status, rows->ascii), look->word);
}

/* A pass with a warning is not all well. */
static void put_found(struct rows *rows, const struct result *result)
{
    char *text = result ? found_text(found_count(&result->findings), rows->ascii) : NULL;

    if (text)
        rows_printf(rows, STYLE_WARN, "  %s", text);
    free(text);
}

/* "Tried   " on the first row of a kind, blanks on the others. */
static void open_labelled(struct rows *rows, int cols, const char *label)
{
    rows_open(rows, cols, 0, LABEL_COLS);
    rows_printf(rows, STYLE_DIM, "%s", label);
    for (int i = text_cols(label); i < LABEL_COLS; i++)
        rows_text(rows, STYLE_PLAIN, " ", 1);
}

/* A row without a label: the indent does what blanks cannot at a row's start. */
static void open_continued(struct rows *rows, int cols, const char *label, bool first)
{
    if (first)
        open_labelled(rows, cols, label);
    else
        rows_open(rows, cols, LABEL_COLS, LABEL_COLS);
}

static void put_duration(struct rows *rows, enum style style, clock_us us)
{
    if (us < 1000 * CLOCK_MS)
        rows_printf(rows, style, "%.1f ms", (double)us / CLOCK_MS);
    else
        rows_printf(rows, style, "%.1f s", (double)us / CLOCK_SECOND);
}

static void put_status(struct rows *rows, const struct detail_source *source, int cols)
{
    const struct result *result = source->live ? NULL : source->state->result;

    rows_open(rows, cols, 0, 0);
    put_sign(rows, source->state->status);
    put_found(rows, result);
    if (source->state->status == STATUS_FAIL)
        rows_printf(rows, STYLE_PLAIN, "  severity %s",
                    severity_name(source->check->head.severity));
    if (result && result->outcome != OUTCOME_SKIP) {
        rows_text(rows, STYLE_DIM, "  ", 2);
        put_duration(rows, STYLE_DIM, result_duration_us(result));
    }
    if (source->state->status == STATUS_NOT_RUN)
        rows_printf(rows, STYLE_PLAIN, "  press r to run it");
    rows_close(rows);
}

/* "#####-----  2.6 of 5.0 s": one row that only changes where it moves. */
static void put_bar(struct rows *rows, const struct evidence *evidence, clock_us now, int cols)
{
    clock_us budget = evidence->deadline - evidence->started, elapsed = now - evidence->started;
    int width = cols - BAR_TEXT_COLS > BAR_MAX_COLS ? BAR_MAX_COLS : cols - BAR_TEXT_COLS;

    if (elapsed > budget)
        elapsed = budget;
    if (elapsed < 0)
        elapsed = 0;
    rows_open(rows, cols, 0, 0);
    rows_bar(rows, STYLE_RUN, 0, (int)(width * elapsed / budget), width);
    rows_printf(rows, STYLE_PLAIN, " %.1f of %.1f s", (double)elapsed / CLOCK_SECOND,
                (double)budget / CLOCK_SECOND);
    rows_close(rows);
}

static const char *waiting_for(enum phase_kind kind)
{
    static const char *const waits[PHASES] = {
        [PHASE_LOOKUP] = "looking up",
        [PHASE_CONNECT] = "connecting to",
        [PHASE_GREETING] = "waiting for the greeting",
        [PHASE_EHLO] = "waiting for the reply to EHLO",
        [PHASE_STARTTLS] = "waiting for the reply to STARTTLS",
        [PHASE_TLS] = "waiting for the TLS handshake",
        [PHASE_EHLO_TLS] = "waiting for the reply to EHLO over TLS",
        [PHASE_QUIT] = "waiting for the reply to QUIT",
    };
    return waits[kind];
}

static void put_waiting(struct rows *rows, const struct result *live, int cols)
{
    const struct phase *phase = evidence_running(result_current(live));
    bool v6 = strchr(live->target.host, ':') != NULL;

    rows_open(rows, cols, 0, 0);
    if (live->evidence.ended)
        rows_printf(rows, STYLE_STRONG, "%s; digging deeper%s", live->summary, phase ? ": " : "");
    if (phase)
        rows_printf(rows, STYLE_STRONG, "%s", waiting_for(phase->kind));
    if (phase && phase->kind <= PHASE_CONNECT)
        rows_printf(rows, STYLE_STRONG, v6 ? " [%s]:%u" : " %s:%u", live->target.host,
                    live->target.port);
    rows_close(rows);
}

static void put_tried(struct rows *rows, const struct target *target, const char *label, int cols)
{
    for (size_t i = 0; i < target->ntried; i++) {
        const struct tried *tried = &target->tried[i];
        open_continued(rows, cols, label, i == 0);
        rows_printf(rows, STYLE_PLAIN, "%s = %s", tried->key, tried->value);
        rows_printf(rows, STYLE_DIM, "  (%s)", tried->source);
        rows_close(rows);
    }
    if (target->advice) {
        open_labelled(rows, cols, "Note");
        rows_printf(rows, STYLE_WARN, "%s", target->advice);
        rows_close(rows);
    }
}

static void put_step(struct rows *rows, enum step_status status, clock_us started, clock_us ended)
{
    rows_text(rows, STYLE_PLAIN, "  ", 2);
    rows_printf(rows, waterfall_style(status), "%s", step_status_name(status));
    if (status == STEP_RUNNING)
        return;
    rows_text(rows, STYLE_PLAIN, "  ", 2);
    put_duration(rows, STYLE_PLAIN, ended - started);
}

/* A phase that runs grows once a second here: the bar above tells more, and each cell is
 * dear over a slow line. */
static clock_us whole_second(const struct evidence *evidence, clock_us now)
{
    return now - (now - evidence->started) % CLOCK_SECOND;
}

/* The phases against their budget. A label stands before the first row alone. */
static void put_phases(struct rows *rows, const struct evidence *evidence, const char *label,
                       clock_us now, int cols)
{
    struct rows block = {.ascii = rows->ascii};

    waterfall_layout(evidence, whole_second(evidence, now), cols - LABEL_COLS, &block);
    for (size_t i = 0; i < block.count; i++) {
        const struct row *row = &block.rows[i];
        open_continued(rows, cols, label, i == 0);
        for (size_t j = row->first; j < row->first + row->count; j++)
            rows_text(rows, block.spans[j].style, block.text.data + block.spans[j].start,
                      block.spans[j].len);
        rows_close(rows);
    }
    rows_clear(&block);
}

static void put_nameservers(struct rows *rows, const struct evidence *asked, int cols)
{
    for (size_t i = 0; i < asked->nnameservers; i++) {
        char *text = asked_text(&asked->nameservers[i]);
        open_continued(rows, cols, "DNS", i == 0);
        rows_printf(rows, STYLE_PLAIN, "%s", text);
        rows_close(rows);
        free(text);
    }
}

/* A single attempt would only repeat the connect phase. */
static void put_attempts(struct rows *rows, const struct evidence *evidence, int cols)
{
    for (size_t i = 0; i < evidence->nattempts && evidence->nattempts > 1; i++) {
        const struct attempt *attempt = &evidence->attempts[i];
        open_continued(rows, cols, "Address", i == 0);
        rows_printf(rows, STYLE_PLAIN, "%s", attempt->address);
        put_step(rows, attempt->status, attempt->started, attempt->ended);
        if (attempt->error)
            rows_printf(rows, STYLE_DIM, "  %s", errno_name(attempt->error));
        if (evidence_is_decisive(evidence, attempt))
            rows_printf(rows, STYLE_PLAIN, "  decisive");
        rows_close(rows);
    }
}

static void put_findings(struct rows *rows, const struct findings *findings, int cols)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        open_continued(rows, cols, "Found", i == 0);
        rows_printf(rows, finding_is_warning(finding->id) ? STYLE_WARN : STYLE_PLAIN, "%s %s",
                    finding_sign(finding->id, rows->ascii), finding_name(finding->id));
        rows_printf(rows, STYLE_PLAIN, ": %s", finding->text);
        rows_close(rows);
        open_continued(rows, cols, "", false);
        rows_printf(rows, STYLE_STRONG, "Fix: ");
        rows_printf(rows, STYLE_PLAIN, "%s", finding_fix(finding->id));
        rows_close(rows);
    }
}

static void put_certificate(struct rows *rows, const struct certificate *certificate, int cols)
{
    for (int i = 0; certificate && i < CERTIFICATE_LINES; i++) {
        char *line = certificate_line(certificate, (enum certificate_line)i);
        open_continued(rows, cols, "Cert", i == 0);
        rows_printf(rows, STYLE_PLAIN, "%s", line);
        rows_close(rows);
        free(line);
    }
}

static void put_result(struct rows *rows, const struct result *result, int cols)
{
    rows_open(rows, cols, 0, 0);
    rows_printf(rows, STYLE_STRONG, "%s", result->summary);
    rows_close(rows);
    put_tried(rows, &result->target, "Tried", cols);
    put_phases(rows, &result->evidence, "Phases", result->evidence.ended, cols);
    put_nameservers(rows, asked_about(result), cols);
    put_attempts(rows, &result->evidence, cols);
    put_findings(rows, &result->findings, cols);
    put_phases(rows, &result->deeper, "Deeper", result->deeper.ended, cols);
    put_certificate(rows, result->deeper.certificate, cols);
}

static void put_live(struct rows *rows, const struct detail_source *source, int cols)
{
    const struct result *live = source->live;

    if (result_current(live)->started)
        put_bar(rows, result_current(live), source->now, cols);
    put_waiting(rows, live, cols);
    if (!live->evidence.ended) /* settled by then, and a dialogue has many phases */
        put_tried(rows, &live->target, "Trying", cols);
    put_phases(rows, &live->evidence, "Phases", source->now, cols);
    put_findings(rows, &live->findings, cols);
    put_phases(rows, &live->deeper, "Deeper", source->now, cols);
}

/* What a run would connect to, before there is one. */
static void put_prospect(struct rows *rows, const struct detail_source *source, int cols)
{
    struct target target = {0};

    if (!check_is_wired(source->check))
        return;
    check_target(source->check, source->session->settings, &target);
    put_tried(rows, &target, "Target", cols);
    if (target.reason) {
        open_labelled(rows, cols, "Target");
        rows_printf(rows, target.state != TARGET_UNSET ? STYLE_WARN : STYLE_PLAIN, "%s",
                    target.reason);
        rows_close(rows);
    }
    target_clear(&target);
}

static void put_group(struct rows *rows, const struct node *group, int cols)
{
    rows_open(rows, cols, 0, 0);
    rows_printf(rows, STYLE_STRONG, "%s", group->label);
    rows_printf(rows, STYLE_PLAIN, ": %zu %s", group->count, group->count == 1 ? "check" : "checks");
    if (group->failing)
        rows_printf(rows, STYLE_FAIL, ", %zu failing", group->failing);
    if (group->warned)
        rows_printf(rows, STYLE_WARN, ", %zu passed with warnings", group->warned);
    rows_close(rows);
    rows_blank(rows);
    rows_open(rows, cols, 0, 0);
    rows_printf(rows, STYLE_PLAIN, "r runs them; Enter or Right opens and folds the group.");
    rows_close(rows);
}

void head_layout(struct rows *rows, const struct detail_source *source, int cols)
{
    if (!source->check) {
        if (source->group)
            put_group(rows, source->group, cols);
        return;
    }
    put_status(rows, source, cols);
    if (source->live)
        put_live(rows, source, cols);
    else if (source->state->result)
        put_result(rows, source->state->result, cols);
    else
        put_prospect(rows, source, cols);
    rows_blank(rows);
}
