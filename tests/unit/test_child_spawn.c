#include "suites.h"

#include "base/buf.h"
#include "guide/child_spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct buf output;
static int status;

static void teardown(void)
{
    buf_clear(&output);
}

/* Runs a command to its end in a directory (NULL: ours), its output in a pipe. */
static void run_in(const char *directory, const char *command)
{
    int ends[2];
    char bytes[4096];
    ssize_t n;
    pid_t pid;
    struct error err = {0};

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    const struct child_spawn spawn = {
        .text = command,
        .directory = directory,
        .environment = environ,
        .fds = {STDIN_FILENO, ends[1], ends[1]},
        .terminal = -1,
    };
    ck_assert_msg(child_spawn(&spawn, &pid, &err), "%s", err.text);
    close(ends[1]);
    while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
        buf_add(&output, bytes, (size_t)n);
    close(ends[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
}

static void run(const char *command)
{
    run_in(NULL, command);
}

static void assert_output(const char *text)
{
    ck_assert_uint_gt(output.len, 0);
    ck_assert_str_eq(output.data, text);
}

START_TEST(has_no_terminal)
{
    run("read -r pid name state parent group session terminal rest </proc/self/stat\n"
        "[ $pid = $group ] && [ $pid = $session ] && echo terminal $terminal\n"
        "(: </dev/tty) 2>/dev/null || echo none");
    assert_output("terminal 0\nnone\n");
}
END_TEST

/* The fourth is that of the directory that is listed. */
START_TEST(has_three_descriptors)
{
    int fd = open("/dev/null", O_RDONLY);

    ck_assert_int_ge(fd, 3);
    run("ls /proc/self/fd");
    close(fd);
    assert_output("0\n1\n2\n3\n");
}
END_TEST

/* 32 and 33 are glibc's own, and stay as they were inherited. */
START_TEST(has_no_signals_of_ours)
{
    sigset_t all;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGRTMAX, SIG_IGN);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    run("grep -E '^Sig(Blk|Ign)' /proc/self/status | tr -d '\\t' | sed 's/180000000$/000000000/'");
    assert_output("SigBlk:0000000000000000\nSigIgn:0000000000000000\n");
}
END_TEST

START_TEST(our_own_signals_stay)
{
    sigset_t before, after;

    sigemptyset(&before);
    sigaddset(&before, SIGUSR1);
    sigprocmask(SIG_SETMASK, &before, NULL);
    run("true");
    sigprocmask(SIG_SETMASK, NULL, &after);
    ck_assert_int_eq(sigismember(&after, SIGUSR1), 1);
    ck_assert_int_eq(sigismember(&after, SIGUSR2), 0);
}
END_TEST

START_TEST(stays_in_the_directory)
{
    ck_assert_int_eq(chdir("/usr"), 0);
    run("pwd");
    assert_output("/usr\n");
}
END_TEST

START_TEST(starts_in_the_directory)
{
    ck_assert_int_eq(chdir("/usr"), 0);
    run_in("/etc", "pwd");
    assert_output("/etc\n");
    char *here = getcwd(NULL, 0);
    ck_assert_str_eq(here, "/usr");
    free(here);
}
END_TEST

START_TEST(a_directory_that_is_not_there_says_so)
{
    struct error err = {0};
    pid_t pid;
    const struct child_spawn spawn = {.text = "true", .directory = "/nonexistent/d",
                                      .environment = environ, .fds = {0, 1, 2}, .terminal = -1};

    ck_assert(!child_spawn(&spawn, &pid, &err));
    ck_assert_str_eq(err.text, "/nonexistent/d cannot be entered: No such file or directory");
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(is_a_command_and_no_option)
{
    static const char *const commands[] = {"-c true", "--version", "-x"};

    run(commands[_i]);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 127);
}
END_TEST

START_TEST(what_cannot_be_started_says_so)
{
    struct error err = {0};
    pid_t pid;
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    const struct child_spawn spawn = {
        .text = "true", .environment = environ, .fds = {fd, fd, fd}, .terminal = fd};

    ck_assert(!child_spawn(&spawn, &pid, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "sh cannot be started: Inappropriate ioctl for device"));
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    close(fd);
}
END_TEST

Suite *child_spawn_suite(void)
{
    Suite *suite = suite_create("child_spawn");
    TCase *tcase = tcase_create("child_spawn");
    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_test(tcase, has_no_terminal);
    tcase_add_test(tcase, has_three_descriptors);
    tcase_add_test(tcase, has_no_signals_of_ours);
    tcase_add_test(tcase, our_own_signals_stay);
    tcase_add_test(tcase, stays_in_the_directory);
    tcase_add_test(tcase, starts_in_the_directory);
    tcase_add_test(tcase, a_directory_that_is_not_there_says_so);
    tcase_add_loop_test(tcase, is_a_command_and_no_option, 0, 3);
    tcase_add_test(tcase, what_cannot_be_started_says_so);
    suite_add_tcase(suite, tcase);
    return suite;
}
