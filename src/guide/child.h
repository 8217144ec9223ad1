/* One captured command on the loop: without a terminal, in bounded memory whatever it
 * writes. */
#ifndef GUIDE_CHILD_H
#define GUIDE_CHILD_H

#include "guide/capture.h"
#include "guide/child_spawn.h"

#include <uv.h>

enum {
    CHILD_LIMIT_US = 60 * CLOCK_SECOND, /* for what only looks */
    CHILD_GRACE_US = 2 * CLOCK_SECOND, /* from SIGTERM to SIGKILL */
    CHILD_LINGER_US = CLOCK_SECOND / 2 /* for what holds the pipe when the command has ended */
};

struct child_options {
    const char *text;         /* the command, one string for the shell (child_shell) */
    const char *directory;    /* where it starts; NULL: our working directory */
    const char *input;        /* what it reads; NULL: nothing (/dev/null) */
    char *const *environment; /* closed by NULL; NULL: a clean one (child_environment.h) */
    clock_us limit_us;        /* 0: none */
    clock_us grace_us;        /* 0: CHILD_GRACE_US */
};

/* output: more of it has come, once a round of the loop; may be NULL. ended: the last
 * call. Both on the loop, never from within child_start; the child may be freed from
 * within. */
struct child_observer {
    void (*output)(void *context);
    void (*ended)(void *context, const struct child_end *end);
    void *context;
};

struct child;

/* Starts the command: a session of its own, standard output and error in one pipe in
 * the order they are written, signals and descriptors as child_spawn leaves them. The
 * strings may go when it returns. NULL with err where it cannot be started.
 *
 * At the limit its process group gets SIGTERM, a grace later SIGKILL; one that is
 * stopped goes on for it. It has ended when its process has and the pipe is at its end,
 * or CHILD_LINGER_US later: a daemon that it started may hold the pipe. What a daemon
 * writes then is still taken, untold: without a reader it would die.
 *
 * Beside it waits a keeper, a process in a session of its own, for the end of ours: also
 * where we are killed the pipe has a reader, which throws away what it reads, and the
 * command goes on to its own end. Its limit then is nobody's: it ends with us. */
struct child *child_start(uv_loop_t *loop, const struct child_options *options,
                          const struct child_observer *observer, struct error *err);

/* What it has written so far; valid until child_free. */
const struct capture *child_output(const struct child *child);

/* Ctrl-C: SIGINT to its process group, the second time SIGKILL. Nothing once it has
 * ended. */
void child_interrupt(struct child *child);

/* Whether it was interrupted, and has not ended for it. */
bool child_was_interrupted(const struct child *child);

/* For the end of the program: SIGTERM to its process group, a grace later SIGKILL; the
 * observer is told of its end, perhaps from within. Nothing once it has ended. */
void child_terminate(struct child *child);

/* Frees the child; one that runs is killed, with its process group and without telling
 * the observer. A daemon of it that holds the pipe is left to the keeper, which ends with
 * it: what it writes is thrown away, and costs no room. The loop must run on for its
 * handles to close: one round, or until a killed one is reaped, at most CHILD_LINGER_US.
 * NULL is allowed. */
void child_free(struct child *child);

#endif
