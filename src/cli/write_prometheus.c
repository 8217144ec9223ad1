/* A file for node_exporter's textfile collector (Prometheus text exposition
 * format 0.0.4): every metric with its help and type, then its samples. */
#include "cli/version.h"
#include "cli/writer.h"

#include <stdio.h>

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

static void write_end(struct sheet *sheet)
{
    FILE *out = sheet->out;

    put_up(sheet);
    put_outcomes(sheet);
    if (sheet->options->deep)
        put_findings(sheet);
    put_durations(sheet);
    put_head(out, "run_timestamp_seconds", "When the run was started, in Unix time.");
    fprintf(out, "stella_doctor_run_timestamp_seconds %lld\n", (long long)sheet->started);
    put_head(out, "run_exit_code", "Exit status of the run.");
    fprintf(out, "stella_doctor_run_exit_code %d\n", sheet->exit_status);
    put_head(out, "run_info", "What ran, and from where the checks are seen.");
    fputs("stella_doctor_run_info{", out);
    put_label(out, "version", STELLA_VERSION);
    fputc(',', out);
    put_label(out, "vantage", sheet->session->vantage);
    fputs("} 1\n", out);
}

const struct writer write_prometheus = {.end = write_end};
