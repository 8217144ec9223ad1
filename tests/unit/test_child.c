#include "suites.h"

#include "base/mem.h"
#include "guide/child.h"
#include "process.h"
#include "temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

/* Long enough for a shell to have done what comes before it waits. */
enum { SHORT_US = CLOCK_SECOND / 2, MANY_LINES = 1000 };

static uv_loop_t loop;
static int descriptors;
static struct child *child;
static int ends;
static struct child_end end;
static char *text; /* of the output */
static void (*on_ready)(void);
static bool adopts; /* orphans are ours: the keepers of pipes too, which end by themselves */

/* The first loop leaves a pipe of libuv's. */
static void setup(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    descriptors = process_descriptors();
    ck_assert_int_eq(uv_loop_init(&loop), 0);
}

static void run(void)
{
    uv_run(&loop, UV_RUN_DEFAULT);
}

static void teardown(void)
{
    child_free(child);
    run();
    free(text);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    ck_assert_int_eq(process_descriptors(), descriptors);
    while (adopts && waitpid(-1, NULL, 0) > 0)
        continue;
    /* Every process of ours was reaped. */
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

static void take_text(void)
{
    free(text);
    text = capture_text(child_output(child), MANY_LINES);
}

static void on_output(void *context)
{
    ck_assert_ptr_eq(context, &end);
    ck_assert_int_eq(ends, 0);
    take_text();
    if (on_ready && strstr(text, "ready\n")) {
        void (*ready)(void) = on_ready;
        on_ready = NULL;
        ready();
    }
}

static void on_ended(void *context, const struct child_end *how)
{
    ck_assert_ptr_eq(context, &end);
    ends++;
    end = *how;
}

static const struct child_observer observer = {on_output, on_ended, &end};

static void start(const struct child_options *options)
{
    struct error err = {0};

    child = child_start(&loop, options, &observer, &err);
    ck_assert_msg(child != NULL, "%s", err.text);
    ck_assert_int_eq(ends, 0);
}

static void run_options(const struct child_options *options)
{
    start(options);
    run();
    ck_assert_int_eq(ends, 1);
    ck_assert_uint_eq(end.bytes, child_output(child)->total);
    take_text();
}

static void run_command(const char *command)
{
    run_options(&(struct child_options){.text = command});
}

static void assert_end(int status, int number)
{
    ck_assert_int_eq(end.status, status);
    ck_assert_int_eq(end.signal, number);
    ck_assert(!end.alive);
}

static const struct {
    const char *command;
    int status, signal;
} commands[] = {
    {"true", 0, 0},
    {"false", 1, 0},
    {"exit 77", 77, 0},
    {"no-such-program 2>&1", 127, 0},
    {"/etc/passwd", 126, 0},
    {"", 0, 0},
    {"if", 2, 0},
    {"kill -9 $$", -1, SIGKILL},
    {"kill -TERM $$", -1, SIGTERM},
    {"kill -PIPE $$", -1, SIGPIPE},
};

START_TEST(tells_how_it_ended)
{
    run_command(commands[_i].command);
    assert_end(commands[_i].status, commands[_i].signal);
    ck_assert(!end.timed_out && !end.interrupted && !end.stopped);
    ck_assert_int_gt(end.took_us, 0);
}
END_TEST

START_TEST(both_streams_come_in_order)
{
    run_command("echo one; echo two >&2; echo three; echo four >&2");
    ck_assert_str_eq(text, "one\ntwo\nthree\nfour\n");
}
END_TEST

START_TEST(there_is_nothing_to_read)
{
    run_command("cat; echo $?");
    ck_assert_str_eq(text, "0\n");
}
END_TEST

START_TEST(reads_its_input)
{
    run_options(&(struct child_options){.text = "cat; cat", .input = "one\n$(two) 'three'"});
    ck_assert_str_eq(text, "one\n$(two) 'three'\n");
}
END_TEST

START_TEST(has_a_clean_environment)
{
    setenv("BASH_ENV", "/nowhere", 1);
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    run_command("echo $TERM,$PAGER,$NO_COLOR,$LC_ALL,${SYSTEMD_PAGER-unset},${BASH_ENV-unset}");
    ck_assert_str_eq(text, "dumb,cat,1,C.UTF-8,,unset\n");
}
END_TEST

START_TEST(has_the_environment_it_is_given)
{
    static char *const environment[] = {"WHERE=here", NULL};

    run_options(&(struct child_options){.text = "echo $WHERE,$TERM", .environment = environment});
    ck_assert(strcmp(text, "here,dumb\n") == 0 || strcmp(text, "here,\n") == 0);
}
END_TEST

START_TEST(is_ended_at_its_limit)
{
    run_options(&(struct child_options){.text = "yes", .limit_us = 100 * CLOCK_MS});
    assert_end(-1, SIGTERM);
    ck_assert(end.timed_out);
    ck_assert_int_ge(end.took_us, 100 * CLOCK_MS);
    ck_assert_uint_gt(end.bytes, 0);
    ck_assert_int_eq(strncmp(text, "y\ny\n", 4), 0);
}
END_TEST

START_TEST(is_not_late_when_the_loop_is)
{
    siginfo_t info;

    start(&(struct child_options){.text = "echo one", .limit_us = CLOCK_MS});
    waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
    for (clock_us late = clock_now_us() + 5 * CLOCK_MS; clock_now_us() < late;)
        continue;
    run();
    assert_end(0, 0);
    ck_assert(!end.timed_out);
    ck_assert_str_eq(text, "one\n");
}
END_TEST

START_TEST(is_killed_when_it_stays)
{
    run_options(&(struct child_options){.text = "trap '' TERM; tail -f /dev/null",
                                        .limit_us = SHORT_US,
                                        .grace_us = 10 * CLOCK_MS});
    assert_end(-1, SIGKILL);
    ck_assert(end.timed_out);
}
END_TEST

START_TEST(is_ended_when_it_has_stopped_itself)
{
    run_options(&(struct child_options){.text = "kill -STOP $$", .limit_us = 100 * CLOCK_MS});
    assert_end(-1, SIGTERM);
    ck_assert(end.timed_out);
}
END_TEST

/* Its orphans become ours, so that we hear of their end. */
static void adopt(void)
{
    adopts = true;
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

/* By a signal, unless its parent has heard of it just before it was an orphan. */
static void assert_orphan_ended(pid_t pid)
{
    int status;
    pid_t found = waitpid(pid, &status, 0);

    ck_assert(found == pid ? WIFSIGNALED(status) : errno == ECHILD);
}

/* One that holds the pipe, one that does not; one that ends when asked, one not. */
static const char *const families[] = {
    "tail -f /dev/null & echo $!; wait",
    "tail -f /dev/null >/dev/null 2>&1 & echo $!; wait",
    "(trap '' TERM; exec tail -f /dev/null) & echo $!; wait",
    "(trap '' TERM; exec tail -f /dev/null >/dev/null 2>&1) & echo $!; wait",
};

START_TEST(takes_its_children_along)
{
    adopt();
    run_options(&(struct child_options){
        .text = families[_i], .limit_us = SHORT_US, .grace_us = 10 * CLOCK_MS});
    assert_end(-1, SIGTERM);
    ck_assert(end.timed_out);
    assert_orphan_ended(atoi(text));
}
END_TEST

/* A daemon, which has a session of its own. */
START_TEST(does_not_wait_for_a_daemon)
{
    adopt();
    run_command("setsid tail -f /dev/null & echo $!");
    assert_end(0, 0);
    ck_assert(!end.timed_out);
    ck_assert_int_ge(end.took_us, CHILD_LINGER_US);
    pid_t daemon = atoi(text);
    ck_assert_int_eq(waitpid(daemon, NULL, WNOHANG), 0);
    kill(daemon, SIGKILL);
    assert_orphan_ended(daemon);
}
END_TEST

static void on_deadline(uv_timer_t *timer)
{
    (void)timer;
    ck_abort_msg("nothing came: %s", text);
}

static void await_text(const char *awaited)
{
    uv_timer_t deadline;

    uv_timer_init(&loop, &deadline);
    uv_timer_start(&deadline, on_deadline, 10000, 0);
    for (take_text(); !strstr(text, awaited); take_text())
        uv_run(&loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&deadline, NULL);
    run();
}

/* Nobody reading its output any more, it would die of SIGPIPE. */
START_TEST(goes_on_to_read_what_a_daemon_writes)
{
    char *path = mem_printf("%s/fifo", temporary_directory());

    adopt();
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    char *command = mem_printf("setsid sh -c 'read word <%s; echo late $word' & echo $!", path);
    run_command(command);
    assert_end(0, 0);
    pid_t daemon = atoi(text);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(write(fd, "news\n", 5), 5);
    close(fd);
    await_text("late news\n");
    ck_assert_int_eq(waitpid(daemon, NULL, 0), daemon);
    ck_assert_int_eq(ends, 1);
    free(command);
    free(path);
    temporary_remove();
}
END_TEST

static size_t rounds;

static void on_round(uv_prepare_t *prepare)
{
    (void)prepare;
    rounds++;
}

START_TEST(a_flood_does_not_hold_up_the_loop)
{
    enum { FLOOD_BYTES = 64 * 1024 * 1024, ROUND_BYTES = 64 * 1024 };
    static uv_prepare_t prepare;

    uv_prepare_init(&loop, &prepare);
    uv_prepare_start(&prepare, on_round);
    uv_unref((uv_handle_t *)&prepare);
    child = child_start(&loop, &(struct child_options){.text = "head -c 64M /dev/zero"},
                        &(struct child_observer){NULL, on_ended, &end}, NULL);
    run();
    assert_end(0, 0);
    ck_assert_uint_eq(end.bytes, FLOOD_BYTES);
    ck_assert_uint_ge(rounds, FLOOD_BYTES / ROUND_BYTES);
    uv_close((uv_handle_t *)&prepare, NULL);
}
END_TEST

/* Ready when there is no more to be started, which would miss the signal. */
#define WAIT "sh -c 'echo ready; exec tail -f /dev/null'"

static void interrupt(void)
{
    child_interrupt(child);
}

static void interrupt_twice(void)
{
    child_interrupt(child);
    child_interrupt(child);
}

START_TEST(can_be_interrupted)
{
    on_ready = interrupt;
    run_command(WAIT "; echo not here");
    assert_end(-1, SIGINT);
    ck_assert(end.interrupted && !end.timed_out);
    ck_assert_str_eq(text, "ready\n");
    child_interrupt(child);
}
END_TEST

START_TEST(may_answer_an_interrupt)
{
    on_ready = interrupt;
    run_command("trap 'echo caught; exit 3' INT; " WAIT);
    assert_end(3, 0);
    ck_assert(end.interrupted);
    ck_assert_str_eq(text, "ready\ncaught\n");
}
END_TEST

START_TEST(is_killed_by_the_second_interrupt)
{
    on_ready = interrupt_twice;
    run_command("trap '' INT; " WAIT);
    assert_end(-1, SIGKILL);
    ck_assert(end.interrupted && !end.timed_out);
}
END_TEST

START_TEST(escapes_are_spelled_out)
{
    run_command("printf 'a\\033[2Jb\\r\\n\\033]52;c;AAAA\\a\\n'");
    ck_assert_str_eq(text, "a\\x1b[2Jb\n\\x1b]52;c;AAAA\\x07\n");
}
END_TEST

static void free_child(void)
{
    child_free(child);
    child = NULL;
}

START_TEST(can_be_freed_while_it_runs)
{
    on_ready = free_child;
    start(&(struct child_options){.text = WAIT});
    run();
    ck_assert_ptr_null(child);
    ck_assert_int_eq(ends, 0);
}
END_TEST

START_TEST(can_be_freed_at_once)
{
    start(&(struct child_options){.text = "tail -f /dev/null"});
    free_child();
    run();
    ck_assert_int_eq(ends, 0);
}
END_TEST

static void free_ended(void *context, const struct child_end *how)
{
    on_ended(context, how);
    free_child();
}

START_TEST(can_be_freed_when_it_has_ended)
{
    child = child_start(&loop, &(struct child_options){.text = "echo one"},
                        &(struct child_observer){NULL, free_ended, &end}, NULL);
    run();
    ck_assert_int_eq(ends, 1);
    ck_assert_ptr_null(child);
}
END_TEST

START_TEST(what_cannot_be_started_says_so)
{
    struct error err = {0};
    char *command = mem_zalloc(CHILD_TEXT_BYTES + 1);

    memset(command, ' ', CHILD_TEXT_BYTES);
    child = child_start(&loop, &(struct child_options){.text = command}, &observer, &err);
    ck_assert_ptr_null(child);
    ck_assert_str_eq(err.text, "a command of 131072 bytes is too long, 131071 are possible");
    run();
    ck_assert_int_eq(ends, 0);
    command[CHILD_TEXT_BYTES - 1] = '\0';
    run_command(command);
    assert_end(0, 0);
    free(command);
}
END_TEST

static void add_output(TCase *tcase)
{
    tcase_add_test(tcase, both_streams_come_in_order);
    tcase_add_test(tcase, there_is_nothing_to_read);
    tcase_add_test(tcase, reads_its_input);
    tcase_add_test(tcase, has_a_clean_environment);
    tcase_add_test(tcase, has_the_environment_it_is_given);
    tcase_add_test(tcase, escapes_are_spelled_out);
}

static void add_ends(TCase *tcase)
{
    tcase_add_loop_test(tcase, tells_how_it_ended, 0, COUNT(commands));
    tcase_add_test(tcase, is_ended_at_its_limit);
    tcase_add_test(tcase, is_not_late_when_the_loop_is);
    tcase_add_test(tcase, is_killed_when_it_stays);
    tcase_add_test(tcase, is_ended_when_it_has_stopped_itself);
    tcase_add_loop_test(tcase, takes_its_children_along, 0, COUNT(families));
    tcase_add_test(tcase, does_not_wait_for_a_daemon);
    tcase_add_test(tcase, goes_on_to_read_what_a_daemon_writes);
    tcase_add_test(tcase, a_flood_does_not_hold_up_the_loop);
    tcase_add_test(tcase, can_be_interrupted);
    tcase_add_test(tcase, may_answer_an_interrupt);
    tcase_add_test(tcase, is_killed_by_the_second_interrupt);
    tcase_add_test(tcase, can_be_freed_while_it_runs);
    tcase_add_test(tcase, can_be_freed_at_once);
    tcase_add_test(tcase, can_be_freed_when_it_has_ended);
    tcase_add_test(tcase, what_cannot_be_started_says_so);
}

Suite *child_suite(void)
{
    Suite *suite = suite_create("child");
    TCase *tcase = tcase_create("child");

    tcase_add_checked_fixture(tcase, setup, teardown);
    add_output(tcase);
    add_ends(tcase);
    suite_add_tcase(suite, tcase);
    return suite;
}
