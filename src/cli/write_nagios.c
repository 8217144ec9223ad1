/* One line with performance data, for Nagios and its kin (Monitoring Plugins
 * Development Guidelines, "Plugin Output" and "Performance data"), and behind it, for
 * whoever opens the alert, the long output: all that was found, causes, and what is not
 * proven. */
#include "cli/writer.h"

#include <stdio.h>
#include <string.h>

/* As many failed checks as one line can name. */
enum { NAMED = 3 };

static const char *state_word(int exit_status)
{
    switch (exit_status) {
    case EXIT_STATUS_OK:
        return "OK";
    case EXIT_STATUS_WARN:
        return "WARNING";
    case EXIT_STATUS_FAIL:
        return "CRITICAL";
    default:
        return "UNKNOWN";
    }
}

void nagios_put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        if (*text == '|')
            fputs("\\x7c", out);
        else
            fputc(*text == '\n' ? ' ' : *text, out);
}

/* "SMTP" for check.integration.smtp. */
static void put_service(FILE *out, const struct check *check)
{
    const char *dot = strrchr(check->id, '.');

    for (const char *p = dot ? dot + 1 : check->id; *p; p++)
        fputc(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p, out);
}

static void put_counts(FILE *out, const struct sheet *sheet)
{
    static const enum outcome order[] = {OUTCOME_FAIL, OUTCOME_ERROR, OUTCOME_SKIP, OUTCOME_PASS};
    size_t named = 0;

    for (int i = 0; i < OUTCOMES; i++)
        fprintf(out, "%s%zu %s", i ? ", " : "", sheet->tally.outcomes[order[i]],
                outcome_name(order[i]));
    if (sheet->tally.warned)
        fprintf(out, ", %zu passed with warnings", sheet->tally.warned);
    for (size_t i = 0; i < sheet->count && named <= NAMED; i++) {
        if (!result_is_problem(sheet->results[i]))
            continue;
        fputs(named == 0 ? ": " : ", ", out);
        nagios_put_text(out, named == NAMED ? "..." : sheet->checks[i]->id);
        named++;
    }
}

/* 'label'=value[UOM];warn;crit;min;max, where something was probed. */
static void put_performance(const struct sheet *sheet)
{
    const char *lead = " | ";
    const struct result *result;
    size_t i = 0;

    while ((result = sheet_next(sheet, &i))) {
        if (result->evidence.nphases == 0)
            continue;
        fputs(lead, sheet->out);
        lead = " ";
        if (sheet->count == 1)
            fputs("time", sheet->out);
        else
            fprintf(sheet->out, "'%s'", result->check->id);
        fprintf(sheet->out, "=%fs;;;%f;%f", (double)result_duration_us(result) / CLOCK_SECOND, 0.0,
                (double)result->budget_us / CLOCK_SECOND);
    }
}

/* The first warning goes along: it makes the state. */
static void put_result(FILE *out, const struct result *result)
{
    const struct finding *warning = findings_first_warning(&result->findings);

    nagios_put_text(out, result->summary);
    if (!warning)
        return;
    fprintf(out, "; %s: ", finding_name(warning->id));
    nagios_put_text(out, warning->text);
}

static void put_line(FILE *out, const char *lead, const char *text)
{
    fputs(lead, out);
    nagios_put_text(out, text);
    fputc('\n', out);
}

/* The level is a word, since not all of them make the state. */
static void put_findings(FILE *out, const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        fprintf(out, "found %s (%s): ", finding_name(finding->id),
                finding_is_warning(finding->id) ? "warn" : "info");
        put_line(out, "", finding->text);
    }
}

static void put_cause(FILE *out, const struct cause *cause)
{
    if (cause->rank)
        fprintf(out, "cause %d: ", cause->rank);
    else
        fputs("ruled out: ", out);
    put_line(out, "", cause->text);
    if (cause->because)
        put_line(out, "  because ", cause->because);
    if (cause->ruled_out)
        put_line(out, "  since ", cause->ruled_out);
}

static void put_diagnosis(FILE *out, const struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->ncauses; i++)
        put_cause(out, &diagnosis->causes[i]);
    if (diagnosis->separate)
        put_line(out, "to tell the first ones apart: ", diagnosis->separate);
    for (size_t i = 0; i < diagnosis->nnot_proven; i++)
        put_line(out, "not proven: ", diagnosis->not_proven[i]);
}

/* Problems come first: whoever reads it may cut it, at 4 or 8 KiB mostly. */
static void put_long_output(const struct sheet *sheet)
{
    const struct result *result;

    for (int problems = 1; problems >= 0; problems--)
        for (size_t i = 0; (result = sheet_next(sheet, &i));) {
            if (result_is_problem(result) != (bool)problems)
                continue;
            if (sheet->count > 1) {
                fprintf(sheet->out, "%s ", outcome_name(result->outcome));
                nagios_put_text(sheet->out, result->check->id);
                put_line(sheet->out, ": ", result->summary);
            }
            put_findings(sheet->out, &result->findings);
            put_diagnosis(sheet->out, &result->diagnosis);
        }
}

static void write_end(struct sheet *sheet)
{
    FILE *out = sheet->out;

    if (sheet->count == 1)
        put_service(out, sheet->checks[0]);
    else
        fputs("DOCTOR", out);
    fprintf(out, " %s - ", state_word(sheet->exit_status));
    if (sheet->count == 1)
        put_result(out, sheet->results[0]);
    else
        put_counts(out, sheet);
    if (sheet->cut.text[0])
        fprintf(out, "; %s", sheet->cut.text);
    put_performance(sheet);
    fputc('\n', out);
    put_long_output(sheet);
}

const struct writer write_nagios = {.end = write_end};
