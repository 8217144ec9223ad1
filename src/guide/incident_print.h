/* Inside the guide room: the forms of an incident note, as Markdown or plain text. What
 * the format strings bring in is text from elsewhere, and means nothing in Markdown. */
#ifndef GUIDE_INCIDENT_PRINT_H
#define GUIDE_INCIDENT_PRINT_H

#include "guide/journal_event.h"

#include <stdio.h>

struct note {
    FILE *out;
    bool markdown;
};

void note_title(struct note *note, const char *title);
void note_heading(struct note *note, const char *title);

/* A paragraph; an item with the time of an event; an item below that. */
void note_line(struct note *note, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note_event(struct note *note, const struct journal_event *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void note_detail(struct note *note, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Lines as they are, below an item. */
void note_code(struct note *note, const char *text);

#endif
