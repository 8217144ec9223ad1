/* JUnit's XML as CI servers read it: a testsuite a plugin, a testcase a check. */
#include "base/mem.h"
#include "base/text.h"
#include "cli/report.h"
#include "cli/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* XML 1.0 section 2.2: what may stand in a document, even as a reference. */
static bool is_xml_char(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static const char *reference(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\r':
        return "&#13;";
    default:
        return is_xml_char(c) ? NULL : "\xEF\xBF\xBD";
    }
}

/* Fit for an attribute and for text alike; no line feeds in attributes. */
static void put_text(FILE *out, const char *text)
{
    for (size_t n = strlen(text); n > 0;) {
        uint32_t c;
        size_t step = text_decode(text, n, &c);
        char bytes[5];
        text_encode(c, bytes);
        const char *escaped = reference(c);
        fputs(escaped ? escaped : bytes, out);
        text += step;
        n -= step;
    }
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    put_text(out, value);
    fputc('"', out);
}

/* JUnit knows no warning, and a CI must not be all green where the exit status is 1: what
 * passed with warnings is a failure there, unless --fail-on says that they do not matter. */
static bool counts_as_failure(const struct sheet *sheet, const struct result *result)
{
    return result->outcome == OUTCOME_FAIL ||
           (result_warns(result) && sheet->options->fail_on == FAIL_ON_WARN);
}

/* Counts and time of the results of a plugin, or of all (NULL). */
struct totals {
    struct tally tally;
    size_t tests, failures;
    clock_us time;
};

static bool belongs(const struct result *result, const char *plugin)
{
    return !plugin || strcmp(result->check->head.plugin, plugin) == 0;
}

static struct totals add_up(const struct sheet *sheet, const char *plugin)
{
    struct totals totals = {0};
    const struct result *result;
    size_t i = 0;

    while ((result = sheet_next(sheet, &i))) {
        if (!belongs(result, plugin))
            continue;
        tally_add(&totals.tally, result);
        totals.time += result_duration_us(result);
        totals.tests++;
        totals.failures += counts_as_failure(sheet, result);
    }
    return totals;
}

static void put_seconds(FILE *out, clock_us us)
{
    fprintf(out, " time=\"%.6f\"", (double)us / CLOCK_SECOND);
}

static void put_totals(FILE *out, const struct totals *totals)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", totals->tests,
            totals->failures, totals->tally.outcomes[OUTCOME_ERROR]);
    put_seconds(out, totals->time);
}

/* The report for people, as it would be printed. */
static void put_story(const struct sheet *sheet, const struct result *result)
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);

    if (!memory)
        return;
    report_result(&(struct report){.out = memory, .program = sheet->options->program}, result);
    fclose(memory);
    put_text(sheet->out, text);
    free(text);
}

static const char *problem_type(const struct result *result)
{
    if (result_warns(result))
        return "warning";
    return result->evidence.failure == FAILURE_NONE ? "no-verdict"
                                                    : failure_name(result->evidence.failure);
}

/* What a CI lists: the first warning too, where the check itself passed. */
static void put_message(FILE *out, const struct result *result)
{
    const struct finding *warning = findings_first_warning(&result->findings);

    if (!result_warns(result)) {
        put_attribute(out, "message", result->summary);
        return;
    }
    char *message =
        mem_printf("%s; %s: %s", result->summary, finding_name(warning->id), warning->text);
    put_attribute(out, "message", message);
    free(message);
}

/* <failure> or <error>: the message in an attribute, the story as text. */
static void put_problem(const struct sheet *sheet, const struct result *result,
                        const char *element)
{
    FILE *out = sheet->out;

    fprintf(out, "<%s type=\"%s\"", element, problem_type(result));
    put_message(out, result);
    fputc('>', out);
    put_story(sheet, result);
    fprintf(out, "</%s>", element);
}

/* A pass or a skip, with its story: what it does not prove. */
static void put_harmless(const struct sheet *sheet, const struct result *result)
{
    FILE *out = sheet->out;

    if (result->outcome == OUTCOME_SKIP) {
        fputs("<skipped", out);
        put_attribute(out, "message", result->summary);
        fputs("/>", out);
    }
    fputs("<system-out>", out);
    put_story(sheet, result);
    fputs("</system-out>", out);
}

static void put_case(const struct sheet *sheet, const struct result *result)
{
    FILE *out = sheet->out;

    fputs("    <testcase", out);
    put_attribute(out, "classname", result->check->head.plugin);
    put_attribute(out, "name", result->check->id);
    put_seconds(out, result_duration_us(result));
    fputc('>', out);
    if (counts_as_failure(sheet, result)) {
        put_problem(sheet, result, "failure");
    } else if (result->outcome == OUTCOME_ERROR) {
        put_problem(sheet, result, "error");
    } else {
        put_harmless(sheet, result);
    }
    fputs("</testcase>\n", out);
}

static void put_suite(const struct sheet *sheet, const char *plugin, const char *started)
{
    const struct totals totals = add_up(sheet, plugin);
    const struct result *result;
    size_t i = 0;

    fputs("  <testsuite", sheet->out);
    put_attribute(sheet->out, "name", plugin);
    put_totals(sheet->out, &totals);
    fprintf(sheet->out, " skipped=\"%zu\" timestamp=\"%s\"", totals.tally.outcomes[OUTCOME_SKIP],
            started);
    put_attribute(sheet->out, "hostname", sheet->host);
    fputs(">\n", sheet->out);
    while ((result = sheet_next(sheet, &i)))
        if (belongs(result, plugin))
            put_case(sheet, result);
    fputs("  </testsuite>\n", sheet->out);
}

static bool is_first_of_plugin(const struct sheet *sheet, const struct result *result)
{
    size_t i = 0;
    const struct result *other = sheet_next(sheet, &i);

    while (!belongs(other, result->check->head.plugin))
        other = sheet_next(sheet, &i);
    return other == result;
}

static void write_end(struct sheet *sheet)
{
    const struct totals totals = add_up(sheet, NULL);
    const struct result *result;
    char started[21];
    size_t i = 0;

    clock_format_utc(sheet->started, started);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<testsuites name=\"stella doctor\"",
          sheet->out);
    put_totals(sheet->out, &totals);
    fputs(">\n", sheet->out);
    while ((result = sheet_next(sheet, &i)))
        if (is_first_of_plugin(sheet, result))
            put_suite(sheet, result->check->head.plugin, started);
    fputs("</testsuites>\n", sheet->out);
}

const struct writer write_junit = {.end = write_end};
