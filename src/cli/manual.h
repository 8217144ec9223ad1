/* The man pages, in mdoc(7), made from the tables that the program itself uses. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "base/error.h"
#include "catalog/catalog.h"

#include <stdio.h>

/* "stella-doctor.1", ...: NULL at or past the last one. */
const char *manual_page(size_t index);

/* Prints the page. False with err, which names the pages, for an unknown one. */
bool manual_print(const char *page, const struct catalog *catalog, FILE *out, struct error *err);

#endif
