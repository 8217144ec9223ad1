#include "tests/ui/dashboard.h"

#include "base/mem.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const no_drop_ins[] = {"XDG_CONFIG_HOME=/nonexistent", NULL};

enum { QUIET_US = 150 * CLOCK_MS, LIMIT_US = 10 * CLOCK_SECOND };

const char *dashboard_program(void)
{
    const char *program = getenv("STELLA");
    return program ? program : "build/stella";
}

struct tmux *dashboard_open_on(const struct tmux_options *options, const char *arguments)
{
    struct tmux_options mine = *options;
    char *command = mem_printf("exec %s doctor --no-journal %s", dashboard_program(), arguments);

    if (!mine.env)
        mine.env = no_drop_ins;
    struct tmux *tmux = tmux_start(&mine, command);
    tmux_wait_row(tmux, mine.rows - 1, "? help");
    free(command);
    return tmux;
}

struct tmux *dashboard_open(const char *arguments)
{
    char *demo = mem_printf("--demo %s", arguments);

    struct tmux *tmux = dashboard_open_on(&(struct tmux_options){.cols = 80, .rows = 24}, demo);
    free(demo);
    return tmux;
}

struct tmux *dashboard_open_in_shell(const char *arguments)
{
    const struct tmux_options options = {.cols = 80, .rows = 24, .env = no_drop_ins};
    char *command =
        mem_printf("stty -g; %s doctor --demo --no-journal %s; status=$?; stty -g; "
                   "echo \"status $status\"; exec cat",
                   dashboard_program(), arguments);

    struct tmux *tmux = tmux_start(&options, command);
    tmux_wait_row(tmux, options.rows - 1, "? help");
    free(command);
    return tmux;
}

void dashboard_quit(struct tmux *tmux)
{
    tmux_send(tmux, "q");
    ck_assert_int_eq(tmux_wait_dead(tmux), 0);
    tmux_stop(tmux);
}

struct pty *dashboard_open_pty(const char *argument)
{
    const struct pty_options options = {.cols = 80, .rows = 24, .env = no_drop_ins};
    const char *const argv[] = {dashboard_program(), "doctor",  "--demo",
                                "--no-journal",      argument, NULL};
    struct pty *pty = pty_start(&options, argv);

    ck_assert_ptr_nonnull(pty);
    ck_assert_int_ge(pty_wait(pty, 0, "? help", LIMIT_US), 0);
    pty_settle(pty, QUIET_US, LIMIT_US);
    return pty;
}

size_t dashboard_type_pty(struct pty *pty, const char *text)
{
    pty_write(pty, text, strlen(text));
    return pty_settle(pty, QUIET_US, LIMIT_US);
}

long dashboard_status(pid_t pid, const char *field)
{
    char path[64], line[128];
    long number = -1;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, field, strlen(field)) == 0)
            number = strtol(line + strlen(field), NULL, 10);
    fclose(file);
    ck_assert_int_ge(number, 0);
    return number;
}
