/* The secret values that the settings hold, for texts from elsewhere that may repeat
 * them: the output of a command, what a server says. The values themselves stay inside
 * this room. */
#ifndef SETTINGS_SECRETS_H
#define SETTINGS_SECRETS_H

#include "settings/settings.h"

/* A heap copy of text with *** in place of each secret value that any layer has: all of
 * one whose key is secret (settings_is_secret), the password of a connection string or
 * before an "@", the path of a webhook's URL and the long parts of it; also escaped or in
 * base64 (settings/echo.h). Not looked for are words that settings have for switches (true,
 * false, null), the working directory, whose variable is called PWD, and what is shorter
 * than four bytes: that stands in any text by chance, and is no secret to anybody who can
 * guess. The values are collected at the first call after a source was added. The caller
 * frees the copy. */
char *settings_mask(struct settings *settings, const char *text);

/* Has settings mask what the older ones mask too: what was read before goes on standing in
 * logs and answers. */
void settings_keep_secrets(struct settings *settings, struct settings *older);

#endif
