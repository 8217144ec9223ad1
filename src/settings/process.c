#include "settings/process.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/rootpath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char PLATFORM[] = "stellaops";

/* How sure a process is the platform: the sum of what holds. */
enum { SIGN_PLATFORM = 1, SIGN_NAME = 2, SIGN_UNIT = 4 };

/* A line for each of the hierarchies of control groups; a name of 15 bytes; seven
 * numbers. */
enum { GROUPS_BYTES = 64 * 1024, COMM_BYTES = 64, PAGES_BYTES = 128 };

struct scan {
    const char *unit;
    long self; /* our own PID, or 0 */
    size_t seen, found;
    int best_rank;
    struct process *best;
};

void process_clear(struct process *process)
{
    free(process->directory);
    free(process->name);
    *process = (struct process){0};
}

static bool read_file(const char *directory, const char *name, char **data, size_t *len,
                      struct error *err)
{
    char *path = rootpath_append(directory, name);
    bool ok = file_read(path, data, len, err);
    int number = errno;

    free(path);
    errno = number;
    return ok;
}

static char *read_text(const char *directory, const char *name)
{
    char *text;
    size_t len;

    return read_file(directory, name, &text, &len, NULL) ? text : NULL;
}

static char *read_link(const char *directory, const char *name)
{
    char target[PATH_MAX], *path = rootpath_append(directory, name);
    ssize_t n = readlink(path, target, sizeof target - 1);
    int number = errno;

    free(path);
    errno = number;
    return n < 0 ? NULL : mem_strndup(target, (size_t)n);
}

bool process_read(const struct process *process, const char *name, char **data, size_t *len,
                  struct error *err)
{
    return read_file(process->directory, name, data, len, err);
}

char *process_read_link(const struct process *process, const char *name)
{
    return read_link(process->directory, name);
}

static bool begins_with(const char *text, const char *beginning)
{
    for (; *beginning; text++, beginning++)
        if (text_fold(*text) != text_fold(*beginning))
            return false;
    return true;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Of `dotnet X.dll`, X.dll; the block of arguments is closed with a NUL. */
static const char *find_assembly(const char *block, size_t len)
{
    for (const char *word = block; word < block + len; word += strlen(word) + 1) {
        size_t n = strlen(word);
        if (n > 4 && strcmp(word + n - 4, ".dll") == 0)
            return word;
    }
    return NULL;
}

/* NULL for a process without arguments: a kernel thread, or one that has ended. */
static char *read_name(const char *directory)
{
    char *block, *name = NULL;
    size_t len;

    if (!read_file(directory, "cmdline", &block, &len, NULL))
        return NULL;
    const char *program = file_name(block), *assembly = find_assembly(block, len);
    if (strcmp(program, "dotnet") == 0 && assembly) {
        program = file_name(assembly);
        name = text_sanitise(program, strlen(program) - 4, TEXT_ONE_LINE);
    } else if (*program) {
        name = text_sanitise(program, strlen(program), TEXT_ONE_LINE);
    }
    free(block);
    return name;
}

bool process_is_in_unit(const char *groups, const char *unit)
{
    size_t len = strlen(unit);

    for (const char *p = groups; (p = strstr(p, unit)); p += len)
        if (p > groups && p[-1] == '/' && (p[len] == '/' || p[len] == '\n' || !p[len]))
            return true;
    return false;
}

bool process_is_in_container(const char *groups)
{
    static const char *const names[] = {"docker", "containerd", "kubepods",
                                        "libpod", "crio",       "lxc"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(groups, names[i]))
            return true;
    return false;
}

/* What starts the platform, or looks at it. */
static bool is_bystander(const char *name)
{
    static const char *const names[] = {"stella", "stella-doctor", "sh",     "bash",
                                        "dash",   "docker",        "podman", "sudo"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static int rank_of(const char *name, bool in_unit)
{
    if (is_bystander(name))
        return 0;
    bool is_named = begins_with(name, PLATFORM);
    if (!is_named && !in_unit)
        return 0;
    return (in_unit ? SIGN_UNIT : 0) + (is_named ? SIGN_NAME : 0) +
           (text_fold_contains(name, "platform") ? SIGN_PLATFORM : 0);
}

/* The text of a small file of /proc, read at once into the buffer; "" where it
 * cannot be read. They are read of every process there is: no more calls than it takes. */
static const char *glance(int proc, long pid, const char *name, char *buffer, size_t size)
{
    char path[64];

    snprintf(path, sizeof path, "%ld/%s", pid, name);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t n = fd < 0 ? -1 : read(fd, buffer, size - 1);

    if (fd >= 0)
        close(fd);
    buffer[n > 0 ? n : 0] = '\0';
    return buffer;
}

/* Reading a process's arguments waits for a process that hangs, reading comm
 * does not: so only those are asked that may be the platform. */
static bool may_be_platform(const char *comm)
{
    return !*comm || begins_with(comm, PLATFORM) || begins_with(comm, "dotnet");
}

static void consider(struct scan *scan, const struct process *process, int rank)
{
    struct process *best = scan->best;

    scan->found += rank > 0;
    if (rank < scan->best_rank || rank == 0 ||
        (rank == scan->best_rank && process->pid > best->pid))
        return;
    process_clear(best);
    *best = *process;
    best->directory = mem_strdup(process->directory);
    best->name = mem_strdup(process->name);
    scan->best_rank = rank;
}

/* A kernel thread, or what has ended: such have no arguments, hence no name, and most
 * of what there is are such. */
static bool is_without_memory(const char *pages)
{
    return strncmp(pages, "0 ", 2) == 0;
}

static void examine(struct scan *scan, const char *proc, long pid, int fd)
{
    char groups[GROUPS_BYTES], comm[COMM_BYTES], pages[PAGES_BYTES];

    if (is_without_memory(glance(fd, pid, "statm", pages, sizeof pages)))
        return;
    glance(fd, pid, "cgroup", groups, sizeof groups);
    bool in_unit = process_is_in_unit(groups, scan->unit);
    if (!in_unit && !may_be_platform(glance(fd, pid, "comm", comm, sizeof comm)))
        return;
    struct process process = {.pid = pid,
                              .directory = mem_printf("%s/%ld", proc, pid),
                              .in_unit = in_unit,
                              .in_container = process_is_in_container(groups)};
    process.name = read_name(process.directory);
    if (process.name)
        consider(scan, &process, rank_of(process.name, process.in_unit));
    process_clear(&process);
}

/* The PID that an entry of /proc is named for, or 0. */
static long read_pid(const char *name)
{
    char *end;
    long pid = *name >= '1' && *name <= '9' ? strtol(name, &end, 10) : 0;

    return pid > 0 && pid <= INT_MAX && *end == '\0' ? pid : 0;
}

/* False where there were more than may be scanned. */
static bool scan_processes(struct scan *scan, const char *proc, DIR *directory)
{
    for (struct dirent *entry; (entry = readdir(directory));) {
        long pid = read_pid(entry->d_name);
        if (pid == 0 || pid == scan->self)
            continue;
        if (scan->seen++ == PROCESS_MAX_SCANNED)
            return false;
        examine(scan, proc, pid, dirfd(directory));
    }
    return true;
}

bool process_find(struct process *process, const char *root, const char *unit, bool *all)
{
    struct scan scan = {.unit = unit, .best = process};
    char *proc = rootpath_join(root, "/proc"), *self = read_link(proc, "self");
    DIR *directory = opendir(proc);

    *process = (struct process){0};
    *all = true;
    if (self)
        scan.self = read_pid(self);
    if (directory) {
        *all = scan_processes(&scan, proc, directory);
        closedir(directory);
    }
    if (scan.found)
        process->nothers = scan.found - 1;
    free(self);
    free(proc);
    return scan.found > 0;
}

/* Where either namespace is unknown, they count as the same. */
static bool is_elsewhere(const struct process *process, const char *root)
{
    char *self = rootpath_join(root, "/proc/self");
    char *ours = read_link(self, "ns/mnt"), *its = process_read_link(process, "ns/mnt");
    char *top = process_read_link(process, "root");
    bool elsewhere = (ours && its && strcmp(ours, its) != 0) || (top && strcmp(top, "/") != 0);

    free(top);
    free(its);
    free(ours);
    free(self);
    return elsewhere;
}

char *process_find_root(const struct process *process, const char *root)
{
    return is_elsewhere(process, root) ? rootpath_append(process->directory, "root")
                                       : mem_strdup(root);
}

/* Field 22 of /proc/PID/stat, in ticks since boot. A program's name, in
 * parentheses, may hold blanks and parentheses. */
static bool find_start_ticks(const char *stat_text, unsigned long long *ticks)
{
    static const char fields[] =
        " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu";
    const char *name_end = strrchr(stat_text, ')');

    return name_end && sscanf(name_end + 1, fields, ticks) == 1;
}

bool process_find_start(const struct process *process, const char *root, time_t *when)
{
    char *proc = rootpath_join(root, "/proc"), *system = read_text(proc, "stat");
    char *own = read_text(process->directory, "stat");
    const char *boot = system ? strstr(system, "\nbtime ") : NULL;
    unsigned long long ticks = 0;
    long per_second = sysconf(_SC_CLK_TCK);
    bool ok = boot && own && per_second > 0 && find_start_ticks(own, &ticks);

    if (ok)
        *when = (time_t)(strtoull(boot + strlen("\nbtime "), NULL, 10) +
                         ticks / (unsigned long long)per_second);
    free(own);
    free(system);
    free(proc);
    return ok;
}

bool process_find_identity(const struct process *process, const char *root,
                           struct identity *identity)
{
    char *status = read_text(process->directory, "status");
    bool ok = status && identity_of_status(identity, root, status);

    free(status);
    return ok;
}
