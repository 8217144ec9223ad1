/* One command on the real terminal: sudo, editors, telnet. */
#ifndef GUIDE_FOREGROUND_H
#define GUIDE_FOREGROUND_H

#include "guide/child_spawn.h"

#include <uv.h>

enum {
    FOREGROUND_STILL_US = CLOCK_SECOND / 10, /* it stands still where it stops */
    FOREGROUND_ROW_US = CLOCK_SECOND / 2,    /* stops sooner after each other are in a row */
    FOREGROUND_STOPS = 30, /* in a row: more than a key held down for some seconds */
    FOREGROUND_GRACE_US = 2 * CLOCK_SECOND, /* from SIGHUP or SIGTERM to SIGKILL */
    FOREGROUND_LINGER_US = CLOCK_SECOND / 2 /* from there to giving up */
};

struct foreground;

/* Once, on the loop, never from within foreground_start; the terminal is ours again. The
 * command may be freed from within. */
typedef void (*foreground_ended)(void *context, const struct child_end *end);

/* Starts the command in directory (NULL: our working directory), on terminal, our controlling terminal, which the caller has given
 * back (term_suspend) and does not read until the end: the keys are the command's. It
 * has the environment of child_environment_on_terminal, and our standard streams where they are terminals, else terminal,
 * which therefore must be open for reading and writing and not be nonblocking. As the
 * foreground process group it alone gets Ctrl-C and Ctrl-Z. There is no time limit.
 *
 * One that stops goes on FOREGROUND_STILL_US later, with the terminal, which is told so in
 * one line where that spoils no screen. One that stops more than FOREGROUND_STOPS times in a
 * row is hung up as by a shell that ends: SIGHUP, FOREGROUND_GRACE_US later SIGKILL; another
 * user's program (sudo) cannot be, and goes on. At the end the terminal
 * has the modes it had at the start, and what was typed ahead is thrown away: it was
 * not meant for us. NULL with err where the command cannot be started. */
struct foreground *foreground_start(uv_loop_t *loop, int terminal, const char *text,
                                    const char *directory, foreground_ended ended, void *context,
                                    struct error *err);

/* For the end of the program: SIGTERM, FOREGROUND_GRACE_US later SIGKILL; the callee is
 * told of the end, also of one that cannot be ended (child_end's alive). */
void foreground_terminate(struct foreground *foreground);

/* Frees it; a command that runs is killed, unreaped and without telling the caller, and
 * the terminal taken back: for the end of the program. The loop must run once more. NULL
 * is allowed. */
void foreground_free(struct foreground *foreground);

#endif
