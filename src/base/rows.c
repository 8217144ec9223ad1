#include "base/rows.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rows_clear(struct rows *rows)
{
    buf_clear(&rows->text);
    buf_clear(&rows->flow);
    free(rows->spans);
    free(rows->rows);
    free(rows->pieces);
    *rows = (struct rows){.ascii = rows->ascii};
}

static void add_row(struct rows *rows, bool code)
{
    rows->rows = mem_grow(rows->rows, rows->count, sizeof *rows->rows);
    rows->rows[rows->count++] = (struct row){.first = rows->nspans, .code = code, .link = rows->link};
}

/* Adds a span to the last row. */
static void add_span(struct rows *rows, enum style style, const char *text, size_t n)
{
    if (n == 0)
        return;
    rows->spans = mem_grow(rows->spans, rows->nspans, sizeof *rows->spans);
    rows->spans[rows->nspans++] = (struct span){rows->text.len, n, style};
    rows->rows[rows->count - 1].count++;
    buf_add(&rows->text, text, n);
}

static void add_indent(struct rows *rows, int cols)
{
    static const char blanks[] = "                                ";
    while (cols > 0) {
        int n = cols < (int)sizeof blanks - 1 ? cols : (int)sizeof blanks - 1;
        add_span(rows, STYLE_PLAIN, blanks, (size_t)n);
        cols -= n;
    }
}

void rows_open(struct rows *rows, int cols, int indent, int hang)
{
    rows->cols = cols < 1 ? 1 : cols;
    /* An indent past half the width would leave a column of letters. */
    rows->indent = indent > rows->cols / 2 ? 0 : indent;
    rows->hang = hang > rows->cols / 2 ? 0 : hang;
    rows->link = NULL;
    rows->flow.len = 0;
    rows->npieces = 0;
}

void rows_link(struct rows *rows, const char *id)
{
    rows->link = id;
}

/* The text as it is laid out; *copy is for the caller to free. */
static const char *as_shown(const struct rows *rows, const char *text, size_t *n, char **copy)
{
    *copy = NULL;
    if (!rows->ascii)
        return text;
    char *whole = mem_strndup(text, *n);
    *copy = text_ascii(whole);
    free(whole);
    *n = strlen(*copy);
    return *copy;
}

void rows_text(struct rows *rows, enum style style, const char *text, size_t n)
{
    char *copy;

    text = as_shown(rows, text, &n, &copy);
    rows->pieces = mem_grow(rows->pieces, rows->npieces, sizeof *rows->pieces);
    rows->pieces[rows->npieces++] = (struct span){rows->flow.len, n, style};
    for (size_t i = 0; i < n; i++)
        buf_putc(&rows->flow, text[i] == '\n' ? ' ' : text[i]);
    free(copy);
}

void rows_printf(struct rows *rows, enum style style, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = mem_vprintf(format, args);
    va_end(args);
    rows_text(rows, style, text, strlen(text));
    free(text);
}

static void add_cells(struct rows *rows, enum style style, const char *cell, int count)
{
    struct buf cells = {0};

    for (int i = 0; i < count; i++)
        buf_puts(&cells, cell);
    if (count > 0)
        rows_text(rows, style, cells.data, cells.len);
    buf_clear(&cells);
}

void rows_bar(struct rows *rows, enum style style, int from, int to, int of)
{
    const char *full = rows->ascii ? "#" : "█", *empty = rows->ascii ? "-" : "░";

    add_cells(rows, STYLE_DIM, empty, from);
    add_cells(rows, style, full, to - from);
    add_cells(rows, STYLE_DIM, empty, of - to);
}

/* Where the line that starts at from must end: at the last blank that fits,
 * else at the edge (at least one character, so that it always advances). */
static size_t line_end(const struct buf *flow, size_t from, int cols)
{
    size_t at = from, blank = 0;
    int used = 0;

    while (at < flow->len) {
        uint32_t c;
        size_t step = text_decode(flow->data + at, flow->len - at, &c);
        int width = text_char_cols(c);
        if (c == ' ')
            blank = at;
        if (used + width > cols)
            return blank > from ? blank : at > from ? at : at + step;
        used += width;
        at += step;
    }
    return at;
}

static void add_line(struct rows *rows, size_t from, size_t to, int indent, bool code)
{
    add_row(rows, code);
    add_indent(rows, indent);
    for (size_t i = 0; i < rows->npieces; i++) {
        const struct span *piece = &rows->pieces[i];
        size_t start = piece->start > from ? piece->start : from;
        size_t end = piece->start + piece->len < to ? piece->start + piece->len : to;
        if (start < end)
            add_span(rows, piece->style, rows->flow.data + start, end - start);
    }
}

static void end_paragraph(struct rows *rows)
{
    rows->flow.len = 0;
    rows->npieces = 0;
    rows->link = NULL;
}

void rows_close_code(struct rows *rows)
{
    add_line(rows, 0, rows->flow.len, rows->indent, true);
    end_paragraph(rows);
}

void rows_close(struct rows *rows)
{
    const struct buf *flow = &rows->flow;
    int indent = rows->indent;
    size_t from = 0;

    while (from < flow->len && flow->data[from] == ' ')
        from++;
    while (from < flow->len) {
        size_t end = line_end(flow, from, rows->cols - indent);
        size_t trimmed = end;
        while (trimmed > from && flow->data[trimmed - 1] == ' ')
            trimmed--;
        add_line(rows, from, trimmed, indent, false);
        for (from = end; from < flow->len && flow->data[from] == ' ';)
            from++;
        indent = rows->hang;
    }
    end_paragraph(rows);
}

void rows_code(struct rows *rows, enum style style, int indent, const char *text, size_t n)
{
    char *copy;

    text = as_shown(rows, text, &n, &copy);
    add_row(rows, true);
    add_indent(rows, indent);
    add_span(rows, style, text, n);
    free(copy);
}

void rows_blank(struct rows *rows)
{
    if (rows->count > 0 && rows->rows[rows->count - 1].count > 0)
        add_row(rows, false);
}

int rows_row_cols(const struct rows *rows, const struct row *row)
{
    int cols = 0;

    for (size_t i = 0; i < row->count; i++) {
        const struct span *span = &rows->spans[row->first + i];
        cols += text_cols_n(rows->text.data + span->start, span->len);
    }
    return cols;
}
