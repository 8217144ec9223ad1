#include "base/mem.h"
#include "run/demo.h"
#include "run/runner.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

enum { SMTP, SLACK, TEAMS };

/* The demo's servers are the real ones to run against. */
static uv_loop_t loop;
static struct settings *settings;
static struct catalog *catalog;
static struct demo *demo;
static struct runner *runner;
static struct result *results[8];
static size_t finished, running, most_running;

static void on_changed(void *context, const struct result *live)
{
    (void)context;
    ck_assert_int_eq(live->evidence.ended, 0);
    running = 0;
    for (size_t i = 0; i < catalog_count(catalog); i++)
        running += runner_live(runner, catalog_at(catalog, i)) != NULL;
    if (running > most_running)
        most_running = running;
}

static void on_finished(void *context, struct result *result)
{
    (void)context;
    results[finished++] = result;
}

static void open_runner(size_t concurrency, clock_us timeout_us)
{
    const struct runner_options options = {timeout_us, concurrency, false};
    const struct runner_observer observer = {.changed = on_changed, .finished = on_finished};
    runner = runner_new(&loop, settings, &options, &observer);
}

static void setup(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    settings = settings_new();
    catalog = catalog_new();
    catalog_add_builtin(catalog);
    catalog_finish(catalog);
    demo = demo_start(&loop, settings, NULL);
    ck_assert_ptr_nonnull(demo);
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

static void start_all(void)
{
    for (size_t i = 0; i < catalog_count(catalog); i++)
        ck_assert(runner_start(runner, catalog_at(catalog, i)));
}

static const struct result *result_of(size_t check)
{
    for (size_t i = 0; i < finished; i++)
        if (results[i]->check == catalog_at(catalog, check))
            return results[i];
    ck_abort_msg("no result");
}

/* What the demo promises: silence, a refusal and a connection. */
START_TEST(test_demo)
{
    open_runner(0, 300 * CLOCK_MS);
    start_all();
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_uint_eq(finished, 3);
    ck_assert_int_eq(result_of(SMTP)->evidence.failure, FAILURE_TIMEOUT);
    ck_assert_int_eq(result_of(SMTP)->evidence.failed_phase, PHASE_CONNECT);
    ck_assert_int_ge(result_duration_us(result_of(SMTP)), 300 * CLOCK_MS);
    ck_assert_int_eq(result_of(SLACK)->evidence.failure, FAILURE_REFUSED);
    ck_assert_int_eq(result_of(TEAMS)->outcome, OUTCOME_PASS);
    ck_assert_uint_eq(most_running, 3);
}
END_TEST

START_TEST(test_concurrency_is_kept)
{
    open_runner(1, 100 * CLOCK_MS);
    start_all();
    ck_assert_uint_eq(runner_count(runner), 3);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_uint_eq(finished, 3);
    ck_assert_uint_eq(most_running, 1);
}
END_TEST

START_TEST(test_starts_once)
{
    open_runner(0, 0);
    ck_assert(runner_start(runner, catalog_at(catalog, SMTP)));
    ck_assert(!runner_start(runner, catalog_at(catalog, SMTP)));
    ck_assert_uint_eq(runner_count(runner), 1);
}
END_TEST

START_TEST(test_cancel)
{
    open_runner(1, 0);
    start_all();
    ck_assert(runner_cancel(runner, catalog_at(catalog, SMTP)));
    ck_assert(!runner_cancel(runner, catalog_at(catalog, SMTP)));
    ck_assert_int_eq(result_of(SMTP)->outcome, OUTCOME_ERROR);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(result_of(TEAMS)->outcome, OUTCOME_PASS);
}
END_TEST

START_TEST(test_cancel_all_begins_nothing)
{
    open_runner(1, 0);
    start_all();
    ck_assert_uint_eq(runner_cancel_all(runner), 3);
    ck_assert_uint_eq(runner_count(runner), 0);
    ck_assert_uint_eq(finished, 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(results[i]->evidence.failure, FAILURE_CANCELLED);
    ck_assert_uint_eq(runner_cancel_all(runner), 0);
}
END_TEST

START_TEST(test_unset_and_invalid_end_at_once)
{
    open_runner(0, 0);
    ck_assert(settings_add_set(settings, "Smtp:Port=x", NULL));
    ck_assert(settings_add_set(settings, "Slack:WebhookUrl=x", NULL));
    runner_start(runner, catalog_at(catalog, SMTP));
    runner_start(runner, catalog_at(catalog, SLACK));
    ck_assert_uint_eq(finished, 2);
    ck_assert_int_eq(result_of(SMTP)->evidence.failure, FAILURE_CONFIGURATION);
    ck_assert_int_eq(result_of(SMTP)->outcome, OUTCOME_FAIL);
    ck_assert_int_eq(result_of(SLACK)->outcome, OUTCOME_FAIL);
}
END_TEST

START_TEST(test_freed_while_running)
{
    open_runner(0, 0);
    start_all();
    runner_free(runner);
    runner = NULL;
    ck_assert_uint_eq(finished, 0);
}
END_TEST

Suite *runner_suite(void)
{
    Suite *suite = suite_create("runner");
    TCase *tcase = tcase_create("run");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_demo);
    tcase_add_test(tcase, test_concurrency_is_kept);
    tcase_add_test(tcase, test_starts_once);
    tcase_add_test(tcase, test_cancel);
    tcase_add_test(tcase, test_cancel_all_begins_nothing);
    tcase_add_test(tcase, test_unset_and_invalid_end_at_once);
    tcase_add_test(tcase, test_freed_while_running);
    suite_add_tcase(suite, tcase);
    return suite;
}
