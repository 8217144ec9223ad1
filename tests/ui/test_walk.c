/* What a walkthrough does besides running: values, notes, keys, and going on. */
#include "suites.h"
#include "base/mem.h"
#include "tests/ui/walkthrough.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

START_TEST(read_only_runs_nothing)
{
    struct tmux *tmux = walkthrough_open("--source env-file:.env --read-only");

    tmux_wait_row(tmux, 0, "read-only");
    ck_assert_ptr_null(strstr(tmux_row(tmux, 23), "x run"));
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "read-only: nothing is run");
    tmux_send(tmux, "c");
    tmux_wait(tmux, "stella-step.sh");
    tmux_wait(tmux, "copied");
    ck_assert_str_eq(walkthrough_record(), "");
    tmux_stop(tmux);
}
END_TEST

START_TEST(a_refused_value_says_why)
{
    struct tmux *tmux = walkthrough_open_compose();
    char *number = mem_printf("port: %u", fixable_port());

    walkthrough_go_to(tmux, "Set host, port");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "host: 127.0.0.1   Enter takes it, Esc leaves, ^U clears");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 23, "port: 1");
    tmux_type(tmux, "99999");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 22, "port \"199999\" is not a number from 1 to 65535");
    tmux_wait_row(tmux, 23, "port: 199999");
    tmux_send(tmux, "C-u");
    tmux_wait_gone(tmux, "is not a number");
    tmux_type(tmux, number + strlen("port: "));
    tmux_wait_row(tmux, 23, number);
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 23, "tls: true");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 23, "type y to run");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 23, "not run");
    tmux_stop(tmux);
    free(number);
}
END_TEST

/* kill -9 in the middle, which leaves the command running: what was done is known, what
 * was under way is not called done. */
START_TEST(goes_on_after_a_kill)
{
    char *endless = mem_printf("echo $$ >'%s/server'\nexec tail -f /dev/null", fixable_folder());
    walkthrough_stand_in("docker", endless);
    free(endless);
    struct tmux *tmux = walkthrough_open_compose();

    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "Result  exit status 0");
    walkthrough_go_to(tmux, "Test TCP from inside");
    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "^C interrupts it");
    kill(atoi(tmux_format(tmux, "#{pane_pid}")), SIGKILL);
    ck_assert_int_eq(tmux_wait_dead(tmux), 128 + SIGKILL);
    tmux_stop(tmux);
    tmux = walkthrough_open_compose();
    tmux_wait(tmux, "2/");
    tmux_wait_row(tmux, 23, "going on where this walkthrough was left");
    tmux_wait(tmux, "interrupted");
    tmux_wait(tmux, "nobody saw it end");
    tmux_stop(tmux);
}
END_TEST

START_TEST(the_keys_have_a_page)
{
    struct tmux *tmux = walkthrough_open_compose();

    ck_assert_ptr_null(strstr(tmux_row(tmux, 23), "o other way"));
    tmux_send(tmux, "?");
    tmux_wait_row(tmux, 0, "Keys");
    tmux_wait(tmux, "run the check three times");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 0, "Fix SMTP");
    tmux_send(tmux, "]");
    tmux_wait(tmux, "chosen by hand");
    tmux_wait_row(tmux, 23, "o other way");
    tmux_send(tmux, "Escape");
    tmux_wait(tmux, "Checks by");
    dashboard_quit(tmux);
}
END_TEST

/* An edit that there is no alternative to, and a file that a copy named. */
START_TEST(an_edit_can_be_taken_back)
{
    walkthrough_stand_in("edit", "echo 'echo edited' >\"$1\"");
    struct tmux *tmux = walkthrough_open_compose();

    tmux_send(tmux, "c");
    tmux_wait(tmux, "stella-step.sh");
    tmux_send(tmux, "e");
    tmux_wait(tmux, "   echo edited");
    tmux_wait(tmux, "edited (o: as it was)");
    ck_assert_ptr_nonnull(strstr(walkthrough_read("state/stella/doctor/stella-step.sh"), "grep"));
    tmux_send(tmux, "o");
    tmux_wait(tmux, "LC_ALL=C grep");
    tmux_wait_gone(tmux, "edited");
    tmux_stop(tmux);
}
END_TEST

START_TEST(leaves_to_the_check_that_it_was_for)
{
    struct tmux *tmux = walkthrough_start("--source env-file:.env fix check.integration.teams");

    tmux_wait_row(tmux, 0, "Fix Microsoft Teams");
    tmux_send(tmux, "Escape");
    tmux_wait(tmux, "Checks by");
    tmux_wait_cursor(tmux, "Teams");
    tmux_send(tmux, "w");
    tmux_wait_row(tmux, 0, "Fix Microsoft Teams");
    tmux_send(tmux, "q");
    tmux_wait(tmux, "Checks by");
    dashboard_quit(tmux);
}
END_TEST

static const char *const ways_out[] = {"q", "F10", "C-c"};

/* What was started for the walkthrough ends with it. */
START_TEST(leaves_the_program_that_was_started_for_it)
{
    struct tmux *tmux = walkthrough_start("--source env-file:.env fix check.integration.teams");

    tmux_wait_row(tmux, 0, "Fix Microsoft Teams");
    tmux_send(tmux, ways_out[_i]);
    ck_assert_int_eq(tmux_wait_dead(tmux), 0);
    tmux_stop(tmux);
}
END_TEST

/* On the smallest screen too: what runs nothing says so, and a step that is turned to is
 * seen from its title on, whatever the last proof said. */
START_TEST(the_smallest_screen)
{
    struct tmux *tmux = walkthrough_open("--source env-file:.env --read-only --passes 1");

    tmux_resize(tmux, 40, 10);
    tmux_wait_row(tmux, 0, "Fix SMTP Emai");
    tmux_wait_row(tmux, 0, "read-only, Compose");
    tmux_send(tmux, "v");
    tmux_wait(tmux, "STILL FAILING");
    tmux_send(tmux, "n");
    tmux_wait_row(tmux, 1, " 2/7  Test TCP");
    tmux_send(tmux, "n");
    tmux_wait_row(tmux, 1, " 3/7  ");
    tmux_send(tmux, "b");
    tmux_wait_row(tmux, 1, " 2/7  ");
    tmux_send(tmux, "g");
    tmux_wait(tmux, "STILL FAILING");
    tmux_stop(tmux);
}
END_TEST

/* What is mended is seen first: the proof has a "before" that nothing had changed yet. */
START_TEST(the_check_runs_first)
{
    struct tmux *tmux = walkthrough_start("--source env-file:.env fix check.integration.smtp");

    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    ck_assert_ptr_nonnull(strstr(walkthrough_read("state/stella/doctor/journal.jsonl"),
                                 "\"outcome\":\"fail\""));
    walkthrough_verify(tmux, "STILL FAILING: 0 of 3");
    tmux_wait(tmux, "Before  127.0.0.1:1 refused");
    tmux_stop(tmux);
}
END_TEST

/* Where no directory can be made there is neither a journal nor a copy. */
START_TEST(says_what_cannot_be_kept)
{
    struct tmux *tmux = walkthrough_open_without_state();

    tmux_wait(tmux, "no journal: No such file or directory (/proc/none");
    tmux_send(tmux, "j");
    walkthrough_go_to(tmux, "Set host, port");
    tmux_wait(tmux, "no copy of .env can be kept");
    tmux_stop(tmux);
}
END_TEST

/* A journal that takes no more is a note with the reason, in the list and in a
 * walkthrough, and stops nothing. */
START_TEST(a_full_journal_is_told)
{
    struct tmux *tmux = walkthrough_start_with("ulimit -f 0;", "--source env-file:.env");

    tmux_send(tmux, "r");
    tmux_wait_row(tmux, 1, "1 FAIL");
    tmux_wait_row(tmux, 23, "the journal takes no more: File too large");
    tmux_send(tmux, "w");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    tmux_wait(tmux, "the journal takes no more: File too large");
    tmux_send(tmux, "]");
    tmux_wait(tmux, "chosen by hand");
    tmux_stop(tmux);
}
END_TEST

Suite *walk_suite(void)
{
    Suite *suite = suite_create("walk");
    TCase *tcase = tcase_create("walk");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, walkthrough_setup, walkthrough_teardown);
    tcase_add_test(tcase, read_only_runs_nothing);
    tcase_add_test(tcase, a_refused_value_says_why);
    tcase_add_test(tcase, goes_on_after_a_kill);
    tcase_add_test(tcase, the_keys_have_a_page);
    tcase_add_test(tcase, an_edit_can_be_taken_back);
    tcase_add_test(tcase, leaves_to_the_check_that_it_was_for);
    tcase_add_loop_test(tcase, leaves_the_program_that_was_started_for_it, 0,
                        sizeof ways_out / sizeof *ways_out);
    tcase_add_test(tcase, the_check_runs_first);
    tcase_add_test(tcase, the_smallest_screen);
    tcase_add_test(tcase, says_what_cannot_be_kept);
    tcase_add_test(tcase, a_full_journal_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
