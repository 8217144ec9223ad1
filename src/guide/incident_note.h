/* Inside the guide room: an incident as a note for people. */
#ifndef GUIDE_INCIDENT_NOTE_H
#define GUIDE_INCIDENT_NOTE_H

#include "guide/incident.h"
#include "guide/incident_form.h"

/* What is shown in full: of each check so many of its runs that said something new, the
 * first and the last ones; and so many of the last things that were done. */
enum { NOTE_FIRST_RUNS = 3, NOTE_LAST_RUNS = 9, NOTE_ACTIONS = 300 };

/* Prints all of it. */
void incident_print_note(const struct incident *incident, const char *version,
                         struct note *note);

/* The part that says what was done, and what proves that it helped. */
void incident_print_actions(const struct incident *incident, struct note *note);

/* The same as members of an object: "done", "done_left_out" where it is not all, "proofs". */
void incident_put_actions(const struct incident *incident, json_t *object);

/* All of it as JSON, with the events that it is made of: data/schemas/report.schema.json. */
void incident_print_json(const struct incident *incident, const char *version, FILE *out);

#endif
