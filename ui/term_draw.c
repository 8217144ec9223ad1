#include "ui/term.h"

#include "base/mem.h"
#include "base/text.h"
#include "ui/term_state.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

int term_rows(const struct term *term)
{
    (void)term;
    return LINES;
}

int term_cols(const struct term *term)
{
    (void)term;
    return COLS;
}

bool term_is_ascii(const struct term *term)
{
    return term->ascii;
}

void term_erase(struct term *term)
{
    (void)term;
    erase();
}

/* The part of cols columns from col on that is on the screen; 0 for none. */
static int clip(int row, int col, int cols)
{
    if (row < 0 || row >= LINES || col < 0 || col >= COLS)
        return 0;
    return cols < COLS - col ? cols : COLS - col;
}

/* Draws at the cursor what of text fits in cols columns; returns those used. */
static int add_characters(const char *text, size_t n, int cols)
{
    enum { CHUNK = 64 };
    wchar_t wide[CHUNK];
    int count = 0, used = 0;

    while (n > 0) {
        uint32_t c;
        size_t step = text_decode(text, n, &c);
        int width = text_char_cols(c);
        if (used + width > cols)
            break;
        if (count == CHUNK) {
            addnwstr(wide, count);
            count = 0;
        }
        wide[count++] = (wchar_t)c;
        used += width;
        text += step;
        n -= step;
    }
    addnwstr(wide, count);
    return used;
}

int term_put_n(struct term *term, int row, int col, int cols, enum style style, const char *text,
               size_t n)
{
    int room = clip(row, col, cols);
    if (room <= 0 || n == 0)
        return 0;
    style_set(term->depth, style);
    move(row, col);
    if (!term->ascii)
        return add_characters(text, n, room);
    char *copy = mem_strndup(text, n);
    char *ascii = text_ascii(copy);
    int used = add_characters(ascii, strlen(ascii), room);
    free(ascii);
    free(copy);
    return used;
}

int term_put(struct term *term, int row, int col, int cols, enum style style, const char *text)
{
    return term_put_n(term, row, col, cols, style, text, strlen(text));
}

void term_line(struct term *term, int row, int col, enum term_line line)
{
    const cchar_t *const glyphs[] = {
        [TERM_HORIZONTAL] = WACS_HLINE,
        [TERM_VERTICAL] = WACS_VLINE,
        [TERM_TEE_DOWN] = WACS_TTEE,
    };
    static const char ascii[] = {
        [TERM_HORIZONTAL] = '-', [TERM_VERTICAL] = '|', [TERM_TEE_DOWN] = '+'};

    if (clip(row, col, 1) <= 0)
        return;
    style_set(term->depth, STYLE_PLAIN);
    if (term->ascii)
        mvaddch(row, col, (chtype)ascii[line]);
    else
        mvadd_wch(row, col, glyphs[line]);
}

void term_hline(struct term *term, int row, int col, int cols)
{
    for (int i = 0; i < cols; i++)
        term_line(term, row, col + i, TERM_HORIZONTAL);
}

void term_vline(struct term *term, int row, int col, int rows)
{
    for (int i = 0; i < rows; i++)
        term_line(term, row + i, col, TERM_VERTICAL);
}

void term_highlight(struct term *term, int row, int col, int cols, enum term_highlight highlight)
{
    (void)term;
    int end = col + clip(row, col, cols);

    if (highlight == TERM_REVERSE) {
        mvchgat(row, col, end - col, A_REVERSE, 0, NULL);
        return;
    }
    for (; col < end; col++) {
        cchar_t cell;
        wchar_t characters[CCHARW_MAX + 1];
        attr_t attributes;
        short pair;
        mvin_wch(row, col, &cell);
        getcchar(&cell, characters, &attributes, &pair, NULL);
        mvchgat(row, col, 1, attributes | A_BOLD, pair, NULL);
    }
}

void term_cursor(struct term *term, int row, int col)
{
    term->cursor_row = row;
    term->cursor_col = col;
}

void term_flush(struct term *term)
{
    move(term->cursor_row, term->cursor_col);
    refresh();
}
