/* The walkthrough on a plain terminal: line by line, without a screen. */
#ifndef CLI_FIX_PLAIN_H
#define CLI_FIX_PLAIN_H

#include "cli/options.h"
#include "run/session.h"

/* Runs the check once, so that there is something to hold the proof against, and walks
 * through its fix, asking on our terminal. capable: the terminal is known to do more than
 * to print; without that nothing but text is sent to it.
 *
 * Where standard input or output is no terminal nobody can consent: it prints the steps,
 * says so and returns EXIT_STATUS_UNKNOWN. Else the exit status is EXIT_STATUS_OK when
 * the engineer has left, EXIT_STATUS_CANCELLED after Ctrl-C, and 128 and its number after
 * another signal. */
int fix_walk_plain(struct session *session, const struct check *check,
                   const struct options *options, bool capable);

#endif
