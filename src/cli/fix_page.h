/* What a walkthrough prints on a plain terminal. */
#ifndef CLI_FIX_PAGE_H
#define CLI_FIX_PAGE_H

#include "cli/report.h"
#include "guide/walk.h"

/* A paragraph of its own, made clean, as wide as the terminal and 80 columns at most. */
void fix_print_line(const struct report *report, enum style style, const char *text);

/* "Step 2 of 7 (Docker Compose): ..." with all that belongs to the step. */
void fix_print_page(const struct report *report, const struct walk *walk);

/* The command alone, whole: lines are as long as they are, for the terminal to break. */
void fix_print_command(const struct report *report, const struct walk *walk);

/* The choices that are open, in a paragraph as wide as the terminal. */
void fix_print_choices(const struct report *report, const struct walk *walk, bool read_only);

/* What each of them does. */
void fix_print_help(const struct report *report);

/* How far the output of a command has been shown. Zeroed: not at all. */
struct fix_shown {
    size_t lines;
    bool cut; /* no more is shown before the end */
};

/* Shows what of the lines (perform_lines) has come since: as many as are sure to be at the
 * beginning of what is kept in the end. */
void fix_print_output(const struct report *report, const char *lines, struct fix_shown *shown);

/* The command is over: the rest of its output, and what became of it. */
void fix_print_end(const struct report *report, const struct walk *walk,
                   const struct fix_shown *shown);

/* One round of the proof, which the walk is about to take. */
void fix_print_round(const struct report *report, const struct walk *walk,
                     const struct result *result);

/* What the proof says in the end. */
void fix_print_verdict(const struct report *report, const struct walk *walk);

/* The run that the walkthrough begins with, and where it failed the causes. */
void fix_print_result(const struct report *report, const struct result *result);

#endif
