/* Secrets in texts that are shown, kept or handed on: commands, output, evidence. */
#ifndef SETTINGS_MASK_H
#define SETTINGS_MASK_H

#include "settings/settings.h"

#include <stdbool.h>

/* A heap copy of text with *** in place of what a secret name is given, in any of
 *     NAME=VALUE   NAME = VALUE   "NAME": "VALUE"   NAME: VALUE   --NAME VALUE   NAME is VALUE
 * A name is secret by settings_is_secret, or where it says authorization. A value goes
 * to the end of its quotes, or of those that all of it stands in; without quotes to the
 * next blank, and to the end of the line behind ": " or where the name begins the line; a
 * block of YAML ("NAME: |") to its last line.
 * What cannot be told is masked: too much rather than too little. A value stays that only
 * says where the secret comes from: /dev/stdin, $NAME or ${NAME} in capitals and not within
 * single quotes, <your password>.
 * Of a URL only scheme, host and port stay, and a mark for the rest; that of a webhook
 * is one, whatever its name. What no name tells of is masked by its form: see
 * settings/mask_shape.h.
 * The caller frees it. */
char *mask_text(const char *text);

/* The same, and before it *** in place of each secret value that the settings hold
 * (settings_mask), wherever it stands; settings may be NULL. */
char *mask_foreign(struct settings *settings, const char *text);

/* Whether values of that name are masked. */
bool mask_is_secret(const char *name);

#endif
