/* The articles that come with the program. */
#ifndef TESTS_UNIT_BUNDLED_H
#define TESTS_UNIT_BUNDLED_H

#include "article/steps.h"

enum { BUNDLED = 3 };

/* "smtp", "slack", "teams". */
extern const char *const bundled_names[BUNDLED];

/* The file of an article, as a heap string. */
char *bundled_read(const char *name);

/* Calls visit for each command that can be run, of every step on every platform of every
 * article, and its alternatives. */
void bundled_visit(void (*visit)(const char *article, enum platform platform,
                                 const struct step_command *command));

/* Frees text, and returns it as a heap string with to wherever it has from. */
char *bundled_replace(char *text, const char *from, const char *to);

#endif
