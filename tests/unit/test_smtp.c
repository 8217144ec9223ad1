#include "suites.h"

#include "numeric.h"
#include "probe/smtp.h"
#include "recording.h"

#include <errno.h>
#include <glob.h>
#include <stdint.h>
#include <string.h>

/* As much as a program may read at once. */
enum { PIECE_BYTES = 4096 };
enum { BUDGET_US = 5 * CLOCK_SECOND, CONVERSATIONS_LEAST = 100 };
static const clock_us start = 1000 * (clock_us)CLOCK_SECOND;

static glob_t recorded;

static void setup(void)
{
    use_decimal_points();
    ck_assert_int_eq(glob("tests/fuzz/conversations/*.txt", 0, NULL, &recorded), 0);
    ck_assert_uint_ge(recorded.gl_pathc, CONVERSATIONS_LEAST);
}

static void teardown(void)
{
    globfree(&recorded);
}

START_TEST(whole)
{
    for (size_t i = 0; i < recorded.gl_pathc; i++) {
        struct conversation conversation = conversation_load(recorded.gl_pathv[i]);
        const char *wrong = NULL;
        conversation_replay(&conversation, 0, SIZE_MAX, &wrong);
        conversation_unload(&conversation);
        ck_assert_msg(!wrong, "%s: %s", recorded.gl_pathv[i], wrong);
    }
}
END_TEST

START_TEST(split_at_every_byte)
{
    for (size_t i = 0; i < recorded.gl_pathc; i++) {
        struct conversation conversation = conversation_load(recorded.gl_pathv[i]);
        const char *wrong = NULL;
        size_t taken = conversation_replay(&conversation, 0, 1, &wrong);
        for (size_t at = 1; at < taken; at++)
            conversation_replay(&conversation, at, PIECE_BYTES, &wrong);
        conversation_unload(&conversation);
        ck_assert_msg(!wrong, "%s: %s", recorded.gl_pathv[i], wrong);
    }
}
END_TEST

static const char *const ends[] = {"closed", "reset", "silent"};

START_TEST(cut_at_every_byte)
{
    for (size_t i = 0; i < recorded.gl_pathc; i++) {
        struct conversation conversation = conversation_load(recorded.gl_pathv[i]);
        const char *wrong = NULL;
        size_t taken = conversation_replay(&conversation, 0, 1, &wrong);
        for (size_t at = 0; at < taken; at++)
            conversation_replay_cut(&conversation, at, ends[_i], &wrong);
        conversation_unload(&conversation);
        ck_assert_msg(!wrong, "%s: %s", recorded.gl_pathv[i], wrong);
    }
}
END_TEST

static struct findings found;

static struct smtp *begin(bool tls, clock_us budget)
{
    return smtp_new("[192.0.2.1]", tls, start, start + budget, &found);
}

static void say(struct smtp *smtp, const char *text, clock_us after)
{
    smtp_receive(smtp, text, strlen(text), start + after);
}

static void assert_output(struct smtp *smtp, const char *text)
{
    size_t n;
    const char *output = smtp_output(smtp, &n);

    ck_assert_uint_eq(n, strlen(text));
    ck_assert_mem_eq(output, text, n);
    smtp_sent(smtp, n);
}

static void assert_deadline(const struct smtp *smtp, enum smtp_wait wait, clock_us after)
{
    ck_assert_int_eq(smtp_waits_for(smtp), wait);
    ck_assert_int_eq(smtp_deadline(smtp) - start, after);
}

static void finish(struct smtp *smtp)
{
    smtp_free(smtp);
    findings_clear(&found);
}

START_TEST(each_step_has_a_deadline)
{
    struct smtp *smtp = begin(false, 60 * (clock_us)CLOCK_SECOND);

    assert_deadline(smtp, SMTP_WAIT_GREETING, 60 * (clock_us)CLOCK_SECOND);
    say(smtp, "220 x ESMTP\r\n", 100);
    assert_deadline(smtp, SMTP_WAIT_EHLO, 100 + SMTP_REPLY_US);
    say(smtp, "250-x\r\n", 200);
    assert_deadline(smtp, SMTP_WAIT_EHLO, 100 + SMTP_REPLY_US);
    say(smtp, "250 STARTTLS\r\n", 300);
    assert_deadline(smtp, SMTP_WAIT_STARTTLS, 300 + SMTP_REPLY_US);
    say(smtp, "220 go\r\n", 400);
    assert_deadline(smtp, SMTP_WAIT_TLS, 400 + SMTP_REPLY_US);
    smtp_secured(smtp, start + 500);
    assert_deadline(smtp, SMTP_WAIT_EHLO, 500 + SMTP_REPLY_US);
    say(smtp, "502 what?\r\n", 600);
    assert_deadline(smtp, SMTP_WAIT_HELO, 600 + SMTP_REPLY_US);
    say(smtp, "250 x\r\n", 700);
    assert_deadline(smtp, SMTP_WAIT_QUIT, 700 + SMTP_QUIT_US);
    smtp_expire(smtp, smtp_deadline(smtp) - 1);
    ck_assert_int_eq(smtp_waits_for(smtp), SMTP_WAIT_QUIT);
    smtp_expire(smtp, smtp_deadline(smtp));
    ck_assert_int_eq(smtp_waits_for(smtp), SMTP_ENDED);
    finish(smtp);
}
END_TEST

START_TEST(the_whole_deadline_comes_first)
{
    struct smtp *smtp = begin(false, CLOCK_SECOND);

    say(smtp, "220 x ESMTP\r\n", 900 * CLOCK_MS);
    assert_deadline(smtp, SMTP_WAIT_EHLO, CLOCK_SECOND);
    smtp_expire(smtp, start + CLOCK_SECOND);
    ck_assert_int_eq(smtp_waits_for(smtp), SMTP_ENDED);
    ck_assert_uint_eq(found.count, 1);
    ck_assert_str_eq(found.items[0].text,
                     "out of time after 0.10 s of waiting for the answer to EHLO");
    finish(smtp);
}
END_TEST

START_TEST(a_line_that_is_only_quoted_has_a_deadline)
{
    struct smtp *smtp = begin(false, BUDGET_US);

    say(smtp, "SSH-", 10);
    assert_deadline(smtp, SMTP_WAIT_BANNER, 10 + SMTP_LINE_US);
    finish(smtp);
    smtp = begin(false, BUDGET_US);
    say(smtp, "220 x\r\n250-x\r\n250 STARTTLS\r\n220 go\r\nx", 20);
    assert_deadline(smtp, SMTP_WAIT_INJECTED, 20 + SMTP_LINE_US);
    finish(smtp);
}
END_TEST

START_TEST(output_may_go_in_parts)
{
    struct smtp *smtp = begin(true, BUDGET_US);
    size_t n;

    assert_output(smtp, "");
    say(smtp, "220 x ESMTP\r\n", 1);
    smtp_sent(smtp, 5);
    smtp_sent(smtp, 0);
    assert_output(smtp, "[192.0.2.1]\r\n");
    smtp_output(smtp, &n);
    ck_assert_uint_eq(n, 0);
    say(smtp, "250-x\r\n250 AUTH PLAIN\r\n", 2);
    assert_output(smtp, "QUIT\r\n");
    finish(smtp);
}
END_TEST

/* No command can hide in the name. */
START_TEST(the_client_is_a_name)
{
    struct smtp *smtp =
        smtp_new("a.example\r\nMAIL FROM:<x>", false, start, start + BUDGET_US, &found);

    say(smtp, "220 x ESMTP\r\n", 1);
    assert_output(smtp, "EHLO a.example--MAIL-FROM:-x-\r\n");
    finish(smtp);
}
END_TEST

START_TEST(facts_are_learned)
{
    struct smtp *smtp = begin(false, BUDGET_US);
    const struct smtp_facts *facts = smtp_facts(smtp);

    ck_assert_int_eq(facts->banner, BANNER_UNDECIDED);
    say(smtp, "220-x ESMTP\r\n220 welcome\r\n", 1);
    ck_assert_int_eq(facts->banner, BANNER_SMTP);
    ck_assert_str_eq(facts->greeting, "220-x ESMTP 220 welcome");
    say(smtp, "250-x\r\n250-AUTH GSSAPI\r\n250 STARTTLS\r\n", 2);
    ck_assert(facts->starttls && !facts->tls);
    ck_assert_str_eq(facts->auth, "GSSAPI");
    say(smtp, "220 go\r\n", 3);
    smtp_secured(smtp, start + 4);
    say(smtp, "250-x\r\n250 AUTH PLAIN LOGIN\r\n", 5);
    ck_assert(facts->starttls && facts->tls);
    ck_assert_str_eq(facts->auth, "PLAIN LOGIN");
    ck_assert_uint_eq(found.count, 0);
    finish(smtp);
}
END_TEST

START_TEST(takes_64_KiB_in_all)
{
    struct smtp *smtp = begin(false, BUDGET_US);
    struct buf lines = {0};

    /* Two replies of nearly 100 lines of nearly 512 bytes. */
    for (int i = 0; i < 99; i++)
        buf_printf(&lines, "220-%0500d\r\n", 0);
    buf_puts(&lines, "220 ESMTP\r\n");
    smtp_receive(smtp, lines.data, lines.len, start + 1);
    ck_assert_int_eq(smtp_waits_for(smtp), SMTP_WAIT_EHLO);
    size_t left = SMTP_TOTAL_BYTES - lines.len;
    smtp_receive(smtp, lines.data, left, start + 2);
    ck_assert_int_eq(smtp_waits_for(smtp), SMTP_WAIT_EHLO);
    smtp_receive(smtp, lines.data + left, lines.len - left, start + 3);
    ck_assert_int_eq(smtp_waits_for(smtp), SMTP_ENDED);
    ck_assert_uint_eq(found.count, 1);
    ck_assert_int_eq(found.items[0].id, FINDING_REPLY_TOO_LONG);
    ck_assert_msg(strncmp(found.items[0].text, "over 64 KiB in all: ", 20) == 0, "%s",
                  found.items[0].text);
    buf_clear(&lines);
    finish(smtp);
}
END_TEST

START_TEST(nothing_counts_after_the_end)
{
    struct smtp *smtp = begin(false, BUDGET_US);

    smtp_closed(smtp, 0, start + 1);
    ck_assert_uint_eq(found.count, 1);
    say(smtp, "220 x ESMTP\r\n", 2);
    smtp_closed(smtp, ECONNRESET, start + 3);
    smtp_expire(smtp, start + BUDGET_US);
    ck_assert_uint_eq(found.count, 1);
    assert_output(smtp, "");
    finish(smtp);
    smtp_free(NULL);
}
END_TEST

Suite *smtp_suite(void)
{
    Suite *suite = suite_create("smtp");
    TCase *replayed = tcase_create("recorded conversations");
    TCase *rules = tcase_create("rules");

    tcase_add_checked_fixture(replayed, setup, teardown);
    tcase_set_timeout(replayed, 30);
    tcase_add_test(replayed, whole);
    tcase_add_test(replayed, split_at_every_byte);
    tcase_add_loop_test(replayed, cut_at_every_byte, 0, sizeof ends / sizeof *ends);
    suite_add_tcase(suite, replayed);
    tcase_add_checked_fixture(rules, use_decimal_points, NULL);
    tcase_add_test(rules, each_step_has_a_deadline);
    tcase_add_test(rules, the_whole_deadline_comes_first);
    tcase_add_test(rules, a_line_that_is_only_quoted_has_a_deadline);
    tcase_add_test(rules, output_may_go_in_parts);
    tcase_add_test(rules, the_client_is_a_name);
    tcase_add_test(rules, facts_are_learned);
    tcase_add_test(rules, takes_64_KiB_in_all);
    tcase_add_test(rules, nothing_counts_after_the_end);
    suite_add_tcase(suite, rules);
    return suite;
}
