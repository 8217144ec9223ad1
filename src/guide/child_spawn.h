/* Starts and reaps a step's command: a shell of its own, out of which nothing of ours
 * is seen. What both ways of running, child.h and foreground.h, have in common. */
#ifndef GUIDE_CHILD_SPAWN_H
#define GUIDE_CHILD_SPAWN_H

#include "base/clock.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Linux passes no longer string to a program (MAX_ARG_STRLEN in execve(2)). */
enum { CHILD_TEXT_BYTES = 128 * 1024 };

struct child_spawn {
    const char *text;         /* the command, one string for the shell, shorter than
                                 CHILD_TEXT_BYTES */
    const char *directory;    /* where it starts; NULL: our working directory */
    char *const *environment; /* closed by NULL */
    int fds[3];               /* what becomes its standard input, output and error */
    int terminal;             /* -1: none, and a session of its own; else a process group of its
                                 own, in the foreground of this controlling terminal */
};

/* How a command ended. */
struct child_end {
    int status;       /* its exit status (127 and 126: the shell did not find or could not
                         start a program), -1 where it has none */
    int signal;       /* that ended it, else 0 */
    bool timed_out;   /* it was ended at its time limit */
    bool interrupted; /* by the engineer, or because the program ends */
    bool stopped;     /* it stopped on the terminal over and over, and was hung up */
    bool alive;       /* it could not be ended, as another user's program, and runs on */
    bool left;        /* what it started runs on, and can still write to its output */
    clock_us took_us;
    uint64_t bytes; /* it wrote; 0 where its output is not captured */
};

/* /bin/bash, or /bin/sh where that is not there. */
const char *child_shell(void);

/* Starts SHELL -c -- TEXT as the leader of a new process group, whose number is *pid,
 * with every signal at its default and none blocked, with no descriptors but the three.
 * Waits for execve(2). False with err. */
bool child_spawn(const struct child_spawn *spawn, pid_t *pid, struct error *err);

/* Whether it has ended. It keeps its process group's number until child_reap, so that
 * child_signal cannot hit a stranger. */
bool child_has_ended(pid_t pid);

/* Whether it has stopped since it was asked last (SIGSTOP, SIGTSTP). */
bool child_has_stopped(pid_t pid);

/* Sends a signal to the whole process group, and lets it go on where it is stopped. */
void child_signal(pid_t pid, int number);

/* Fills in end's status and signal, or alive where it has not ended. Once, and last. */
void child_reap(pid_t pid, struct child_end *end);

#endif
