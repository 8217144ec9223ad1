/* Phases as a line of text. */
#ifndef TESTS_UNIT_PHASES_H
#define TESTS_UNIT_PHASES_H

#include "probe/evidence.h"

/* Asserts that they are wanted, "greeting:ok ehlo:failed", and end after they begin. */
void phases_assert(const struct evidence *evidence, const char *wanted);

#endif
