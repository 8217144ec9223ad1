/* `stella doctor settings`: which mail server the platform uses, and why. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "cli/options.h"
#include "run/session.h"

/* Prints the settings of options->words, or of all keys beside those of the mail
 * check, as text or JSON (data/schemas/settings.schema.json). Exit status 0 where
 * the platform could use them or none is set, EXIT_STATUS_WARN where it would fail
 * with what is set, EXIT_STATUS_UNKNOWN where nobody can tell: a source does
 * not load, or the values are in a Secret. */
int command_settings(struct session *session, const struct options *options);

#endif
