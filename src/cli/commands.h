/* The commands that need no screen. Each returns the program's exit status. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"
#include "run/session.h"

/* The session that the options describe; its texts belong to the options. */
struct session_options command_session_options(const struct options *options);

/* Prints an error to stderr, made safe for a terminal: file names come from
 * anywhere. Returns EXIT_STATUS_UNKNOWN. */
int command_complain(const struct options *options, const char *text);

/* Sends out what was printed; status, or EXIT_STATUS_UNKNOWN with a complaint
 * where it did not get there: then it must not look like a good report. */
int command_close_output(const struct options *options, int status);

/* Prints the problems of the catalog to stderr, one a line. */
void command_print_problems(const struct session *session, const struct options *options);

/* Runs the selected checks (all without a selection) and prints each result in
 * the catalog's order as soon as those before it are done. SIGINT and SIGTERM
 * cancel what runs, and the report tells. */
int command_run(struct session *session, const struct options *options);

/* Lists the selected checks: severity, id, title, plugin, tags. */
int command_list(struct session *session, const struct options *options);

/* Prints the article of one check. */
int command_show(struct session *session, const struct options *options);

#endif
