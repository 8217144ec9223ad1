#include "run/demo.h"
#include "run/runner.h"
#include "suites.h"

/* The demo's servers are those to dig at. */
enum { SLACK = 1, TEAMS };

static uv_loop_t loop;
static struct settings *settings;
static struct catalog *catalog;
static struct demo *demo;
static struct runner *runner;
static struct result *results[2];
static size_t finished, digging, verdicts;

static void on_live(void *context, const struct result *live)
{
    (void)context;
    ck_assert(live->evidence.ended == 0 || live->summary);
    digging += live->evidence.ended > 0;
}

/* Before it digs, and before anything of digging is in it. */
static void on_verdict(void *context, const struct result *live)
{
    (void)context;
    verdicts++;
    ck_assert_uint_eq(digging, 0);
    ck_assert_uint_eq(finished, 0);
    ck_assert_int_eq(live->outcome, OUTCOME_FAIL);
    ck_assert_ptr_nonnull(live->summary);
    ck_assert_int_eq(live->deeper.started, 0);
}

static void on_finished(void *context, struct result *result)
{
    (void)context;
    results[finished++] = result;
}

static void setup(void)
{
    const struct runner_options options = {.concurrency = 1};
    const struct runner_observer observer = {on_live, on_verdict, on_finished, NULL};

    ck_assert_int_eq(uv_loop_init(&loop), 0);
    settings = settings_new();
    catalog = catalog_new();
    catalog_add_builtin(catalog);
    catalog_finish(catalog);
    demo = demo_start(&loop, settings, NULL);
    ck_assert_ptr_nonnull(demo);
    runner = runner_new(&loop, settings, &options, &observer);
}

static void teardown(void)
{
    runner_free(runner);
    demo_stop(demo);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    for (size_t i = 0; i < finished; i++)
        result_free(results[i]);
    catalog_free(catalog);
    settings_free(settings);
}

/* A refusal is asked again after 1.5 s; the verdict's time is not that long. */
START_TEST(test_digs)
{
    clock_us began = clock_now_us();

    ck_assert(runner_start_deep(runner, catalog_at(catalog, SLACK)));
    ck_assert(!runner_start_deep(runner, catalog_at(catalog, SLACK)));
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_uint_eq(finished, 1);
    ck_assert_uint_eq(digging, 1);
    ck_assert_uint_eq(verdicts, 1);
    ck_assert_int_eq(results[0]->outcome, OUTCOME_FAIL);
    ck_assert_int_lt(result_duration_us(results[0]), CLOCK_SECOND);
    ck_assert_int_eq(results[0]->deeper.failure, FAILURE_NONE);
    ck_assert_int_ge(clock_now_us() - began, 1500 * CLOCK_MS);
    ck_assert_uint_eq(runner_count(runner), 0);
}
END_TEST

static void run_until_digging(void)
{
    while (digging == 0)
        uv_run(&loop, UV_RUN_ONCE);
    ck_assert_ptr_nonnull(runner_live(runner, catalog_at(catalog, SLACK)));
    ck_assert_uint_eq(finished, 0);
}

/* A run that goes on already is told to dig; what it found before stands. */
START_TEST(test_cancelled)
{
    ck_assert(runner_start(runner, catalog_at(catalog, SLACK)));
    ck_assert(!runner_start_deep(runner, catalog_at(catalog, SLACK)));
    ck_assert(runner_start(runner, catalog_at(catalog, TEAMS)));
    run_until_digging();
    ck_assert(runner_cancel(runner, catalog_at(catalog, SLACK)));
    ck_assert_int_eq(results[0]->evidence.failure, FAILURE_REFUSED);
    ck_assert_int_eq(results[0]->outcome, OUTCOME_FAIL);
    ck_assert_int_eq(results[0]->deeper.failure, FAILURE_CANCELLED);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(results[1]->outcome, OUTCOME_PASS);
}
END_TEST

/* A verdict is not lost with the runner; what has none, or has not begun, is. */
START_TEST(test_freed)
{
    runner_start_deep(runner, catalog_at(catalog, SLACK));
    runner_start_deep(runner, catalog_at(catalog, TEAMS));
    run_until_digging();
    runner_free(runner);
    runner = NULL;
    ck_assert_uint_eq(finished, 1);
    ck_assert_int_eq(results[0]->outcome, OUTCOME_FAIL);
}
END_TEST

/* A finding that is a warning counts as one where nothing is worse; others do not. */
START_TEST(test_exit_status_of_findings)
{
    static const struct check check = {.head.severity = SEVERITY_FAIL};
    struct result passed = {.check = &check, .outcome = OUTCOME_PASS};
    const struct result failed = {.check = &check, .outcome = OUTCOME_FAIL};
    struct tally tally = {0};

    findings_add(&passed.findings, FINDING_TLS_UNTESTED, "none");
    tally_add(&tally, &passed);
    ck_assert_int_eq(tally_exit_status(&tally), EXIT_STATUS_OK);
    findings_add(&passed.findings, FINDING_NO_GREETING, "silence");
    tally_add(&tally, &passed);
    ck_assert_int_eq(tally_exit_status(&tally), EXIT_STATUS_WARN);
    tally_add(&tally, &failed);
    ck_assert_int_eq(tally_exit_status(&tally), EXIT_STATUS_FAIL);
    findings_clear(&passed.findings);
}
END_TEST

Suite *deep_run_suite(void)
{
    Suite *suite = suite_create("deep_run");
    TCase *tcase = tcase_create("run");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_digs);
    tcase_add_test(tcase, test_cancelled);
    tcase_add_test(tcase, test_freed);
    tcase_add_test(tcase, test_exit_status_of_findings);
    suite_add_tcase(suite, tcase);
    return suite;
}
