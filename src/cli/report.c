#include "cli/report.h"

#include "base/mem.h"
#include "base/text.h"
#include "run/asked.h"
#include "run/causes.h"
#include "run/certificate_lines.h"
#include "run/waterfall.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAREWELL_RESULTS = 5, BLOCK_COLS = 84, FIX_HANG = sizeof "Fix: " - 1 };

/* Terminals that know no colours, by their names in terminfo(5): src/ reads no
 * terminfo, and a DEC terminal prints nothing useful for SGR 30-37. */
static bool is_colourless(const char *term)
{
    size_t n = strlen(term);
    return strcmp(term, "dumb") == 0 || strncmp(term, "vt", 2) == 0 ||
           (n > 5 && strcmp(term + n - 5, "-mono") == 0);
}

void report_init(struct report *report, FILE *out, const char *program, bool no_color, bool ascii)
{
    const char *term = getenv("TERM"), *refusal = getenv("NO_COLOR");
    bool plain = no_color || (refusal && *refusal) || !term || is_colourless(term);

    report->out = out;
    report->program = program;
    report->color = !plain && isatty(fileno(out));
    report->ascii = ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* ISO 6429 SGR, of the eight colours every terminal has. */
static const char *sgr(enum style style)
{
    switch (style) {
    case STYLE_PASS:
        return "1;32";
    case STYLE_FAIL:
        return "1;31";
    case STYLE_WARN:
        return "33";
    case STYLE_STRONG:
    case STYLE_HEADING:
        return "1";
    case STYLE_EMPHASIS:
    case STYLE_LINK:
        return "4";
    case STYLE_DIM:
    case STYLE_COMMENT:
    case STYLE_SKIP:
        return "2";
    default:
        return NULL;
    }
}

static void put(const struct report *report, enum style style, const char *text)
{
    const char *code = report->color ? sgr(style) : NULL;
    char *ascii = report->ascii ? text_ascii(text) : NULL;

    if (code)
        fprintf(report->out, "\033[%sm", code);
    fputs(ascii ? ascii : text, report->out);
    if (code)
        fputs("\033[0m", report->out);
    free(ascii);
}

void report_print(const struct report *report, enum style style, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = mem_vprintf(format, args);
    va_end(args);
    put(report, style, text);
    free(text);
}

static void report_row(const struct report *report, const struct rows *rows,
                       const struct row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        const struct span *span = &rows->spans[row->first + i];
        report_print(report, span->style, "%.*s", (int)span->len, rows->text.data + span->start);
    }
    fputc('\n', report->out);
}

void report_rows(const struct report *report, const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        report_row(report, rows, &rows->rows[i]);
}

static enum style outcome_style(enum outcome outcome)
{
    static const enum style styles[OUTCOMES] = {STYLE_PASS, STYLE_FAIL, STYLE_SKIP, STYLE_WARN};
    return styles[outcome];
}

static const char *outcome_word(enum outcome outcome)
{
    static const char *const words[OUTCOMES] = {"PASS ", "FAIL ", "SKIP ", "ERROR"};
    return words[outcome];
}

static double milliseconds(clock_us from, clock_us to)
{
    return (double)(to - from) / CLOCK_MS;
}

static void print_tried(const struct report *report, const struct target *target)
{
    for (size_t i = 0; i < target->ntried; i++)
        report_print(report, STYLE_PLAIN, "       %-8s %s = %s  (%s)\n", i == 0 ? "tried" : "",
                     target->tried[i].key, target->tried[i].value, target->tried[i].source);
    if (target->advice)
        report_print(report, STYLE_WARN, "       %-8s %s\n", "note", target->advice);
}

static void print_nameservers(const struct report *report, const struct result *result)
{
    const struct evidence *asked = asked_about(result);

    for (size_t i = 0; i < asked->nnameservers; i++) {
        char *text = asked_text(&asked->nameservers[i]);
        report_print(report, STYLE_PLAIN, "       %-8s %s\n", i == 0 ? "dns" : "", text);
        free(text);
    }
}

static void print_attempts(const struct report *report, const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->nattempts; i++) {
        const struct attempt *attempt = &evidence->attempts[i];
        bool decisive = evidence->nattempts > 1 && evidence_is_decisive(evidence, attempt);
        report_print(report, STYLE_PLAIN, "       %-8s %s  %.1f ms  %s%s%s%s\n",
                     i == 0 ? "attempts" : "", attempt->address,
                     milliseconds(attempt->started, attempt->ended),
                     step_status_name(attempt->status), attempt->error ? "  " : "",
                     attempt->error ? errno_name(attempt->error) : "",
                     decisive ? "  decisive" : "");
    }
}

/* The level is a word too: colour is never the only sign. */
static void print_finding(const struct report *report, const struct finding *finding, bool first)
{
    bool warning = finding_is_warning(finding->id);

    report_print(report, warning ? STYLE_WARN : STYLE_PLAIN, "       %-8s %s%s: %s\n",
                 first ? "found" : "", finding_name(finding->id), warning ? "" : " (info)",
                 finding->text);
}

static void print_certificate(const struct report *report, const struct certificate *certificate)
{
    for (int i = 0; certificate && i < CERTIFICATE_LINES; i++) {
        char *line = certificate_line(certificate, (enum certificate_line)i);
        report_print(report, STYLE_PLAIN, "       %-8s %s\n", i == 0 ? "cert" : "", line);
        free(line);
    }
}

/* Rows behind the label and its column. */
static void print_block(const struct report *report, const char *label, struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        report_print(report, STYLE_PLAIN, "       %-8s ", i == 0 ? label : "");
        report_row(report, rows, &rows->rows[i]);
    }
    rows_clear(rows);
}

static void print_findings(const struct report *report, const struct findings *findings)
{
    struct rows fix = {.ascii = report->ascii};

    for (size_t i = 0; i < findings->count; i++) {
        print_finding(report, &findings->items[i], i == 0);
        rows_open(&fix, BLOCK_COLS, 0, FIX_HANG);
        rows_printf(&fix, STYLE_PLAIN, "Fix: %s", finding_fix(findings->items[i].id));
        rows_close(&fix);
        print_block(report, "", &fix);
    }
}

static void print_phases(const struct report *report, const char *label,
                         const struct evidence *evidence)
{
    struct rows rows = {.ascii = report->ascii};

    waterfall_layout(evidence, evidence->ended, BLOCK_COLS, &rows);
    print_block(report, label, &rows);
}

static void print_causes(const struct report *report, const struct diagnosis *diagnosis)
{
    struct rows rows = {.ascii = report->ascii};

    causes_layout(diagnosis, BLOCK_COLS, &rows);
    print_block(report, "causes", &rows);
}

static void print_not_proven(const struct report *report, const struct diagnosis *diagnosis)
{
    struct rows rows = {.ascii = report->ascii};

    not_proven_layout(diagnosis, BLOCK_COLS, &rows);
    print_block(report, "unproven", &rows);
}

static void print_verdict(const struct report *report, const struct result *result)
{
    const struct check *check = result->check;

    put(report, outcome_style(result->outcome), outcome_word(result->outcome));
    report_print(report, STYLE_STRONG, "  %s", check->id);
    report_print(report, STYLE_PLAIN, "  %s", check->head.title);
    if (result->outcome == OUTCOME_FAIL)
        report_print(report, STYLE_DIM, "  (severity %s)", severity_name(check->head.severity));
    report_print(report, STYLE_PLAIN, "\n       %s\n", result->summary);
}

void report_headline(const struct report *report, const struct result *result)
{
    print_verdict(report, result);
    for (size_t i = 0; i < result->findings.count; i++)
        print_finding(report, &result->findings.items[i], i == 0);
}

static void print_fix(const struct report *report, const struct result *result)
{
    if (result->outcome == OUTCOME_FAIL)
        report_print(report, STYLE_PLAIN, "       %-8s %s show %s\n", "fix", report->program,
                     result->check->id);
}

void report_result(const struct report *report, const struct result *result)
{
    print_verdict(report, result);
    print_tried(report, &result->target);
    print_phases(report, "phases", &result->evidence);
    print_nameservers(report, result);
    print_attempts(report, &result->evidence);
    print_findings(report, &result->findings);
    print_phases(report, "deeper", &result->deeper);
    print_certificate(report, result->deeper.certificate);
    print_causes(report, &result->diagnosis);
    print_not_proven(report, &result->diagnosis);
    print_fix(report, result);
}

void report_brief(const struct report *report, const struct result *result)
{
    report_headline(report, result);
    print_not_proven(report, &result->diagnosis);
}

void report_summary(const struct report *report, const struct tally *tally, const char *vantage)
{
    fputc('\n', report->out);
    for (int i = 0; i < OUTCOMES; i++)
        report_print(report, tally->outcomes[i] ? outcome_style((enum outcome)i) : STYLE_DIM,
                     "%s%zu %s", i ? ", " : "", tally->outcomes[i], outcome_name((enum outcome)i));
    if (tally->warned)
        report_print(report, STYLE_WARN, ", %zu passed with warnings", tally->warned);
    report_print(report, STYLE_PLAIN, "; seen from %s\n", vantage);
}

void report_why_warn(const struct report *report, char *why)
{
    if (why)
        report_print(report, STYLE_WARN, "exit status %d: %s\n", EXIT_STATUS_WARN, why);
    free(why);
}

void report_farewell(const struct report *report, const struct result *const *results,
                     size_t count, const struct tally *tally, const char *vantage)
{
    size_t shown = 0;

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            if (!results[i] || (results[i]->outcome == OUTCOME_FAIL) != (pass == 0))
                continue;
            if (shown == 0)
                report_print(report, STYLE_PLAIN, "What %s ran:\n", report->program);
            if (shown < FAREWELL_RESULTS)
                report_headline(report, results[i]);
            if (shown == 0)
                print_fix(report, results[i]);
            shown++;
        }
    if (shown > FAREWELL_RESULTS)
        report_print(report, STYLE_DIM, "       and %zu more\n", shown - FAREWELL_RESULTS);
    if (shown > 0)
        report_summary(report, tally, vantage);
}
