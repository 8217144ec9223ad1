#include "suites.h"

#include "base/clock.h"
#include "cli/ask.h"
#include "tests/ui/pty.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { LIMIT_US = 20 * CLOCK_SECOND };

/* What runs in the process that has a terminal; it reports there. */
static uv_loop_t loop;
static struct ask *ask;
static uint64_t arm_ms;
static int questions; /* still to be put */

static struct pty *pty;

static void put_next(void)
{
    if (questions-- > 0)
        ask_put(ask, "Question? ", arm_ms);
    else
        uv_stop(&loop);
}

static void on_answered(void *context, const char *line)
{
    ck_assert_ptr_eq(context, &loop);
    printf("answered: <%s>\n", line);
    put_next();
}

static void on_refused(void *context, const char *why)
{
    (void)context;
    printf("refused: %s\n", why);
    put_next();
}

static void on_ended(void *context)
{
    (void)context;
    printf("ended\n");
    uv_stop(&loop);
}

static void begin(void)
{
    const struct ask_observer observer = {on_answered, on_refused, on_ended, &loop};
    struct error err = {0};

    uv_loop_init(&loop);
    ask = ask_new(&loop, &observer, &err);
    if (!ask)
        printf("error: %s\n", err.text);
}

/* With the terminal as it was. */
static int end(const struct termios *before)
{
    struct termios after;

    uv_run(&loop, UV_RUN_DEFAULT);
    ask_free(ask);
    uv_run(&loop, UV_RUN_DEFAULT);
    tcgetattr(STDIN_FILENO, &after);
    printf("terminal: %s, %s\n",
           after.c_lflag == before->c_lflag && after.c_iflag == before->c_iflag ? "as before"
                                                                                : "changed",
           fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK ? "nonblocking" : "blocking");
    fflush(stdout);
    return uv_loop_close(&loop) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int put_questions(void)
{
    struct termios before;

    tcgetattr(STDIN_FILENO, &before);
    begin();
    put_next();
    printf("ready\n");
    fflush(stdout);
    return end(&before);
}

/* As a program leaves the terminal that crashed. */
static int put_on_raw_terminal(void)
{
    struct termios raw;

    tcgetattr(STDIN_FILENO, &raw);
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    return put_questions();
}

/* When a line is there already. */
static int put_late(void)
{
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    struct termios before;

    tcgetattr(STDIN_FILENO, &before);
    begin();
    printf("ready\n");
    fflush(stdout);
    poll(&fd, 1, -1);
    put_next();
    return end(&before);
}

/* In a session of its own, which only a process that leads none can begin. */
static int put_without_terminal(void)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        setsid();
        begin();
        fflush(stdout);
        _exit(uv_loop_close(&loop) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    waitpid(pid, &status, 0);
    return status;
}

static void start(int (*body)(void), int count, uint64_t ms)
{
    static const struct pty_options options = {.cols = 80, .rows = 24};

    arm_ms = ms;
    questions = count;
    pty = pty_call(&options, body);
    ck_assert_ptr_nonnull(pty);
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

static void assert_end(void)
{
    int status = -1;

    await("terminal: as before, blocking");
    pty_record(pty, LIMIT_US);
    waitpid(pty->pid, &status, 0);
    pty->pid = -1;
    ck_assert_msg(status == 0, "%s", pty->output.data);
}

static void stop(void)
{
    pty_stop(pty);
}

static const struct {
    const char *keys, *told;
} lines[] = {
    {"y\n", "answered: <y>\r\n"},
    {"\n", "answered: <>\r\n"},
    {"no\177\177yes\n", "answered: <yes>\r\n"},
    {"\303\244 b\n", "answered: <\303\244 b>\r\n"},
    {"a\033[Ab\t\n", "answered: <a\\x1b[Ab\\t>\r\n"},
    {"y\ny\n", "refused: more than one line"},
    {"y\nx", "refused: more than one line"},
    {"\033[200~y\n", "refused: it was pasted"},
    {"y\033[201~\n", "refused: it was pasted"},
    {"y\004", "refused: it was not a whole line"},
    {"\004", "ended"},
};

START_TEST(a_line_that_comes_alone_is_the_answer)
{
    start(put_questions, 1, 0);
    await("ready");
    await("Question? ");
    type(lines[_i].keys);
    await(lines[_i].told);
    assert_end();
}
END_TEST

/* A whole one, and one that the Enter for another answer would complete. */
START_TEST(what_comes_before_the_question_is_refused)
{
    start(put_questions, 1, _i == 0 ? 60000 : 1500);
    await("ready");
    type(_i == 0 ? "y\n" : "y");
    await("refused: it came before the question could be read");
    assert_end();
    ck_assert_ptr_null(strstr(pty->output.data, "Question? "));
}
END_TEST

START_TEST(what_was_typed_ahead_is_gone)
{
    start(put_late, 1, 0);
    await("ready");
    type("y\nmore");
    await("Question? ");
    type("later\n");
    await("answered: <later>");
    assert_end();
}
END_TEST

/* As long as something comes, nothing is asked. */
START_TEST(what_is_refused_is_gone)
{
    start(put_questions, 2, 50);
    await("ready");
    await("Question? ");
    for (int i = 0; i < 2000; i++)
        type("y\nrestarts\ny\n");
    await("refused: more than one line");
    size_t refused = (size_t)(strstr(pty->output.data, "refused: ") - pty->output.data);
    ck_assert_int_ge(pty_wait(pty, refused, "Question? ", LIMIT_US), 0);
    type("n\n");
    await("answered: <n>");
    assert_end();
    ck_assert_ptr_null(strstr(pty->output.data, "answered: <y>"));
}
END_TEST

START_TEST(a_raw_terminal_edits_lines)
{
    start(put_on_raw_terminal, 1, 0);
    await("ready");
    await("Question? ");
    type("no\177\177yes\r");
    await("answered: <yes>");
    assert_end();
}
END_TEST

START_TEST(without_a_terminal_there_are_none)
{
    start(put_without_terminal, 0, 0);
    await("error: /dev/tty: ");
}
END_TEST

Suite *ask_suite(void)
{
    Suite *suite = suite_create("ask");
    TCase *tcase = tcase_create("ask");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, NULL, stop);
    tcase_add_loop_test(tcase, a_line_that_comes_alone_is_the_answer, 0,
                        sizeof lines / sizeof *lines);
    tcase_add_loop_test(tcase, what_comes_before_the_question_is_refused, 0, 2);
    tcase_add_test(tcase, what_was_typed_ahead_is_gone);
    tcase_add_test(tcase, what_is_refused_is_gone);
    tcase_add_test(tcase, a_raw_terminal_edits_lines);
    tcase_add_test(tcase, without_a_terminal_there_are_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
