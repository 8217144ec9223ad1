/* appsettings*.json flattened to keys and values exactly as .NET does it
 * (Microsoft.Extensions.Configuration.Json, JsonConfigurationFileParser over
 * System.Text.Json): RFC 8259 plus comments, one trailing comma before a closing
 * bracket, and a byte order mark; 64 nested containers; invalid bytes are U+FFFD. */
#ifndef SETTINGS_JSONFILE_H
#define SETTINGS_JSONFILE_H

#include "settings/fault.h"
#include "settings/store.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads the len bytes of text into the store, which must be empty.
 *
 * Each value and each empty container gives an item; its key is its path joined
 * by ":", array elements by index; its line, from 1, is that of its name, or of
 * the element itself. Numbers are as written, true and false are "True" and
 * "False"; U+0000 is JSONTOKEN_NUL, and a key that holds it is left out: nobody
 * can ask for it. An empty container may repeat an earlier key, whose item it
 * replaces.
 *
 * dotnet_major is the platform's runtime: to 9, null gives "" and [] gives NULL;
 * from 10 null gives NULL and [] gives "". {} gives NULL in both.
 *
 * False on any mistake, with a fault that quotes keys (sanitised) but no values;
 * the store is then still empty. Mistakes of syntax come before duplicates,
 * wherever they stand. Two keys are the same where they differ only in the case
 * of A-Z. More than STORE_MAX_ITEMS and keys longer than
 * JSONWALK_MAX_KEY are too large.
 *
 * Besides text and store it takes 5.4 bytes a value, for a time, and the text
 * once more where that is UTF-16 or UTF-32; time grows with len
 * alone. */
bool jsonfile_read(const char *text, size_t len, int dotnet_major, struct store *store,
                   struct fault *fault);

#endif
