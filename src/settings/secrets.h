/* The secret values that the settings hold, for texts from elsewhere that may repeat
 * them: the output of a command, what a server says. The values themselves stay inside
 * this room. */
#ifndef SETTINGS_SECRETS_H
#define SETTINGS_SECRETS_H

#include "settings/settings.h"

/* Shorter values are not looked for: they stand in any text by chance, and what would
 * be left of it said nothing, while they are no secret to anybody who can guess. */
enum { SECRETS_LEAST_BYTES = 4 };

/* A heap copy of text with *** in place of each secret value that any layer has: all of
 * one whose key is secret (settings_is_secret), the password of a connection string or
 * before an "@", the path of a webhook's URL and the long parts of it. Not looked for
 * are words that settings have for switches (true, false, null), and the working
 * directory, whose variable is called PWD. The values are collected at the first call
 * after a source was added. The caller frees the copy. */
char *settings_mask(struct settings *settings, const char *text);

#endif
