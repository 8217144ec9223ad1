/* `stella doctor list`: the checks there are. */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include "cli/options.h"
#include "run/session.h"

/* Lists the selected checks, as text by plugin (severity, id, title, tags) or as
 * JSON (data/schemas/list.schema.json). Returns the program's exit status. */
int command_list(struct session *session, const struct options *options);

#endif
