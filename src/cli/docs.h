/* `stella doctor docs`: the articles proved, the manual printed. */
#ifndef CLI_DOCS_H
#define CLI_DOCS_H

#include "cli/manual.h"
#include "cli/options.h"
#include "run/session.h"

/* `docs lint` proves every article (cli/lint.h): exit status 1 where one has a
 * problem. `docs man PAGE` prints a man page (cli/manual.h), with the lists of keys. */
int command_docs(struct session *session, const struct options *options,
                 const struct manual_key *dashboard, const struct manual_key *walkthrough);

#endif
