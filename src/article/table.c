#include "article/table.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>

/* A wider cell moves the rest of its line: else one long cell would make every
 * row of the table as long. */
enum { COLUMN_MAX_COLS = 40 };

void table_add_cell(struct table *table, char *text)
{
    table->cells = mem_grow(table->cells, table->count, sizeof *table->cells);
    table->cells[table->count++] = text;
}

void table_clear(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct table){0};
}

static int *measure(const struct table *table)
{
    int *widths = mem_zalloc(table->cols * sizeof *widths);

    for (size_t i = 0; i < table->count; i++) {
        int cols = text_cols(table->cells[i]);
        int *width = &widths[i % table->cols];
        if (cols > COLUMN_MAX_COLS)
            cols = COLUMN_MAX_COLS;
        if (cols > *width)
            *width = cols;
    }
    return widths;
}

static void pad(struct buf *out, char c, int cols)
{
    while (cols-- > 0)
        buf_putc(out, c);
}

static void write_rule(const struct table *table, const int *widths, struct buf *out)
{
    for (size_t i = 0; i < table->cols; i++) {
        pad(out, '-', widths[i]);
        buf_puts(out, i + 1 < table->cols ? "  " : "\n");
    }
}

void table_write(const struct table *table, struct buf *out)
{
    int *widths = measure(table);

    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->cols;
        buf_puts(out, table->cells[i]);
        if (column + 1 < table->cols)
            pad(out, ' ', widths[column] + 2 - text_cols(table->cells[i]));
        else
            buf_putc(out, '\n');
        if (i + 1 == table->cols)
            write_rule(table, widths, out);
    }
    free(widths);
}
