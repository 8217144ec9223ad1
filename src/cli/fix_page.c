#include "cli/fix_page.h"

#include "base/mem.h"
#include "base/text.h"
#include "cli/fix_choice.h"
#include "cli/width.h"
#include "guide/walk_rows.h"
#include "run/causes.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No line is as long; columns are counted with it. */
enum { ENDLESS_COLS = INT_MAX / 4 };

static int cols(const struct report *report)
{
    return width_of(fileno(report->out));
}

/* Prints the rows up to the last one that is not blank, and clears them. */
static void print(const struct report *report, struct rows *rows)
{
    while (rows->count > 0 && rows->rows[rows->count - 1].count == 0)
        rows->count--;
    report_rows(report, rows);
    rows_clear(rows);
    fflush(report->out);
}

void fix_print_line(const struct report *report, enum style style, const char *text)
{
    struct rows rows = {.ascii = report->ascii};
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    walk_rows_line(&rows, cols(report), style, NULL, clean);
    print(report, &rows);
    free(clean);
}

static void add_heading(struct rows *rows, const struct walk *walk, int width)
{
    const struct walk_page *page = walk_page(walk);

    rows_open(rows, width, 0, 2);
    rows_printf(rows, STYLE_HEADING, "Step %zu of %zu (%s): %s", page->number, page->total,
                platform_title(walk_platform(walk)), page->command->title);
    rows_close(rows);
}

void fix_print_page(const struct report *report, const struct walk *walk)
{
    const struct walk_page *page = walk_page(walk);
    struct rows rows = {.ascii = report->ascii};
    int width = cols(report);

    fputc('\n', report->out);
    add_heading(&rows, walk, width);
    walk_rows_marks(&rows, page, width);
    if (page->step->note)
        walk_rows_line(&rows, width, STYLE_PLAIN, NULL, page->step->note);
    walk_rows_command(&rows, page, ENDLESS_COLS);
    walk_rows_values(&rows, page, width);
    walk_rows_result(&rows, page, width);
    print(report, &rows);
}

void fix_print_command(const struct report *report, const struct walk *walk)
{
    struct rows rows = {.ascii = report->ascii};

    fputc('\n', report->out);
    walk_rows_command(&rows, walk_page(walk), ENDLESS_COLS);
    print(report, &rows);
    fputc('\n', report->out);
}

/* A line ends between two choices, never inside of one. */
static int print_choice(const struct report *report, const char *text, int used, int width)
{
    int cols = text_cols(text);
    const char *lead = used == 0 ? "" : used + 1 + cols > width ? "\n" : " ";

    report_print(report, STYLE_DIM, "%s%s", lead, text);
    return *lead == ' ' ? used + 1 + cols : cols;
}

void fix_print_choices(const struct report *report, const struct walk *walk, bool read_only)
{
    int used = 0, width = cols(report);

    fputc('\n', report->out);
    for (int i = 0; i < FIX_CHOICES; i++) {
        const struct fix_choice_row *row = fix_choice_row((enum fix_choice)i);
        if (!fix_choice_is_open((enum fix_choice)i, walk, read_only))
            continue;
        char *text = mem_printf("%c %s%s", row->letter, row->word, i + 1 < FIX_CHOICES ? "," : "");
        used = print_choice(report, text, used, width);
        free(text);
    }
    fputc('\n', report->out);
}

void fix_print_help(const struct report *report)
{
    struct rows rows = {.ascii = report->ascii};

    for (int i = 0; i < FIX_CHOICES; i++) {
        const struct fix_choice_row *row = fix_choice_row((enum fix_choice)i);
        rows_open(&rows, cols(report), 0, 4);
        rows_printf(&rows, STYLE_STRONG, "%c", row->letter);
        rows_printf(&rows, STYLE_PLAIN, " or %s: %s", row->word, row->help);
        rows_close(&rows);
    }
    walk_rows_line(&rows, cols(report), STYLE_PLAIN, NULL,
                   "Enter alone shows the step again; Ctrl-C and Ctrl-D leave.");
    print(report, &rows);
}

/* Indented, so that no command can write what looks like a question of ours. */
static void print_output_line(const struct report *report, const char *line, size_t n)
{
    report_print(report, STYLE_PLAIN, "  %.*s\n", (int)n, line);
}

/* The lines from first on, before the one at end. */
static void print_lines(const struct report *report, const char *text, size_t first, size_t end)
{
    for (size_t i = 0; *text && i < end; i++) {
        size_t n = strcspn(text, "\n");
        if (i >= first)
            print_output_line(report, text, n);
        text += n + (text[n] == '\n');
    }
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
        count++;
    return count;
}

void fix_print_output(const struct report *report, const char *lines, struct fix_shown *shown)
{
    size_t count = count_lines(lines);

    shown->cut = count >= WALK_OUTPUT_LINES / 4;
    if (shown->cut)
        count = WALK_OUTPUT_LINES / 4;
    print_lines(report, lines, shown->lines, count);
    shown->lines = count;
    if (shown->cut)
        fix_print_line(report, STYLE_DIM, "(what follows is shown when the command is over)");
    fflush(report->out);
}

void fix_print_end(const struct report *report, const struct walk *walk,
                   const struct fix_shown *shown)
{
    struct rows rows = {.ascii = report->ascii};

    if (walk_page(walk)->output)
        print_lines(report, walk_page(walk)->output, shown->lines, SIZE_MAX);
    walk_rows_result(&rows, walk_page(walk), cols(report));
    print(report, &rows);
}

/* "Round 1 of 3: fail, 10.0.0.7:25 refused the connection" */
static void print_outcome(const struct report *report, const char *what,
                          const struct result *result)
{
    struct rows rows = {.ascii = report->ascii};
    bool passed = result->outcome == OUTCOME_PASS;

    rows_open(&rows, cols(report), 0, 2);
    rows_printf(&rows, passed ? STYLE_PASS : STYLE_FAIL, "%s: %s", what,
                outcome_name(result->outcome));
    rows_printf(&rows, STYLE_PLAIN, ", %s", result->summary);
    rows_close(&rows);
    print(report, &rows);
}

void fix_print_round(const struct report *report, const struct walk *walk,
                     const struct result *result)
{
    const struct walk_proof *proof = walk_proof(walk);
    char *what = mem_printf("Round %d of %d", proof->rounds + 1, proof->wanted);

    print_outcome(report, what, result);
    free(what);
}

void fix_print_verdict(const struct report *report, const struct walk *walk)
{
    struct rows rows = {.ascii = report->ascii};

    if (walk_proof(walk)->verdict == WALK_UNPROVEN)
        walk_rows_line(&rows, cols(report), STYLE_WARN, "Verify", "given up");
    else
        walk_rows_verdict(&rows, walk, cols(report));
    print(report, &rows);
}

void fix_print_result(const struct report *report, const struct result *result)
{
    struct rows rows = {.ascii = report->ascii};

    char *what = mem_printf("%s, %s", result->check->id, result->check->head.title);

    print_outcome(report, what, result);
    free(what);
    if (result->outcome == OUTCOME_FAIL)
        causes_layout(&result->diagnosis, cols(report), &rows);
    print(report, &rows);
}
