#include "suites.h"

#include "base/mem.h"
#include "guide/foreground.h"
#include "tests/ui/pty.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { LIMIT_US = 20 * CLOCK_SECOND };

/* What runs in the process that has a terminal; it reports there. */
static uv_loop_t loop;
static const char *command;
static struct termios before;
static struct foreground *foreground;

static struct pty *pty;

static bool is_same(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
           a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

static void report_terminal(void)
{
    struct termios after = {0};
    int waiting = -1;

    tcgetattr(STDIN_FILENO, &after);
    ioctl(STDIN_FILENO, FIONREAD, &waiting);
    dprintf(STDOUT_FILENO, "terminal: %s, modes %s, %d bytes wait\n",
            tcgetpgrp(STDIN_FILENO) == getpgrp() ? "ours" : "lost",
            is_same(&before, &after) ? "as before" : "changed", waiting);
}

static void on_ended(void *context, const struct child_end *end)
{
    ck_assert_ptr_eq(context, &command);
    dprintf(STDOUT_FILENO, "end: status %d, signal %d%s%s\n", end->status, end->signal,
            end->stopped ? ", stopped" : "", end->took_us > 0 ? "" : ", no time");
}

static int close_loop(void)
{
    foreground_free(foreground);
    uv_run(&loop, UV_RUN_DEFAULT);
    report_terminal();
    return uv_loop_close(&loop) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void begin(void)
{
    struct error err = {0};

    tcgetattr(STDIN_FILENO, &before);
    uv_loop_init(&loop);
    foreground = foreground_start(&loop, STDIN_FILENO, command, NULL, on_ended, &command, &err);
    if (!foreground)
        dprintf(STDOUT_FILENO, "error: %s\n", err.text);
}

static int run_command(void)
{
    begin();
    uv_run(&loop, UV_RUN_DEFAULT);
    return close_loop();
}

static void start_body(int (*body)(void), const char *text)
{
    static const struct pty_options options = {.cols = 80, .rows = 24};

    command = text;
    pty = pty_call(&options, body);
    ck_assert_ptr_nonnull(pty);
}

static void start(const char *text)
{
    start_body(run_command, text);
}

static void await(const char *text)
{
    if (pty_wait(pty, 0, text, LIMIT_US) < 0)
        ck_abort_msg("no \"%s\" in: %s", text, pty->output.data);
}

static void type(const char *keys)
{
    pty_write(pty, keys, strlen(keys));
}

/* Once the last of its programs has let go of the terminal. */
static int exit_status(void)
{
    int status = -1;

    pty_record(pty, LIMIT_US);
    waitpid(pty->pid, &status, 0);
    pty->pid = -1;
    return status;
}

/* How the command has ended, with the terminal as it was. */
static void assert_end(const char *end)
{
    await(end);
    await("terminal: ours, modes as before, 0 bytes wait");
    ck_assert_msg(exit_status() == 0, "%s", pty->output.data);
}

static void stop(void)
{
    pty_stop(pty);
}

START_TEST(has_the_terminal)
{
    setenv("TERM", "xterm-test", 1);
    start("[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && : </dev/tty && echo \"on $TERM\"; exit 3");
    await("on xterm-test");
    assert_end("end: status 3, signal 0\r\n");
}
END_TEST

START_TEST(has_no_secrets_of_ours)
{
    setenv("SECRET_TOKEN", "leaked", 1);
    setenv("Smtp__Password", "leaked", 1);
    start("echo \"token ${SECRET_TOKEN-none}, password ${Smtp__Password-none}\"");
    await("token none, password none");
    assert_end("end: status 0, signal 0\r\n");
}
END_TEST

static int run_without_errors(void)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    dup2(null, STDERR_FILENO);
    close(null);
    return run_command();
}

START_TEST(has_it_in_place_of_what_is_no_terminal)
{
    start_body(run_without_errors, "[ -t 2 ] && echo seen >&2");
    await("seen");
    assert_end("end: status 0, signal 0\r\n");
}
END_TEST

START_TEST(has_its_own_process_group_and_no_signals_of_ours)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    start("read -r pid name state parent group rest </proc/self/stat\n"
          "[ $pid = $group ] && echo leader\n"
          "grep -E '^SigIgn' /proc/self/status | tr -d '\\t' | "
          "sed 's/180000000$/000000000/'");
    await("leader");
    await("SigIgn:0000000000000000");
    assert_end("end: status 0, signal 0\r\n");
}
END_TEST

/* Ready when there is no more to be started, which would miss the signal. */
#define WAIT "sh -c 'echo ready; exec tail -f /dev/null'"

static const struct {
    const char *command, *keys, *end;
} keys[] = {
    {WAIT, "\x03", "end: status -1, signal 2\r\n"},
    {"trap 'exit 5' INT; " WAIT, "\x03", "end: status 5, signal 0\r\n"},
    {WAIT, "\x1c", "end: status -1, signal 3\r\n"},
    {"echo ready; kill -STOP $$; exit 5", "", "end: status 5, signal 0\r\n"},
    {"echo ready; kill -STOP $$; kill -STOP $$; exit 5", "", "end: status 5, signal 0\r\n"},
    {"echo ready; while :; do kill -STOP $$; done", "",
     "end: status -1, signal 1, stopped\r\n"},
    {"trap 'exit 5' HUP; echo ready; while :; do kill -STOP $$; done", "",
     "end: status 5, signal 0, stopped\r\n"},
    {"trap '' HUP; echo ready; while :; do kill -STOP $$; done", "",
     "end: status -1, signal 9, stopped\r\n"},
    {"echo ready; read -r line; [ \"$line\" = word ]", "word\n", "end: status 0, signal 0\r\n"},
    {"echo ready; read -r line", "one\ny\ny\n", "end: status 0, signal 0\r\n"},
    {"stty raw -echo; echo ready; head -c 1 >/dev/null", "x", "end: status 0, signal 0\r\n"},
    {"stty raw -echo; echo ready; kill -9 $$", "", "end: status -1, signal 9\r\n"},
};

START_TEST(keys_are_the_commands)
{
    start(keys[_i].command);
    await("ready");
    type(keys[_i].keys);
    assert_end(keys[_i].end);
}
END_TEST

START_TEST(what_stops_goes_on_with_the_terminal)
{
    start("trap 'echo back' CONT; echo ready; read -r line; echo \"have $line\"");
    await("ready");
    type("\x1a");
    await("stopped, and goes on: Ctrl-C interrupts it\r\n");
    await("back");
    type("word\n");
    await("have word");
    assert_end("end: status 0, signal 0\r\n");
}
END_TEST

START_TEST(what_stopped_can_be_interrupted)
{
    start(WAIT);
    await("ready");
    type("\x1a");
    await("goes on");
    type("\x03");
    assert_end("end: status -1, signal 2\r\n");
}
END_TEST

/* As a pager does, whose shell has stopped by then. */
START_TEST(what_tidies_up_before_it_stops_goes_on_as_well)
{
    start("bash -c 'trap \"trap - TSTP; kill -TSTP \\$BASHPID; echo back; exit 7\" TSTP; "
          "echo ready; while :; do read -r line; done'; exit $?");
    await("ready");
    type("\x1a\n");
    await("back");
    assert_end("end: status 7, signal 0\r\n");
}
END_TEST

START_TEST(a_screen_is_left_alone)
{
    start("trap 'exit 5' CONT; stty raw -echo; echo ready; kill -STOP $$");
    await("ready");
    assert_end("end: status 5, signal 0\r\n");
    ck_assert_ptr_null(strstr(pty->output.data, "goes on"));
}
END_TEST

static void on_tick(uv_timer_t *timer)
{
    dprintf(STDOUT_FILENO, "tick\n");
    uv_close((uv_handle_t *)timer, NULL);
}

static int run_with_timer(void)
{
    uv_timer_t timer;

    begin();
    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, on_tick, 1, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    return close_loop();
}

START_TEST(the_loop_goes_on)
{
    start_body(run_with_timer, "read -r line; exit 4");
    await("tick");
    type("\n");
    assert_end("end: status 4, signal 0\r\n");
}
END_TEST

static int run_and_free(void)
{
    begin();
    return close_loop();
}

START_TEST(can_be_freed_while_it_runs)
{
    start_body(run_and_free, "stty raw; trap '' HUP TERM; tail -f /dev/null");
    assert_end("");
    ck_assert_ptr_null(strstr(pty->output.data, "end:"));
}
END_TEST

static void on_ask(uv_signal_t *handle, int number)
{
    ck_assert_int_eq(number, SIGUSR1);
    foreground_terminate(foreground);
    uv_close((uv_handle_t *)handle, NULL);
}

/* The signal may come before it is looked for. */
static int run_until_asked(void)
{
    uv_signal_t asked;
    sigset_t mask;

    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    begin();
    uv_signal_init(&loop, &asked);
    uv_signal_start(&asked, on_ask, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    return close_loop();
}

static const struct {
    const char *command, *end;
} terminations[] = {
    {WAIT, "end: status -1, signal 15\r\n"},
    {"trap 'exit 6' TERM; " WAIT, "end: status 6, signal 0\r\n"},
    {"trap '' TERM; " WAIT, "end: status -1, signal 9\r\n"},
};

START_TEST(is_asked_to_end_before_it_is_killed)
{
    start_body(run_until_asked, terminations[_i].command);
    await("ready");
    ck_assert_int_eq(kill(pty->pid, SIGUSR1), 0);
    assert_end(terminations[_i].end);
}
END_TEST

START_TEST(what_cannot_be_started_says_so)
{
    char *text = mem_zalloc(CHILD_TEXT_BYTES + 1);

    memset(text, ' ', CHILD_TEXT_BYTES);
    start(text);
    assert_end("error: a command of 131072 bytes is too long");
    free(text);
}
END_TEST

START_TEST(needs_a_terminal)
{
    struct error err = {0};
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    ck_assert_ptr_null(foreground_start(&loop, fd, "true", NULL, on_ended, NULL, &err));
    ck_assert_str_eq(err.text, "no terminal for a command: Inappropriate ioctl for device");
    close(fd);
}
END_TEST

/* As after "stella &". */
static int run_in_background(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        exit(run_command());
    }
    waitpid(pid, NULL, 0);
    return EXIT_SUCCESS;
}

START_TEST(takes_no_terminal_from_others)
{
    start_body(run_in_background, "echo taken");
    await("error: no terminal for a command: it is another program's");
    await("terminal: lost");
    ck_assert_ptr_null(strstr(pty->output.data, "taken"));
}
END_TEST

Suite *foreground_suite(void)
{
    Suite *suite = suite_create("foreground");
    TCase *tcase = tcase_create("foreground");
    tcase_add_checked_fixture(tcase, NULL, stop);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, has_the_terminal);
    tcase_add_test(tcase, has_no_secrets_of_ours);
    tcase_add_test(tcase, has_it_in_place_of_what_is_no_terminal);
    tcase_add_test(tcase, has_its_own_process_group_and_no_signals_of_ours);
    tcase_add_loop_test(tcase, keys_are_the_commands, 0, (int)(sizeof keys / sizeof *keys));
    tcase_add_test(tcase, what_stops_goes_on_with_the_terminal);
    tcase_add_test(tcase, what_stopped_can_be_interrupted);
    tcase_add_test(tcase, what_tidies_up_before_it_stops_goes_on_as_well);
    tcase_add_test(tcase, a_screen_is_left_alone);
    tcase_add_test(tcase, the_loop_goes_on);
    tcase_add_test(tcase, can_be_freed_while_it_runs);
    tcase_add_loop_test(tcase, is_asked_to_end_before_it_is_killed, 0,
                        (int)(sizeof terminations / sizeof *terminations));
    tcase_add_test(tcase, what_cannot_be_started_says_so);
    tcase_add_test(tcase, needs_a_terminal);
    tcase_add_test(tcase, takes_no_terminal_from_others);
    suite_add_tcase(suite, tcase);
    return suite;
}
