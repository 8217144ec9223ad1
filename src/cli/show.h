/* `stella doctor show`: the article of a check. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/options.h"
#include "run/session.h"

/* Prints the article of the check, all of it or what --section and --platform
 * name; on a terminal through a pager (cli/pager.h). Returns the program's exit
 * status. */
int command_show(struct session *session, const struct options *options);

#endif
