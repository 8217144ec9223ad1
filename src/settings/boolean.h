/* Truth values as .NET reads them. */
#ifndef SETTINGS_BOOLEAN_H
#define SETTINGS_BOOLEAN_H

#include <stdbool.h>

/* What Boolean.Parse makes of a text: true and false in any letter case, with blanks
 * around. False where it would fail: on yes, 1 and an empty text too. */
bool boolean_read(const char *text, bool *value);

#endif
