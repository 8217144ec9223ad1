/* Rows of styled text: what articles, reports and panes are laid out into
 * before anything is drawn. Styles are meanings, not colours. */
#ifndef BASE_ROWS_H
#define BASE_ROWS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum style {
    STYLE_PLAIN,
    STYLE_DIM,
    STYLE_STRONG,
    STYLE_EMPHASIS,
    STYLE_HEADING,
    STYLE_CODE,
    STYLE_COMMENT, /* a comment line in a code block */
    STYLE_LINK,
    STYLE_TAB,         /* a tab that is not open */
    STYLE_TAB_CURRENT, /* the open tab */
    STYLE_PASS,
    STYLE_FAIL,
    STYLE_WARN,
    STYLE_SKIP,
    STYLE_RUN
};

struct span {
    size_t start, len; /* bytes in rows.text */
    enum style style;
};

struct row {
    size_t first, count; /* spans */
    bool code;           /* never wrapped: may be wider than the pane */
    const char *link;    /* id of the check that Enter on this row opens, or NULL; not owned */
};

/* Zeroed is empty. Embedded; rows_clear frees what it holds. */
struct rows {
    bool ascii; /* set by the owner: text is transliterated before it is laid out */
    struct buf text;
    struct span *spans;
    size_t nspans;
    struct row *rows;
    size_t count;
    /* The paragraph being filled, between rows_open and rows_close. */
    int cols, indent, hang;
    const char *link;
    struct buf flow;
    struct span *pieces;
    size_t npieces;
};

/* Frees everything; the struct is empty again, and ascii stays as it is. */
void rows_clear(struct rows *rows);

/* Opens a paragraph that is wrapped to cols columns in all (at least 1), its
 * first line indented by indent columns, the others by hang. Where an indent
 * leaves too little room it is reduced. Text is added with rows_text and
 * rows_printf; rows_close lays it out. */
void rows_open(struct rows *rows, int cols, int indent, int hang);

/* Makes the open paragraph's rows links to a check id (kept by the caller for
 * as long as the rows live). */
void rows_link(struct rows *rows, const char *id);

/* Adds n bytes of clean UTF-8 to the open paragraph. Blanks and line feeds are
 * break opportunities; a line feed of its own is one blank, as in Markdown. */
void rows_text(struct rows *rows, enum style style, const char *text, size_t n);

/* The same, printf-like. */
void rows_printf(struct rows *rows, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a bar of `of` cells to the open paragraph: those from `from` up to, not
 * including, `to` are filled, in the style, and the others dim. ASCII has # and -. */
void rows_bar(struct rows *rows, enum style style, int from, int to, int of);

/* Lays the open paragraph out. A word longer than a line is broken at the edge.
 * An empty paragraph gives no row. */
void rows_close(struct rows *rows);

/* The same as one row that is never wrapped, blanks at its start and end kept. */
void rows_close_code(struct rows *rows);

/* One row that is never wrapped, of one style, indented by indent columns. */
void rows_code(struct rows *rows, enum style style, int indent, const char *text, size_t n);

/* Columns that a row takes. */
int rows_row_cols(const struct rows *rows, const struct row *row);

/* One empty row, unless there is no row yet or the last one is empty. */
void rows_blank(struct rows *rows);

#endif
