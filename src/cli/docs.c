#include "cli/docs.h"

#include "cli/commands.h"

int command_docs(struct session *session, const struct options *options)
{
    (void)session;
    return command_close_output(options, EXIT_STATUS_OK);
}
