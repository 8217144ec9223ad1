/* The terminal: curses behind a wall of a few calls. The screen is drawn whole
 * (term_erase, term_put ..., term_flush) and only the difference is sent.
 * There is one terminal, so one struct term at a time; call setlocale(LC_CTYPE,
 * "") first. Rows and columns count from 0; what lies outside is cut.
 *
 * Signals belong to the caller: curses installs no handler. On SIGWINCH call
 * term_resize, on SIGTSTP or Ctrl-Z term_stop, on SIGCONT term_resume; each
 * between two rounds of the loop, never from a handler. */
#ifndef UI_TERM_H
#define UI_TERM_H

#include "base/error.h"
#include "base/rows.h"
#include "ui/key.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct term;

struct term_options {
    bool color; /* colours may be used; NO_COLOR (no-color.org) still turns them off */
    bool ascii; /* nothing but ASCII; so it is too where the locale is not UTF-8 */
};

/* True when standard input and output are a terminal that can place its
 * cursor. Else *why is a phrase such as "TERM is not set". */
bool term_usable(const char **why);

/* Takes over the terminal: alternate screen, raw keys, bracketed paste. It is
 * opened anew for reading and for writing, so that no flag of the standard
 * streams, which other processes share, changes. NULL and err on failure. */
struct term *term_open(const struct term_options *options, struct error *err);

/* Gives the terminal back as it was found and frees term (NULL is fine). */
void term_close(struct term *term);

/* Makes SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT give the terminal back
 * before they end the process as they would have. Call it after term_open;
 * it holds until term_close. */
void term_crash_guard(const struct term *term);

/* The descriptor to poll for keys. It is nonblocking and stays term's. */
int term_fd(const struct term *term);

/* Reads up to n bytes of keys: their number, 0 when none wait, -1 when the
 * terminal is gone. */
ssize_t term_read(struct term *term, char *bytes, size_t n);

/* The terminal's own table of keys, for key_init. */
enum key_code term_lookup(const char *sequence);

/* Gives the terminal back for a while, to a child say; nothing may be drawn. */
void term_suspend(struct term *term);

/* Takes it over again in its size of now; the next flush paints everything.
 * Also right without a suspend, where another process may have changed modes
 * and screen, as after SIGSTOP and SIGCONT. */
void term_resume(struct term *term);

/* Suspends, stops the process group as Ctrl-Z does, and resumes when it goes
 * on: at once where nobody could continue it (an orphaned process group). */
void term_stop(struct term *term);

/* Takes the terminal's size of now; the next flush paints everything. */
void term_resize(struct term *term);

/* The next flush paints everything, whatever the screen shows (Ctrl-L). */
void term_redraw(struct term *term);

int term_rows(const struct term *term);
int term_cols(const struct term *term);

/* True when only ASCII is drawn: text is put through text_ascii. */
bool term_is_ascii(const struct term *term);

/* Starts a new screen, all blank. */
void term_erase(struct term *term);

/* Draws clean UTF-8 in at most cols columns; returns the columns used. */
int term_put(struct term *term, int row, int col, int cols, enum style style, const char *text);

/* The same for n bytes that need no NUL at their end. */
int term_put_n(struct term *term, int row, int col, int cols, enum style style, const char *text,
               size_t n);

enum term_line {
    TERM_HORIZONTAL,
    TERM_VERTICAL,
    TERM_TEE_DOWN /* a horizontal line with a stem downwards */
};

/* Draws one cell of a line. */
void term_line(struct term *term, int row, int col, enum term_line line);

/* Draw lines of cols or rows cells to the right and down. */
void term_hline(struct term *term, int row, int col, int cols);
void term_vline(struct term *term, int row, int col, int rows);

enum term_highlight { TERM_REVERSE, TERM_BOLD };

/* Sets off what is drawn in a part of a row: one even bar in the terminal's own
 * colours, or bold in the colours it has. */
void term_highlight(struct term *term, int row, int col, int cols, enum term_highlight highlight);

/* Sends a control sequence as it is (an OSC, which moves nothing on the screen). */
void term_send(const struct term *term, const char *sequence);

/* Where term_flush leaves the cursor. */
void term_cursor(struct term *term, int row, int col);

/* Sends the difference between the screen and what was drawn since. */
void term_flush(struct term *term);

#endif
