#include "ui/crash.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { STACK_SIZE = 32 * 1024 };

static struct {
    volatile sig_atomic_t awake;
    int fd;
    struct termios modes;
    char restore[CRASH_RESTORE_SIZE];
    size_t len;
} guard;

static char handler_stack[STACK_SIZE];

/* The handler is called once (SA_RESETHAND) with its signal blocked, so the
 * one raised here strikes on return, where the fault was. */
static void on_fault(int number)
{
    /* In the background the terminal is another's, and touching it stops us. */
    if (guard.awake && tcgetpgrp(guard.fd) == getpgrp()) {
        guard.awake = 0;
        ssize_t written = write(guard.fd, guard.restore, guard.len);
        (void)written;
        tcsetattr(guard.fd, TCSANOW, &guard.modes);
    }
    raise(number);
}

void crash_arm(int fd, const struct termios *modes, const char *restore, size_t n)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK | (int)SA_RESETHAND};

    guard.fd = fd;
    guard.modes = *modes;
    guard.len = n < sizeof guard.restore ? n : sizeof guard.restore;
    memcpy(guard.restore, restore, guard.len);
    guard.awake = 1;
    sigaltstack(&stack, NULL);
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigaction(faults[i], &action, NULL);
}

void crash_sleep(bool asleep)
{
    guard.awake = !asleep;
}
