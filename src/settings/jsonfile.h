/* appsettings*.json flattened to keys and values exactly as .NET does it
 * (Microsoft.Extensions.Configuration.Json, JsonConfigurationFileParser over
 * System.Text.Json): RFC 8259 plus comments, one trailing comma before a closing
 * bracket, and a byte order mark; 64 nested containers; invalid bytes are U+FFFD. */
#ifndef SETTINGS_JSONFILE_H
#define SETTINGS_JSONFILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum jsonfile_error {
    JSONFILE_PARSE,
    JSONFILE_DUPLICATE_KEY,
    JSONFILE_DEPTH,
    JSONFILE_TOP_LEVEL /* good JSON, but no object */
};

/* Called for each value and each empty container, in the order of the file. key
 * is its path joined by ":", array elements by index; line, from 1, is that of
 * its name, or of the element itself. value is NULL for .NET's null, else len
 * bytes and a NUL; text may hold U+0000 itself (strlen(value) < len). Numbers
 * are as written, true and false are "True" and "False". The strings live for
 * the call. A key that holds U+0000 is left out: nobody can ask for it. An empty
 * container may repeat an earlier key; the later call replaces the earlier. */
typedef void (*jsonfile_entry)(void *context, const char *key, const char *value, size_t len,
                               int line);

/* Reads the len bytes of text.
 *
 * dotnet_major is the platform's runtime: to 9, null gives "" and [] gives NULL;
 * from 10 null gives NULL and [] gives "". {} gives NULL in both.
 *
 * False on any mistake, with err as "LINE: reason and what to do", which quotes
 * keys (sanitised) but no values, and *error_class (may be NULL); entry was not
 * called then. Mistakes of syntax come before duplicates, wherever they stand.
 * Two keys are the same where they differ only in the case of A-Z.
 *
 * Besides text it takes 5.4 bytes a value, the longest key and value, and the
 * text once more where that is UTF-16 or UTF-32; time grows with len alone. */
bool jsonfile_read(const char *text, size_t len, int dotnet_major, jsonfile_entry entry,
                   void *context, struct error *err, enum jsonfile_error *error_class);

#endif
