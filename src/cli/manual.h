/* The man pages, in mdoc(7), made from the tables that the program itself uses. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "base/error.h"
#include "catalog/catalog.h"

#include <stdio.h>

/* "stella-doctor.1", ...: NULL at or past the last one. */
const char *manual_page(size_t index);

/* Keys as they are called, "n, Right", and what they do; keys is NULL in the one that ends
 * a list. */
struct manual_key {
    const char *keys, *help;
};

/* What pages are made from that stands above this room, or changes with the files. */
struct manual_source {
    const struct catalog *catalog;
    const struct manual_key *dashboard, *walkthrough; /* lists of keys */
};

/* Prints the page. False with err, which names the pages, for an unknown one. */
bool manual_print(const char *page, const struct manual_source *source, FILE *out,
                  struct error *err);

#endif
