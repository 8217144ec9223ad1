#include "printed.h"

#include <check.h>
#include <stdlib.h>

char *printed_rows(const struct rows *rows)
{
    struct buf text = {0};

    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->rows[i];
        for (size_t k = row->first; k < row->first + row->count; k++)
            buf_add(&text, rows->text.data + rows->spans[k].start, rows->spans[k].len);
        buf_putc(&text, '\n');
    }
    return buf_take(&text);
}

void printed_assert(const struct rows *rows, const char *expected)
{
    char *text = printed_rows(rows);

    ck_assert_str_eq(text, expected);
    free(text);
}
