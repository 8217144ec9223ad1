#include "article/code_lines.h"

#include <string.h>

static size_t next_col(size_t col, char c)
{
    return c == '\t' ? (col | 3) + 1 : col + 1;
}

static void put_blanks(struct buf *out, size_t n)
{
    while (n-- > 0)
        buf_putc(out, ' ');
}

/* Appends the last of the n bytes, those of the columns of the indent. The columns before
 * them are of the lists and quotes that hold the block, and of its fence; where a tab
 * reaches from one to the other its rest is blanks (CommonMark 0.30, 2.2). */
static void put_indent(const struct code_lines *lines, size_t n, struct buf *out)
{
    size_t cols = 0, col = 0, at = 0;

    for (size_t i = 0; i < n; i++)
        cols = next_col(cols, lines->line[i]);
    size_t first = cols > lines->cols ? cols - lines->cols : 0;
    for (; at < n && col < first; at++)
        col = next_col(col, lines->line[at]);
    if (strspn(lines->line + at, " \t") < n - at) {
        put_blanks(out, lines->cols);
        return;
    }
    put_blanks(out, col - first);
    buf_add(out, lines->line + at, n - at);
}

static const char *line_start(const struct code_lines *lines, const char *text)
{
    const char *feed = memrchr(lines->start, '\n', (size_t)(text - lines->start));

    return feed ? feed + 1 : lines->start;
}

/* A line of blanks and tabs has no text: it is the one behind the line before. */
static void end_line(struct code_lines *lines, struct buf *out)
{
    const char *end = lines->line ? memchr(lines->line, '\n', (size_t)(lines->end - lines->line))
                                  : NULL;

    if (lines->cols > 0 && lines->line)
        put_indent(lines, (size_t)((end ? end : lines->end) - lines->line), out);
    else
        put_blanks(out, lines->cols);
    lines->line = end ? end + 1 : NULL;
    lines->cols = 0;
}

void code_lines_read(struct code_lines *lines, const char *text, size_t n, bool in_source,
                     struct buf *out)
{
    if (in_source) {
        lines->line = line_start(lines, text);
        if (lines->cols > 0)
            put_indent(lines, (size_t)(text - lines->line), out);
        lines->cols = 0;
    } else if (*text != '\n') {
        lines->cols += n;
        return;
    } else {
        end_line(lines, out);
    }
    buf_add(out, text, n);
}
