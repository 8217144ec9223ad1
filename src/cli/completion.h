/* `stella doctor completion`: what completes commands and options in a shell. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/options.h"
#include "run/session.h"

/* Prints the script for bash, zsh or fish, made from cli/grammar.h; or the ids,
 * tags or plugins of the catalog, one a line, which the scripts call for. */
int command_completion(struct session *session, const struct options *options);

#endif
