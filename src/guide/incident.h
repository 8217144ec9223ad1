/* What happened, for a ticket: the journal's events since a moment as a note that says
 * what failed, why, what was done and what proves that it helped. All times are UTC. */
#ifndef GUIDE_INCIDENT_H
#define GUIDE_INCIDENT_H

#include "base/error.h"
#include "guide/journal_json.h"

#include <stdio.h>

enum { INCIDENT_EVENTS = 5000 };

/* Zeroed is empty. */
struct incident {
    struct journal_entry *entries; /* oldest first: the latest, up to INCIDENT_EVENTS */
    size_t count;
    size_t skipped; /* lines of the journal that are no events */
    bool cut;       /* there were more events */
};

/* Reads the events from since_ms (since 1970) on out of the journal in directory, NULL
 * standing for journal_directory. False with err where it cannot be read. Clear with
 * incident_clear in either case. */
bool incident_read(struct incident *incident, const char *directory, int64_t since_ms,
                   struct error *err);
void incident_clear(struct incident *incident);

enum incident_format { INCIDENT_MARKDOWN, INCIDENT_TEXT, INCIDENT_JSON };

/* Prints the note. Its texts are those of the journal: clean, and without secrets. */
void incident_print(const struct incident *incident, enum incident_format format, FILE *out);

#endif
