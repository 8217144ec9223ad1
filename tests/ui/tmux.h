/* Scripted screens: a program runs in a tmux server of its own, keys are sent,
 * and what must appear is waited for. A wait that is not met fails the running
 * Check test and prints the whole screen. Nothing ever sleeps.
 *
 *     struct tmux *tmux = tmux_start(&(struct tmux_options){80, 24}, "build/stella doctor --demo");
 *     tmux_wait(tmux, "check.integration.smtp");
 *     tmux_send(tmux, "Down Enter");
 *     tmux_type(tmux, "/smtp");
 *     ...
 *     tmux_stop(tmux);
 *
 * The harness is a control-mode client (tmux(1), CONTROL MODE): a question is
 * one line and one answer, and the server ends with its only client, also when
 * the test dies. Its socket is unlinked at once, so nothing is left behind. */
#ifndef TESTS_UI_TMUX_H
#define TESTS_UI_TMUX_H

#include <stdbool.h>
#include <stddef.h>

enum { TMUX_TIMEOUT_MS = 10000 };

struct tmux;

struct tmux_options {
    int cols, rows;
    const char *term;       /* TERM in the pane; NULL for tmux-256color */
    const char *const *env; /* more "NAME=value", closed by NULL; may be NULL */
};

/* Runs command with sh -c. Its environment is PATH, HOME, LANG=C.UTF-8, TERM
 * and env, besides what tmux sets. Write "exec program" to have the program's
 * own process id and exit status. Fails the test if tmux does not start. */
struct tmux *tmux_start(const struct tmux_options *options, const char *command);

/* Ends the server, and with SIGHUP what still runs in it. NULL is fine. */
void tmux_stop(struct tmux *tmux);

/* Sends keys by the names of tmux(1), as "Down Enter C-c M-x F10", at once. */
void tmux_send(struct tmux *tmux, const char *keys);

/* Types a text, each byte as it is. */
void tmux_type(struct tmux *tmux, const char *text);

/* Pastes what a file holds, line feeds as they are: bracketed where the program has asked
 * for that and bracketed is true. */
void tmux_paste(struct tmux *tmux, const char *path, bool bracketed);

/* Waits until the screen shows text, within one row. */
void tmux_wait(struct tmux *tmux, const char *text);

/* The same with a limit of its own. */
void tmux_wait_ms(struct tmux *tmux, const char *text, int limit_ms);

/* Whether it shows text within a time: for what has to be tried again. */
bool tmux_shows(struct tmux *tmux, const char *text, int limit_ms);

/* Waits until it shows text so many times. */
void tmux_wait_times(struct tmux *tmux, const char *text, int times);

/* Waits until the screen does not show text. */
void tmux_wait_gone(struct tmux *tmux, const char *text);

/* Waits until a row, counted from 0, shows text. */
void tmux_wait_row(struct tmux *tmux, int row, const char *text);

/* Waits until the row that the cursor is in shows text. */
void tmux_wait_cursor(struct tmux *tmux, const char *text);

/* Waits until the program has ended; returns its exit status, or 128 and the
 * number of the signal that killed it. The screen stays as it left it. */
int tmux_wait_dead(struct tmux *tmux);

/* True when the program has ended, with the same in *status. */
bool tmux_dead(struct tmux *tmux, int *status);

/* The screen of now, a line a row, without blanks at the ends. Valid until the
 * next call of the harness, as all strings it returns. */
const char *tmux_screen(struct tmux *tmux);

/* The same with colours and attributes as escape sequences. */
const char *tmux_screen_styled(struct tmux *tmux);

/* One row of the screen, counted from 0. */
const char *tmux_row(struct tmux *tmux, int row);

/* Where the cursor is, counted from 0. */
void tmux_cursor(struct tmux *tmux, int *col, int *row);

/* Gives the terminal another size. */
void tmux_resize(struct tmux *tmux, int cols, int rows);

/* What a format of tmux(1) expands to: "#{pane_pid}", "#{alternate_on}",
 * "#{cursor_flag}". It must hold no single quote. */
const char *tmux_format(struct tmux *tmux, const char *format);

#endif
