#include "guide/journal_keep.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "guide/journal.h"
#include "guide/journal_log.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* 2026-11-24T00:00:00Z, and lines of that day and of months before. */
#define NOW_MS INT64_C(1795478400000)
#define TODAY "2026-11-24"
#define LONG_AGO "2026-06-01"

static const char *directory;
static struct buf text, seen;
static struct journal_log log_read;

static void setup(void)
{
    directory = temporary_directory();
}

static void teardown(void)
{
    buf_clear(&text);
    buf_clear(&seen);
    journal_log_clear(&log_read);
    temporary_remove();
}

static void add(const char *kind, const char *day, const char *members)
{
    buf_printf(&text, "{\"kind\":\"%s\",\"time\":\"%sT00:00:%02zu.000Z\",\"pid\":7,%s}\n", kind, day,
               text.len % 60, members);
}

static void add_run(const char *check, const char *same)
{
    char *members = mem_printf(
        "\"check\":\"%s\",\"same\":\"%s\",\"outcome\":\"fail\",\"summary\":\"s\"", check, same);

    add("run", TODAY, members);
    free(members);
}

static void add_again(const char *check, const char *same, const char *more)
{
    char *members = mem_printf("\"check\":\"%s\",\"same\":\"%s\",\"outcome\":\"fail\"%s", check,
                               same, more);

    add("run-again", TODAY, members);
    free(members);
}

static void write_before(void)
{
    temporary_file("journal.1.jsonl", text.data ? text.data : "");
    buf_clear(&text);
}

static void keep(void)
{
    struct error err = {0};

    ck_assert_msg(journal_keep(directory, NOW_MS, &err), "%s", err.text);
}

static void read_log(void)
{
    struct error err = {0};

    journal_log_clear(&log_read);
    ck_assert_msg(journal_log_read(&log_read, directory, true, &err), "%s", err.text);
    ck_assert_uint_eq(log_read.skipped, 0);
}

/* "run a, run-again a 3, ..." of all that is read. */
static const char *read_all(void)
{
    read_log();
    buf_clear(&seen);
    buf_puts(&seen, "");
    for (size_t i = 0; i < log_read.count; i++) {
        const struct journal_line *line = &log_read.lines[i];
        struct journal_word first;
        long long count = journal_line_count(line, &first);
        buf_printf(&seen, "%s %.*s", journal_kind_name(line->kind), (int)line->check.size,
                   line->check.text);
        if (line->kind == JOURNAL_RUN_AGAIN)
            buf_printf(&seen, " %lld", count);
        buf_puts(&seen, ", ");
    }
    return seen.data;
}

static void drop_before(void)
{
    char *path = journal_file_path(directory, JOURNAL_BEFORE);

    ck_assert_int_eq(unlink(path), 0);
    free(path);
}

static void add_deeper(const char *found)
{
    char *members = mem_printf("\"check\":\"a\",\"deeper\":\"%s\",\"outcome\":\"fail\","
                               "\"summary\":\"s\",\"findings\":[\"%s\"]", found, found);

    add("run-deeper", TODAY, members);
    free(members);
}

/* What digging found is kept with its run, and apart from what it found another time. */
START_TEST(keeps_what_digging_found)
{
    add_run("a", "1");
    add_deeper("x");
    add_again("a", "1", "");
    add("deeper-again", TODAY, "\"check\":\"a\",\"deeper\":\"x\"");
    add_again("a", "1", "");
    write_before();
    keep();
    drop_before();
    ck_assert_str_eq(read_all(), "run a, run-again a 2, ");
    add_again("a", "1", "");
    add_deeper("y");
    add_again("a", "1", "");
    write_before();
    for (int i = 0; i < 2; i++) {
        keep();
        drop_before();
        ck_assert_str_eq(read_all(), "run a, run-again a 2, run a, run-again a 1, ");
        ck_assert_int_eq(memcmp(log_read.lines[0].deeper.text, "x", 1), 0);
        ck_assert_int_eq(memcmp(log_read.lines[2].deeper.text, "y", 1), 0);
        write_before();
    }
}
END_TEST

START_TEST(puts_runs_together)
{
    add_run("a", "1");
    add_run("b", "1");
    add_again("a", "1", "");
    add_again("a", "1", ",\"count\":5,\"first\":\"" TODAY "T00:00:01.000Z\"");
    add_again("b", "1", "");
    add_run("a", "1");
    add_run("a", "2");
    add_run("a", "1");
    write_before();
    keep();
    drop_before();
    ck_assert_str_eq(read_all(), "run a, run b, run-again b 1, run-again a 7, run a, run a, ");
    /* And those that come later go on with them. */
    add_again("a", "1", "");
    add_again("b", "1", "");
    add_again("c", "1", "");
    add_again("c", "1", "");
    add_again("c", "1", "");
    write_before();
    keep();
    drop_before();
    ck_assert_str_eq(read_all(), "run a, run b, run-again a 7, run a, run a, run-again a 1, "
                                 "run-again b 2, run-again c 1, run-again c 2, ");
    ck_assert_int_eq(log_read.left_out.until_ms, 0);
}
END_TEST

/* Killed between the two renames: what is kept already is there as what was before, too. */
START_TEST(nothing_is_there_twice)
{
    add_run("a", "1");
    add("step-skipped", TODAY, "\"walk\":\"w\",\"check\":\"a\",\"step\":1");
    write_before();
    keep();
    ck_assert_str_eq(read_all(), "run a, step-skipped a, ");
    keep();
    drop_before();
    ck_assert_str_eq(read_all(), "run a, step-skipped a, ");
}
END_TEST

enum { OUTPUT = 2000, LINES = 960 }; /* half of what may be kept */

static void add_many(const char *kind, const char *day, const char *walk)
{
    char output[OUTPUT + 1];

    memset(output, 'x', OUTPUT);
    output[OUTPUT] = '\0';
    for (int i = 0; i < LINES; i++) {
        char *members =
            strcmp(kind, "run") == 0
                ? mem_printf("\"check\":\"a\",\"same\":\"%d\",\"outcome\":\"fail\","
                             "\"summary\":\"%s\"", i, output)
                : mem_printf("\"walk\":\"%s\",\"check\":\"a\",\"step\":1,\"end\":\"exit\","
                             "\"output\":\"%s\"", walk, output);
        add(kind, day, members);
        free(members);
    }
}

static size_t count_lines(const char *kind, const char *walk)
{
    size_t count = 0;

    for (size_t i = 0; i < log_read.count; i++) {
        const struct journal_line *line = &log_read.lines[i];
        count += strcmp(journal_kind_name(line->kind), kind) == 0 &&
                 (!walk || journal_word_equals(line->walk,
                                               (struct journal_word){walk, strlen(walk)}));
    }
    return count;
}

static void assert_bounded(void)
{
    char *path = journal_file_path(directory, JOURNAL_KEPT);
    struct stat st;

    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_le(st.st_size, JOURNAL_KEPT_BYTES + 256);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
    free(path);
}

/* Runs go first, whenever they were; then what was done long ago, and has ended. */
START_TEST(leaves_out_what_matters_least)
{
    add_many("step-ended", LONG_AGO, "open");
    add_many("step-ended", LONG_AGO, "ended");
    add("walk-ended", LONG_AGO, "\"walk\":\"ended\",\"check\":\"a\"");
    write_before();
    keep();
    drop_before();
    add_many("run", TODAY, NULL);
    write_before();
    keep();
    drop_before();
    read_log();
    ck_assert_uint_eq(count_lines("step-ended", "ended"), LINES);
    ck_assert_uint_eq(count_lines("step-ended", "open"), LINES);
    ck_assert_uint_lt(count_lines("run", NULL), 100);
    ck_assert_int_eq(log_read.left_out.runs + (long)count_lines("run", NULL), LINES);
    ck_assert_int_eq(log_read.left_out.others, 0);
    ck_assert_int_gt(log_read.left_out.until_ms, NOW_MS - 1);
    assert_bounded();
    add_many("step-ended", TODAY, "new");
    write_before();
    keep();
    drop_before();
    read_log();
    ck_assert_uint_eq(count_lines("run", NULL), 0);
    ck_assert_uint_eq(count_lines("step-ended", "new"), LINES);
    ck_assert_uint_eq(count_lines("step-ended", "open"), LINES);
    ck_assert_uint_lt(count_lines("step-ended", "ended"), 100);
    ck_assert_int_eq(log_read.left_out.runs, LINES);
    assert_bounded();
    add_many("step-ended", TODAY, "newer");
    write_before();
    keep();
    drop_before();
    read_log();
    ck_assert_uint_eq(count_lines("step-ended", "newer"), LINES);
    assert_bounded();
}
END_TEST

/* Fills the text up to so many bytes. */
static void fill(size_t bytes)
{
    size_t least = 200;

    ck_assert_uint_gt(bytes, text.len + least);
    while (text.len + least < bytes) {
        char title[1001];
        size_t n = bytes - text.len - least;
        n = n < sizeof title - 1 ? n : sizeof title - 1;
        memset(title, 'x', n);
        title[n] = '\0';
        char *members = mem_printf("\"walk\":\"w\",\"check\":\"a\",\"title\":\"%s\",\"step\":1",
                                   title);
        add("step-skipped", TODAY, members);
        free(members);
    }
}

/* A run that is left out takes those with it that refer to it, also where there would be
 * room for them. */
START_TEST(leaves_no_repetition_behind)
{
    add_run("b", "1");
    add_many("step-ended", TODAY, "w");
    fill(JOURNAL_KEPT_BYTES);
    add_again("b", "1", "");
    add_again("b", "1", "");
    write_before();
    keep();
    drop_before();
    read_log();
    ck_assert_uint_eq(count_lines("run", NULL), 0);
    ck_assert_uint_eq(count_lines("run-again", NULL), 0);
    ck_assert_int_eq(log_read.left_out.runs, 3);
    ck_assert_int_eq(log_read.left_out.others, 0);
}
END_TEST

static void append_many(char walk)
{
    struct journal *own = journal_open(directory, NULL);
    char name[] = {walk, '\0'}, output[OUTPUT + 1];

    memset(output, 'x', OUTPUT);
    output[OUTPUT] = '\0';
    for (int i = 0; i < LINES; i++)
        journal_add(own, &(struct journal_event){.kind = JOURNAL_STEP_ENDED, .walk = name,
                                                 .check = "a", .step = 1, .end = "exit",
                                                 .output = output});
    journal_close(own);
    _exit(0);
}

/* Each fills the files for the other, and nobody's event is lost. */
START_TEST(two_may_write)
{
    pid_t children[2];

    for (int i = 0; i < 2; i++)
        if ((children[i] = fork()) == 0)
            append_many((char)('a' + i));
    for (int i = 0; i < 2; i++)
        waitpid(children[i], NULL, 0);
    read_log();
    ck_assert_uint_eq(count_lines("step-ended", "a"), LINES);
    ck_assert_uint_eq(count_lines("step-ended", "b"), LINES);
    char *path = journal_file_path(directory, JOURNAL_BEFORE);
    ck_assert_int_eq(access(path, F_OK), 0);
    free(path);
}
END_TEST

/* A walkthrough goes on, whatever has been run since. */
START_TEST(a_walkthrough_outlives_runs)
{
    enum { RUNS = 1200, ITEMS = 16 };
    struct journal *journal = journal_open(directory, NULL);
    const char *items[ITEMS];
    char line[451];

    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    for (int i = 0; i < ITEMS; i++)
        items[i] = line;
    journal_add(journal, &(struct journal_event){.kind = JOURNAL_WALK_BEGAN, .walk = "w",
                                                 .check = "a", .platform = "compose"});
    for (int i = 0; i < RUNS; i++) {
        char *same = mem_printf("%d", i);
        journal_add(journal, &(struct journal_event){.kind = JOURNAL_RUN, .check = "a",
                                                     .same = same, .outcome = "fail",
                                                     .summary = "x", .evidence = {items, ITEMS}});
        free(same);
    }
    ck_assert_ptr_null(journal_trouble(journal));
    journal_close(journal);
    read_log();
    ck_assert_uint_eq(count_lines("walk-began", "w"), 1);
    ck_assert_uint_gt(count_lines("run", NULL), RUNS / 2);
    ck_assert_int_eq((long)count_lines("run", NULL) + log_read.left_out.runs, RUNS);
    assert_bounded();
}
END_TEST

Suite *journal_keep_suite(void)
{
    Suite *suite = suite_create("journal_keep");
    TCase *tcase = tcase_create("files");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, puts_runs_together);
    tcase_add_test(tcase, keeps_what_digging_found);
    tcase_add_test(tcase, nothing_is_there_twice);
    tcase_add_test(tcase, leaves_out_what_matters_least);
    tcase_add_test(tcase, leaves_no_repetition_behind);
    tcase_add_test(tcase, two_may_write);
    tcase_add_test(tcase, a_walkthrough_outlives_runs);
    suite_add_tcase(suite, tcase);
    return suite;
}
