/* The platform's running process, as /proc shows it (proc(5)). */
#ifndef SETTINGS_PROCESS_H
#define SETTINGS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

enum { PROCESS_GROUPS = 64 };

/* What cannot be read without rights is NULL, with errno's value beside it. */
struct process {
    pid_t pid;
    char *name;       /* its program, or the .dll that dotnet runs; clean */
    bool in_unit;     /* it belongs to the platform's unit */
    char *cmdline;    /* NUL-separated, without the program's own name */
    size_t cmdline_len;
    char *environ_block;
    size_t environ_len;
    int environ_error;
    char *directory;  /* its working directory, as it sees it */
    int directory_error;
    char *root;       /* where its file system is seen from here: "", or "/proc/PID/root" */
    time_t started;   /* wall clock; 0: unknown */
    uid_t uid;
    gid_t groups[PROCESS_GROUPS];
    size_t ngroups; /* 0: unknown, as is uid */
};

/* Finds the platform's process below root ("" is /): one in the unit's control group,
 * or whose program begins with "stellaops", whatever the case. Of several, one in the
 * unit comes first, then one named after the platform, then the lowest number;
 * *others counts the rest. False where there is none. Clear with process_clear. */
bool process_find(const char *root, struct process *process, size_t *others);
void process_clear(struct process *process);

/* A variable of its environment, in any letter case, or NULL. */
const char *process_variable(const struct process *process, const char *name);

/* The value of --name VALUE or --name=VALUE among its arguments, or NULL. */
const char *process_argument(const struct process *process, const char *name);

/* Whether the user with these groups may read a file, by its mode bits alone. */
bool process_may_read(uid_t uid, const gid_t *groups, size_t ngroups, const struct stat *st);

#endif
