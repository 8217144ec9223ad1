/* What becomes of a command, and of what it left running, when the program goes. */
#include "suites.h"

#include "base/mem.h"
#include "guide/child.h"
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

static uv_loop_t loop;
static struct child *child;
static int ends;
static struct child_end end;
static void (*on_ready)(void);

static void setup(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    /* Orphans become ours, so that we hear of their end. */
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

static void free_child(void)
{
    child_free(child);
    child = NULL;
    uv_run(&loop, UV_RUN_DEFAULT);
}

/* Every process of ours ends, the readers too. */
static void teardown(void)
{
    free_child();
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    while (waitpid(-1, NULL, 0) > 0)
        continue;
    ck_assert_int_eq(errno, ECHILD);
    temporary_remove();
}

static void on_output(void *context)
{
    char *text = capture_text(child_output(child), 100);

    (void)context;
    if (on_ready && strstr(text, "ready\n")) {
        void (*ready)(void) = on_ready;
        on_ready = NULL;
        ready();
    }
    free(text);
}

static void on_ended(void *context, const struct child_end *how)
{
    (void)context;
    ends++;
    end = *how;
}

static void run_options(const struct child_options *options)
{
    const struct child_observer observer = {on_output, on_ended, NULL};
    struct error err = {0};

    child = child_start(&loop, options, &observer, &err);
    ck_assert_msg(child != NULL, "%s", err.text);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(ends, 1);
}

static void run_command(const char *command)
{
    run_options(&(struct child_options){.text = command});
}

#define WAIT "sh -c 'echo ready; exec tail -f /dev/null'"

static void terminate(void)
{
    child_terminate(child);
    ck_assert(child_was_interrupted(child));
}

static const struct {
    const char *command;
    int status, signal;
} commands[] = {
    {WAIT, -1, SIGTERM},
    {"trap 'exit 4' TERM; " WAIT, 4, 0},
    {"trap '' TERM; " WAIT, -1, SIGKILL},
};

START_TEST(is_asked_to_end_before_it_is_killed)
{
    on_ready = terminate;
    run_options(&(struct child_options){.text = commands[_i].command,
                                        .grace_us = 200 * CLOCK_MS});
    ck_assert_int_eq(end.status, commands[_i].status);
    ck_assert_int_eq(end.signal, commands[_i].signal);
    ck_assert(end.interrupted && !end.timed_out);
    child_terminate(child);
    ck_assert_int_eq(ends, 1);
}
END_TEST

static void count_timer(uv_handle_t *handle, void *count)
{
    if (handle->type == UV_TIMER && uv_is_active(handle))
        ++*(int *)count;
}

static void assert_no_timer(void)
{
    int timers = 0;

    uv_walk(&loop, count_timer, &timers);
    ck_assert_int_eq(timers, 0);
    child_interrupt(child);
}

START_TEST(has_no_limit_unless_one_is_given)
{
    on_ready = assert_no_timer;
    run_command(WAIT);
    ck_assert_int_eq(end.signal, SIGINT);
}
END_TEST

static void tell(const char *fifo)
{
    int fd = open(fifo, O_WRONLY | O_CLOEXEC);

    ck_assert_int_eq(write(fd, "go\n", 3), 3);
    close(fd);
}

/* Its number is the last line. */
static pid_t daemon_of_command(void)
{
    char *text = capture_text(child_output(child), 10);
    pid_t pid = atoi(text);

    free(text);
    return pid;
}

/* What it writes, more than a pipe holds, must find a reader, or it ends by SIGPIPE. */
START_TEST(a_daemon_outlives_us)
{
    char *fifo = mem_printf("%s/fifo", temporary_directory());
    char *command = mem_printf("%s sh -c 'read word <%s; head -c 300000 /dev/zero && exit 7' & "
                               "echo $!", _i ? "setsid" : "", fifo);
    int status;

    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    run_command(command);
    ck_assert(end.left);
    ck_assert_int_eq(end.status, 0);
    pid_t daemon = daemon_of_command();
    free_child();
    tell(fifo);
    ck_assert_int_eq(waitpid(daemon, &status, 0), daemon);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 7, "status %d", status);
    free(command);
    free(fifo);
}
END_TEST

static void die(void)
{
    raise(SIGKILL);
}

/* A doctor that is killed when the step is ready. */
static void run_and_die(const char *command)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        uv_loop_fork(&loop);
        on_ready = die;
        run_command(command);
        _exit(1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* It writes more than a pipe holds, and in two pieces: the reader must stay. */
START_TEST(a_step_ends_its_work_though_we_were_killed)
{
    char *fifo = mem_printf("%s/fifo", temporary_directory());
    char *done = mem_printf("%s/done", temporary_directory());
    char *command = mem_printf("echo ready; read word <%s; head -c 300000 /dev/zero && "
                               "head -c 300000 /dev/zero && echo $word >%s", fifo, done);
    char word[3] = "";

    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    run_and_die(command);
    tell(fifo);
    while (waitpid(-1, NULL, 0) > 0)
        continue;
    ck_assert_int_eq(errno, ECHILD);
    int fd = open(done, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(fd >= 0, "the step did not end its work");
    ck_assert_int_eq(read(fd, word, sizeof word), 3);
    ck_assert_mem_eq(word, "go\n", 3);
    close(fd);
    free(command);
    free(done);
    free(fifo);
}
END_TEST

START_TEST(nothing_is_left_of_what_left_nothing)
{
    run_command("tail -f /dev/null >/dev/null 2>&1 & kill $!; echo done");
    ck_assert(!end.left);
    free_child();
    while (waitpid(-1, NULL, 0) > 0)
        continue;
    ck_assert_int_eq(errno, ECHILD);
}
END_TEST

Suite *child_leaving_suite(void)
{
    Suite *suite = suite_create("child_leaving");
    TCase *tcase = tcase_create("child_leaving");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, is_asked_to_end_before_it_is_killed, 0,
                        (int)(sizeof commands / sizeof *commands));
    tcase_add_test(tcase, has_no_limit_unless_one_is_given);
    tcase_add_loop_test(tcase, a_daemon_outlives_us, 0, 2);
    tcase_add_test(tcase, a_step_ends_its_work_though_we_were_killed);
    tcase_add_test(tcase, nothing_is_left_of_what_left_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
