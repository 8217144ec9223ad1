/* The commands that need no screen. Each returns the program's exit status. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/output.h"
#include "cli/options.h"
#include "cli/report.h"
#include "guide/journal.h"
#include "run/session.h"

/* The session that the options describe; its texts belong to the options. */
struct session_options command_session_options(const struct options *options);

/* Whether what is printed is to be JSON and nothing else, errors included. */
bool command_speaks_json(const struct options *options);

/* Prints what stops nothing to stderr, made safe for a terminal; nothing where JSON
 * is spoken. */
void command_warn(const struct options *options, const char *text);

/* Prints an error to stderr, made safe for a terminal: file names come from
 * anywhere; as JSON to stdout where that is spoken, and as a line to stdout too where
 * Nagios listens. Returns EXIT_STATUS_UNKNOWN. */
int command_complain(const struct options *options, const char *text);

/* Sends out what was printed; status, or EXIT_STATUS_UNKNOWN with a complaint
 * where it did not get there: then it must not look like a good report. */
int command_close_output(const struct options *options, int status);

/* The same of a report that went to a file; output, which may be NULL, is gone then. */
int command_commit_output(const struct options *options, struct output *output, int status);

/* The journal of what is run and done, which hides the session's secrets; NULL where none
 * is wanted, or with err where there can be none. */
struct journal *command_open_journal(const struct session *session, const struct options *options,
                                     struct error *err);

/* Prints the problems of the catalog to stderr, one a line; nothing where JSON is
 * spoken, nor for docs, whose lint tells them itself. */
void command_print_problems(const struct session *session, const struct options *options);

/* The checks that the options select (cli/select.h), or NULL after a complaint. */
const struct check **command_select(const struct session *session, const struct options *options,
                                    size_t *count);

/* A report on stdout, as the options want it. */
struct report command_open_report(const struct options *options);

#endif
