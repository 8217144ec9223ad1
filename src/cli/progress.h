/* What runs and for how long: one line on stderr, written anew in place, and
 * only where that is a terminal. Everything takes NULL, which shows nothing. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/writer.h"
#include "run/runner.h"

struct progress;

/* Shows the line from the first PROGRESS_MS on, once every PROGRESS_MS; does not
 * keep the loop alive. NULL with --quiet, and where stderr is no terminal. */
struct progress *progress_start(uv_loop_t *loop, const struct runner *runner,
                                const struct sheet *sheet);
enum { PROGRESS_MS = 200 };

/* Erases the line, so that something else can be printed; it comes back. */
void progress_hide(struct progress *progress);

/* Prints a line that stays, printf-like. */
void progress_say(struct progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Erases the line for good; the loop must run once more. */
void progress_stop(struct progress *progress);

#endif
