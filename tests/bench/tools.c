#include "tests/bench/bench.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

bool bench_row(bool ok, const char *what, const char *target, const char *format, ...)
{
    va_list arguments;

    printf("%-5s %-38s %-30s ", ok ? "ok" : "OVER", what, target);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
    return ok;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double bench_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return values[n / 2];
}

bool bench_installed(const char *program)
{
    if (strchr(program, '/'))
        return access(program, X_OK) == 0;
    char *path = mem_strdup(getenv("PATH") ? getenv("PATH") : ""), *rest = path, *directory;
    bool found = false;
    while (!found && (directory = strsep(&rest, ":"))) {
        char *file = mem_printf("%s/%s", directory, program);
        found = access(file, X_OK) == 0;
        free(file);
    }
    free(path);
    return found;
}

clock_us bench_run(const char *const argv[], const char *out, int *status, long *max_rss_kb)
{
    posix_spawn_file_actions_t files;
    struct rusage usage = {0};
    clock_us started;
    pid_t pid;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    started = clock_now_us();
    int failed = posix_spawnp(&pid, argv[0], &files, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed)
        return -1;
    while (wait4(pid, status, 0, &usage) < 0 && errno == EINTR)
        continue;
    clock_us took = clock_now_us() - started;
    *max_rss_kb = usage.ru_maxrss;
    return took;
}

int bench_listen(int backlog, int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) < 0 ||
        (backlog >= 0 && listen(fd, backlog) < 0)) {
        perror("bench: a port on loopback");
        exit(3);
    }
    *port = ntohs(address.sin_port);
    return fd;
}
