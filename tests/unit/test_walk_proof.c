/* What a proof says, and of what. */
#include "base/mem.h"
#include "guide/resume.h"
#include "guide/walk_rows.h"
#include "printed.h"
#include "suites.h"
#include "walking.h"

#include <stdlib.h>
#include <string.h>

#define assert_has walking_assert_has

/* What was seen to fail was fixed, by whomever: nothing else was. */
static const struct {
    bool failed, changed; /* before */
    const char *rounds;   /* p, f, and s for one that was skipped */
    enum walk_verdict verdict;
    const char *after;
} proofs[] = {
    {true, true, "ppp", WALK_FIXED, "It passed"},
    {true, false, "ppp", WALK_FIXED, "It passed"},
    {false, true, "ppp", WALK_PASSING, "It passed"},
    {false, false, "ppp", WALK_PASSING, "It passed"},
    {true, true, "sss", WALK_UNJUDGED, "It was skipped"},
    {true, true, "fff", WALK_FAILING, "It failed"},
    {true, true, "pfp", WALK_FLAKY, "passed in 2 of 3 runs; the last that failed: It failed"},
    {true, true, "fpp", WALK_FLAKY, "passed in 2 of 3 runs; the last that failed: It failed"},
    {true, true, "ppf", WALK_FLAKY, "passed in 2 of 3 runs; the last that failed: It failed"},
};

START_TEST(proof)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);
    if (proofs[_i].failed)
        walking_verify(walk, "fff", NULL);
    if (proofs[_i].changed) {
        walking_turn_to(walk, "Recreate");
        walk_copied(walk, "copied to nowhere");
    }
    ck_assert_int_eq(walking_verify(walk, proofs[_i].rounds, NULL), proofs[_i].verdict);
    ck_assert_str_eq(walk_proof(walk)->after, proofs[_i].after);
    ck_assert_pstr_eq(walk_proof(walk)->before, proofs[_i].failed ? "It failed" : NULL);
    ck_assert(!walk_proof(walk)->dated);
    /* Whatever it said, it can be gone on with. */
    struct resume resume;
    size_t skipped = 0;
    ck_assert(resume_find(&resume, walking_directory(), "check.integration.smtp", &skipped, NULL));
    ck_assert_str_eq(resume.verdict, walk_verdict_name(proofs[_i].verdict));
    resume_clear(&resume);
}
END_TEST

/* What was proved before a restart is not proved after it. */
START_TEST(dated_proof)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);
    ck_assert_int_eq(walking_verify(walk, "ppp", NULL), WALK_PASSING);
    walking_turn_to(walk, "Test TCP");
    walking_run(walk, NULL);
    ck_assert(!walk_proof(walk)->dated);
    walking_turn_to(walk, "Recreate");
    walking_run(walk, NULL);
    ck_assert(walk_proof(walk)->dated);
    walk_verify(walk);
    ck_assert(!walk_proof(walk)->dated);
}
END_TEST

/* A failure that was first seen after a change says nothing of before. */
START_TEST(before_is_of_before)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_turn_to(walk, "Recreate");
    walking_run(walk, NULL);
    ck_assert_int_eq(walking_verify(walk, "fff", NULL), WALK_FAILING);
    ck_assert_pstr_eq(walk_proof(walk)->before, NULL);
    ck_assert(!walk_proof(walk)->failed);
    ck_assert_int_eq(walking_verify(walk, "ppp", NULL), WALK_FIXED);
    ck_assert_pstr_eq(walk_proof(walk)->before, NULL);
    /* What fails after all that is where the next one begins. */
    walking_verify(walk, "fff", NULL);
    walk_begin_anew(walk);
    ck_assert_int_eq(walk_proof(walk)->verdict, WALK_UNPROVEN);
    ck_assert_pstr_eq(walk_proof(walk)->before, "It failed");
}
END_TEST

/* What stands on the page of it. */
static void assert_page(const struct walk *walk, const char *part)
{
    struct rows rows = {0};

    walk_rows_verdict(&rows, walk, 100);
    char *text = printed_rows(&rows);
    assert_has(text, part);
    free(text);
    rows_clear(&rows);
}

/* What passed by itself before anything was done was not fixed by what came then. */
START_TEST(it_recovered_before)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_verify(walk, "fff", NULL);
    ck_assert_int_eq(walking_verify(walk, "ppp", NULL), WALK_FIXED);
    assert_page(walk, "FIXED: 3 of 3 runs passed; no step here has changed anything");
    walking_turn_to(walk, "Recreate");
    walk_copied(walk, "copied to nowhere");
    ck_assert_int_eq(walking_verify(walk, "ppp", NULL), WALK_PASSING);
    assert_page(walk, "PASSING: 3 of 3 runs passed; no failure was seen before");
    ck_assert(!walk_proof(walk)->failed);
}
END_TEST

START_TEST(left_open)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_turn_to(walk, "Look at");
    walk_copied(walk, "copied to nowhere");
    ck_assert_ptr_null(walk_left_open(walk));
    walking_turn_to(walk, "Set host");
    ck_assert(walk_answer(walk, "host", "new.example", NULL));
    ck_assert(walk_answer(walk, "port", "2525", NULL));
    ck_assert(walk_answer(walk, "tls", "true", NULL));
    walking_run(walk, NULL);
    char *text = walk_left_open(walk);
    ck_assert_str_eq(text, "step 5 changes-config, step 7 restarts; as a rule the platform reads the "
                           "change only after step 7");
    free(text);
    walking_turn_to(walk, "Recreate");
    walk_copied(walk, "copied to nowhere");
    text = walk_left_open(walk);
    ck_assert_str_eq(text, "step 5 changes-config");
    free(text);
}
END_TEST

/* What was done after a proof is known to be after it. */
START_TEST(a_proof_is_dated_for_the_next_program)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walking_verify(walk, "fff", NULL);
    walking_turn_to(walk, "Recreate");
    walking_run(walk, NULL);
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_int_eq(walk_proof(walk)->verdict, WALK_FAILING);
    ck_assert(walk_proof(walk)->dated);
}
END_TEST

/* Once something was changed no run is one of before, whoever ran it. */
START_TEST(a_run_after_a_change_is_not_before)
{
    struct result *fail = walking_result(OUTCOME_FAIL, NULL);
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walking_turn_to(walk, "Recreate");
    walking_run(walk, NULL);
    journal_add_result(walking_journal(), fail, "host x");
    walk = walking_open(PLATFORMS, fail);
    ck_assert_pstr_eq(walk_proof(walk)->before, NULL);
    walking_verify(walk, "ppp", NULL);
    ck_assert_pstr_eq(walk_proof(walk)->before, NULL);
    ck_assert_int_eq(walk_proof(walk)->verdict, WALK_FIXED);
    result_free(fail);
}
END_TEST

/* One cause down the list for each fix that did not help, and none for looking again. */
START_TEST(the_next_cause)
{
    static const char *const abc[] = {"a", "b", "c", NULL}, *const xac[] = {"x", "a", "c", NULL};
    struct result *result = walking_result(OUTCOME_FAIL, abc);
    struct walk *walk = walking_open(PLATFORM_COMPOSE, result);

    result_free(result);
    walking_verify(walk, "fff", abc);
    ck_assert_str_eq(walk_proof(walk)->next, "Cause a.");
    walking_verify(walk, "fff", abc);
    ck_assert_str_eq(walk_proof(walk)->next, "Cause a.");
    walking_turn_to(walk, "Recreate");
    walking_run(walk, NULL);
    walking_verify(walk, "ffp", abc);
    ck_assert_int_eq(walk_proof(walk)->verdict, WALK_FLAKY);
    ck_assert_str_eq(walk_proof(walk)->next, "Cause b.");
    walking_verify(walk, "fff", xac); /* a new failure: its first cause */
    ck_assert_str_eq(walk_proof(walk)->next, "Cause x.");
    walking_run(walk, NULL);
    walking_verify(walk, "fff", xac);
    ck_assert_str_eq(walk_proof(walk)->next, "Cause c.");
    walking_run(walk, NULL);
    walking_verify(walk, "fff", xac);
    assert_has(walk_proof(walk)->next, "a fix for each cause was tried");
}
END_TEST

Suite *walk_proof_suite(void)
{
    Suite *suite = suite_create("walk_proof");
    TCase *tcase = tcase_create("proof");

    tcase_add_checked_fixture(tcase, walking_setup, walking_teardown);
    tcase_add_loop_test(tcase, proof, 0, sizeof proofs / sizeof *proofs);
    tcase_add_test(tcase, dated_proof);
    tcase_add_test(tcase, before_is_of_before);
    tcase_add_test(tcase, it_recovered_before);
    tcase_add_test(tcase, left_open);
    tcase_add_test(tcase, a_proof_is_dated_for_the_next_program);
    tcase_add_test(tcase, a_run_after_a_change_is_not_before);
    tcase_add_test(tcase, the_next_cause);
    suite_add_tcase(suite, tcase);
    return suite;
}
