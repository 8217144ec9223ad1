/* Compose's interpolation (compose-go's template package): $NAME, ${NAME},
 * ${NAME:-word}, ${NAME-word}, ${NAME:+word}, ${NAME+word}, ${NAME:?word},
 * ${NAME?word}, where a word may hold others; "$$" is "$", and a "$" before
 * anything else stays as it is. */
#ifndef SETTINGS_INTERPOLATE_H
#define SETTINGS_INTERPOLATE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct interpolation {
    /* The value of name, or NULL where it is not set; lasts until the next call. */
    const char *(*lookup)(void *context, const char *name);
    void *context;
    size_t budget;      /* bytes that may still be put in for variables and words */
    const char *reason; /* set on failure: a phrase that quotes nothing */
};

/* Appends the n bytes of text to out with the variables put in. False where
 * Compose would refuse the text, where the budget is used up and where words
 * are nested more than 100 deep; what out then holds is of no use. */
bool interpolate(struct interpolation *interpolation, const char *text, size_t n, struct buf *out);

#endif
