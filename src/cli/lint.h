/* What an article must keep to be of use: `stella doctor docs lint`. */
#ifndef CLI_LINT_H
#define CLI_LINT_H

#include "catalog/catalog.h"

/* Proves every article of the catalog: its sections are there, in their order; each
 * platform has its steps; the checks that it names exist; each `stella doctor`
 * command in it is one; its marks of causes are unique and have rules, and each
 * rule's cause is marked somewhere. tell gets one line a problem, "FILE:LINE: what".
 * Returns how many there were, the problems of the catalog included. */
size_t lint_articles(const struct catalog *catalog, void (*tell)(void *context, const char *text),
                     void *context);

#endif
