#include "tests/bench/bench.h"

#include "base/file.h"
#include "base/mem.h"
#include "tests/ui/pty.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUIET_US = 60 * CLOCK_MS, LIMIT_US = 8 * CLOCK_SECOND, RESIZES = 1000, KEYS = 200 };

static struct pty *start(const struct bench *bench)
{
    const struct pty_options options = {.cols = 80, .rows = 24};
    const char *const argv[] = {bench->stella, "doctor", "--demo", NULL};
    struct pty *pty = pty_start(&options, argv);

    if (!pty || pty_wait(pty, 0, "SMTP", LIMIT_US) < 0) {
        perror("bench: the dashboard does not start");
        exit(3);
    }
    pty_settle(pty, QUIET_US, LIMIT_US);
    return pty;
}

/* The number after name in a file of /proc/PID, or 0. */
static long proc_number(pid_t pid, const char *file, const char *name)
{
    char *path = mem_printf("/proc/%d/%s", (int)pid, file), *data = NULL;
    size_t len;
    const char *found = file_read(path, &data, &len, NULL) ? strstr(data, name) : NULL;
    long value = found ? strtol(found + strlen(name), NULL, 10) : 0;

    free(data);
    free(path);
    return value;
}

/* How often its threads have been woken. */
static long wakeups(pid_t pid)
{
    char *path = mem_printf("/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    const struct dirent *entry;
    long sum = 0;

    while (threads && (entry = readdir(threads)))
        if (entry->d_name[0] != '.') {
            char *status = mem_printf("task/%s/status", entry->d_name);
            sum += proc_number(pid, status, "\nvoluntary_ctxt_switches:");
            free(status);
        }
    if (threads)
        closedir(threads);
    free(path);
    return sum;
}

/* Each repaint is one write(2). */
static long writes(const struct pty *pty)
{
    return proc_number(pty->pid, "io", "syscw:");
}

static size_t type(struct pty *pty, const char *keys, size_t n)
{
    pty_write(pty, keys, n);
    return pty_settle(pty, QUIET_US, LIMIT_US);
}

/* The most bytes that a step down the whole list takes, or back. */
static size_t dearest_step(struct pty *pty)
{
    size_t most = 0;

    for (int i = 0; i < 24; i++) {
        size_t bytes = type(pty, i < 12 ? "j" : "k", 1);
        most = bytes > most ? bytes : most;
    }
    return most;
}

static bool cursor_keys(struct pty *pty)
{
    size_t both = dearest_step(pty);

    type(pty, "z", 1);
    size_t list = dearest_step(pty);
    type(pty, "z", 1);
    return bench_row(list <= 250, "bytes per cursor key", "<= 250 and the details' cells",
                     "%zu at most (%zu with other details)", list, both);
}

static bool key_burst(struct pty *pty)
{
    char keys[KEYS];
    long before = writes(pty);

    for (int i = 0; i < KEYS; i++)
        keys[i] = i % 3 == 2 ? 'k' : 'j';
    size_t bytes = type(pty, keys, sizeof keys);
    long repaints = writes(pty) - before;
    return bench_row(repaints >= 1 && repaints <= 2, "200 keys at once", "<= 2 repaints",
                     "%ld repaints, %zu bytes", repaints, bytes);
}

/* The silent check is selected and takes its whole 5 s; others end at once. */
static bool running(struct pty *pty)
{
    size_t from = pty->output.len;

    type(pty, "gjjR", 4);
    size_t bytes = pty_record(pty, 3 * CLOCK_SECOND) / 3;
    bool ended = pty_wait(pty, from, "Timed out", LIMIT_US) >= 0;
    pty_settle(pty, 4 * QUIET_US, LIMIT_US);
    return bench_row(ended && bytes <= 400, "bytes a second while a check runs", "<= 400", "%zu",
                     bytes);
}

static bool idle(struct pty *pty)
{
    long before = wakeups(pty->pid);
    size_t bytes = pty_record(pty, 3 * CLOCK_SECOND);
    long woken = wakeups(pty->pid) - before;

    return bench_row(bytes == 0 && woken == 0, "idle, 3 s after a run", "0 bytes, no wake-up",
                     "%zu bytes, %ld wake-ups", bytes, woken);
}

static bool memory(struct pty *pty)
{
    long kb = proc_number(pty->pid, "smaps_rollup", "\nPss:");

    return bench_row(kb > 0 && kb <= 4096, "memory of the dashboard (PSS)", "<= 4 MB", "%.2f MB",
                     (double)kb / 1024);
}

/* Under 40x10 the screen says how large it is. */
static bool last_size_is_painted(struct pty *pty, int round)
{
    char text[32];
    int cols = 20 + round % 19, rows = 2 + round % 7;
    size_t from;

    for (int i = rand() % 4; i > 0; i--) {
        pty_resize(pty, 20 + rand() % 180, 2 + rand() % 58);
        pty_record(pty, rand() % 2000);
    }
    from = pty->output.len;
    pty_resize(pty, cols, rows);
    snprintf(text, sizeof text, "%dx%d is too", cols, rows);
    return pty_wait(pty, from, text, CLOCK_SECOND) >= 0;
}

static bool resizes(struct pty *pty)
{
    int lost = 0;

    srand(1);
    for (int round = 0; round < RESIZES; round++)
        lost += !last_size_is_painted(pty, round);
    return bench_row(lost == 0, "1,000 window sizes, random moments", "the last one is painted",
                     "%d lost", lost);
}

bool bench_dashboard(const struct bench *bench)
{
    struct pty *pty = start(bench);
    bool ok = bench_row(pty->output.len <= 3000, "bytes to the first screen", "<= 3,000", "%zu",
                        pty->output.len);

    ok &= cursor_keys(pty);
    ok &= key_burst(pty);
    ok &= running(pty);
    ok &= idle(pty);
    ok &= memory(pty);
    ok &= resizes(pty);
    pty_stop(pty);
    return ok;
}
