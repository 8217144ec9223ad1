#include "guide/incident_story.h"
#include "noted.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define SMTP "\"check\":\"check.smtp\""
#define RUN SMTP ",\"summary\":\"said\",\"outcome\":"
#define PROOF "\"walk\":\"w\"," SMTP ",\"rounds\":3,\"verdict\":"

static void assert_note(const char *wanted, const char *unwanted)
{
    noted_read(1, 4);
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_msg(strstr(text, wanted) != NULL, "no %s in\n%s", wanted, text);
    ck_assert_msg(!unwanted || !strstr(text, unwanted), "%s in\n%s", unwanted, text);
    free(text);
}

/* Another target may be the fix, or have nothing to do with what failed: both are named. */
START_TEST(a_pass_of_another_target)
{
    noted_add("run", "03:00:00", RUN "\"fail\",\"same\":\"a\",\"target\":\"a.test:25\"");
    noted_add("run", "03:01:00", RUN "\"pass\",\"same\":\"b\",\"target\":\"b.test:587\","
                                     "\"findings\":[\"greeting-refused: 554\",\"greeting-refused: "
                                     "again\",\"auth-absent: none\"]");
    assert_note("PASSES, ANOTHER TARGET, WITH greeting-refused, auth-absent  check.smtp: failed at "
                "a.test:25, passes at b.test:587: said\n", "PASSES AGAIN");
    assert_note("    found at 2026-11-24T03:01:00Z although it passed: auth-absent: none\n",
                "passes again");
    noted_add("verified", "03:02:00", PROOF "\"fixed\",\"passes\":3");
    assert_note("FIXED, WITH greeting-refused, auth-absent  check.smtp: failed at a.test:25, passes "
                "at b.test:587: said\n", "PASSES");
}
END_TEST

/* The last pass counts: of what is back at its target nothing of another one is said. */
START_TEST(a_pass_of_the_same_target)
{
    noted_add("run", "03:00:00", RUN "\"fail\",\"same\":\"a\",\"target\":\"a.test:25\"");
    noted_add("run", "03:01:00", RUN "\"pass\",\"same\":\"b\",\"target\":\"b.test:587\","
                                     "\"findings\":[\"greeting-refused: 554\"]");
    noted_add("run", "03:02:00", RUN "\"pass\",\"same\":\"c\",\"target\":\"a.test:25\"");
    assert_note("PASSES AGAIN  check.smtp: said\n", "although");
}
END_TEST

/* It failed, passed with a warning, and passed again without a closer look. */
static void note_a_warning(void)
{
    noted_add("run", "03:00:00", RUN "\"fail\",\"same\":\"a\"");
    noted_add("run", "03:01:00", RUN "\"pass\",\"same\":\"b\",\"findings\":[\"cert-expired: x\"]");
    noted_add("run", "03:02:00", RUN "\"pass\",\"same\":\"c\"");
}

/* A run that does not look closer takes nothing back of what one found; one that does, does. */
START_TEST(what_was_found_stands)
{
    note_a_warning();
    assert_note("PASSES AGAIN, WITH cert-expired  check.smtp: said\n", NULL);
    noted_add("run", "03:03:00", RUN "\"pass\",\"same\":\"d\",\"findings\":[\"tls-untested: x\"]");
    assert_note("PASSES AGAIN  check.smtp: said\n", "although");
}
END_TEST

/* Also where nothing was left to be found. */
START_TEST(what_is_not_found_again_is_gone)
{
    note_a_warning();
    noted_add("run-deeper", "03:02:01", SMTP ",\"deeper\":\"c\",\"outcome\":\"pass\","
                                        "\"summary\":\"said\"");
    assert_note("PASSES AGAIN  check.smtp: said\n", "although");
}
END_TEST

/* Whatever its last round said. */
START_TEST(a_mixed_proof_is_flaky)
{
    noted_add("run", "03:00:00", RUN "\"fail\",\"same\":\"a\"");
    noted_add("run", "03:00:02", RUN "\"pass\",\"same\":\"b\"");
    noted_add("verified", "03:00:02", PROOF "\"flaky\",\"passes\":2");
    assert_note("FLAKY  check.smtp: said\n", "PASSES AGAIN");
    assert_note("    proof at 2026-11-24T03:00:02Z: flaky, 2 of 3 runs passed\n", "passes again");
    noted_add("run", "03:01:00", RUN "\"fail\",\"same\":\"a\"");
    assert_note("FAILING  check.smtp: said\n", "FLAKY");
}
END_TEST

START_TEST(a_pass_with_a_warning_is_told)
{
    noted_add("run", "00:00:00", "\"check\":\"check.slack\",\"same\":\"z\",\"outcome\":\"pass\","
                                 "\"summary\":\"long ago\",\"findings\":[\"cert-expired: x\"]");
    noted_add("run", "03:00:00", RUN "\"pass\",\"same\":\"a\",\"findings\":[\"cert-expired: x\"]");
    noted_add("run", "03:00:00", "\"check\":\"check.slack\",\"same\":\"b\",\"outcome\":\"pass\","
                                 "\"summary\":\"well\"");
    assert_note("PASSED, WITH cert-expired  check.smtp: said\n", "check.slack: well\n    found");
    assert_note("No check failed; 2 passed.\n", "cert-expired  check.slack");
}
END_TEST

START_TEST(a_skip_is_told)
{
    noted_add("run", "03:00:00", RUN "\"skip\",\"same\":\"a\"");
    assert_note("SKIPPED  check.smtp: said\nNo check failed; 0 passed, 1 skipped.\n",
                "No check was run");
    noted_add("run", "03:01:00", RUN "\"pass\",\"same\":\"b\"");
    assert_note("No check failed; 1 passed.\n", "SKIPPED");
}
END_TEST

/* The verdict on a check that was skipped is no failure. */
START_TEST(a_proof_without_a_verdict)
{
    static const struct {
        const char *verdict, *text;
    } proofs[] = {
        {"flaky", "flaky, 2 of 3 runs passed"},
        {"not-judged", "not judged, the check was skipped or could not judge in 3 runs"},
    };
    const struct journal_event proof = {
        .verdict = proofs[_i].verdict, .passes = 2, .rounds = 3};
    char *text = incident_proof_text(&proof);

    ck_assert_str_eq(text, proofs[_i].text);
    free(text);
}
END_TEST

Suite *incident_story_suite(void)
{
    Suite *suite = suite_create("incident_story");
    TCase *tcase = tcase_create("headlines");

    tcase_add_checked_fixture(tcase, noted_setup, noted_teardown);
    tcase_add_test(tcase, a_pass_of_another_target);
    tcase_add_test(tcase, a_pass_of_the_same_target);
    tcase_add_test(tcase, what_was_found_stands);
    tcase_add_test(tcase, what_is_not_found_again_is_gone);
    tcase_add_test(tcase, a_mixed_proof_is_flaky);
    tcase_add_test(tcase, a_pass_with_a_warning_is_told);
    tcase_add_test(tcase, a_skip_is_told);
    tcase_add_loop_test(tcase, a_proof_without_a_verdict, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
