/* What a systemd unit and its drop-ins say on how a service is started, read as
 * systemd 252 reads them (systemd.unit(5), systemd.exec(5), systemd.service(5)). */
#ifndef SETTINGS_UNITFILE_H
#define SETTINGS_UNITFILE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* A variable of Environment=. */
struct unit_variable {
    char *name, *value;
    size_t file; /* the index of its file in unit.files */
    int line;
};

/* A file, or a pattern (glob(7)), of EnvironmentFile=. */
struct unit_env_file {
    char *path;
    bool is_optional; /* with a "-" before it */
};

/* Zeroed is empty; unit_clear frees what it holds. Paths are below the root. */
struct unit {
    const char *name; /* "stellaops-platform.service"; not owned */
    char **files;     /* its own and its drop-ins, in the order they are read in */
    size_t nfiles;
    struct unit_variable *variables; /* each name once, in the order they count */
    size_t nvariables;
    struct unit_env_file *env_files; /* in the order they are read in; the last one counts */
    size_t nenv_files;
    char *directory;             /* WorkingDirectory= as it is written, "~" too; NULL: "/" */
    char *user, *group, *groups; /* User=, Group=, SupplementaryGroups=, or NULL */
    bool is_user_dynamic;        /* DynamicUser= */
    struct buf command;          /* of ExecStart=, as in /proc/PID/cmdline */
    size_t command_file;         /* the index of its file */
};

/* Called for what is worth knowing: a file that cannot be read, a line that
 * systemd ignores, a specifier that is not put in. The note quotes no value. */
typedef void (*unit_note)(void *context, const char *note);

/* Reads the unit of a name, which is kept, from the first of systemd's
 * directories below root that has it, then its drop-ins from all of them. note may
 * be NULL. False where there is none (err is empty) or it is masked or cannot be read (err). */
bool unit_read(struct unit *unit, const char *root, const char *name, unit_note note,
               void *context, struct error *err);
void unit_clear(struct unit *unit);

#endif
