/* Inside the guide room: the forms of an incident note, as Markdown or plain text, or of its
 * events as JSON. What the format strings bring in is text from elsewhere, and means nothing
 * in Markdown. */
#ifndef GUIDE_INCIDENT_FORM_H
#define GUIDE_INCIDENT_FORM_H

#include "guide/journal_log.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct note {
    FILE *out;
    bool markdown;
    bool parted; /* a blank line is the last thing in it */
    /* An array: nothing is printed, but each event becomes an object in it, with what is
     * below it; the rest is left out. NULL: it is printed. */
    json_t *told;
};

void note_title(struct note *note, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note_heading(struct note *note, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What became of a check, such as "FIXED", before anything else is told of it. */
void note_state(struct note *note, const char *state, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A paragraph; an item; one with its time, to the second; one below an item. */
void note_line(struct note *note, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note_item(struct note *note, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note_event(struct note *note, struct journal_word time, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void note_detail(struct note *note, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Lines as they are, below an item; name says what they are, in JSON. */
void note_code(struct note *note, const char *name, const char *text);

/* "2026-11-24T03:02:11Z" of a time. */
enum { NOTE_TIME_BYTES = 21 };
void note_time(struct journal_word time, char text[static NOTE_TIME_BYTES]);

/* How long something was, for people: "45 s", "38 min", "2 h 5 min", "3 d 4 h". The caller
 * frees it. */
char *note_duration(int64_t ms);

#endif
