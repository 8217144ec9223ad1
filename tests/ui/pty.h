/* Runs a program on a pseudo-terminal that answers nothing, and records every
 * byte it writes and when: for byte counts, times and wake-ups. No screen is
 * kept (that is tests/ui/tmux.h), and nothing of Check is used, so benchmarks
 * link it too. Waiting is poll(2) on the terminal. */
#ifndef TESTS_UI_PTY_H
#define TESTS_UI_PTY_H

#include "base/buf.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty_options {
    int cols, rows;
    const char *term;       /* TERM; NULL for xterm-256color */
    const char *const *env; /* more "NAME=value", closed by NULL; may be NULL */
};

/* One read(2) of what the program wrote. */
struct pty_chunk {
    clock_us at;  /* clock_now_us */
    size_t start; /* bytes in output before it */
};

struct pty {
    int fd; /* the master's; -1 once the program has hung up */
    pid_t pid;
    clock_us started;   /* just before the fork */
    struct buf output;  /* everything written so far */
    struct pty_chunk *chunks;
    size_t nchunks;
};

/* Gives the calling process (a child before exec) an environment of PATH, HOME
 * and LANG=C.UTF-8, and the "NAME=value" of env, which may be NULL. */
void pty_set_environment(const char *const *env);

/* Starts argv (found in PATH). NULL with errno on failure; pty_stop frees. */
struct pty *pty_start(const struct pty_options *options, const char *const argv[]);

/* Runs body in a child on the terminal, in our environment; it exits with what body
 * returns. NULL with errno on failure. */
struct pty *pty_call(const struct pty_options *options, int (*body)(void));

/* Types n bytes. */
void pty_write(struct pty *pty, const char *bytes, size_t n);

/* Gives the terminal another size; the kernel sends SIGWINCH. */
void pty_resize(struct pty *pty, int cols, int rows);

/* Records for us microseconds; returns the bytes that came. */
size_t pty_record(struct pty *pty, clock_us us);

/* Records until nothing came for quiet_us, at most limit_us; returns the bytes
 * that came. */
size_t pty_settle(struct pty *pty, clock_us quiet_us, clock_us limit_us);

/* Records until the output from byte offset on holds text (escape sequences
 * included, so choose a text that is drawn in one piece). Returns when the
 * chunk that completed it came (clock_now_us), or -1 after limit_us. */
clock_us pty_wait(struct pty *pty, size_t offset, const char *text, clock_us limit_us);

/* Records until the program has ended, at most limit_us. True with the status
 * of waitpid(2). */
bool pty_wait_exit(struct pty *pty, clock_us limit_us, int *status);

/* Kills the program if it still runs, reaps it and frees everything. */
void pty_stop(struct pty *pty);

#endif
