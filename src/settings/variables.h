/* A set of variables by name. Names are compared byte by byte. */
#ifndef SETTINGS_VARIABLES_H
#define SETTINGS_VARIABLES_H

/* Zeroed is empty; variables_clear frees what it holds. */
struct variables {
    void *root; /* tsearch(3) */
};

void variables_clear(struct variables *variables);

/* The value of name, or NULL. */
const char *variables_get(const struct variables *variables, const char *name);

/* Sets name to a copy of value, whatever it was before. */
void variables_set(struct variables *variables, const char *name, const char *value);

#endif
