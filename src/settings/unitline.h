/* The lines of a unit file (systemd.syntax(7)): those that end in a backslash
 * joined, comments left out. */
#ifndef SETTINGS_UNITLINE_H
#define SETTINGS_UNITLINE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Start with next and end at the file's text, line 1 and all else zeroed;
 * free text with buf_clear. */
struct unitline {
    const char *next, *end;
    int line;        /* of next */
    struct buf text; /* the last line read, joined as unitword.h says */
    int text_line;   /* where it began */
};

/* Reads the next line, empty ones too; false at the end. */
bool unitline_next(struct unitline *lines);

/* The line of the file that a place in the text stands on. */
int unitline_at(const struct unitline *lines, const char *place);

#endif
