/* Markdown (GitHub's and GitLab's tables) to be pasted into a ticket. */
#include "base/markdown.h"
#include "cli/version.h"
#include "cli/writer.h"
#include "run/asked.h"
#include "run/certificate_lines.h"
#include "run/waterfall.h"

#include <stdio.h>
#include <stdlib.h>

/* lead is ours, and may be Markdown. */
static void put_line(FILE *out, const char *lead, const char *text)
{
    fputs(lead, out);
    markdown_put_text(out, text);
    fputc('\n', out);
}

static void put_ms(FILE *out, clock_us from, clock_us to)
{
    fprintf(out, "%.1f ms", (double)(to - from) / CLOCK_MS);
}

static void put_table(const struct sheet *sheet)
{
    FILE *out = sheet->out;
    const struct result *result;
    size_t i = 0;

    fputs("\n| outcome | check | severity | what happened | time |\n"
          "|---|---|---|---|---:|\n",
          out);
    while ((result = sheet_next(sheet, &i))) {
        fprintf(out, "| %s%s | ", outcome_name(result->outcome),
                result_warns(result) ? ", with warnings" : "");
        markdown_put_text(out, result->check->id);
        fprintf(out, " | %s | ", severity_name(result->check->head.severity));
        markdown_put_text(out, result->summary);
        fputs(" | ", out);
        put_ms(out, 0, result_duration_us(result));
        fputs(" |\n", out);
    }
}

static void put_tried(FILE *out, const struct target *target)
{
    if (target->ntried > 0)
        fputs("\nTried:\n\n", out);
    for (size_t i = 0; i < target->ntried; i++) {
        fputs("- ", out);
        markdown_put_text(out, target->tried[i].key);
        fputs(" = ", out);
        markdown_put_text(out, target->tried[i].value);
        put_line(out, " from ", target->tried[i].source);
    }
}

static void put_phases(FILE *out, const struct evidence *evidence, const char *title)
{
    char *longest = waterfall_longest(evidence);

    if (evidence->nphases > 0)
        fprintf(out, "\n| %s | status | time | detail |\n|---|---|---:|---|\n", title);
    for (size_t i = 0; i < evidence->nphases; i++) {
        const struct phase *phase = &evidence->phases[i];
        fprintf(out, "| %s | %s | ", phase_name(phase->kind), step_status_name(phase->status));
        put_ms(out, phase->started, phase->ended);
        fputs(" | ", out);
        markdown_put_text(out, phase->detail ? phase->detail : "");
        fputs(" |\n", out);
    }
    if (longest)
        put_line(out, "\n", longest);
    free(longest);
}

static void put_attempts(FILE *out, const struct evidence *evidence)
{
    if (evidence->nattempts > 0)
        fputs("\n| address | port | status | error | time |\n|---|---:|---|---|---:|\n", out);
    for (size_t i = 0; i < evidence->nattempts; i++) {
        const struct attempt *attempt = &evidence->attempts[i];
        fputs("| ", out);
        markdown_put_text(out, attempt->address);
        bool decisive = evidence->nattempts > 1 && evidence_is_decisive(evidence, attempt);
        fprintf(out, " | %u | %s%s | %s | ", attempt->port, step_status_name(attempt->status),
                decisive ? ", decisive" : "", attempt->error ? errno_name(attempt->error) : "");
        put_ms(out, attempt->started, attempt->ended);
        fputs(" |\n", out);
    }
}

static void put_nameservers(FILE *out, const struct evidence *asked)
{
    if (asked->nnameservers > 0)
        fputs("\nNameservers:\n\n", out);
    for (size_t i = 0; i < asked->nnameservers; i++) {
        char *text = asked_text(&asked->nameservers[i]);
        put_line(out, "- ", text);
        free(text);
    }
}

static void put_findings(FILE *out, const struct findings *findings)
{
    if (findings->count > 0)
        fputs("\nFound beside it:\n\n", out);
    for (size_t i = 0; i < findings->count; i++) {
        enum finding_id id = findings->items[i].id;
        fprintf(out, "- %s%s: ", finding_name(id), finding_is_warning(id) ? "" : " (info)");
        put_line(out, "", findings->items[i].text);
        put_line(out, "  - fix: ", finding_fix(id));
    }
}

static void put_certificate(FILE *out, const struct certificate *certificate)
{
    if (certificate)
        fputs("\nThe certificate:\n\n", out);
    for (int i = 0; certificate && i < CERTIFICATE_LINES; i++) {
        char *line = certificate_line(certificate, (enum certificate_line)i);
        put_line(out, "- ", line);
        free(line);
    }
}

static void put_causes(FILE *out, const struct diagnosis *diagnosis)
{
    if (diagnosis->ncauses > 0)
        fputs("\nCauses, the likeliest first; those of one rank look alike from here:\n\n", out);
    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        const struct cause *cause = &diagnosis->causes[i];
        fputs("- ", out);
        if (cause->rank)
            fprintf(out, "**%d.** ", cause->rank);
        put_line(out, "", cause->text);
        if (cause->because)
            put_line(out, "  - because ", cause->because);
        if (cause->ruled_out)
            put_line(out, "  - ruled out: ", cause->ruled_out);
    }
    if (diagnosis->separate)
        put_line(out, "\nTo tell the first ones apart: ", diagnosis->separate);
}

static void put_not_proven(FILE *out, const struct diagnosis *diagnosis)
{
    if (diagnosis->nnot_proven > 0)
        fputs("\nNot proven:\n\n", out);
    for (size_t i = 0; i < diagnosis->nnot_proven; i++)
        put_line(out, "- ", diagnosis->not_proven[i]);
}

/* A pass has one where digging deeper looked for more. */
static bool has_story(const struct result *result)
{
    return result_is_problem(result) || result->deeper.started;
}

static const char *outcome_title(const struct result *result)
{
    static const char *const titles[OUTCOMES] = {"Passed", "Failed", "Skipped", "No verdict"};

    return result->outcome == OUTCOME_PASS && result_is_problem(result) ? "Passed, but"
                                                                        : titles[result->outcome];
}

static void put_title(FILE *out, const struct result *result)
{
    fprintf(out, "\n## %s: ", outcome_title(result));
    markdown_put_text(out, result->check->id);
    put_line(out, ", ", result->check->head.title);
}

static void put_story(const struct sheet *sheet, const struct result *result)
{
    FILE *out = sheet->out;

    put_line(out, "\n", result->summary);
    put_tried(out, &result->target);
    put_phases(out, &result->evidence, "phase");
    put_nameservers(out, asked_about(result));
    put_attempts(out, &result->evidence);
    put_findings(out, &result->findings);
    put_phases(out, &result->deeper, "digging deeper");
    put_certificate(out, result->deeper.certificate);
    put_causes(out, &result->diagnosis);
    put_not_proven(out, &result->diagnosis);
    fprintf(out, "\nRead on: `%s show %s`\n", sheet->options->program, result->check->id);
}

static void put_head(const struct sheet *sheet)
{
    FILE *out = sheet->out;
    char *counts = tally_text(&sheet->tally), *why = sheet_why_warn(sheet);
    char started[21];

    clock_format_utc(sheet->started, started);
    fprintf(out, "# stella doctor: %s\n\n%s, seen from ", counts, started);
    markdown_put_text(out, sheet->session->vantage);
    fprintf(out, ", by version %s", STELLA_VERSION);
    if (sheet->options->until_pass)
        fprintf(out, ", the last of %zu rounds", sheet->rounds);
    fputs(".\n", out);
    if (why) {
        fprintf(out, "\nExit status %d: ", sheet->exit_status);
        put_line(out, "", why);
    }
    free(counts);
    free(why);
}

static void write_end(struct sheet *sheet)
{
    const struct result *result;
    size_t i = 0;

    put_head(sheet);
    put_table(sheet);
    while ((result = sheet_next(sheet, &i))) {
        put_title(sheet->out, result);
        if (has_story(result))
            put_story(sheet, result);
        else
            put_not_proven(sheet->out, &result->diagnosis);
    }
}

const struct writer write_markdown = {.end = write_end};
