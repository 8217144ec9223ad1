/* The NUL-separated blocks of /proc/PID/environ and /proc/PID/cmdline, read as
 * the .NET program that runs there reads them (proc(5)). */
#ifndef SETTINGS_NULBLOCK_H
#define SETTINGS_NULBLOCK_H

#include "settings/fault.h"

#include <stdbool.h>
#include <stddef.h>

/* Called for each setting, in order. The strings live for the call. */
typedef void (*nulblock_entry)(void *context, const char *name, const char *value);

/* The variables of a block of NAME=VALUE, names as written ("Smtp__Host"):
 * split at the first "="; what has no "=" or no name is left out, and of a name
 * that comes twice only the first counts (Environment.Variables.Unix.cs). */
void nulblock_read_environ(const char *block, size_t len, nulblock_entry entry, void *context);

/* The settings of a command line, without the program's name, as
 * Microsoft.Extensions.Configuration.CommandLine takes them: --k=v, /k=v, k=v,
 * and --k v or /k v with whatever v is; "-k" and words alone mean nothing. A name
 * that comes twice is given twice, and the last one counts; "__" is not ":" here.
 * False on -k=v, with which .NET does not start, with a fault that names the
 * argument's number, from 1, and quotes nothing. */
bool nulblock_read_arguments(const char *block, size_t len, nulblock_entry entry, void *context,
                             struct fault *fault);

/* Where in /proc/PID/cmdline the program's own arguments begin: behind its name,
 * and of `dotnet app.dll ...` behind the .dll. */
size_t nulblock_skip_program(const char *block, size_t len);

#endif
