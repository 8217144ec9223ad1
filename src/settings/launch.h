/* What the platform is started with, whether it runs or its unit says so, and
 * what .NET's host makes of that (HostApplicationBuilder and, from .NET 7,
 * WebApplicationBuilder). */
#ifndef SETTINGS_LAUNCH_H
#define SETTINGS_LAUNCH_H

#include "base/buf.h"

#include <stddef.h>

/* Where the host looks for its own settings, lowest precedence first. */
enum launch_rank { LAUNCH_ASPNETCORE, LAUNCH_DOTNET, LAUNCH_ARGUMENT };
enum { LAUNCH_RANKS = LAUNCH_ARGUMENT + 1 };

/* Zeroed is empty; launch_clear frees what it holds. Paths are as the platform
 * sees them, below root. */
struct launch {
    char *root;                       /* where they begin (rootpath.h) */
    char *directory;                  /* its working directory */
    char *program_directory;          /* of its program; NULL: as directory */
    char *environment[LAUNCH_RANKS];  /* NULL where not set, as below */
    char *content_root[LAUNCH_RANKS];
    struct buf arguments; /* NUL-separated, without the program's name */
};

void launch_clear(struct launch *launch);

/* Takes what counts here of a variable; one that is set again replaces the
 * former. A nulblock_entry, of a struct launch. */
void launch_put_variable(void *launch, const char *name, const char *value);

/* Takes the program's directory and the arguments of a block as in
 * /proc/PID/cmdline, closed with a NUL that len need not count. */
void launch_put_command(struct launch *launch, const char *block, size_t len);

/* The name in appsettings.NAME.json, "Production" where nothing is set. */
const char *launch_environment(const struct launch *launch);

/* The directory that holds the appsettings files; directory must be set. The
 * caller frees it. */
char *launch_content_root(const struct launch *launch);

#endif
