/* Inside the settings room: known values in texts, in the forms that they come back in. */
#ifndef SETTINGS_ECHO_H
#define SETTINGS_ECHO_H

#include <stdbool.h>
#include <stddef.h>

enum {
    ECHO_LEAST_BYTES = 4,   /* shorter values are refused */
    ECHO_ENOUGH_BYTES = 64 /* a text that has so much of a long value counts as all of it */
};

/* Values to look for. Zeroed is empty; echo_clear frees what it holds. Embedded. */
struct echo {
    struct echo_list {
        char **items; /* sorted by their bytes, each once, from echo_finish on */
        size_t count;
        bool first[256]; /* the bytes that one of them begins with */
    } plain, base64;
};

void echo_clear(struct echo *echo);

/* Takes in a copy of the n bytes of a value, and those forms of it in base64 that it has
 * wherever it stands in what is encoded. */
void echo_add(struct echo *echo, const char *value, size_t n);

/* To be called once after all were added, before the first search. */
void echo_finish(struct echo *echo);

/* A heap copy of text with *** in place of each value, the longest first: as it is,
 * with characters written as %XX, \xXX, \uXXXX, behind a backslash or, within single
 * quotes, as '\'' , and in base64, of which all goes that stands together. Before "..." at
 * the end, where a text was cut, the beginning of a value is one as well. Takes time in
 * proportion to the text, whatever it holds. The caller frees it. */
char *echo_mask(const struct echo *echo, const char *text);

#endif
