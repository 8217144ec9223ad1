/* A set of variables by name. Names are compared byte by byte. */
#ifndef SETTINGS_VARIABLES_H
#define SETTINGS_VARIABLES_H

#include "settings/store.h"

/* Zeroed is empty; variables_clear frees what it holds. */
struct variables {
    struct store store;
};

void variables_clear(struct variables *variables);

/* The value of name, or NULL. It lasts until the next variable is set. */
const char *variables_get(const struct variables *variables, const char *name);

/* Sets name to a copy of value, whatever it was before. What a store refuses
 * (store.h) is not set. */
void variables_set(struct variables *variables, const char *name, const char *value);

#endif
