#include "cli/completion.h"

#include "cli/commands.h"

int command_completion(struct session *session, const struct options *options)
{
    (void)session;
    return command_close_output(options, EXIT_STATUS_OK);
}
