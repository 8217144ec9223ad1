#include "suites.h"

#include "base/text.h"
#include "probe/finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_sentence(const char *text)
{
    size_t n = strlen(text);
    return n > 20 && text[0] >= 'A' && text[0] <= 'Z' && text[n - 1] == '.';
}

START_TEST(every_finding_is_described)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    for (int id = 0; id < FINDINGS; id++) {
        const char *name = finding_name((enum finding_id)id);
        ck_assert_ptr_nonnull(name);
        ck_assert_uint_eq(strspn(name, allowed), strlen(name));
        ck_assert_msg(is_sentence(finding_meaning((enum finding_id)id)), "%s", name);
        ck_assert_msg(is_sentence(finding_fix((enum finding_id)id)), "%s", name);
        for (int other = 0; other < id; other++)
            ck_assert_str_ne(name, finding_name((enum finding_id)other));
    }
    ck_assert_str_eq(finding_name(FINDING_STARTTLS_INJECTION), "starttls-injection");
    ck_assert(finding_is_warning(FINDING_CERT_EXPIRED));
    ck_assert(finding_is_warning(FINDING_AUTH_ABSENT));
    ck_assert(!finding_is_warning(FINDING_OTHER_HOST_OPEN));
}
END_TEST

START_TEST(findings_keep_their_order)
{
    struct findings findings = {0};

    for (int i = 0; i < 20; i++)
        findings_add(&findings, FINDING_DEAD_ADDRESS, "192.0.2.%d", i);
    ck_assert_uint_eq(findings.count, 20);
    ck_assert_int_eq(findings.items[19].id, FINDING_DEAD_ADDRESS);
    ck_assert_str_eq(findings.items[19].text, "192.0.2.19");
    findings_clear(&findings);
    ck_assert_uint_eq(findings.count, 0);
    findings_clear(&findings);
}
END_TEST

START_TEST(findings_are_cut_and_moved)
{
    struct findings first = {0}, second = {0};

    findings_add(&first, FINDING_NO_GREETING, "a");
    findings_add(&first, FINDING_NO_GREETING, "b");
    findings_add(&second, FINDING_CERT_EXPIRED, "c");
    findings_cut(&first, 1);
    findings_move(&first, &second);
    ck_assert_uint_eq(second.count, 0);
    ck_assert_uint_eq(first.count, 2);
    ck_assert_str_eq(first.items[0].text, "a");
    ck_assert_str_eq(first.items[1].text, "c");
    findings_cut(&first, 0);
    findings_clear(&first);
}
END_TEST

START_TEST(texts_are_clean)
{
    struct findings findings = {0};

    findings_add(&findings, FINDING_CERT_WRONG_NAME, "for %s\n", "\x1b[2J\xFF");
    ck_assert_str_eq(findings.items[0].text, "for \\x1b[2J\\xff\\n");
    findings_clear(&findings);
    char *excerpt = finding_excerpt("a\0b\n", 4);
    ck_assert_str_eq(excerpt, "a\\x00b\\n");
    free(excerpt);
}
END_TEST

/* Each limit is kept with one to four bytes a character, wherever the cut falls. */
START_TEST(texts_are_cut_at_a_character)
{
    static const char *const characters[] = {"x", "\xC3\xA9", "\xE6\x97\xA5", "\xF0\x9F\x98\x80"};
    char text[1200] = "";
    struct findings findings = {0};

    memset(text, 'a', (size_t)_i / 4);
    while (strlen(text) < 1000)
        strcat(text, characters[_i % 4]);
    char *excerpt = finding_excerpt(text, strlen(text));
    findings_add(&findings, FINDING_NO_REPLY, "%s", text);
    const char *cut[] = {excerpt, findings.items[0].text};
    const size_t limits[] = {FINDING_EXCERPT_BYTES, FINDING_TEXT_BYTES};
    for (int i = 0; i < 2; i++) {
        size_t n = strlen(cut[i]);
        ck_assert_uint_le(n, limits[i]);
        ck_assert_uint_gt(n, limits[i] - 4);
        ck_assert_str_eq(cut[i] + n - 3, "...");
        ck_assert_mem_eq(cut[i], text, n - 3);
        char *clean = text_sanitise(cut[i], n, TEXT_ONE_LINE);
        ck_assert_str_eq(clean, cut[i]);
        free(clean);
    }
    free(excerpt);
    findings_clear(&findings);
}
END_TEST

/* Wherever the cut falls, also within what is hidden. */
START_TEST(secrets_are_hidden_before_the_cut)
{
    char text[FINDING_EXCERPT_BYTES + 64];

    snprintf(text, sizeof text, "%0*d password=hunter2hunter2hunter2 x", FINDING_EXCERPT_BYTES - 45 + _i,
             0);
    char *excerpt = finding_excerpt(text, strlen(text));
    ck_assert_ptr_null(strstr(excerpt, "hunter"));
    free(excerpt);
}
END_TEST

START_TEST(a_text_that_fits_is_whole)
{
    char text[FINDING_EXCERPT_BYTES + 1] = "";

    memset(text, 'a', FINDING_EXCERPT_BYTES);
    char *excerpt = finding_excerpt(text, strlen(text));
    ck_assert_str_eq(excerpt, text);
    free(excerpt);
}
END_TEST

Suite *finding_suite(void)
{
    Suite *suite = suite_create("finding");
    TCase *tcase = tcase_create("finding");

    tcase_add_test(tcase, every_finding_is_described);
    tcase_add_test(tcase, findings_keep_their_order);
    tcase_add_test(tcase, findings_are_cut_and_moved);
    tcase_add_test(tcase, texts_are_clean);
    tcase_add_loop_test(tcase, texts_are_cut_at_a_character, 0, 16);
    tcase_add_test(tcase, a_text_that_fits_is_whole);
    tcase_add_loop_test(tcase, secrets_are_hidden_before_the_cut, 0, 45);
    suite_add_tcase(suite, tcase);
    return suite;
}
