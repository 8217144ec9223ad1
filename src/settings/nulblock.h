/* The NUL-separated blocks of /proc/PID/environ and /proc/PID/cmdline, read as
 * the .NET program that runs there reads them (proc(5)). */
#ifndef SETTINGS_NULBLOCK_H
#define SETTINGS_NULBLOCK_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Called for each setting, in order. The strings live for the call. */
typedef void (*nulblock_entry)(void *context, const char *name, const char *value);

/* The variables of a block of NAME=VALUE, names as written ("Smtp__Host"):
 * split at the first "="; what has no "=" or no name is left out, and of a name
 * that comes twice only the first counts (Environment.Variables.Unix.cs). */
void nulblock_read_environ(const char *block, size_t len, nulblock_entry entry, void *context);

/* The settings of a command line, the program's own name first, as
 * Microsoft.Extensions.Configuration.CommandLine takes them: --k=v, /k=v, k=v,
 * and --k v or /k v with whatever v is; "-k" and words alone mean nothing. Of
 * `dotnet app.dll ...` only what follows the .dll counts. A name that comes
 * twice is given twice, and the last one counts; "__" is not ":" here. False on
 * -k=v, with which .NET does not start, with err naming the argument's number
 * (the program's own name is 0) and quoting nothing. */
bool nulblock_read_arguments(const char *block, size_t len, nulblock_entry entry, void *context,
                             struct error *err);

#endif
