/* White space as .NET (char.IsWhiteSpace) and Go (unicode.IsSpace) see it:
 * Unicode's White_Space, in UTF-8. */
#ifndef SETTINGS_SPACE_H
#define SETTINGS_SPACE_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the white space character at start, or 0 where another one or the
 * end is there. */
size_t space_at(const char *start, const char *end);

/* Moves both ends of a text past the white space there, as String.Trim does. */
void space_trim(const char **start, const char **end);

/* Whether a C string holds nothing else (String.IsNullOrWhiteSpace). */
bool space_is_all(const char *text);

#endif
