#include "guide/child_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_NOT_STARTED = 127 };

const char *child_shell(void)
{
    return access("/bin/bash", X_OK) == 0 ? "/bin/bash" : "/bin/sh";
}

static void reset_signals(void)
{
    const struct sigaction standard = {.sa_handler = SIG_DFL};

    for (int number = 1; number < NSIG; number++)
        sigaction(number, &standard, NULL);
}

/* All signals are still blocked: SIGTTOU would stop the one who is not yet in the
 * foreground. */
static bool take_place(const struct child_spawn *spawn)
{
    if (spawn->terminal < 0)
        return setsid() >= 0;
    return setpgid(0, 0) == 0 && tcsetpgrp(spawn->terminal, getpid()) == 0;
}

static bool set_descriptors(const int fds[static 3])
{
    for (int i = 0; i < 3; i++)
        if (dup2(fds[i], i) < 0 || fcntl(i, F_SETFD, 0) < 0)
            return false;
    /* Ours close themselves; this is for those we have inherited. Before Linux 5.11
     * they are passed on. */
    (void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    return true;
}

/* After fork(2) of a process with threads: system calls only. */
static _Noreturn void become(const struct child_spawn *spawn, const char *shell, int report)
{
    /* "--": the text may begin with a minus. */
    const char *words[] = {shell, "-c", "--", spawn->text, NULL};
    sigset_t none;

    reset_signals();
    bool is_there = !spawn->directory || chdir(spawn->directory) == 0;
    if (is_there && take_place(spawn) && set_descriptors(spawn->fds)) {
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(shell, (char *const *)(uintptr_t)words, spawn->environment);
    }
    int number = is_there ? errno : -errno;
    ssize_t ignored = write(report, &number, sizeof number);
    (void)ignored;
    _exit(STATUS_NOT_STARTED);
}

/* Our handlers must not run in the child: libuv's write to a pipe it shares with us. */
static pid_t fork_blocked(const struct child_spawn *spawn, const char *shell, int report)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0)
        become(spawn, shell, report);
    int number = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = number;
    return pid;
}

/* The errno for which the child could not become the shell, negative where it could not
 * enter the directory; 0 when execve(2) has closed the pipe. */
static int read_report(int fd)
{
    int number = 0;

    while (read(fd, &number, sizeof number) < 0 && errno == EINTR)
        continue;
    return number;
}

static int start(const struct child_spawn *spawn, const char *shell, pid_t *pid)
{
    int report[2];

    if (pipe2(report, O_CLOEXEC) != 0)
        return errno;
    *pid = fork_blocked(spawn, shell, report[1]);
    int number = *pid < 0 ? errno : 0;
    close(report[1]);
    if (number == 0 && (number = read_report(report[0])) != 0)
        waitpid(*pid, NULL, 0);
    close(report[0]);
    return number;
}

bool child_spawn(const struct child_spawn *spawn, pid_t *pid, struct error *err)
{
    const char *shell = child_shell();
    size_t len = strlen(spawn->text);

    if (len >= CHILD_TEXT_BYTES) {
        error_set(err, "a command of %zu bytes is too long, %d are possible", len,
                  CHILD_TEXT_BYTES - 1);
        return false;
    }
    int number = start(spawn, shell, pid);
    if (number < 0)
        error_set(err, "%s cannot be entered: %s", spawn->directory, strerror(-number));
    else if (number)
        error_set(err, "%s cannot be started: %s", shell, strerror(number));
    return number == 0;
}

bool child_has_ended(pid_t pid)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

bool child_has_stopped(pid_t pid)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG) == 0 && info.si_pid == pid;
}

void child_signal(pid_t pid, int number)
{
    kill(-pid, number);
    kill(-pid, SIGCONT);
}

void child_reap(pid_t pid, struct child_end *end)
{
    int status;

    end->alive = waitpid(pid, &status, WNOHANG) != pid;
    end->status = !end->alive && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    end->signal = !end->alive && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
