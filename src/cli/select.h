/* Which checks the options mean. */
#ifndef CLI_SELECT_H
#define CLI_SELECT_H

#include "catalog/catalog.h"
#include "cli/options.h"

/* The checks that match all of --check, --plugin and --tag (any of each) and no
 * --skip, in the catalog's order, as an array of *count that the caller frees. NULL with
 * err where a named id, plugin or tag does not exist, with the nearest that
 * does, or where nothing is selected: an empty run must never look green. */
const struct check **select_checks(const struct catalog *catalog, const struct options *options,
                                   size_t *count, struct error *err);

#endif
