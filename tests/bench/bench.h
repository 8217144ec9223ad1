/* What must be true of the program, measured. Each function measures a part of
 * the table and prints it, a row for each target; it returns whether all were
 * met. Peers are measured in turn with the program, so that both see the same
 * machine; one that is not installed is left out. Loopback only. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>

struct bench {
    const char *stella;     /* the program */
    const char *minimal;    /* tests/bench/minimal.c */
    const char *work;       /* an empty directory to write into */
    const char *repository; /* a small git repository, for tig */
};

/* From start to the last byte of the first screen, beside other screens. */
bool bench_start(const struct bench *bench);

/* Bytes, repaints, wake-ups and memory of the running dashboard. */
bool bench_dashboard(const struct bench *bench);

/* "doctor run" of one check as a process, beside check_tcp and nc. */
bool bench_process(const struct bench *bench);

/* 1,000 checks at a time. */
bool bench_thousand(const struct bench *bench);

/* Prints a row: what, what it must reach, and printf-like what it was.
 * Returns ok. */
bool bench_row(bool ok, const char *what, const char *target, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The middle one of n > 0 values. Sorts them. */
double bench_median(double *values, size_t n);

/* True when a program, a path or a name to be found in PATH, can be run. */
bool bench_installed(const char *program);

/* Runs argv to its end, stdin from and stderr to /dev/null, stdout into the
 * file out. Returns the time from start to end, or -1 if it did not start, with
 * the status of wait(2) and the most memory it had. */
clock_us bench_run(const char *const argv[], const char *out, int *status, long *max_rss_kb);

/* A TCP socket on a port of its own on loopback; listening with that backlog,
 * or with -1 bound only, so that the port refuses. Exits on failure. */
int bench_listen(int backlog, int *port);

#endif
