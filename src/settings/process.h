/* The platform among the running processes, as /proc shows them (proc(5)). */
#ifndef SETTINGS_PROCESS_H
#define SETTINGS_PROCESS_H

#include "base/error.h"
#include "settings/identity.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Zeroed is empty; process_clear frees what it holds. */
struct process {
    long pid;
    char *directory;   /* of its files: /proc/PID, as it is from here */
    char *name;        /* of its program, clean: "StellaOps.Platform" */
    bool in_unit;      /* it is in the unit's control group */
    bool in_container; /* in one of Docker, containerd, Podman, CRI-O, LXC or Kubernetes */
    size_t nothers;    /* that looked like the platform as well */
};

enum { PROCESS_MAX_SCANNED = 20000 };

/* Finds the platform below root. A process is taken for it where it is in the
 * control group of the unit, or where its program's name begins with "stellaops"
 * in any case: of `dotnet X.dll` that is X, and to begin with what
 * /proc/PID/comm says. The doctor itself, and shells and the like that only
 * start the platform, are passed over. Of several the one in the unit counts,
 * else one with "platform" in its name, else the lowest PID. At most
 * PROCESS_MAX_SCANNED processes are looked at; *all tells whether that was all. */
bool process_find(struct process *process, const char *root, const char *unit, bool *all);
void process_clear(struct process *process);

/* Whether the unit, or a container, is among the control groups that the text of
 * /proc/PID/cgroup names (cgroups(7)). */
bool process_is_in_unit(const char *groups, const char *unit);
bool process_is_in_container(const char *groups);

/* The text of one of its files, such as "environ"; false with err. */
bool process_read(const struct process *process, const char *name, char **data, size_t *len,
                  struct error *err);

/* What one of its links says, such as "cwd": a path as the process sees it. NULL
 * with errno; the caller frees it. */
char *process_read_link(const struct process *process, const char *name);

/* Where its paths begin, as a root for rootpath_resolve: root itself, or
 * /proc/PID/root where it has another one or lives in another mount namespace.
 * The caller frees it. */
char *process_find_root(const struct process *process, const char *root);

/* When it was started; false where /proc does not tell. */
bool process_find_start(const struct process *process, const char *root, time_t *when);

/* Whom it runs as; false where /proc does not tell. */
bool process_find_identity(const struct process *process, const char *root,
                           struct identity *identity);

#endif
