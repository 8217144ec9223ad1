/* What happened, for a ticket: the journal's events of a period as a note that says what
 * failed, since when, why, what was done and what proves that it helped. All times are
 * UTC. */
#ifndef GUIDE_INCIDENT_H
#define GUIDE_INCIDENT_H

#include "base/error.h"
#include "guide/journal_log.h"

#include <stdio.h>

/* An event; of a check's runs that said the same the first, which may be from before the
 * period. */
struct incident_item {
    const struct journal_line *line;
    struct journal_word first, last; /* times: of the first and the last run, or of the event */
    int64_t repeats;             /* runs after the first that said the same */
    struct journal_word outcome; /* of a run: "fail", ... */
    size_t check;  /* of a run: its index in the checks */
    size_t number; /* of a run that is shown: of those of its check, from 0 */
    bool shown;    /* it is of the period, or went on in it */
};

/* A check that was run, now or earlier. */
struct incident_check {
    struct journal_word name;
    size_t last;  /* item */
    size_t shown; /* items */
    bool told;    /* one of those that are shown was more than skipped */
};

/* Zeroed is empty. */
struct incident {
    struct incident_item *items; /* oldest first; of what is not shown runs alone */
    size_t count;
    struct incident_check *checks; /* in the order in which they were run first */
    size_t nchecks;
    int64_t since_ms, until_ms; /* the period */
    char *trouble; /* why there is no journal, or NULL */
    struct journal_log log;
};

/* Reads the events from since_ms on (since 1970; 0: all that there are) and before
 * until_ms (0: to the last one, until_ms then being now) out of the journal in directory, NULL standing for journal_directory. Where
 * there is no place for a journal the incident says so. False with err where there is a
 * journal that cannot be read. Clear with incident_clear in either case. */
bool incident_read(struct incident *incident, const char *directory, int64_t since_ms,
                   int64_t until_ms, struct error *err);
void incident_clear(struct incident *incident);

/* Whether something of the period was left out of the journal to keep it small. */
bool incident_is_cut(const struct incident *incident);

/* Whether nothing was run or done in the period. */
bool incident_is_empty(const struct incident *incident);

enum incident_format { INCIDENT_MARKDOWN, INCIDENT_TEXT, INCIDENT_JSON };

/* Prints the note; version is the program's. Its texts are those of the journal: clean,
 * and without secrets. Of very many events the first and last are in the note, and it
 * says how many are not; INCIDENT_JSON has all, beside what the note says of them. */
void incident_print(const struct incident *incident, enum incident_format format,
                    const char *version, FILE *out);

#endif
