#include "tests/ui/pty.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

static void keep_variable(char **saved, const char *name)
{
    const char *value = getenv(name);
    *saved = value ? mem_printf("%s=%s", name, value) : NULL;
}

void pty_set_environment(const char *const *env)
{
    static const char *const kept[] = {"PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS"};
    enum { KEPT = sizeof kept / sizeof *kept };
    char *saved[KEPT];

    for (size_t i = 0; i < KEPT; i++)
        keep_variable(&saved[i], kept[i]);
    clearenv();
    for (size_t i = 0; i < KEPT; i++)
        if (saved[i])
            putenv(saved[i]);
    putenv(mem_strdup("LANG=C.UTF-8"));
    for (; env && *env; env++)
        putenv(mem_strdup(*env));
}

static void run_child(const struct pty_options *options, const char *const argv[])
{
    pty_set_environment(options->env);
    setenv("TERM", options->term ? options->term : "xterm-256color", 1);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* forkpty(3) makes an ioctl(2) that valgrind does not know. */
static pid_t fork_on(int terminal)
{
    char name[64];

    if (unlockpt(terminal) != 0 || ptsname_r(terminal, name, sizeof name) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        close(terminal);
        if (login_tty(open(name, O_RDWR | O_NOCTTY)) != 0)
            _exit(127);
    }
    return pid;
}

/* As fork(2): pid is 0 in the child. NULL with errno on failure. */
static struct pty *fork_on_terminal(const struct pty_options *options)
{
    struct pty *pty = mem_zalloc(sizeof *pty);

    pty->started = clock_now_us();
    pty->fd = posix_openpt(O_RDWR | O_NOCTTY);
    pty_resize(pty, options->cols, options->rows);
    pty->pid = fork_on(pty->fd);
    if (pty->pid >= 0)
        return pty;
    int number = errno;
    pty_stop(pty);
    errno = number;
    return NULL;
}

struct pty *pty_start(const struct pty_options *options, const char *const argv[])
{
    struct pty *pty = fork_on_terminal(options);

    if (pty && pty->pid == 0)
        run_child(options, argv);
    return pty;
}

struct pty *pty_call(const struct pty_options *options, int (*body)(void))
{
    struct pty *pty = fork_on_terminal(options);

    if (pty && pty->pid == 0) {
        free(pty);
        exit(body());
    }
    return pty;
}

void pty_write(struct pty *pty, const char *bytes, size_t n)
{
    while (n > 0 && pty->fd >= 0) {
        ssize_t done = write(pty->fd, bytes, n);
        if (done < 0 && errno != EINTR)
            return;
        if (done > 0) {
            bytes += done;
            n -= (size_t)done;
        }
    }
}

void pty_resize(struct pty *pty, int cols, int rows)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    ioctl(pty->fd, TIOCSWINSZ, &size);
}

static void hang_up(struct pty *pty)
{
    close(pty->fd);
    pty->fd = -1;
}

/* Takes what has been written; the terminal is closed at its end. */
static void take(struct pty *pty)
{
    char bytes[16384];
    ssize_t n = read(pty->fd, bytes, sizeof bytes);

    if (n <= 0) {
        hang_up(pty);
        return;
    }
    pty->chunks = mem_grow(pty->chunks, pty->nchunks, sizeof *pty->chunks);
    pty->chunks[pty->nchunks++] = (struct pty_chunk){clock_now_us(), pty->output.len};
    buf_add(&pty->output, bytes, (size_t)n);
}

/* poll(2) until a moment of clock_now_us; a fd of -1 is passed over. */
static int poll_until(struct pollfd *fds, nfds_t count, clock_us deadline)
{
    for (;;) {
        clock_us left = deadline - clock_now_us();
        if (left < 0)
            left = 0;
        struct timespec timeout = {left / CLOCK_SECOND, left % CLOCK_SECOND * 1000};
        int ready = ppoll(fds, count, &timeout, NULL);
        if (ready >= 0 || errno != EINTR)
            return ready;
    }
}

/* Waits until deadline for bytes and takes them; false when none came. */
static bool take_until(struct pty *pty, clock_us deadline)
{
    struct pollfd fd = {.fd = pty->fd, .events = POLLIN};

    if (pty->fd < 0 || poll_until(&fd, 1, deadline) <= 0)
        return false;
    take(pty);
    return true;
}

size_t pty_record(struct pty *pty, clock_us us)
{
    size_t before = pty->output.len;
    clock_us deadline = clock_now_us() + us;

    while (take_until(pty, deadline))
        continue;
    return pty->output.len - before;
}

size_t pty_settle(struct pty *pty, clock_us quiet_us, clock_us limit_us)
{
    size_t before = pty->output.len;
    clock_us limit = clock_now_us() + limit_us, deadline;

    do {
        deadline = clock_now_us() + quiet_us;
        if (deadline > limit)
            deadline = limit;
    } while (take_until(pty, deadline));
    return pty->output.len - before;
}

/* When the byte before end came. */
static clock_us arrival(const struct pty *pty, size_t end)
{
    size_t i = pty->nchunks - 1;

    while (i > 0 && pty->chunks[i].start >= end)
        i--;
    return pty->chunks[i].at;
}

clock_us pty_wait(struct pty *pty, size_t offset, const char *text, clock_us limit_us)
{
    clock_us deadline = clock_now_us() + limit_us;
    size_t n = strlen(text);

    for (;;) {
        const char *from = pty->output.data + offset, *found = NULL;
        if (pty->output.len > offset)
            found = memmem(from, pty->output.len - offset, text, n);
        if (found)
            return arrival(pty, (size_t)(found - pty->output.data) + n);
        if (!take_until(pty, deadline))
            return -1;
    }
}

/* Waits until the program has ended, taking what it writes meanwhile: it could
 * be held up by a full terminal. */
static bool wait_end(struct pty *pty, int process, clock_us deadline)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = process, .events = POLLIN},
                               {.fd = pty->fd, .events = POLLIN}};
        int ready = poll_until(fds, 2, deadline);
        if (ready <= 0)
            return false;
        if (fds[1].revents)
            take(pty);
        else if (fds[0].revents)
            return true;
    }
}

bool pty_wait_exit(struct pty *pty, clock_us limit_us, int *status)
{
    int process = pidfd_open(pty->pid, 0);
    if (process < 0)
        return false;
    bool ended = wait_end(pty, process, clock_now_us() + limit_us);
    close(process);
    if (ended) {
        waitpid(pty->pid, status, 0);
        pty->pid = -1;
    }
    return ended;
}

void pty_stop(struct pty *pty)
{
    if (!pty)
        return;
    if (pty->fd >= 0)
        close(pty->fd);
    if (pty->pid > 0) {
        kill(pty->pid, SIGKILL);
        waitpid(pty->pid, NULL, 0);
    }
    buf_clear(&pty->output);
    free(pty->chunks);
    free(pty);
}
