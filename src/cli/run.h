/* `stella doctor run`: checks without a screen. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/options.h"
#include "run/session.h"

/* Runs the selected checks (all without a selection) and writes the report in the
 * format asked for, to stdout or with --output into a file that is replaced as a
 * whole. The exit status is the same in every format.
 *
 * SIGINT, SIGTERM and SIGHUP (unless it is ignored) cancel what runs: the report tells,
 * and the status is EXIT_STATUS_SIGNAL and the number. --deadline cancels likewise, with
 * EXIT_STATUS_UNKNOWN where a verdict is missing, or where all is well so far as digging
 * deeper came before it was cut short; a line says so then. --fail-on never hides any.
 *
 * --until-pass N runs rounds of the selected checks, until N rounds in a row had
 * no failure and no error: EXIT_STATUS_OK. A round begins --interval after the
 * one before began, but never before that ended; none begins once --for is over.
 * Then the status is that of the last round, and EXIT_STATUS_UNKNOWN where that
 * passed, but too few in a row did. Only the last round is reported. */
int command_run(struct session *session, const struct options *options);

#endif
