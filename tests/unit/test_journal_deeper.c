#include "guide/journal.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "guide/journal_log.h"
#include "suites.h"
#include "temporary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *directory;
static char *path;
static struct journal *journal;
static struct buf seen;
static size_t skipped;

static void setup(void)
{
    directory = temporary_directory();
    path = mem_printf("%s/journal.jsonl", directory);
    journal = journal_open(directory, NULL);
    ck_assert_ptr_nonnull(journal);
}

static void teardown(void)
{
    journal_close(journal);
    free(path);
    buf_clear(&seen);
    temporary_remove();
}

/* The kinds of the lines that who reads it gets. */
static const char *read_all(void)
{
    struct journal_log log;

    ck_assert(journal_log_read(&log, directory, true, NULL));
    buf_clear(&seen);
    for (size_t i = 0; i < log.count; i++)
        buf_printf(&seen, "%s ", journal_kind_name(log.lines[i].kind));
    skipped = log.skipped;
    journal_log_clear(&log);
    return seen.data;
}

static void append(const char *line)
{
    FILE *file = fopen(path, "a");

    ck_assert_ptr_nonnull(file);
    fputs(line, file);
    fclose(file);
}

static void run(const char *check, const char *same)
{
    journal_add(journal, &(struct journal_event){.kind = JOURNAL_RUN, .check = check,
                                                 .same = same, .outcome = "fail",
                                                 .summary = "x"});
}

static void dig(const char *check, const char *deeper)
{
    static const char *const found[] = {"dns-slow: 2 s"};

    journal_add(journal, &(struct journal_event){.kind = JOURNAL_RUN_DEEPER, .check = check,
                                                 .deeper = deeper, .outcome = "fail",
                                                 .summary = "x", .findings = {found, 1}});
}

static const char *kinds_in_file(void)
{
    char *text, *line, *rest;
    size_t len;

    ck_assert(file_read(path, &text, &len, NULL));
    buf_clear(&seen);
    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        ck_assert_int_eq(strncmp(line, "{\"kind\":\"", 9), 0);
        buf_printf(&seen, "%.*s ", (int)strcspn(line + 9, "\""), line + 9);
    }
    free(text);
    return seen.data;
}

/* What digging adds is on a line of its own, a short one where that is known; a run between
 * that stands whole has it told anew. Who reads has one run of the two. */
START_TEST(is_one_with_its_run)
{
    run("check.a", "1");
    dig("check.a", "2");
    run("check.a", "1");
    run("check.b", "1");
    dig("check.a", "2");
    run("check.a", "1");
    dig("check.a", "3");
    run("check.a", "4");
    dig("check.a", "4");
    dig("check.b", "1");
    ck_assert_str_eq(kinds_in_file(), "run run-deeper run-again run deeper-again run-again "
                                      "run-deeper run run-deeper run-deeper ");
    ck_assert_str_eq(read_all(), "run run-again run run run ");
    ck_assert_uint_eq(skipped, 0);
}
END_TEST

/* It has the time and the word of the verdict, and what was found. */
START_TEST(has_what_was_found)
{
    struct journal_log log;
    struct journal_entry entry;

    run("check.a", "1");
    dig("check.a", "2");
    ck_assert(journal_log_read(&log, directory, true, NULL));
    ck_assert_uint_eq(log.count, 1);
    const struct journal_line *line = &log.lines[0];
    ck_assert_int_eq(journal_entry_read(&entry, line->text, line->size), JOURNAL_GOOD);
    ck_assert_str_eq(entry.event.same, "1");
    ck_assert_str_eq(entry.event.deeper, "2");
    ck_assert_uint_eq(entry.event.findings.count, 1);
    ck_assert_int_eq(entry.event.time_ms, journal_word_ms(line->time));
    journal_entry_clear(&entry);
    journal_log_clear(&log);
}
END_TEST

/* Its run is not there, or stands for several: it is a run by itself. */
START_TEST(is_a_run_by_itself)
{
    char *counted = mem_printf("{\"kind\":\"run-again\",\"time\":\"2026-11-24T03:02:11.000Z\","
                               "\"pid\":%d,\"check\":\"check.a\",\"same\":\"1\","
                               "\"outcome\":\"fail\",\"count\":5,"
                               "\"first\":\"2026-11-24T03:00:00.000Z\"}\n", (int)getpid());

    append("{\"kind\":\"run\",\"time\":\"2026-11-24T03:00:00.000Z\",\"pid\":1,"
                 "\"check\":\"check.a\",\"outcome\":\"fail\",\"summary\":\"other\"}\n");
    dig("check.a", "2");
    ck_assert_str_eq(read_all(), "run run ");
    append(counted);
    dig("check.a", "3");
    ck_assert_str_eq(read_all(), "run run run-again run ");
    append("{\"kind\":\"run-deeper\",\"time\":\"2026-11-24T03:00:00.000Z\",\"pid\":1,"
                 "\"check\":\"check.a\",\"deeper\":\"1\",\"summary\":\"no outcome\"}\n");
    read_all();
    ck_assert_uint_eq(skipped, 1);
    free(counted);
}
END_TEST

Suite *journal_deeper_suite(void)
{
    Suite *suite = suite_create("journal_deeper");
    TCase *tcase = tcase_create("lines");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, is_one_with_its_run);
    tcase_add_test(tcase, has_what_was_found);
    tcase_add_test(tcase, is_a_run_by_itself);
    suite_add_tcase(suite, tcase);
    return suite;
}
