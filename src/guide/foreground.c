#include "guide/foreground.h"

#include "base/mem.h"
#include "guide/child_environment.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { HANDLES = 2 };

struct foreground {
    uv_signal_t signals;
    uv_timer_t timer; /* to going on; or to SIGKILL, and from there to giving up */
    int open_handles;
    int terminal;
    struct termios modes; /* before the command */
    pid_t pid;
    bool waits; /* it has stopped, and is to go on */
    bool killed, over;
    clock_us started, continued;
    int stops; /* in a row */
    foreground_ended ended;
    void *context;
    struct child_end end;
};

static void on_closed(uv_handle_t *handle)
{
    struct foreground *foreground = handle->data;

    if (--foreground->open_handles == 0)
        free(foreground);
}

static void release(struct foreground *foreground)
{
    uv_close((uv_handle_t *)&foreground->signals, on_closed);
    uv_close((uv_handle_t *)&foreground->timer, on_closed);
}

/* SIGTTOU would stop us: we are in the background still. */
static void block_output_signal(sigset_t *before)
{
    sigset_t output;

    sigemptyset(&output);
    sigaddset(&output, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &output, before);
}

static void take_terminal_back(const struct foreground *foreground)
{
    sigset_t before;

    block_output_signal(&before);
    tcsetpgrp(foreground->terminal, getpgrp());
    tcflush(foreground->terminal, TCIFLUSH);
    tcsetattr(foreground->terminal, TCSANOW, &foreground->modes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* A full-screen program that left its screen in order has set the terminal to lines again;
 * where it did not, the text would land in its screen. */
static void say_that_it_goes_on(const struct foreground *foreground)
{
    static const char text[] = "\nstopped, and goes on: Ctrl-C interrupts it\n";
    struct termios modes;

    if (tcgetattr(foreground->terminal, &modes) != 0 || !(modes.c_lflag & ICANON) ||
        !(modes.c_oflag & OPOST))
        return;
    ssize_t ignored = write(foreground->terminal, text, sizeof text - 1);
    (void)ignored;
}

/* As a shell's fg does. */
static void go_on(struct foreground *foreground)
{
    sigset_t before;

    foreground->waits = false;
    foreground->continued = clock_now_us();
    block_output_signal(&before);
    if (foreground->stops == 1)
        say_that_it_goes_on(foreground);
    tcsetpgrp(foreground->terminal, foreground->pid);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    child_signal(foreground->pid, SIGCONT);
}

static void finish(struct foreground *foreground)
{
    if (foreground->end.stopped)
        child_signal(foreground->pid, SIGKILL);
    foreground->over = true;
    child_reap(foreground->pid, &foreground->end);
    foreground->end.took_us = clock_now_us() - foreground->started;
    take_terminal_back(foreground);
    uv_signal_stop(&foreground->signals);
    uv_timer_stop(&foreground->timer);
    foreground->ended(foreground->context, &foreground->end);
}

static void on_timer(uv_timer_t *timer);

static void arm(struct foreground *foreground, clock_us us)
{
    uv_update_time(foreground->timer.loop);
    uv_timer_start(&foreground->timer, on_timer, (uint64_t)(us / CLOCK_MS), 0);
}

/* One that was hung up, and is another user's, goes on with the terminal; at the end of
 * the program nobody can wait for it. */
static void on_timer(uv_timer_t *timer)
{
    struct foreground *foreground = timer->data;

    if (foreground->waits) {
        go_on(foreground);
        return;
    }
    if (foreground->killed) {
        finish(foreground);
        return;
    }
    foreground->killed = true;
    child_signal(foreground->pid, SIGKILL);
    if (foreground->end.interrupted)
        arm(foreground, FOREGROUND_LINGER_US);
}

/* It still has the terminal, and can leave its screen in order; one that only stops
 * again cannot. */
static void hang_up(struct foreground *foreground)
{
    child_signal(foreground->pid, foreground->end.stopped ? SIGKILL : SIGHUP);
    foreground->end.stopped = true;
    arm(foreground, FOREGROUND_GRACE_US);
}

/* Nobody here could bring it back, and what it holds, as an edited text, must not be lost.
 * Not at once: its shell stops before a pager has tidied its screen and stops as well, and
 * that one would stay so. */
static void stand_still(struct foreground *foreground)
{
    if (clock_now_us() - foreground->continued > FOREGROUND_ROW_US)
        foreground->stops = 0;
    if (foreground->end.interrupted || foreground->end.stopped ||
        ++foreground->stops > FOREGROUND_STOPS) {
        foreground->waits = false;
        hang_up(foreground);
        return;
    }
    foreground->waits = true;
    arm(foreground, FOREGROUND_STILL_US);
}

void foreground_terminate(struct foreground *foreground)
{
    if (foreground->over || foreground->end.interrupted)
        return;
    foreground->end.interrupted = true;
    foreground->waits = false;
    child_signal(foreground->pid, SIGTERM);
    arm(foreground, FOREGROUND_GRACE_US);
}

/* Of any child of ours. */
static void on_child_signal(uv_signal_t *handle, int number)
{
    struct foreground *foreground = handle->data;

    (void)number;
    if (child_has_ended(foreground->pid))
        finish(foreground);
    else if (child_has_stopped(foreground->pid))
        stand_still(foreground);
}

static struct foreground *foreground_new(uv_loop_t *loop, int terminal)
{
    struct foreground *foreground = mem_zalloc(sizeof *foreground);

    foreground->terminal = terminal;
    foreground->open_handles = HANDLES;
    foreground->started = clock_now_us();
    uv_signal_init(loop, &foreground->signals);
    uv_timer_init(loop, &foreground->timer);
    foreground->signals.data = foreground->timer.data = foreground;
    /* Before the process is there: it may end at once. */
    uv_signal_start(&foreground->signals, on_child_signal, SIGCHLD);
    return foreground;
}

static int stream(int standard, int terminal)
{
    return isatty(standard) ? standard : terminal;
}

static bool spawn(struct foreground *foreground, const char *text, const char *directory,
                  struct error *err)
{
    int terminal = foreground->terminal;
    char **environment = child_environment_on_terminal(environ);
    const struct child_spawn command = {
        .text = text,
        .directory = directory,
        .environment = environment,
        .fds = {stream(STDIN_FILENO, terminal), stream(STDOUT_FILENO, terminal),
                stream(STDERR_FILENO, terminal)},
        .terminal = terminal,
    };
    bool ok = child_spawn(&command, &foreground->pid, err);

    free(environment);
    return ok;
}

struct foreground *foreground_start(uv_loop_t *loop, int terminal, const char *text,
                                    const char *directory, foreground_ended ended, void *context,
                                    struct error *err)
{
    if (tcgetpgrp(terminal) != getpgrp()) {
        error_set(err, "no terminal for a command: %s",
                  tcgetpgrp(terminal) < 0 ? strerror(errno) : "it is another program's");
        return NULL;
    }
    struct foreground *foreground = foreground_new(loop, terminal);
    foreground->ended = ended;
    foreground->context = context;
    tcgetattr(terminal, &foreground->modes);
    if (spawn(foreground, text, directory, err))
        return foreground;
    take_terminal_back(foreground);
    release(foreground);
    return NULL;
}

void foreground_free(struct foreground *foreground)
{
    if (!foreground)
        return;
    if (!foreground->over) {
        child_signal(foreground->pid, SIGKILL);
        take_terminal_back(foreground);
    }
    release(foreground);
}
