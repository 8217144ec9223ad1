/* Where the links of an article lead. */
#ifndef CLI_LINT_LINKS_H
#define CLI_LINT_LINKS_H

#include "catalog/catalog.h"

#include <stdbool.h>

/* Whether a link's target is there: a file beside the article (or among those that
 * are built in, for an article that is), a heading of its text ("#common-causes",
 * as GitHub names it), or an address elsewhere, which nobody asks. */
bool lint_link_resolves(const struct check *check, const char *text, const char *target);

#endif
