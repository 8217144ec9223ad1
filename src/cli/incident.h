/* The command report: the incident note, out of the journal. */
#ifndef CLI_INCIDENT_H
#define CLI_INCIDENT_H

#include "cli/options.h"
#include "run/session.h"

int command_report(struct session *session, const struct options *options);

#endif
