/* One section of checks/<name>.ini, entry by entry. */
#ifndef CATALOG_WIRING_H
#define CATALOG_WIRING_H

#include "catalog/catalog.h"

/* Puts "name = value" into the check. False with err for an unknown name or a
 * value that does not fit. */
bool wiring_set(struct check *check, const char *name, const char *value, struct error *err);

/* Whether the check is complete: a probe and its keys. False with err. */
bool wiring_is_complete(const struct check *check, struct error *err);

/* Moves the wiring of one check to another, whose own is freed. */
void wiring_move(struct check *to, struct check *from);

/* Frees the keys and resets the wiring to none, before a later file's replaces it. */
void wiring_reset(struct check *check);

#endif
