/* A file for node_exporter's textfile collector (Prometheus text exposition
 * format 0.0.4): every metric with its help and type, then its samples. What was observed
 * differs from run to run and would make a new series each time: it stands in comments,
 * for whoever opens the file. */
#include "cli/version.h"
#include "cli/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In a label's value, three characters are escaped. */
static void put_label(FILE *out, const char *name, const char *value)
{
    fprintf(out, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '\n') {
            fputs("\\n", out);
            continue;
        }
        if (*value == '\\' || *value == '"')
            fputc('\\', out);
        fputc(*value, out);
    }
    fputc('"', out);
}

static void put_head(FILE *out, const char *metric, const char *help)
{
    fprintf(out, "# HELP stella_doctor_%s %s\n# TYPE stella_doctor_%s gauge\n", metric, help,
            metric);
}

static void put_check_sample(FILE *out, const char *metric, const struct check *check)
{
    fprintf(out, "stella_doctor_%s{", metric);
    put_label(out, "id", check->id);
    fputc(',', out);
    put_label(out, "plugin", check->head.plugin);
}

static void put_up(const struct sheet *sheet)
{
    const struct result *result;
    size_t i = 0;

    put_head(sheet->out, "check_up",
             "Whether the check passed (1) or failed (0); absent without a verdict.");
    while ((result = sheet_next(sheet, &i))) {
        if (result->outcome != OUTCOME_PASS && result->outcome != OUTCOME_FAIL)
            continue;
        put_check_sample(sheet->out, "check_up", result->check);
        fprintf(sheet->out, "} %d\n", result->outcome == OUTCOME_PASS);
    }
}

static void put_outcomes(const struct sheet *sheet)
{
    const struct result *result;
    size_t i = 0;

    put_head(sheet->out, "check_outcome", "1 for the outcome that the check had.");
    while ((result = sheet_next(sheet, &i)))
        for (int outcome = 0; outcome < OUTCOMES; outcome++) {
            put_check_sample(sheet->out, "check_outcome", result->check);
            fprintf(sheet->out, ",outcome=\"%s\"} %d\n", outcome_name((enum outcome)outcome),
                    outcome == (int)result->outcome);
        }
}

static void put_findings(const struct sheet *sheet)
{
    const struct result *result;
    size_t i = 0;

    put_head(sheet->out, "check_findings", "What digging deeper found, warnings and others.");
    while ((result = sheet_next(sheet, &i))) {
        put_check_sample(sheet->out, "check_findings", result->check);
        fprintf(sheet->out, "} %zu\n", result->findings.count);
    }
}

static bool is_first_of_its_id(const struct findings *findings, size_t index)
{
    size_t i = 0;

    while (findings->items[i].id != findings->items[index].id)
        i++;
    return i == index;
}

/* A series an id: what is in the texts would make a new one each time. */
static void put_found_ids(const struct sheet *sheet)
{
    const struct result *result;
    size_t i = 0;

    put_head(sheet->out, "check_finding", "1 for each finding that digging deeper made.");
    while ((result = sheet_next(sheet, &i)))
        for (size_t j = 0; j < result->findings.count; j++) {
            enum finding_id id = result->findings.items[j].id;
            if (!is_first_of_its_id(&result->findings, j))
                continue;
            put_check_sample(sheet->out, "check_finding", result->check);
            fprintf(sheet->out, ",finding=\"%s\",severity=\"%s\"} 1\n", finding_name(id),
                    finding_is_warning(id) ? "warn" : "info");
        }
}

static void put_durations(const struct sheet *sheet)
{
    const struct result *result;
    size_t i = 0;

    put_head(sheet->out, "check_duration_seconds",
             "Time to the verdict; absent where nothing was probed.");
    while ((result = sheet_next(sheet, &i))) {
        if (result->evidence.nphases == 0)
            continue;
        put_check_sample(sheet->out, "check_duration_seconds", result->check);
        fprintf(sheet->out, "} %f\n", (double)result_duration_us(result) / CLOCK_SECOND);
    }
}

/* The id, or where it has none the article's words, which stay. */
static const char *cause_name(const struct cause *cause)
{
    return cause->id ? cause->id : cause->text;
}

/* A second sample with the same labels would spoil the whole file. */
static bool is_named_before(const struct diagnosis *diagnosis, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(cause_name(&diagnosis->causes[i]), cause_name(&diagnosis->causes[index])) == 0)
            return true;
    return false;
}

static void put_cause(const struct sheet *sheet, const struct check *check,
                      const struct cause *cause)
{
    const char *reason = cause->rank ? cause->because : cause->ruled_out;

    if (reason)
        fprintf(sheet->out, "# %s, %s: %s %s\n", check->id, cause_name(cause),
                cause->rank ? "because" : "ruled out,", reason);
    put_check_sample(sheet->out, "check_cause_rank", check);
    fputc(',', sheet->out);
    put_label(sheet->out, "cause", cause_name(cause));
    fprintf(sheet->out, "} %d\n", cause->rank);
}

static void put_causes(const struct sheet *sheet)
{
    const struct result *result;
    size_t i = 0;

    put_head(sheet->out, "check_cause_rank",
             "Rank of a cause of a failure, 1 for the likeliest, 0 where it is ruled out.");
    while ((result = sheet_next(sheet, &i))) {
        const struct diagnosis *diagnosis = &result->diagnosis;
        for (size_t j = 0; j < diagnosis->ncauses; j++)
            if (!is_named_before(diagnosis, j))
                put_cause(sheet, result->check, &diagnosis->causes[j]);
        if (diagnosis->separate)
            fprintf(sheet->out, "# %s, to tell the first ones apart: %s\n", result->check->id,
                    diagnosis->separate);
    }
}

static void put_not_proven(const struct sheet *sheet)
{
    const struct result *result;
    size_t i = 0;

    put_head(sheet->out, "check_not_proven_info", "What the result does not prove, always 1.");
    while ((result = sheet_next(sheet, &i)))
        for (size_t j = 0; j < result->diagnosis.nnot_proven; j++) {
            put_check_sample(sheet->out, "check_not_proven_info", result->check);
            fputc(',', sheet->out);
            put_label(sheet->out, "text", result->diagnosis.not_proven[j]);
            fputs("} 1\n", sheet->out);
        }
}

/* Of all checks, like the exit code, and not only of those that are shown. */
static void put_counts(const struct sheet *sheet)
{
    FILE *out = sheet->out;

    put_head(out, "run_checks", "How many checks had each outcome.");
    for (int outcome = 0; outcome < OUTCOMES; outcome++)
        fprintf(out, "stella_doctor_run_checks{outcome=\"%s\"} %zu\n",
                outcome_name((enum outcome)outcome), sheet->tally.outcomes[outcome]);
    put_head(out, "run_passed_with_warnings",
             "How many of those that passed have a finding of severity warn.");
    fprintf(out, "stella_doctor_run_passed_with_warnings %zu\n", sheet->tally.warned);
}

static void put_exit_code(const struct sheet *sheet)
{
    char *why = sheet_why_warn(sheet);

    put_head(sheet->out, "run_exit_code", "Exit status of the run.");
    if (why)
        fprintf(sheet->out, "# exit code %d: %s\n", sheet->exit_status, why);
    fprintf(sheet->out, "stella_doctor_run_exit_code %d\n", sheet->exit_status);
    free(why);
}

static void write_end(struct sheet *sheet)
{
    FILE *out = sheet->out;

    put_up(sheet);
    put_outcomes(sheet);
    if (sheet->options->deep) {
        put_findings(sheet);
        put_found_ids(sheet);
    }
    put_causes(sheet);
    put_not_proven(sheet);
    put_durations(sheet);
    put_head(out, "run_timestamp_seconds", "When the run was started, in Unix time.");
    fprintf(out, "stella_doctor_run_timestamp_seconds %lld\n", (long long)sheet->started);
    put_counts(sheet);
    put_exit_code(sheet);
    put_head(out, "run_info", "What ran, and from where the checks are seen.");
    fputs("stella_doctor_run_info{", out);
    put_label(out, "version", STELLA_VERSION);
    fputc(',', out);
    put_label(out, "vantage", sheet->session->vantage);
    fputs("} 1\n", out);
}

const struct writer write_prometheus = {.end = write_end};
