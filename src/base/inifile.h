/* INI files in .NET's dialect (Microsoft.Extensions.Configuration.Ini) read with
 * libinih: "[a:b]" sets the prefix, "name = value" with the first "=" only, so
 * that a name may hold ":"; lines that begin with ";", "#" or "/" are comments,
 * so is what follows blank + ";"; indentation means nothing; one pair of double
 * quotes round a value is taken off. A UTF-8 BOM is skipped, CR and CRLF end
 * lines too; NUL bytes and UTF-16 are errors. */
#ifndef BASE_INIFILE_H
#define BASE_INIFILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Called for each "name = value", in order; section is "" before the first one.
 * The strings live for the call. Return false with err set (without a line
 * number) to refuse the entry; reading goes on, but the file has failed. */
typedef bool (*inifile_entry)(void *context, const char *section, const char *name,
                              const char *value, int line, struct error *err);

/* Reads the len bytes of text. False on any mistake, with err as "LINE: reason"
 * of the first one; the caller then throws away whatever entry was given.
 * Not reentrant (libinih has process-wide switches). */
bool inifile_read(const char *text, size_t len, inifile_entry entry, void *context,
                  struct error *err);

/* The part of it that looks for UTF-16 and NUL bytes. */
bool inifile_check_encoding(const char *text, size_t len, struct error *err);

#endif
