/* A last service when the program dies of a fault: the terminal is given back
 * with write(2) and tcsetattr(3) alone, which a signal handler may call. */
#ifndef UI_CRASH_H
#define UI_CRASH_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

enum { CRASH_RESTORE_SIZE = 256 };

/* Catches SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT on a stack of their own.
 * The handler writes the n bytes of restore (at most CRASH_RESTORE_SIZE; both
 * are copied) to fd, sets modes, and lets the signal have its default action,
 * so that exit status and core are those of the fault. Starts awake. */
void crash_arm(int fd, const struct termios *modes, const char *restore, size_t n);

/* Asleep, the handler leaves the terminal alone: it is not ours just then. */
void crash_sleep(bool asleep);

#endif
