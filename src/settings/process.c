#include "settings/process.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/nulblock.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNIT "stellaops-platform.service"

/* /proc/PID/NAME below root; NULL with errno. A NUL closes it. */
static char *read_entry(const char *root, pid_t pid, const char *name, size_t *len)
{
    char *path = mem_printf("%s/proc/%d/%s", root, (int)pid, name), *text;

    file_read(path, &text, len, NULL);
    free(path);
    return text;
}

static char *read_link(const char *root, pid_t pid, const char *name)
{
    char *path = mem_printf("%s/proc/%d/%s", root, (int)pid, name), target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target);

    free(path);
    return n > 0 ? mem_strndup(target, (size_t)n) : NULL;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool begins(const char *text, const char *start)
{
    for (; *start; text++, start++)
        if (text_fold(*text) != text_fold(*start))
            return false;
    return true;
}

/* The program's name, or behind "dotnet" that of the .dll. */
static const char *program_name(const char *cmdline, size_t len)
{
    const char *name = base_name(cmdline);
    size_t skipped = nulblock_skip_program(cmdline, len), first = strlen(cmdline) + 1;

    if (strcmp(name, "dotnet") != 0 || skipped <= first)
        return name;
    for (const char *word = cmdline + first; word < cmdline + skipped; word += strlen(word) + 1)
        name = base_name(word);
    return name;
}

static bool is_in_unit(const char *root, pid_t pid)
{
    size_t len;
    char *text = read_entry(root, pid, "cgroup", &len);
    bool found = text && strstr(text, "/" UNIT);

    free(text);
    return found;
}

/* The higher, the surer that it is the platform; 0: it is not. */
static int likeness(const char *name, bool in_unit)
{
    if (in_unit)
        return 3;
    if (!begins(name, "stellaops"))
        return 0;
    return text_fold_contains(name, "platform") ? 2 : 1;
}

static int examine(const char *root, pid_t pid)
{
    size_t len;
    char *cmdline = read_entry(root, pid, "cmdline", &len);
    int like = cmdline && len > 0 ? likeness(program_name(cmdline, len), is_in_unit(root, pid)) : 0;

    free(cmdline);
    return like;
}

static pid_t find_pid(const char *root, size_t *others)
{
    char *path = mem_printf("%s/proc", root);
    DIR *dir = opendir(path);
    pid_t best = 0;
    int best_like = 0;
    size_t found = 0;

    free(path);
    if (!dir)
        return 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);
        if (*end || pid < 1 || pid > INT_MAX || pid == getpid())
            continue;
        int like = examine(root, (pid_t)pid);
        found += like > 0;
        if (like > best_like || (like > 0 && like == best_like && pid < best)) {
            best = (pid_t)pid;
            best_like = like;
        }
    }
    closedir(dir);
    *others = found ? found - 1 : 0;
    return best;
}

/* A process in another mount namespace sees other files under the same names. */
static char *find_root(const char *root, pid_t pid)
{
    char *its = read_link(root, pid, "ns/mnt"), ours[PATH_MAX] = "";
    bool other = its && readlink("/proc/self/ns/mnt", ours, sizeof ours - 1) > 0 &&
                 strcmp(its, ours) != 0;

    free(its);
    return other ? mem_printf("/proc/%d/root", (int)pid) : mem_strdup("");
}

/* Field 22 counts clock ticks from the start of the machine, btime of /proc/stat. */
static time_t find_start(const char *root, pid_t pid)
{
    size_t len;
    char *stat = read_entry(root, pid, "stat", &len), *path = mem_printf("%s/proc/stat", root);
    char *machine, *at = stat ? strrchr(stat, ')') : NULL;
    time_t started = 0;

    file_read(path, &machine, &len, NULL);
    const char *btime = machine ? strstr(machine, "\nbtime ") : NULL;
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    if (at && btime)
        started = (time_t)(strtoll(btime + 7, NULL, 10) +
                           strtoll(at, NULL, 10) / sysconf(_SC_CLK_TCK));
    free(path);
    free(stat);
    free(machine);
    return started;
}

static void add_groups(struct process *process, const char *text)
{
    char *end;

    for (; process->ngroups < PROCESS_GROUPS; text = end) {
        unsigned long id = strtoul(text, &end, 10);
        if (end == text)
            return;
        process->groups[process->ngroups++] = (gid_t)id;
        if (*end == '\n')
            return;
    }
}

/* "Uid:" and "Gid:" list the real and the effective one, and more. */
static void find_rights(const char *root, struct process *process)
{
    size_t len;
    char *status = read_entry(root, process->pid, "status", &len);
    const char *uid = status ? strstr(status, "\nUid:") : NULL;
    const char *gid = status ? strstr(status, "\nGid:") : NULL;
    const char *groups = status ? strstr(status, "\nGroups:") : NULL;
    unsigned long real, effective;

    if (uid && gid && sscanf(uid + 5, "%lu %lu", &real, &effective) == 2) {
        process->uid = (uid_t)effective;
        add_groups(process, gid + 5);
        if (groups)
            add_groups(process, groups + 8 + strspn(groups + 8, "\t "));
    }
    free(status);
}

bool process_find(const char *root, struct process *process, size_t *others)
{
    size_t len;

    *process = (struct process){.pid = find_pid(root, others)};
    if (!process->pid)
        return false;
    char *cmdline = read_entry(root, process->pid, "cmdline", &len);
    if (!cmdline || len == 0) { /* it has just ended */
        free(cmdline);
        return false;
    }
    const char *name = program_name(cmdline, len);
    size_t skipped = nulblock_skip_program(cmdline, len);
    process->name = text_sanitise(name, strlen(name), TEXT_ONE_LINE);
    process->cmdline_len = len - skipped;
    process->cmdline = mem_realloc(NULL, process->cmdline_len + 1);
    memcpy(process->cmdline, cmdline + skipped, process->cmdline_len + 1);
    free(cmdline);
    process->in_unit = is_in_unit(root, process->pid);
    process->environ_block = read_entry(root, process->pid, "environ", &process->environ_len);
    process->environ_error = process->environ_block ? 0 : errno;
    process->directory = read_link(root, process->pid, "cwd");
    process->directory_error = process->directory ? 0 : errno;
    process->root = find_root(root, process->pid);
    process->started = find_start(root, process->pid);
    find_rights(root, process);
    return true;
}

void process_clear(struct process *process)
{
    free(process->name);
    free(process->cmdline);
    free(process->environ_block);
    free(process->directory);
    free(process->root);
    *process = (struct process){0};
}

const char *process_variable(const struct process *process, const char *name)
{
    const char *block = process->environ_block;
    size_t n = strlen(name);

    for (const char *at = block; at && at < block + process->environ_len; at += strlen(at) + 1)
        if (begins(at, name) && at[n] == '=')
            return at + n + 1;
    return NULL;
}

const char *process_argument(const struct process *process, const char *name)
{
    const char *end = process->cmdline + process->cmdline_len;
    size_t n = strlen(name);

    for (const char *at = process->cmdline; at < end; at += strlen(at) + 1) {
        if (strncmp(at, "--", 2) != 0 || !begins(at + 2, name))
            continue;
        if (at[2 + n] == '=')
            return at + n + 3;
        const char *next = at + strlen(at) + 1;
        if (at[2 + n] == '\0' && next < end)
            return next;
    }
    return NULL;
}

bool process_may_read(uid_t uid, const gid_t *groups, size_t ngroups, const struct stat *st)
{
    if (uid == 0)
        return true;
    if (uid == st->st_uid)
        return st->st_mode & S_IRUSR;
    for (size_t i = 0; i < ngroups; i++)
        if (groups[i] == st->st_gid)
            return st->st_mode & S_IRGRP;
    return st->st_mode & S_IROTH;
}
