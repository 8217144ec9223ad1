#include "cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of a shell that cannot start its command. */
enum { STATUS_NOT_STARTED = 126 };

bool pager_is_useful(void)
{
    const char *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

static const char *pager_of_environment(void)
{
    const char *command = getenv("PAGER");
    return command && *command ? command : "less";
}

/* A command of one word needs no shell. */
static int spawn_pager(const char *command, pid_t *pid, int input)
{
    char *words[] = {"sh", "-c", NULL, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;

    setenv("LESS", "FRX", 0);
    words[2] = (char *)command;
    bool shell = command[strcspn(command, " \t\n|&;<>()$`\\\"'*?[#~=%!{")] != '\0';
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGXFSZ); /* which main ignores */
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    int error = posix_spawnp(pid, shell ? "sh" : command, &actions, &attributes,
                             shell ? words : words + 2, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* Stops where the reader has left. */
static void feed(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

static bool wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return true;
    return !WIFEXITED(status) || WEXITSTATUS(status) < STATUS_NOT_STARTED;
}

static bool run_pager(const char *command, const char *text, size_t len)
{
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    int error = spawn_pager(command, &pid, ends[0]);
    close(ends[0]);
    if (error == 0)
        feed(ends[1], text, len);
    close(ends[1]);
    return error == 0 && wait_for(pid);
}

static bool show(const char *command, const char *text, size_t len)
{
    static const int numbers[] = {SIGINT, SIGQUIT, SIGPIPE};
    enum { NUMBERS = sizeof numbers / sizeof *numbers };
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before[NUMBERS];

    /* The keyboard's signals are the pager's while it runs. */
    for (size_t i = 0; i < NUMBERS; i++)
        sigaction(numbers[i], &ignore, &before[i]);
    bool shown = run_pager(command, text, len);
    for (size_t i = 0; i < NUMBERS; i++)
        sigaction(numbers[i], &before[i], NULL);
    return shown;
}

bool pager_show(const char *text, size_t len)
{
    return show(pager_of_environment(), text, len);
}

/* Where the terminal can show no pager, man(1) must start none. */
bool pager_show_man(const char *text, size_t len)
{
    return show(pager_is_useful() ? "command -v man >/dev/null || exit 127; exec man -l -"
                                  : "command -v man >/dev/null || exit 127; exec man -P cat -l -",
                text, len);
}
