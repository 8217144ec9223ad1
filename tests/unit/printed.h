/* Laid-out rows as a reader sees them. */
#ifndef TESTS_UNIT_PRINTED_H
#define TESTS_UNIT_PRINTED_H

#include "base/rows.h"

/* All rows, each with a line feed. The caller frees it. */
char *printed_rows(const struct rows *rows);

/* Fails unless they are expected. */
void printed_assert(const struct rows *rows, const char *expected);

#endif
