/* A table of Markdown, collected cell by cell and aligned when it is complete. */
#ifndef ARTICLE_TABLE_H
#define ARTICLE_TABLE_H

#include "base/buf.h"

#include <stddef.h>

struct table {
    char **cells; /* row by row, owned */
    size_t count;
    size_t cols; /* cells a row */
};

/* Takes over the text of the next cell. */
void table_add_cell(struct table *table, char *text);

/* Appends the rows as lines, the columns aligned, a rule under the header. */
void table_write(const struct table *table, struct buf *out);

/* Frees the cells; the table is empty again. */
void table_clear(struct table *table);

#endif
