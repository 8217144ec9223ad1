/* What the two JSON formats of a run share beside the results. */
#ifndef CLI_SHEET_JSON_H
#define CLI_SHEET_JSON_H

#include "cli/writer.h"

#include <jansson.h>

/* Adds what is known from the start: versions, where, when, sources. */
void sheet_put_head(json_t *object, const struct sheet *sheet);

/* Adds what is known at the end: summary, rounds (with --until-pass), why the journal has
 * not all of it, exit code. */
void sheet_put_end(json_t *object, const struct sheet *sheet);

/* Prints value as compact JSON and a line feed, and frees it. */
void json_print_line(json_t *value, FILE *out);

#endif
