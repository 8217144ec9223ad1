#include "suites.h"
#include "tests/ui/pty.h"
#include "tests/ui/tmux.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct tmux_options plain = {.cols = 80, .rows = 24};
static const struct pty_options pty_plain = {.cols = 80, .rows = 24};

enum { LIMIT_US = 10 * CLOCK_SECOND };

START_TEST(shows_what_is_typed)
{
    struct tmux *tmux = tmux_start(&plain, "echo ready; exec cat");

    tmux_wait(tmux, "ready");
    tmux_type(tmux, "; 'quoted' \"#{x}\" \xC3\xA9");
    tmux_wait(tmux, "; 'quoted' \"#{x}\" \xC3\xA9");
    ck_assert_str_eq(tmux_row(tmux, 0), "ready\n");
    tmux_stop(tmux);
}
END_TEST

START_TEST(sends_keys_by_name)
{
    struct tmux *tmux = tmux_start(&plain, "stty raw -echo; echo ready; exec cat -v");

    tmux_wait(tmux, "ready");
    tmux_send(tmux, "Up C-c M-x Escape F1");
    tmux_wait(tmux, "^[[A^C^[x^[^[OP");
    tmux_stop(tmux);
}
END_TEST

START_TEST(waits_until_text_is_gone)
{
    struct tmux *tmux = tmux_start(&plain, "echo here; read line; clear; echo after; exec cat");

    tmux_wait(tmux, "here");
    tmux_send(tmux, "Enter");
    tmux_wait_gone(tmux, "here");
    tmux_wait(tmux, "after");
    tmux_stop(tmux);
}
END_TEST

START_TEST(knows_where_the_cursor_is)
{
    struct tmux *tmux = tmux_start(&plain, "printf '\\033[5;7HX'; exec cat");
    int col, row;

    tmux_wait(tmux, "X");
    tmux_cursor(tmux, &col, &row);
    ck_assert_int_eq(col, 7);
    ck_assert_int_eq(row, 4);
    tmux_stop(tmux);
}
END_TEST

START_TEST(resizes)
{
    struct tmux *tmux = tmux_start(&plain, "exec sh");

    tmux_type(tmux, "stty size\r");
    tmux_wait(tmux, "24 80");
    tmux_resize(tmux, 200, 60);
    tmux_type(tmux, "stty size\r");
    tmux_wait(tmux, "60 200");
    tmux_stop(tmux);
}
END_TEST

START_TEST(tells_how_a_program_ended)
{
    static const struct {
        const char *command;
        int status;
    } ends[] = {{"exit 0", 0}, {"exit 7", 7}, {"kill -SEGV $$", 128 + SIGSEGV}};
    char *command = NULL;

    ck_assert_int_gt(asprintf(&command, "echo bye; %s", ends[_i].command), 0);
    struct tmux *tmux = tmux_start(&plain, command);
    ck_assert_int_eq(tmux_wait_dead(tmux), ends[_i].status);
    /* tmux may hear of the end before it has read the last output. */
    tmux_wait(tmux, "bye");
    const char *screen = tmux_screen(tmux);
    ck_assert_int_eq(strncmp(screen, "bye\n", 4), 0);
    ck_assert_uint_eq(strspn(screen + 4, "\n"), strlen(screen + 4));
    tmux_stop(tmux);
    free(command);
}
END_TEST

START_TEST(a_running_program_is_not_dead)
{
    struct tmux *tmux = tmux_start(&plain, "echo ready; exec cat");
    int status;

    tmux_wait(tmux, "ready");
    ck_assert(!tmux_dead(tmux, &status));
    ck_assert_str_eq(tmux_format(tmux, "#{alternate_on}"), "0");
    tmux_stop(tmux);
}
END_TEST

START_TEST(shows_styles)
{
    struct tmux *tmux = tmux_start(&plain, "printf '\\033[31mred'; exec cat");

    tmux_wait(tmux, "red");
    ck_assert_ptr_null(strchr(tmux_screen(tmux), '\033'));
    ck_assert_ptr_nonnull(strstr(tmux_screen_styled(tmux), "\033[31mred"));
    tmux_stop(tmux);
}
END_TEST

START_TEST(sets_the_environment)
{
    static const char *const env[] = {"LANG=C", "FOO=a b;c", NULL};
    struct tmux_options options = {.cols = 80, .rows = 24, .term = "vt100", .env = env};

    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("NO_COLOR", "1", 1);
    struct tmux *tmux = tmux_start(&options, "echo \"<$TERM|$LANG|$FOO|$LC_ALL|$NO_COLOR>\"");
    tmux_wait(tmux, "<vt100|C|a b;c||>");
    tmux_stop(tmux);
}
END_TEST

/* A descriptor that is readable once the process that format names has ended. */
static int watch_process(struct tmux *tmux, const char *format)
{
    int fd = pidfd_open((pid_t)strtol(tmux_format(tmux, format), NULL, 10), 0);
    ck_assert_int_ge(fd, 0);
    return fd;
}

static void await_end(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    ck_assert_int_eq(poll(&poll_fd, 1, TMUX_TIMEOUT_MS), 1);
    close(fd);
}

START_TEST(stop_leaves_nothing)
{
    struct tmux *tmux = tmux_start(&plain, "echo ready; exec cat");

    tmux_wait(tmux, "ready");
    int server = watch_process(tmux, "#{pid}"), program = watch_process(tmux, "#{pane_pid}");
    ck_assert_int_ne(access(tmux_format(tmux, "#{socket_path}"), F_OK), 0);
    tmux_stop(tmux);
    await_end(server);
    await_end(program);
}
END_TEST

/* Starts a screen, tells its processes, and dies of SIGKILL. */
static void die_with_screen(int fd)
{
    struct tmux *tmux = tmux_start(&plain, "echo ready; exec cat");

    tmux_wait(tmux, "ready");
    dprintf(fd, "%s", tmux_format(tmux, "#{pid} #{pane_pid}"));
    raise(SIGKILL);
}

START_TEST(a_test_that_dies_leaves_nothing)
{
    char text[64] = "";
    int fds[2], pids[2];

    ck_assert_int_eq(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0)
        die_with_screen(fds[1]);
    close(fds[1]);
    ck_assert_int_gt(read(fds[0], text, sizeof text - 1), 0);
    ck_assert_int_eq(sscanf(text, "%d %d", &pids[0], &pids[1]), 2);
    for (int i = 0; i < 2; i++) {
        int fd = pidfd_open(pids[i], 0);
        if (fd >= 0)
            await_end(fd);
    }
    waitpid(child, NULL, 0);
    close(fds[0]);
}
END_TEST

START_TEST(must_fail)
{
    struct tmux *tmux = tmux_start(&plain, "echo ready; exec cat");

    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    tmux_wait_ms(tmux, "never shown", 50);
    tmux_stop(tmux);
}
END_TEST

START_TEST(a_wait_in_vain_fails_the_test)
{
    Suite *suite = suite_create("inner");
    TCase *tcase = tcase_create("inner");

    tcase_add_test(tcase, must_fail);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_SILENT);
    ck_assert_int_eq(srunner_ntests_failed(runner), 1);
    TestResult **results = srunner_failures(runner);
    ck_assert_ptr_nonnull(strstr(tr_msg(results[0]), "lacks \"never shown\""));
    free(results);
    srunner_free(runner);
}
END_TEST

START_TEST(pty_records_bytes_and_status)
{
    static const char *const argv[] = {"sh", "-c", "printf 'one\\033[Htwo'; exit 5", NULL};
    struct pty *pty = pty_start(&pty_plain, argv);
    int status;

    clock_us at = pty_wait(pty, 0, "\033[Htwo", LIMIT_US);
    ck_assert_int_ge(at, pty->started);
    ck_assert(pty_wait_exit(pty, LIMIT_US, &status));
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 5);
    ck_assert_str_eq(pty->output.data, "one\033[Htwo");
    pty_stop(pty);
}
END_TEST

START_TEST(pty_types_and_counts)
{
    static const char *const argv[] = {"cat", NULL};
    struct pty *pty = pty_start(&pty_plain, argv);

    pty_write(pty, "abc\r", 4);
    size_t echoed = strlen("abc\r\nabc\r\n");
    ck_assert_int_ge(pty_wait(pty, 0, "abc\r\nabc\r\n", LIMIT_US), 0);
    ck_assert_uint_eq(pty->output.len, echoed);
    ck_assert_uint_eq(pty_record(pty, 20 * CLOCK_MS), 0);
    ck_assert_int_eq(pty_wait(pty, echoed, "abc", 20 * CLOCK_MS), -1);
    pty_write(pty, "x", 1);
    ck_assert_uint_eq(pty_settle(pty, 100 * CLOCK_MS, LIMIT_US), 1);
    int status;
    ck_assert(!pty_wait_exit(pty, 10 * CLOCK_MS, &status));
    pty_stop(pty);
}
END_TEST

START_TEST(pty_has_a_size_and_an_environment)
{
    static const char *const argv[] = {"sh", NULL}, *const env[] = {"PS1=", NULL};
    struct pty_options options = {.cols = 40, .rows = 10, .term = "vt220", .env = env};
    struct pty *pty = pty_start(&options, argv);

    pty_write(pty, "stty size; echo $TERM $LANG\r", 28);
    ck_assert_int_ge(pty_wait(pty, 0, "10 40\r\nvt220 C.UTF-8", LIMIT_US), 0);
    pty_resize(pty, 100, 30);
    size_t before = pty->output.len;
    pty_write(pty, "stty size\r", 10);
    ck_assert_int_ge(pty_wait(pty, before, "30 100", LIMIT_US), 0);
    pty_stop(pty);
}
END_TEST

Suite *harness_suite(void)
{
    Suite *suite = suite_create("harness");
    TCase *tcase = tcase_create("tmux");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, shows_what_is_typed);
    tcase_add_test(tcase, sends_keys_by_name);
    tcase_add_test(tcase, waits_until_text_is_gone);
    tcase_add_test(tcase, knows_where_the_cursor_is);
    tcase_add_test(tcase, resizes);
    tcase_add_loop_test(tcase, tells_how_a_program_ended, 0, 3);
    tcase_add_test(tcase, a_running_program_is_not_dead);
    tcase_add_test(tcase, shows_styles);
    tcase_add_test(tcase, sets_the_environment);
    tcase_add_test(tcase, stop_leaves_nothing);
    tcase_add_test(tcase, a_test_that_dies_leaves_nothing);
    tcase_add_test(tcase, a_wait_in_vain_fails_the_test);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("pty");
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, pty_records_bytes_and_status);
    tcase_add_test(tcase, pty_types_and_counts);
    tcase_add_test(tcase, pty_has_a_size_and_an_environment);
    suite_add_tcase(suite, tcase);
    return suite;
}
