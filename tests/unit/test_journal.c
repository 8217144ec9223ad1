#include "guide/journal.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "guide/journal_log.h"
#include "suites.h"
#include "temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 200 };

static char *directory, *path;
static struct journal *journal;
static struct buf seen;
static size_t skipped;

/* The C library's, counted: what is on the disk cannot be seen. */
static size_t directory_syncs, data_syncs;

int fsync(int fd)
{
    struct stat st;

    directory_syncs += fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    data_syncs++;
    return (int)syscall(SYS_fdatasync, fd);
}

static void setup(void)
{
    struct error err = {0};

    directory = mem_printf("%s/state/doctor", temporary_directory());
    path = mem_printf("%s/journal.jsonl", directory);
    journal = journal_open(directory, &err);
    ck_assert_msg(journal != NULL, "%s", err.text);
}

static void teardown(void)
{
    journal_close(journal);
    free(directory);
    free(path);
    buf_clear(&seen);
    temporary_remove();
}

static const struct journal_event skip = {.kind = JOURNAL_STEP_SKIPPED, .walk = "w1",
                                          .check = "check.a", .step = 1};

static const char *read_all(void)
{
    struct error err = {0};
    struct journal_log log;

    buf_clear(&seen);
    buf_puts(&seen, "");
    ck_assert_msg(journal_log_read(&log, directory, true, &err), "%s", err.text);
    for (size_t i = 0; i < log.count; i++)
        buf_printf(&seen, "%s ", journal_kind_name(log.lines[i].kind));
    skipped = log.skipped;
    journal_log_clear(&log);
    return seen.data;
}

static void append_bytes(const char *bytes)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

    ck_assert_int_eq(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    close(fd);
}

static struct journal_event began(const char *walk)
{
    return (struct journal_event){.kind = JOURNAL_WALK_BEGAN, .walk = walk, .check = "check.a",
                                  .platform = "compose", .why = "compose.yaml"};
}

START_TEST(test_round_trip)
{
    const struct journal_event begin = began("w1");
    const struct journal_event end = {.kind = JOURNAL_STEP_ENDED, .walk = "w1",
                                      .check = "check.a", .step = 2, .end = "exit", .status = 3,
                                      .output = "a\nb\n", .duration_ms = 12};
    struct stat st;

    journal_add(journal, &begin);
    journal_add(journal, &skip);
    journal_add(journal, &end);
    journal_add(NULL, &skip);
    ck_assert_str_eq(read_all(), "walk-began step-skipped step-ended ");
    ck_assert_uint_eq(skipped, 0);
    ck_assert_ptr_null(journal_trouble(journal));
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
}
END_TEST

static const struct {
    const char *bytes, *kinds;
    size_t skipped;
} broken[] = {
    /* Torn: what comes next is on a line of its own. */
    {"{\"kind\": \"step-skip", "step-skipped step-skipped ", 1},
    {"garbage\n", "step-skipped step-skipped ", 1},
    {"{}\n", "step-skipped step-skipped ", 1},
    {"\n", "step-skipped step-skipped ", 1},
    {"{\"kind\": \"from-later-on\", \"time\": \"2026-11-24T00:00:00.000Z\", \"pid\": 1, "
     "\"walk\": \"w\", \"check\": \"c\"}\n", "step-skipped step-skipped ", 0},
    {"\xff\xfe\n", "step-skipped step-skipped ", 1},
};

START_TEST(test_broken_lines)
{
    journal_add(journal, &skip);
    append_bytes(broken[_i].bytes);
    journal_add(journal, &skip);
    ck_assert_str_eq(read_all(), broken[_i].kinds);
    ck_assert_uint_le(skipped, broken[_i].skipped);
}
END_TEST

START_TEST(test_cannot_be)
{
    struct error err = {0};

    ck_assert_ptr_null(journal_open("/dev/null/x", &err));
    ck_assert_str_eq(err.text, "no journal: Not a directory (/dev/null/x)");
    journal_close(journal);
    unlink(path);
    ck_assert_int_eq(symlink("/dev/null", path), 0);
    err = (struct error){0};
    journal = journal_open(directory, &err);
    ck_assert_ptr_null(journal);
    ck_assert(err.text[0]);
}
END_TEST

/* No journal is an empty one. */
START_TEST(test_none)
{
    journal_close(journal);
    journal = NULL;
    unlink(path);
    ck_assert_str_eq(read_all(), "");
}
END_TEST

/* Who may write into it, or may have, is somebody else: it is neither written nor read. */
static void assert_refused(const char *why)
{
    struct error err = {0};
    struct journal_log log;
    struct stat before, after;

    ck_assert_int_eq(lstat(path, &before), 0);
    ck_assert_ptr_null(journal_open(directory, &err));
    ck_assert_ptr_nonnull(strstr(err.text, why));
    ck_assert(strstr(err.text, why) < strstr(err.text, path));
    err = (struct error){0};
    ck_assert(!journal_log_read(&log, directory, true, &err));
    ck_assert_ptr_nonnull(strstr(err.text, why));
    journal_log_clear(&log);
    ck_assert_int_eq(lstat(path, &after), 0);
    ck_assert_uint_eq(after.st_mode, before.st_mode);
}

START_TEST(test_open_to_others)
{
    ck_assert_int_eq(chmod(directory, 0770), 0);
    assert_refused("others may write into its directory");
    ck_assert_int_eq(chmod(directory, 0702), 0);
    assert_refused("others may write into its directory");
    ck_assert_int_eq(chmod(directory, 0755), 0);
    journal_add(journal, &skip);
    ck_assert_str_eq(read_all(), "step-skipped ");
}
END_TEST

START_TEST(test_hard_link)
{
    char *other = mem_printf("%s/other", directory);

    ck_assert_int_eq(link(path, other), 0);
    ck_assert_int_eq(chmod(path, 0644), 0);
    assert_refused("a hard link");
    free(other);
}
END_TEST

/* Only root can give files away. */
START_TEST(test_of_another)
{
    if (geteuid() != 0)
        return;
    ck_assert_int_eq(chown(path, 65534, 65534), 0);
    assert_refused("it belongs to another user");
    ck_assert_int_eq(chown(path, 0, 0), 0);
    ck_assert_int_eq(chown(directory, 65534, 65534), 0);
    assert_refused("its directory belongs to another user");
}
END_TEST

/* As on a full disk; what is in the file stays. */
START_TEST(test_may_grow_no_more)
{
    struct rlimit limit, before;

    journal_add(journal, &skip);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = (struct rlimit){200, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit); /* nothing is asserted under it: that writes too */
    journal_add(journal, &skip);
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert_ptr_nonnull(journal_trouble(journal));
    ck_assert_int_eq(strncmp(journal_trouble(journal), "the journal takes no more: File too large (", 43),
                     0);
    ck_assert_ptr_nonnull(strstr(journal_trouble(journal), path));
    ck_assert_str_eq(read_all(), "step-skipped ");
    ck_assert_uint_eq(skipped, 1);
}
END_TEST

START_TEST(test_read_error)
{
    struct buf text = {0};
    int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert(!journal_file_read(fd, 0, &text));
    ck_assert_int_eq(errno, EIO);
    close(fd);
    buf_clear(&text);
}
END_TEST

static void run(const char *check, const char *same)
{
    journal_add(journal, &(struct journal_event){.kind = JOURNAL_RUN, .check = check,
                                                 .same = same, .outcome = "fail",
                                                 .summary = "x"});
}

/* A run that says what the check's last one said takes a short line. */
START_TEST(test_run_again)
{
    struct stat before, after;

    run("check.a", "1");
    run("check.b", "1");
    ck_assert_int_eq(stat(path, &before), 0);
    run("check.a", "1");
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_int_lt(after.st_size - before.st_size, 200);
    journal_add(journal, &skip);
    run("check.a", "1");
    run("check.a", "2");
    run("check.a", "1");
    run("check.a", NULL);
    run("check.a", NULL);
    ck_assert_str_eq(read_all(), "run run run-again step-skipped run-again run run run run ");
}
END_TEST

/* Runs wait for nobody, and all of them pay once; what is done pays at once. */
START_TEST(test_syncs)
{
    ck_assert_uint_eq(directory_syncs, 1);
    data_syncs = 0;
    run("check.a", "1");
    run("check.b", "1");
    ck_assert_uint_eq(data_syncs, 0);
    journal_save(journal);
    journal_save(journal);
    ck_assert_uint_eq(data_syncs, 1);
    journal_add(journal, &skip);
    ck_assert_uint_eq(data_syncs, 2);
    journal_close(journal);
    journal = journal_open(directory, NULL);
    ck_assert_uint_eq(data_syncs, 2);
    ck_assert_uint_eq(directory_syncs, 1);
}
END_TEST

/* A value that the settings hold is in no text, and every word stays what it is. */
START_TEST(test_hides_values)
{
    struct settings *settings = settings_new();
    struct journal_event event = skip;
    char *text;
    size_t len;

    settings_add_set(settings, "Smtp:Password=hunter2", NULL);
    settings_add_set(settings, "Api:Token=check", NULL);
    journal_hide_secrets(journal, settings);
    event.kind = JOURNAL_STEP_ENDED;
    event.end = "exit";
    event.output = "plain value: hunter2";
    event.command = "echo hunter2";
    journal_add(journal, &event);
    ck_assert(file_read(path, &text, &len, NULL));
    ck_assert_ptr_null(strstr(text, "hunter2"));
    ck_assert_ptr_nonnull(strstr(text, "plain value: ***"));
    ck_assert_ptr_nonnull(strstr(text, "\"check\":\"check.a\""));
    ck_assert_ptr_nonnull(strstr(text, "\"altered\":true"));
    free(text);
    settings_free(settings);
}
END_TEST

static char *long_text(void)
{
    char *text = mem_zalloc(8001);

    memset(text, 'x', 8000);
    return text;
}

/* Bounded, and what is left reads well. */
START_TEST(test_rotation)
{
    char *text = long_text(), *before = mem_printf("%s/journal.1.jsonl", directory);
    struct journal_event event = skip;
    struct stat st;

    event.kind = JOURNAL_STEP_COPIED;
    event.command = text;
    for (int i = 0; i < 1200; i++)
        journal_add(journal, &event);
    ck_assert_int_eq(stat(before, &st), 0);
    ck_assert_int_le(st.st_size, JOURNAL_FILE_BYTES + 70000);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_le(st.st_size, JOURNAL_FILE_BYTES + 70000);
    read_all();
    ck_assert_uint_eq(skipped, 0);
    free(before);
    free(text);
}
END_TEST

static void append_until_killed(int fd)
{
    struct journal *own = journal_open(directory, NULL);

    for (;;) {
        journal_add(own, &skip);
        (void)!write(fd, ".", 1);
    }
}

/* At each of 200 moments: at most the line that was being written is torn, and it goes on. */
START_TEST(test_killed)
{
    for (int i = 0; i < KILLS; i++) {
        int fds[2];
        char byte;
        ck_assert_int_eq(pipe(fds), 0);
        pid_t child = fork();
        if (child == 0)
            append_until_killed(fds[1]);
        close(fds[1]);
        for (int events = 1 + rand() % 8; events > 0; events--)
            (void)!read(fds[0], &byte, 1);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        close(fds[0]);
    }
    journal_add(journal, &skip);
    const char *kinds = read_all();
    ck_assert_uint_ge(strlen(kinds), KILLS * strlen("step-skipped "));
    ck_assert_uint_le(skipped, KILLS / 10);
}
END_TEST

/* A secret that somebody typed into a command is not kept. */
START_TEST(test_keeps_no_secret)
{
    struct journal_event event = skip;
    char *text;
    size_t len;

    event.kind = JOURNAL_STEP_EDITED;
    event.command = "Smtp__Password=hunter2 ./x\033[2J";
    journal_add(journal, &event);
    ck_assert(file_read(path, &text, &len, NULL));
    ck_assert_ptr_null(strstr(text, "hunter2"));
    ck_assert_ptr_null(strchr(text, '\033'));
    free(text);
}
END_TEST

Suite *journal_suite(void)
{
    Suite *suite = suite_create("journal");
    TCase *tcase = tcase_create("files");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_round_trip);
    tcase_add_loop_test(tcase, test_broken_lines, 0, sizeof broken / sizeof *broken);
    tcase_add_test(tcase, test_cannot_be);
    tcase_add_test(tcase, test_none);
    tcase_add_test(tcase, test_open_to_others);
    tcase_add_test(tcase, test_hard_link);
    tcase_add_test(tcase, test_of_another);
    tcase_add_test(tcase, test_may_grow_no_more);
    tcase_add_test(tcase, test_read_error);
    tcase_add_test(tcase, test_run_again);
    tcase_add_test(tcase, test_syncs);
    tcase_add_test(tcase, test_hides_values);
    tcase_add_test(tcase, test_rotation);
    tcase_add_test(tcase, test_killed);
    tcase_add_test(tcase, test_keeps_no_secret);
    suite_add_tcase(suite, tcase);
    return suite;
}
