/* The steps that a walkthrough makes of an article's fix: are they marked? */
#ifndef CLI_LINT_STEPS_H
#define CLI_LINT_STEPS_H

#include <stdbool.h>
#include <stddef.h>

/* Calls tell for each mistake in the marks of the article's steps, and, where marks are
 * wanted or some are there, for each command without one. Their strings live for the call. */
void lint_steps(const char *text, size_t len, bool wanted,
                void (*tell)(void *context, int line, const char *text), void *context);

#endif
