/* The commands that need no screen. Each returns the program's exit status. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"
#include "run/session.h"

/* The session that the options describe; its texts belong to the options. */
struct session_options command_session_options(const struct options *options);

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
