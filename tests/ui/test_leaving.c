#include "suites.h"
#include "base/mem.h"
#include "tests/ui/dashboard.h"
#include "tests/unit/temporary.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count_lines(const char *screen)
{
    int lines = 0;

    for (const char *at = screen; *at; at += strcspn(at, "\n") + 1)
        lines += *at != '\n';
    return lines;
}

START_TEST(the_status_is_0_or_that_of_the_worst_result)
{
    static const struct {
        const char *arguments, *keys, *shown;
        int status;
    } ends[] = {
        {"", "j r", "1 FAIL", 0},
        {"--exit-status", "j r", "1 FAIL", 1},
        {"--exit-status", "j j r", "1 PASS", 0},
        {"--exit-status", "", "3 not run", 0},
    };
    struct tmux *tmux = dashboard_open(ends[_i].arguments);

    tmux_send(tmux, ends[_i].keys);
    tmux_wait_row(tmux, 1, ends[_i].shown);
    tmux_send(tmux, "F10");
    ck_assert_int_eq(tmux_wait_dead(tmux), ends[_i].status);
    tmux_stop(tmux);
}
END_TEST

START_TEST(a_summary_stays_on_the_normal_screen)
{
    struct tmux *tmux = dashboard_open("--timeout 300ms");

    tmux_send(tmux, "R");
    tmux_wait_row(tmux, 1, "2 FAIL   \xE2\x9C\x94 1 PASS");
    ck_assert_str_eq(tmux_format(tmux, "#{alternate_on}"), "1");
    tmux_send(tmux, "q");
    ck_assert_int_eq(tmux_wait_dead(tmux), 0);
    ck_assert_str_eq(tmux_format(tmux, "#{alternate_on}"), "0");
    const char *screen = tmux_screen(tmux);
    ck_assert_ptr_nonnull(strstr(screen, "FAIL   check.integration.smtp"));
    ck_assert_ptr_nonnull(strstr(screen, "Timed out after 0.3 s connecting"));
    ck_assert_ptr_nonnull(strstr(screen, "PASS   check.integration.teams"));
    ck_assert_ptr_nonnull(strstr(screen, "1 pass, 2 fail, 0 skip, 0 error; seen from "));
    ck_assert_int_ge(count_lines(screen), 5);
    ck_assert_int_le(count_lines(screen), 15);
    tmux_stop(tmux);
}
END_TEST

START_TEST(nothing_run_leaves_nothing)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "C-c");
    ck_assert_int_eq(tmux_wait_dead(tmux), 0);
    ck_assert_int_eq(count_lines(tmux_screen(tmux)), 0);
    tmux_stop(tmux);
}
END_TEST

/* The report of `stella doctor run`, and one line on stderr that says why. */
START_TEST(without_a_screen_there_is_the_report)
{
    static const struct {
        const char *command, *why, *status;
    } cases[] = {
        {"TERM=dumb $run 2>errors", "TERM is dumb", "status 1"},
        {"(unset TERM; $run 2>errors)", "TERM is not set", "status 1"},
        {"TERM=no-such-terminal $run 2>errors", "unknown terminal", "status 1"},
        {"$run 2>errors | cat", "not a terminal", "status 0"},
        {"$run 2>errors </dev/null", "not a terminal", "status 1"},
    };
    const struct tmux_options options = {.cols = 120, .rows = 90};
    char *program = realpath(dashboard_program(), NULL);
    char *command = mem_printf("run='%s doctor --demo --timeout 300ms'; cd %s; %s; "
                               "echo \"status $?\"; wc -l errors; cat errors; exec cat",
                               program, temporary_directory(), cases[_i].command);

    struct tmux *tmux = tmux_start(&options, command);
    tmux_wait(tmux, "no dashboard here (");
    tmux_wait(tmux, cases[_i].why);
    tmux_wait(tmux, "1 errors");
    tmux_wait(tmux, "FAIL   check.integration.smtp");
    tmux_wait(tmux, "PASS   check.integration.teams");
    tmux_wait(tmux, cases[_i].status);
    tmux_stop(tmux);
    temporary_remove();
    free(command);
    free(program);
}
END_TEST

/* The process that the shell in the pane waits for. */
static pid_t child_of_pane(struct tmux *tmux)
{
    char path[64], text[32] = "";
    int shell = atoi(tmux_format(tmux, "#{pane_pid}"));

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", shell, shell);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(text, sizeof text, file));
    fclose(file);
    return (pid_t)strtol(text, NULL, 10);
}

/* The two lines of stty -g must be the same. */
static void expect_same_modes(struct tmux *tmux)
{
    char *screen = mem_strdup(tmux_screen(tmux));
    const char *found[2] = {NULL, NULL};
    int count = 0;

    for (char *line = strtok(screen, "\n"); line; line = strtok(NULL, "\n"))
        if (strlen(line) > 20 && line[strspn(line, "0123456789abcdef:")] == '\0' && count < 2)
            found[count++] = line;
    ck_assert_int_eq(count, 2);
    ck_assert_str_eq(found[0], found[1]);
    free(screen);
}

static void expect_restored(struct tmux *tmux, int status)
{
    char *line = mem_printf("status %d", status);

    tmux_wait(tmux, line);
    tmux_type(tmux, "typed and echoed\r");
    tmux_wait(tmux, "typed and echoed");
    ck_assert_str_eq(tmux_format(tmux, "#{alternate_on}"), "0");
    ck_assert_str_eq(tmux_format(tmux, "#{cursor_flag}"), "1");
    ck_assert_str_eq(tmux_format(tmux, "#{keypad_cursor_flag}"), "0");
    expect_same_modes(tmux);
    free(line);
    tmux_stop(tmux);
}

START_TEST(quitting_restores_the_terminal)
{
    struct tmux *tmux = dashboard_open_in_shell("");

    tmux_send(tmux, "q");
    expect_restored(tmux, 0);
}
END_TEST

START_TEST(a_signal_restores_the_terminal)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT};
    struct tmux *tmux = dashboard_open_in_shell("");

    tmux_send(tmux, "r");
    tmux_wait(tmux, "connecting to");
    ck_assert_int_eq(kill(child_of_pane(tmux), signals[_i]), 0);
    expect_restored(tmux, 128 + signals[_i]);
}
END_TEST

/* The prompt tells the status of what ran before it. */
START_TEST(suspends_and_comes_back)
{
    static const char *const env[] = {"XDG_CONFIG_HOME=/nonexistent", "PS1=($?)> ", NULL};
    const struct tmux_options options = {.cols = 80, .rows = 24, .env = env};
    struct tmux *tmux = tmux_start(&options, "exec sh -i");
    char *command = mem_printf("%s doctor --demo\r", dashboard_program());

    tmux_wait_cursor(tmux, "(0)>");
    tmux_type(tmux, command);
    tmux_wait_row(tmux, 23, "? help");
    tmux_send(tmux, "j C-z");
    tmux_wait(tmux, "Stopped");
    tmux_wait_cursor(tmux, "(148)>");
    ck_assert_str_eq(tmux_format(tmux, "#{alternate_on}"), "0");
    tmux_type(tmux, "false\r");
    tmux_wait_cursor(tmux, "(1)>");
    tmux_resize(tmux, 100, 30);
    tmux_type(tmux, "fg\r");
    tmux_wait_row(tmux, 29, "? help");
    tmux_wait_cursor(tmux, "Slack Webhook");
    ck_assert_str_eq(tmux_format(tmux, "#{alternate_on}"), "1");
    tmux_send(tmux, "q");
    tmux_wait_cursor(tmux, "(0)>");
    tmux_stop(tmux);
    free(command);
}
END_TEST

Suite *leaving_suite(void)
{
    Suite *suite = suite_create("leaving");
    TCase *tcase = tcase_create("leaving");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_status_is_0_or_that_of_the_worst_result, 0, 4);
    tcase_add_test(tcase, a_summary_stays_on_the_normal_screen);
    tcase_add_test(tcase, nothing_run_leaves_nothing);
    tcase_add_loop_test(tcase, without_a_screen_there_is_the_report, 0, 5);
    tcase_add_test(tcase, quitting_restores_the_terminal);
    tcase_add_loop_test(tcase, a_signal_restores_the_terminal, 0, 5);
    tcase_add_test(tcase, suspends_and_comes_back);
    suite_add_tcase(suite, tcase);
    return suite;
}
