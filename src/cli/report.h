/* Printed text for people: what the commands without a screen write. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/rows.h"
#include "run/result.h"

#include <stdbool.h>
#include <stdio.h>

struct report {
    FILE *out;
    const char *program; /* "stella doctor", for the commands it names */
    bool color;          /* SGR sequences for outcomes */
    bool ascii;          /* everything transliterated */
};

/* Colour and character set for out: colour only on a terminal, without
 * NO_COLOR (no-color.org), and not where TERM has none; ASCII where the locale's
 * character set is not UTF-8. */
void report_init(struct report *report, FILE *out, const char *program, bool no_color, bool ascii);

/* What there is of a result at least: a line with outcome, id and title, one with the
 * summary, and one for each finding. */
void report_headline(const struct report *report, const struct result *result);

/* One result: outcome, id, title and summary; for what was probed also the settings tried,
 * phases, of a failed lookup what each nameserver said, attempts, findings with what mends
 * them, the phases of digging deeper, the certificate and causes; what is not proven; for a
 * failure where to read on. */
void report_result(const struct report *report, const struct result *result);

/* The least of one result: its headline, and what is not proven. */
void report_brief(const struct report *report, const struct result *result);

/* The line that ends a report: counts, and where this was seen from. */
void report_summary(const struct report *report, const struct tally *tally, const char *vantage);

/* The line that says what an exit status of EXIT_STATUS_WARN comes from (tally_why_warn);
 * nothing for NULL. Takes why over. */
void report_why_warn(const struct report *report, char *why);

/* What stays on the normal screen when the dashboard closes: 5 to 15 lines on
 * the count results (NULL: not run) that tally counts, failures first. Nothing where none was run. */
void report_farewell(const struct report *report, const struct result *const *results,
                     size_t count, const struct tally *tally, const char *vantage);

/* Laid-out rows, as they are. */
void report_rows(const struct report *report, const struct rows *rows);

/* printf-like text, transliterated where needed. */
void report_print(const struct report *report, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
