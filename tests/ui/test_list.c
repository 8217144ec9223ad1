#include "suites.h"
#include "tests/ui/dashboard.h"

#include <check.h>

START_TEST(shows_checks_counts_and_vantage)
{
    struct tmux *tmux = dashboard_open("");

    tmux_wait_row(tmux, 0, "stella doctor  Smtp:Host = 127.0.0.1:");
    tmux_wait_row(tmux, 0, "seen from ");
    tmux_wait_row(tmux, 1, "0 FAIL   \xE2\x9C\x94 0 PASS   \xC2\xB7 3 not run");
    tmux_wait_row(tmux, 2, "Checks by plugin and tag");
    tmux_wait_row(tmux, 2, "3 of 3");
    tmux_wait_row(tmux, 3, "\xE2\x96\xBE stellaops.doctor.integration  3");
    tmux_wait_row(tmux, 4, "\xE2\x96\xBE connectivity  3");
    tmux_wait_row(tmux, 5, "not run  SMTP Email Connectivity  check.integration.smtp");
    tmux_wait_row(tmux, 6, "not run  Slack Webhook Connectivity  check.integration.slack");
    tmux_wait_row(tmux, 7, "not run  Microsoft Teams Webhook Connectivity");
    tmux_wait(tmux, "press r to run it");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(the_cursor_is_on_the_selection)
{
    struct tmux *tmux = dashboard_open("");
    int col, row;

    ck_assert_str_eq(tmux_format(tmux, "#{cursor_flag}"), "1");
    tmux_wait_cursor(tmux, "SMTP Email");
    tmux_cursor(tmux, &col, &row);
    ck_assert_int_eq(row, 5);
    ck_assert_int_eq(col, 5);
    tmux_send(tmux, "Down");
    tmux_wait_cursor(tmux, "Slack Webhook");
    tmux_wait_row(tmux, 10, "Slack Webhook");
    tmux_send(tmux, "j");
    tmux_wait_cursor(tmux, "Microsoft Teams");
    tmux_send(tmux, "k k Up");
    tmux_wait_cursor(tmux, "connectivity  3");
    tmux_wait(tmux, "connectivity: 3 checks");
    tmux_send(tmux, "Home");
    tmux_wait_cursor(tmux, "stellaops.doctor.integration");
    tmux_send(tmux, "G");
    tmux_wait_cursor(tmux, "Microsoft Teams");
    tmux_wait_row(tmux, 8, "teams  1");
    tmux_send(tmux, "g");
    tmux_wait_cursor(tmux, "stellaops.doctor.integration");
    tmux_send(tmux, "PageDown");
    tmux_wait_cursor(tmux, "SMTP Email");
    tmux_wait_row(tmux, 8, "email  1");
    tmux_send(tmux, "PageUp");
    tmux_wait_cursor(tmux, "stellaops.doctor.integration");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(groups_fold)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "h");
    tmux_wait_cursor(tmux, "\xE2\x96\xBE connectivity  3");
    tmux_send(tmux, "h");
    tmux_wait_cursor(tmux, "\xE2\x96\xB8 connectivity  3");
    tmux_wait_row(tmux, 5, "email  1");
    tmux_send(tmux, "l");
    tmux_wait_cursor(tmux, "\xE2\x96\xBE connectivity  3");
    tmux_wait_row(tmux, 5, "SMTP");
    tmux_send(tmux, "Enter");
    tmux_wait_cursor(tmux, "\xE2\x96\xB8 connectivity  3");
    tmux_send(tmux, "Left Left");
    tmux_wait_row(tmux, 3, "\xE2\x96\xB8 stellaops.doctor.integration  3");
    tmux_wait_gone(tmux, "connectivity  3");
    tmux_wait_row(tmux, 2, "3 of 3");
    tmux_send(tmux, "Right Right Right Right");
    tmux_wait_cursor(tmux, "SMTP Email");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(groups_in_four_ways)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "j t");
    tmux_wait_row(tmux, 2, "Checks by plugin \xE2\x94\x80");
    tmux_wait_row(tmux, 4, "SMTP Email");
    tmux_wait_cursor(tmux, "Slack Webhook");
    tmux_send(tmux, "t");
    tmux_wait_row(tmux, 2, "Checks by tag");
    tmux_wait_row(tmux, 3, "connectivity  3");
    tmux_wait_cursor(tmux, "Slack Webhook");
    tmux_send(tmux, "t");
    tmux_wait_row(tmux, 2, "Checks by outcome");
    tmux_wait_row(tmux, 3, "not run  3");
    tmux_send(tmux, "t");
    tmux_wait_row(tmux, 2, "Checks by plugin and tag");
    tmux_wait_row(tmux, 4, "connectivity  3");
    tmux_wait_cursor(tmux, "Slack Webhook");
    dashboard_quit(tmux);
}
END_TEST

/* What works is said as it works there: q is text in the prompt, Esc clears in both. */
START_TEST(says_how_to_leave_no_match)
{
    struct tmux *tmux = dashboard_open("");

    tmux_type(tmux, "/zzq");
    tmux_wait_row(tmux, 23, "/zzq   Esc clears, Enter keeps, 0 match");
    tmux_wait_row(tmux, 3, "No check matches (Esc clears).");
    tmux_wait(tmux, "Nothing selected");
    tmux_wait_gone(tmux, "Group");
    tmux_wait_gone(tmux, "1-0");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 23, "q back");
    tmux_wait_row(tmux, 3, "No check matches (Esc clears).");
    tmux_send(tmux, "Tab");
    tmux_wait_gone(tmux, "Esc clears");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 3, "No check matches (Esc clears).");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 2, "3 of 3");
    tmux_type(tmux, "f");
    tmux_wait_row(tmux, 3, "No failure, no warning (f shows all).");
    tmux_type(tmux, "/z");
    tmux_wait_row(tmux, 3, "No failed check matches (Esc clears).");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 3, "No failure, no warning (f shows all).");
    tmux_send(tmux, "f");
    tmux_wait_row(tmux, 2, "3 of 3");
    dashboard_quit(tmux);
}
END_TEST

/* The way out has its place in the smallest window too, whatever else there is to say. */
START_TEST(shows_the_way_out_when_small)
{
    struct tmux *tmux = dashboard_open("");

    tmux_resize(tmux, 40, 10);
    tmux_wait_row(tmux, 9, "q quit");
    tmux_send(tmux, "j j Enter");
    tmux_wait_row(tmux, 9, "w walk through  q back");
    tmux_send(tmux, "q");
    tmux_type(tmux, "/123456789012345678901234567890END");
    tmux_wait_row(tmux, 9, "890END   Esc clears");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 9, "q back");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 9, "q quit");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(filters_as_you_type)
{
    struct tmux *tmux = dashboard_open("");

    tmux_type(tmux, "/sla");
    tmux_wait_row(tmux, 23, "/sla   Esc clears, Enter keeps, 1 match");
    tmux_wait_row(tmux, 2, "1 of 3");
    tmux_wait_row(tmux, 5, "Slack Webhook");
    tmux_wait_gone(tmux, "SMTP");
    tmux_send(tmux, "BSpace BSpace BSpace");
    tmux_wait_row(tmux, 2, "3 of 3");
    tmux_type(tmux, "team");
    tmux_wait_row(tmux, 2, "1 of 3");
    tmux_send(tmux, "Enter");
    tmux_wait_cursor(tmux, "Microsoft Teams");
    tmux_wait_row(tmux, 23, "/team");
    /* q is text in the prompt, and closes the filter outside of it. */
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 2, "3 of 3");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(filter_finds_titles_tags_and_nothing)
{
    struct tmux *tmux = dashboard_open("");

    tmux_type(tmux, "/webhook");
    tmux_wait_row(tmux, 2, "2 of 3");
    tmux_send(tmux, "C-u");
    tmux_type(tmux, "notifications");
    tmux_wait_row(tmux, 2, "2 of 3");
    tmux_send(tmux, "C-u");
    tmux_type(tmux, "quite another");
    tmux_wait(tmux, "No check matches (Esc clears).");
    tmux_wait_row(tmux, 2, "0 of 3");
    tmux_send(tmux, "F10");
    tmux_wait_row(tmux, 2, "3 of 3");
    tmux_wait_row(tmux, 23, "r run");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(enter_lands_on_a_check_and_n_goes_on)
{
    struct tmux *tmux = dashboard_open("");

    tmux_type(tmux, "g/webhook\r");
    tmux_wait_cursor(tmux, "Slack Webhook");
    tmux_send(tmux, "n");
    tmux_wait_cursor(tmux, "Microsoft Teams");
    tmux_send(tmux, "N");
    tmux_wait_cursor(tmux, "Slack Webhook");
    tmux_send(tmux, "N");
    tmux_wait_cursor(tmux, "Microsoft Teams");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 2, "3 of 3");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(shows_what_failed)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "f");
    tmux_wait(tmux, "No failure, no warning");
    tmux_send(tmux, "f j r");
    tmux_wait_row(tmux, 1, "1 FAIL");
    tmux_send(tmux, "f");
    tmux_wait_row(tmux, 2, "1 of 3");
    tmux_wait_row(tmux, 3, "stellaops.doctor.integration  1  \xE2\x9C\x98 1");
    tmux_wait_cursor(tmux, "FAIL     Slack Webhook");
    tmux_wait_gone(tmux, "SMTP");
    tmux_send(tmux, "f");
    tmux_wait_row(tmux, 2, "3 of 3");
    tmux_send(tmux, "t t t");
    tmux_wait_row(tmux, 3, "FAIL  1");
    tmux_wait_row(tmux, 5, "not run  2");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(pasted_text_is_no_command)
{
    struct tmux *tmux = dashboard_open("");

    tmux_type(tmux, "\033[200~Rq\r\003\033[201~?");
    tmux_wait_row(tmux, 0, "Keys");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 1, "3 not run");
    tmux_type(tmux, "/\033[200~slack\r\033[201~");
    tmux_wait_row(tmux, 23, "/slack   Esc clears, Enter keeps, 1 match");
    tmux_send(tmux, "F10");
    tmux_wait_row(tmux, 2, "3 of 3");
    dashboard_quit(tmux);
}
END_TEST

Suite *list_suite(void)
{
    Suite *suite = suite_create("list");
    TCase *tcase = tcase_create("list");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, shows_checks_counts_and_vantage);
    tcase_add_test(tcase, the_cursor_is_on_the_selection);
    tcase_add_test(tcase, groups_fold);
    tcase_add_test(tcase, groups_in_four_ways);
    tcase_add_test(tcase, filters_as_you_type);
    tcase_add_test(tcase, says_how_to_leave_no_match);
    tcase_add_test(tcase, shows_the_way_out_when_small);
    tcase_add_test(tcase, filter_finds_titles_tags_and_nothing);
    tcase_add_test(tcase, enter_lands_on_a_check_and_n_goes_on);
    tcase_add_test(tcase, shows_what_failed);
    tcase_add_test(tcase, pasted_text_is_no_command);
    suite_add_tcase(suite, tcase);
    return suite;
}
