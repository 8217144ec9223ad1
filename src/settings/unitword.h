/* The words of a setting in a unit file, split and unescaped as systemd 252 does
 * it (systemd.syntax(7), "Quoting"; extract_first_word() with EXTRACT_UNQUOTE and
 * EXTRACT_CUNESCAPE), and its % specifiers (systemd.unit(5)). */
#ifndef SETTINGS_UNITWORD_H
#define SETTINGS_UNITWORD_H

#include "base/buf.h"

#include <stdbool.h>

/* How lines that a backslash joined stand in a text: neither byte can be part of
 * a line. */
enum {
    UNITWORD_JOIN = '\n', /* a blank where the next line begins */
    UNITWORD_SKIP = '\r'  /* nothing: a comment line between them */
};

struct unitword {
    const char *next; /* what is left of the text */
    int line;         /* of next */
    int word_line;    /* of the word's start */
    bool is_lenient;  /* an unknown escape stays as it is, as in ExecStart= */
    bool is_bad;      /* set at an unknown escape or a quote without its twin */
};

/* Puts the next word, which may be empty where it is quoted, into word, emptied
 * first. False at the end, and where is_bad is set: systemd then ignores the
 * rest of the text. A word does not hold NUL. */
bool unitword_next(struct unitword *words, struct buf *word);

/* Appends text with its specifiers put in, as for the system's manager and the
 * unit of this name ("stellaops-platform.service"). Those that depend on the
 * machine are left as they are; returns the letter of the first one, else 0. */
char unitword_expand(const char *unit, const char *text, struct buf *out);

#endif
