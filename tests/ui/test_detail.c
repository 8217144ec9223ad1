#include "suites.h"
#include "tests/ui/dashboard.h"
#include "tests/unit/temporary.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

START_TEST(fixes_are_tabs)
{
    struct tmux *tmux = dashboard_open("");

    /* Zoomed, the row of tabs is scrolled to the top of the screen. */
    tmux_send(tmux, "Enter z");
    tmux_wait_row(tmux, 2, "\xE2\x96\xB6 SMTP Email Connectivity");
    tmux_send(tmux, "PageDown PageDown");
    tmux_wait(tmux, "[1 Docker Compose] 2 Bare Metal / systemd  3 Kubernetes / Helm");
    tmux_send(tmux, "2");
    tmux_wait(tmux, "1 Docker Compose [2 Bare Metal / systemd] 3 Kubernetes / Helm");
    tmux_send(tmux, "]");
    tmux_wait(tmux, "2 Bare Metal / systemd [3 Kubernetes / Helm]");
    tmux_send(tmux, "]");
    tmux_wait(tmux, "[1 Docker Compose]");
    tmux_send(tmux, "[ [");
    tmux_wait(tmux, "[2 Bare Metal / systemd]");
    tmux_send(tmux, "3");
    tmux_wait(tmux, "[3 Kubernetes / Helm]");
    tmux_send(tmux, "1");
    tmux_wait(tmux, "[1 Docker Compose]");
    tmux_send(tmux, "q q");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(a_failure_shows_causes_then_fixes)
{
    const struct tmux_options options = {.cols = 200, .rows = 60};
    struct tmux *tmux = dashboard_open_on(&options, "--demo --timeout 300ms");

    tmux_send(tmux, "r");
    tmux_wait(tmux, "Timed out after 0.3 s connecting");
    tmux_wait(tmux, "Tried   Smtp:Host = 127.0.0.1  (demo)");
    tmux_wait(tmux, "Phases  lookup    ok");
    tmux_wait(tmux, "connect   timeout  ");
    tmux_wait(tmux, "connect took 300 ms of the 300 ms");
    const char *screen = tmux_screen(tmux);
    const char *causes = strstr(screen, "Common Causes"), *fix = strstr(screen, "How to Fix");
    ck_assert_ptr_nonnull(causes);
    ck_assert_ptr_nonnull(fix);
    ck_assert(strstr(screen, "Timed out") < causes);
    ck_assert(causes < fix);
    tmux_send(tmux, "3");
    tmux_wait(tmux, "helm ");
    tmux_send(tmux, "2");
    tmux_wait(tmux, "systemctl ");
    tmux_send(tmux, "1");
    tmux_wait(tmux, "docker compose ");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(related_checks_are_links)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "Enter z G");
    tmux_wait(tmux, "Related Checks");
    tmux_wait_row(tmux, 23, "Enter go");
    tmux_wait_cursor(tmux, "check.integration.slack");
    tmux_send(tmux, "j");
    tmux_wait_cursor(tmux, "check.integration.teams");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 2, "\xE2\x96\xB6 Microsoft Teams Webhook Connectivity");
    tmux_wait_row(tmux, 23, "Bksp back");
    tmux_send(tmux, "BSpace");
    tmux_wait_row(tmux, 2, "\xE2\x96\xB6 SMTP Email Connectivity");
    tmux_send(tmux, "z BSpace");
    tmux_wait_cursor(tmux, "SMTP Email");
    dashboard_quit(tmux);
}
END_TEST

/* A link shows its check in the list too, whatever hides it there. */
START_TEST(a_link_drops_the_filter)
{
    struct tmux *tmux = dashboard_open("");

    tmux_type(tmux, "/smtp\r");
    tmux_wait_row(tmux, 2, "1 of 3");
    tmux_send(tmux, "Enter z G");
    tmux_wait_cursor(tmux, "check.integration.slack");
    tmux_send(tmux, "Enter z");
    tmux_wait_row(tmux, 2, "3 of 3");
    tmux_wait(tmux, "\xE2\x96\xB6 Slack Webhook Connectivity");
    tmux_send(tmux, "q");
    tmux_wait_cursor(tmux, "Slack Webhook");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(one_pane_is_zoomed)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "z");
    tmux_wait_gone(tmux, "press r to run it");
    tmux_wait_row(tmux, 17, "teams  1");
    tmux_wait_row(tmux, 23, "q back");
    tmux_send(tmux, "Tab");
    tmux_wait_row(tmux, 3, "press r to run it");
    tmux_wait_gone(tmux, "Checks by");
    tmux_send(tmux, "z");
    tmux_wait_row(tmux, 2, "Checks by plugin and tag");
    tmux_wait_row(tmux, 10, "\xE2\x96\xB6 SMTP Email");
    tmux_send(tmux, "Tab");
    tmux_wait_row(tmux, 2, "\xE2\x96\xB6 Checks by plugin and tag");
    tmux_wait_cursor(tmux, "SMTP Email");
    tmux_send(tmux, "z");
    tmux_wait_gone(tmux, "press r to run it");
    tmux_send(tmux, "F10");
    tmux_wait(tmux, "press r to run it");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(the_details_scroll)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "Tab j j j");
    tmux_wait_row(tmux, 10, " 4-15 of ");
    tmux_send(tmux, "k");
    tmux_wait_row(tmux, 10, " 3-14 of ");
    tmux_send(tmux, "Space");
    tmux_wait_row(tmux, 10, " 14-25 of ");
    tmux_send(tmux, "C-b");
    tmux_wait_row(tmux, 10, " 3-14 of ");
    tmux_send(tmux, "g");
    tmux_wait_row(tmux, 10, " 1-12 of ");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 2, "\xE2\x96\xB6 Checks by");
    dashboard_quit(tmux);
}
END_TEST

/* Code is not wrapped: the cut is marked, and it scrolls. */
START_TEST(long_code_is_marked_and_scrolls)
{
    const struct tmux_options options = {.cols = 40, .rows = 24};
    struct tmux *tmux = dashboard_open_on(&options, "--demo");

    tmux_send(tmux, "Enter z");
    tmux_wait_row(tmux, 2, "\xE2\x96\xB6 SMTP Email");
    tmux_send(tmux, "PageDown PageDown PageDown PageDown");
    tmux_wait(tmux, "\xC2\xBB");
    tmux_send(tmux, "l");
    tmux_wait(tmux, "\xC2\xAB");
    tmux_send(tmux, "h");
    tmux_wait_gone(tmux, "\xC2\xAB");
    tmux_send(tmux, "q q");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(help_opens_and_scrolls)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "?");
    tmux_wait_row(tmux, 0, "Keys");
    tmux_wait_row(tmux, 0, " 1-22 of ");
    tmux_wait_row(tmux, 23, "q back");
    tmux_send(tmux, "j");
    tmux_wait_row(tmux, 0, " 2-23 of ");
    tmux_send(tmux, "End");
    tmux_wait(tmux, "suspend; fg comes back");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 2, "Checks by");
    tmux_send(tmux, "F1");
    tmux_wait_row(tmux, 0, " 1-22 of ");
    tmux_send(tmux, "?");
    tmux_wait_row(tmux, 2, "Checks by");
    tmux_send(tmux, "F1");
    tmux_wait_row(tmux, 0, "Keys");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 2, "Checks by");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(q_closes_what_is_on_top)
{
    struct tmux *tmux = dashboard_open("");

    tmux_type(tmux, "/s\r");
    tmux_wait_row(tmux, 23, "/s  ");
    tmux_send(tmux, "Enter z ?");
    tmux_wait_row(tmux, 0, "Keys");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 2, "\xE2\x96\xB6 SMTP Email");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 10, "\xE2\x96\xB6 SMTP Email");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 2, "\xE2\x96\xB6 Checks by");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 23, "q quit");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(broken_files_are_told_and_the_others_load)
{
    char home[256];
    const char *const env[] = {home, NULL};
    const struct tmux_options options = {.cols = 100, .rows = 30, .env = env};

    snprintf(home, sizeof home, "XDG_CONFIG_HOME=%s", temporary_directory());
    temporary_file("stella/doctor/checks/bad.ini", "[check.own.bad]\nprobe = carrier pigeon\n");
    temporary_file("stella/doctor/checks/good.ini",
                   "[check.own.good]\nprobe = tcp\nhost = Own:Host\ndefault_port = 80\n");
    temporary_file("stella/doctor/articles/own/good.md",
                   "---\ncheckId: check.own.good\nplugin: own\nseverity: warn\n"
                   "tags: [mine]\n---\n\n"
                   "# My Own Check\n\n## What It Checks\n\nSomething.\n");
    temporary_file("stella/doctor/articles/own/bad.md", "---\ncheckId: [\n---\n\n# Broken\n");
    struct tmux *tmux = dashboard_open_on(&options, "--demo");
    tmux_wait_row(tmux, 1, "2 not loaded: press !");
    tmux_wait_row(tmux, 1, "4 not run");
    tmux_wait(tmux, "My Own Check");
    tmux_send(tmux, "!");
    tmux_wait_row(tmux, 0, "Files that could not be loaded");
    tmux_wait(tmux, "checks/bad.ini:2:");
    tmux_wait(tmux, "articles/own/bad.md:");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 2, "Checks by");
    dashboard_quit(tmux);
    temporary_remove();
}
END_TEST

START_TEST(without_broken_files_it_says_so)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "!");
    tmux_wait(tmux, "None: every check and article was loaded.");
    tmux_send(tmux, "!");
    tmux_wait_row(tmux, 2, "Checks by");
    dashboard_quit(tmux);
}
END_TEST

Suite *detail_suite(void)
{
    Suite *suite = suite_create("detail");
    TCase *tcase = tcase_create("detail");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, fixes_are_tabs);
    tcase_add_test(tcase, a_failure_shows_causes_then_fixes);
    tcase_add_test(tcase, related_checks_are_links);
    tcase_add_test(tcase, a_link_drops_the_filter);
    tcase_add_test(tcase, one_pane_is_zoomed);
    tcase_add_test(tcase, the_details_scroll);
    tcase_add_test(tcase, long_code_is_marked_and_scrolls);
    tcase_add_test(tcase, help_opens_and_scrolls);
    tcase_add_test(tcase, q_closes_what_is_on_top);
    tcase_add_test(tcase, broken_files_are_told_and_the_others_load);
    tcase_add_test(tcase, without_broken_files_it_says_so);
    suite_add_tcase(suite, tcase);
    return suite;
}
