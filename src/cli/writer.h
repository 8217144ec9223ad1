/* The report formats of `run`. Each is a writer: up to four functions that are
 * called in this order, and that only print. What they print is text for people
 * or machines whose escaping is theirs; what they get is clean already. */
#ifndef CLI_WRITER_H
#define CLI_WRITER_H

#include "base/error.h"
#include "cli/options.h"
#include "run/result.h"
#include "run/session.h"

#include <time.h>

/* What a report tells, growing while the checks run. */
struct sheet {
    const struct options *options;
    const struct session *session;
    char *host;     /* the name of this host */
    time_t started; /* wall clock */
    const struct check **checks;
    struct result **results; /* one a check, in the same order; NULL until finished */
    size_t count;
    struct tally tally;
    size_t rounds, passes; /* of --until-pass: rounds so far, the last of which passed in a row */
    int exit_status;       /* set before end */
    struct error cut;      /* that digging deeper was cut short, and by what; else empty */
    struct error journal;  /* why the journal has not all of it; empty where it has */
    FILE *out;
    void *state; /* the writer's own, from its begin to its end */
};

struct writer {
    /* Before anything runs; or NULL. */
    void (*begin)(struct sheet *sheet);
    /* A round of --until-pass begins: sheet->rounds before it; or NULL. */
    void (*round)(struct sheet *sheet);
    /* The phases or attempts of the result of checks[index] changed, for the last
     * time when the run is over; or NULL. */
    void (*event)(struct sheet *sheet, size_t index, const struct result *live);
    /* A result that the report shows (sheet_shows): in the order of the checks, as
     * soon as all before it are final; with --until-pass after the last round.
     * Or NULL. */
    void (*result)(struct sheet *sheet, const struct result *result);
    /* Everything is over: all results are there. */
    void (*end)(struct sheet *sheet);
};

/* The writer of a format: one of those below. */
const struct writer *writer_find(enum format format);

extern const struct writer write_text, write_json, write_jsonl, write_junit, write_nagios,
    write_prometheus, write_markdown;

/* Prints text for nagios, where "|" begins the figures: it is written as \x7c, as bytes
 * are elsewhere that cannot be shown, and a line feed as a blank. */
void nagios_put_text(FILE *out, const char *text);

/* Whether the report shows a result: --only-problems leaves passes and skips out. */
bool sheet_shows(const struct sheet *sheet, const struct result *result);

/* The first result from *index on that is shown, with *index moved past it; NULL
 * where there is none. Only when all are there. */
const struct result *sheet_next(const struct sheet *sheet, size_t *index);

/* A failure, no verdict, or a warning that digging deeper found. */
bool result_is_problem(const struct result *result);

/* tally_why_warn of the sheet, where that is what its exit status comes from: --fail-on may
 * have made it another. NULL where not; the caller frees it. Only at the end. */
char *sheet_why_warn(const struct sheet *sheet);

#endif
