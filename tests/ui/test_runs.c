#include "suites.h"
#include "base/mem.h"
#include "tests/ui/dashboard.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(a_check_passes)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "j j r");
    tmux_wait_cursor(tmux, "\xE2\x9C\x94 PASS     Microsoft Teams");
    tmux_wait(tmux, "Connected to 127.0.0.1:");
    tmux_wait_row(tmux, 1, "\xE2\x9C\x98 0 FAIL   \xE2\x9C\x94 1 PASS   \xC2\xB7 2 not run");
    tmux_wait(tmux, "/***  (demo)");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(a_check_is_refused)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "j r");
    tmux_wait_cursor(tmux, "\xE2\x9C\x98 FAIL     Slack");
    tmux_wait(tmux, "refused the connection (ECONNREFUSED)");
    tmux_wait_row(tmux, 1, "1 FAIL");
    tmux_wait(tmux, "severity warn");
    tmux_wait(tmux, "Common Causes");
    dashboard_quit(tmux);
}
END_TEST

/* The bar's row, to be freed; waits until there is one. */
static char *bar_row(struct tmux *tmux)
{
    tmux_wait(tmux, " of 5.0 s");
    const char *screen = tmux_screen(tmux), *at = strstr(screen, " of 5.0 s");
    ck_assert_ptr_nonnull(at);
    const char *start = memrchr(screen, '\n', (size_t)(at - screen));
    return mem_strndup(start + 1, (size_t)(at - start));
}

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

/* The screen answers while the check waits for its five seconds. */
START_TEST(a_check_times_out_after_its_budget)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "r");
    tmux_wait_cursor(tmux, "running  SMTP");
    tmux_wait_row(tmux, 1, "\xE2\x96\xB6 1 running");
    tmux_wait(tmux, "connecting to 127.0.0.1:");
    tmux_wait(tmux, "0.6 of 5.0 s");
    char *early = bar_row(tmux);
    tmux_send(tmux, "?");
    tmux_wait_row(tmux, 0, "Keys");
    tmux_send(tmux, "q j");
    tmux_wait_cursor(tmux, "Slack");
    tmux_send(tmux, "k t t t");
    tmux_wait_row(tmux, 3, "running  1");
    tmux_type(tmux, "/smtp\r");
    tmux_wait_row(tmux, 2, "1 of 3");
    tmux_wait(tmux, "2.6 of 5.0 s");
    char *late = bar_row(tmux);
    ck_assert_int_gt(count_of(late, "\xE2\x96\x88"), count_of(early, "\xE2\x96\x88"));
    ck_assert_int_lt(count_of(late, "\xE2\x96\x91"), count_of(early, "\xE2\x96\x91"));
    tmux_wait(tmux, "Timed out after 5.0 s connecting: no answer from 127.0.0.1:");
    tmux_wait(tmux, "connect took 5.00 s of the 5.0 s");
    tmux_wait_cursor(tmux, "FAIL     SMTP");
    free(early);
    free(late);
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 2, "3 of 3");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(all_run_at_once)
{
    struct tmux *tmux = dashboard_open("--timeout 700ms");

    tmux_send(tmux, "R");
    /* The two that answer are done while the third one waits. */
    tmux_wait_row(tmux, 1, "1 FAIL   \xE2\x96\xB6 1 running   \xE2\x9C\x94 1 PASS");
    tmux_wait_row(tmux, 1, "\xE2\x9C\x98 2 FAIL   \xE2\x9C\x94 1 PASS");
    tmux_wait_row(tmux, 3, "integration  3  \xE2\x9C\x98 2");
    tmux_wait(tmux, "Timed out after 0.7 s connecting");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(a_group_runs_its_checks)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "G h h");
    tmux_wait_cursor(tmux, "\xE2\x96\xB8 teams  1");
    tmux_send(tmux, "r");
    tmux_wait_row(tmux, 1, "\xE2\x9C\x94 1 PASS   \xC2\xB7 2 not run");
    tmux_type(tmux, "/webhook\rg");
    tmux_wait_cursor(tmux, "stellaops.doctor.integration  2");
    tmux_send(tmux, "r");
    tmux_wait_row(tmux, 1, "\xE2\x9C\x98 1 FAIL   \xE2\x9C\x94 1 PASS   \xC2\xB7 1 not run");
    tmux_wait(tmux, "integration: 2 checks, 1 failing");
    tmux_send(tmux, "q");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(a_run_is_cancelled)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "r");
    tmux_wait(tmux, "connecting to 127.0.0.1:");
    tmux_wait_row(tmux, 23, "^C cancel");
    tmux_send(tmux, "C-c");
    tmux_wait_cursor(tmux, "! ERROR    SMTP");
    tmux_wait(tmux, "Cancelled after ");
    tmux_wait_row(tmux, 1, "! 1 ERROR");
    tmux_wait_row(tmux, 23, "r run");
    tmux_send(tmux, "C-c");
    ck_assert_int_eq(tmux_wait_dead(tmux), 0);
    ck_assert_ptr_nonnull(strstr(tmux_screen(tmux), "Cancelled after "));
    tmux_stop(tmux);
}
END_TEST

START_TEST(a_check_runs_again)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "r");
    tmux_wait(tmux, "connecting to");
    tmux_send(tmux, "r r C-c");
    tmux_wait(tmux, "Cancelled after ");
    tmux_send(tmux, "r");
    tmux_wait(tmux, "connecting to");
    tmux_wait_row(tmux, 1, "1 running");
    /* Quitting does not wait for what runs. */
    dashboard_quit(tmux);
}
END_TEST

START_TEST(nothing_configured_is_skipped)
{
    const struct tmux_options options = {.cols = 80, .rows = 24};
    struct tmux *tmux = dashboard_open_on(&options, "--no-default-sources");

    tmux_send(tmux, "r");
    tmux_wait_cursor(tmux, "SKIP     SMTP");
    tmux_wait_row(tmux, 1, "1 SKIP");
    tmux_wait(tmux, "Notify:Email:Host");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(a_wrong_setting_fails)
{
    struct tmux *tmux = dashboard_open("--set Smtp:Port=smtp");

    tmux_wait_row(tmux, 0, "configuration error");
    tmux_send(tmux, "r");
    tmux_wait_cursor(tmux, "FAIL     SMTP");
    tmux_wait(tmux, "Smtp:Port = smtp  (--set)");
    dashboard_quit(tmux);
}
END_TEST

Suite *runs_suite(void)
{
    Suite *suite = suite_create("runs");
    TCase *tcase = tcase_create("runs");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_check_passes);
    tcase_add_test(tcase, a_check_is_refused);
    tcase_add_test(tcase, a_check_times_out_after_its_budget);
    tcase_add_test(tcase, all_run_at_once);
    tcase_add_test(tcase, a_group_runs_its_checks);
    tcase_add_test(tcase, a_run_is_cancelled);
    tcase_add_test(tcase, a_check_runs_again);
    tcase_add_test(tcase, nothing_configured_is_skipped);
    tcase_add_test(tcase, a_wrong_setting_fails);
    suite_add_tcase(suite, tcase);
    return suite;
}
