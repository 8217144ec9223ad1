#include "guide/child.h"

#include "base/mem.h"
#include "guide/child_environment.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HANDLES = 3, READ_BYTES = 64 * 1024 };

enum stage {
    STAGE_RUNS,
    STAGE_TERMINATED, /* got SIGTERM; the timer runs to SIGKILL */
    STAGE_KILLED,     /* got SIGKILL; the timer runs to giving up */
    STAGE_OVER        /* the observer knows */
};

struct child {
    uv_poll_t output;
    uv_timer_t timer;
    uv_signal_t signals;
    int open_handles;
    int pipe; /* our end */
    int life; /* open while we read the pipe: the keeper's sign of us; -1: given up */
    pid_t pid;
    enum stage stage;
    bool has_ended; /* the process, not yet reaped */
    bool drained;   /* the pipe is at its end */
    bool freed;     /* by the owner: goes when it is over */
    clock_us started, grace_us;
    struct child_observer observer;
    struct child_end end;
    struct capture capture;
};

static void on_closed(uv_handle_t *handle)
{
    struct child *child = handle->data;

    if (--child->open_handles == 0)
        free(child);
}

/* Once it hears no more of us it reads on in our place, be it that a daemon of the command
 * goes on or that we were killed: without a reader whoever writes ends by SIGPIPE, half-way
 * through its work. A file would need no reader, but could fill the disk unseen. The shell
 * puts it behind itself and is gone at once, so that it is nobody's child. */
static bool start_keeper(const struct child *child, int life, struct error *err)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    char **clean = child_environment(environ);
    const struct child_spawn spawn = {
        .text = "cd / && { read -r _ <&2; exec cat <&1 >/dev/null 2>&1; } &",
        .environment = clean,
        .fds = {null, child->pipe, life},
        .terminal = -1,
    };
    pid_t pid;
    bool ok = child_spawn(&spawn, &pid, err);

    if (ok)
        waitpid(pid, NULL, 0);
    free(clean);
    close(null);
    return ok;
}

/* It takes over, and is gone where nobody writes any more. */
static void leave_to_keeper(struct child *child)
{
    if (child->life >= 0)
        close(child->life);
    child->life = -1;
}

static void release(struct child *child)
{
    uv_close((uv_handle_t *)&child->output, on_closed);
    uv_close((uv_handle_t *)&child->timer, on_closed);
    uv_close((uv_handle_t *)&child->signals, on_closed);
    close(child->pipe);
    leave_to_keeper(child);
}

static void on_timer(uv_timer_t *timer);

static void arm(struct child *child, clock_us us)
{
    uv_update_time(child->timer.loop);
    uv_timer_start(&child->timer, on_timer, ((uint64_t)us + CLOCK_MS - 1) / CLOCK_MS, 0);
}

static void terminate(struct child *child)
{
    child->stage = STAGE_TERMINATED;
    child_signal(child->pid, SIGTERM);
    arm(child, child->grace_us);
}

static void kill_group(struct child *child)
{
    child->stage = STAGE_KILLED;
    child_signal(child->pid, SIGKILL);
    arm(child, CHILD_LINGER_US);
}

/* Only now may the process be reaped: until then its number is the group's. */
static void finish(struct child *child)
{
    if (child->stage != STAGE_RUNS)
        child_signal(child->pid, SIGKILL);
    child->stage = STAGE_OVER;
    child_reap(child->pid, &child->end);
    child->end.left = child->has_ended && !child->drained;
    child->end.took_us = clock_now_us() - child->started;
    child->end.bytes = child->capture.total;
    uv_timer_stop(&child->timer);
    uv_signal_stop(&child->signals);
    uv_unref((uv_handle_t *)&child->output);
    if (child->freed)
        release(child);
    else
        child->observer.ended(child->observer.context, &child->end);
}

static void on_timer(uv_timer_t *timer)
{
    struct child *child = timer->data;

    if (child->stage == STAGE_KILLED || (child->stage == STAGE_RUNS && child->has_ended)) {
        finish(child);
    } else if (child->stage == STAGE_TERMINATED) {
        kill_group(child);
    } else if (child_has_ended(child->pid)) {
        /* While we were stopped, say: the loop comes to timers first. */
        arm(child, CHILD_LINGER_US);
    } else {
        child->end.timed_out = true;
        terminate(child);
    }
}

/* Of any child of ours. */
static void on_child_signal(uv_signal_t *handle, int number)
{
    struct child *child = handle->data;

    (void)number;
    if (child->has_ended || !child_has_ended(child->pid))
        return;
    child->has_ended = true;
    if (child->drained)
        finish(child);
    else if (child->stage == STAGE_RUNS)
        arm(child, CHILD_LINGER_US);
}

static void on_drained(struct child *child)
{
    child->drained = true;
    uv_poll_stop(&child->output);
    leave_to_keeper(child);
    if (child->has_ended && child->stage != STAGE_OVER)
        finish(child);
}

/* One read a round: however fast it writes, the loop goes round. */
static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct child *child = poll->data;
    char bytes[READ_BYTES];
    ssize_t n = status < 0 ? 0 : read(child->pipe, bytes, sizeof bytes);

    (void)events;
    if (n > 0) {
        capture_add(&child->capture, bytes, (size_t)n);
        if (child->stage != STAGE_OVER && !child->freed && child->observer.output)
            child->observer.output(child->observer.context);
    } else if (n == 0 || errno != EINTR) {
        on_drained(child);
    }
}

/* A file in memory needs nobody to feed it. */
static int open_input(const char *text)
{
    if (!text)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_create("stella", MFD_CLOEXEC);
    size_t len = strlen(text);
    if (fd >= 0 && (write(fd, text, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

static struct child *child_new(uv_loop_t *loop, int pipe, const struct child_observer *observer)
{
    struct child *child = mem_zalloc(sizeof *child);

    child->pipe = pipe;
    child->life = -1;
    child->observer = *observer;
    child->started = clock_now_us();
    child->open_handles = HANDLES;
    uv_poll_init(loop, &child->output, pipe);
    /* The flag would be the keeper's too. There is one reader at a time, which is told when
     * there is something to be read. */
    fcntl(pipe, F_SETFL, 0);
    uv_timer_init(loop, &child->timer);
    uv_signal_init(loop, &child->signals);
    child->output.data = child->timer.data = child->signals.data = child;
    /* Before the process is there: it may end at once. */
    uv_signal_start(&child->signals, on_child_signal, SIGCHLD);
    return child;
}

static bool spawn_shell(struct child *child, const struct child_options *options, int input,
                        int output, struct error *err)
{
    char **clean = options->environment ? NULL : child_environment(environ);
    const struct child_spawn spawn = {
        .text = options->text,
        .directory = options->directory,
        .environment = clean ? clean : options->environment,
        .fds = {input, output, output},
        .terminal = -1,
    };
    bool ok = child_spawn(&spawn, &child->pid, err);

    free(clean);
    return ok;
}

static bool start_both(struct child *child, const struct child_options *options, int input,
                       int output, struct error *err)
{
    int life[2];

    if (pipe2(life, O_CLOEXEC) != 0) {
        error_set(err, "no pipe for a command: %s", strerror(errno));
        return false;
    }
    child->life = life[1];
    bool ok = start_keeper(child, life[0], err) && spawn_shell(child, options, input, output, err);
    close(life[0]);
    return ok;
}

static struct child *start(uv_loop_t *loop, const struct child_options *options,
                           const struct child_observer *observer, int input, struct error *err)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        error_set(err, "no pipe for a command: %s", strerror(errno));
        return NULL;
    }
    struct child *child = child_new(loop, ends[0], observer);
    bool ok = start_both(child, options, input, ends[1], err);
    close(ends[1]);
    if (!ok) {
        release(child);
        return NULL;
    }
    child->grace_us = options->grace_us ? options->grace_us : CHILD_GRACE_US;
    uv_poll_start(&child->output, UV_READABLE, on_readable);
    if (options->limit_us)
        arm(child, options->limit_us);
    return child;
}

struct child *child_start(uv_loop_t *loop, const struct child_options *options,
                          const struct child_observer *observer, struct error *err)
{
    int input = open_input(options->input);

    if (input < 0) {
        error_set(err, "no input for a command: %s", strerror(errno));
        return NULL;
    }
    struct child *child = start(loop, options, observer, input, err);
    close(input);
    return child;
}

const struct capture *child_output(const struct child *child)
{
    return &child->capture;
}

void child_interrupt(struct child *child)
{
    if (child->stage == STAGE_OVER)
        return;
    if (child->end.interrupted) {
        kill_group(child);
    } else {
        child->end.interrupted = true;
        child_signal(child->pid, SIGINT);
    }
}

bool child_was_interrupted(const struct child *child)
{
    return child->end.interrupted && child->stage != STAGE_OVER;
}

void child_terminate(struct child *child)
{
    if (child->stage != STAGE_RUNS)
        return;
    if (child->has_ended) {
        finish(child);
        return;
    }
    child->end.interrupted = true;
    terminate(child);
}

void child_free(struct child *child)
{
    if (!child)
        return;
    child->freed = true;
    if (child->stage == STAGE_OVER)
        release(child);
    else
        kill_group(child);
}
