/* Running a step: what has to be read first, what is seen meanwhile, and how it ends. */
#include "suites.h"
#include "base/mem.h"
#include "tests/ui/walkthrough.h"
#include "tests/unit/temporary.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_COMMAND_LINES = 60 };

static bool shows(struct tmux *tmux, const char *text)
{
    return strstr(tmux_screen(tmux), text) != NULL;
}

/* Opens a walkthrough whose first step is edited to a command. */
static struct tmux *open_edited(const char *command)
{
    char *copy = mem_printf("cp '%s/command' \"$1\"", fixable_folder());

    walkthrough_stand_in("edit", copy);
    temporary_file("command", command);
    struct tmux *tmux = walkthrough_open_compose();
    tmux_send(tmux, "e");
    tmux_wait(tmux, "edited (o: as it was)");
    free(copy);
    return tmux;
}

static char *long_command(void)
{
    struct buf text = {0};

    for (int i = 1; i < LONG_COMMAND_LINES; i++)
        buf_printf(&text, ": line %d\n", i);
    buf_printf(&text, "touch '%s/ran'; echo is there >'%s/ran'", fixable_folder(),
               fixable_folder());
    return buf_take(&text);
}

START_TEST(runs_once_the_whole_command_was_shown)
{
    char *command = long_command();
    struct tmux *tmux = open_edited(command);

    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "read it to its end: PgDn");
    tmux_send(tmux, "y");
    tmux_wait_row(tmux, 23, "not run");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "read it to its end: PgDn");
    tmux_send(tmux, "PgDn");
    tmux_wait(tmux, ": line 30");
    tmux_wait_row(tmux, 23, "read it to its end: PgDn");
    tmux_send(tmux, "Up PgDn PgDn");
    tmux_wait(tmux, "touch ");
    tmux_wait_row(tmux, 23, "type y to run it");
    ck_assert_str_eq(walkthrough_read("ran"), "");
    tmux_send(tmux, "y");
    tmux_wait(tmux, "Result  exit status 0");
    ck_assert_str_eq(walkthrough_read("ran"), "is there\n");
    tmux_stop(tmux);
    free(command);
}
END_TEST

/* Going to the end at once is not reading. */
START_TEST(what_was_passed_over_counts_as_unread)
{
    char *command = long_command();
    struct tmux *tmux = open_edited(command);

    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "read it to its end: PgDn");
    tmux_send(tmux, "End");
    tmux_wait(tmux, "touch ");
    tmux_wait_row(tmux, 23, "read it to its end: PgDn");
    tmux_send(tmux, "y");
    tmux_wait_row(tmux, 23, "not run");
    tmux_stop(tmux);
    free(command);
}
END_TEST

START_TEST(shows_the_command_that_it_asks_about)
{
    struct tmux *tmux = open_edited("seq 1 300");

    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "Result  exit status 0");
    tmux_wait(tmux, "   300");
    tmux_send(tmux, "x");
    tmux_wait(tmux, "   seq 1 300");
    tmux_wait_row(tmux, 23, "type y to run it");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 23, "not run");
    tmux_send(tmux, "G");
    tmux_wait(tmux, "   300");
    walkthrough_verify(tmux, "STILL FAILING: 0 of 3");
    tmux_stop(tmux);
}
END_TEST

START_TEST(a_screen_that_is_too_small_asks_nothing)
{
    char *command = mem_printf("touch '%s/ran'", fixable_folder());
    struct tmux *tmux = open_edited(command);

    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "type y to run it");
    tmux_resize(tmux, 30, 6);
    tmux_wait(tmux, "30x6 is too small");
    tmux_send(tmux, "y");
    tmux_resize(tmux, 40, 10);
    tmux_wait_row(tmux, 9, "not run");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 9, "type y to run it");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 9, "not run");
    tmux_send(tmux, "g");
    tmux_wait(tmux, " 1/7 ");
    walkthrough_go_to(tmux, "Recreate the");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 9, "type restarts to run it:");
    tmux_send(tmux, "r");
    tmux_wait_row(tmux, 9, "type restarts to run it: r");
    ck_assert_ptr_null(strstr(walkthrough_record(), "docker"));
    ck_assert_str_eq(walkthrough_read("ran"), "");
    tmux_stop(tmux);
    free(command);
}
END_TEST

START_TEST(what_never_ends_is_interrupted)
{
    walkthrough_stand_in("docker",
                         "while :; do printf '\\033[2J\\033]0;x\\007flood %s\\n' $$; done");
    struct tmux *tmux = walkthrough_open_compose();

    walkthrough_go_to(tmux, "Test TCP from inside");
    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "^C interrupts it");
    tmux_wait(tmux, "\\x1b[2J");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 23, "a step runs: Ctrl-C interrupts it");
    tmux_send(tmux, "g");
    tmux_wait(tmux, " 2/7  Test TCP");
    /* Every size is laid out anew. */
    tmux_resize(tmux, 100, 30);
    tmux_wait_row(tmux, 29, "^C cancel");
    tmux_wait(tmux, " 2/7  Test TCP");
    tmux_send(tmux, "G");
    tmux_wait(tmux, "^C interrupts it");
    tmux_send(tmux, "C-c");
    tmux_wait(tmux, "Result  ");
    tmux_wait(tmux, "interrupted after");
    tmux_send(tmux, "C-c");
    tmux_wait_row(tmux, 29, "nothing runs any more; q leaves");
    tmux_send(tmux, "q");
    tmux_wait(tmux, "Checks by");
    dashboard_quit(tmux);
}
END_TEST

/* The project is elsewhere. What a command prints is masked, while it runs and behind. */
START_TEST(runs_in_the_project_and_masks)
{
    temporary_file("project/.env", "Smtp__Host=127.0.0.1\nSmtp__Port=1\n"
                                   "Smtp__Password=Tr0ub4dor\n");
    walkthrough_stand_in("docker", "echo Smtp__Password=hunter2; echo it is Tr0ub4dor\necho here: \"${PWD##*/}\"\n"
                                   "exec tail -f /dev/null");
    struct tmux *tmux = walkthrough_open("--source env-file:project/.env");

    tmux_wait(tmux, "in /");
    walkthrough_go_to(tmux, "Test TCP from inside");
    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "here: project");
    tmux_wait(tmux, "Smtp__Password=***");
    tmux_wait(tmux, "it is ***");
    ck_assert(!shows(tmux, "Tr0ub4dor"));
    ck_assert(!shows(tmux, "hunter2"));
    tmux_send(tmux, "C-c");
    tmux_wait(tmux, "interrupted after");
    tmux_wait(tmux, "Smtp__Password=***");
    ck_assert(!shows(tmux, "hunter2"));
    tmux_stop(tmux);
}
END_TEST

START_TEST(the_second_interrupt_kills)
{
    walkthrough_stand_in("docker", "trap '' INT; echo ready; exec tail -f /dev/null");
    struct tmux *tmux = walkthrough_open_compose();

    walkthrough_go_to(tmux, "Test TCP from inside");
    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "ready");
    tmux_send(tmux, "C-c");
    tmux_wait(tmux, "it was interrupted, and goes on: ^C kills it");
    tmux_send(tmux, "C-c");
    tmux_wait(tmux, "interrupted after");
    tmux_stop(tmux);
}
END_TEST

START_TEST(long_lines_are_seen_whole)
{
    walkthrough_stand_in("docker", "printf '%300s\\n' the-end-of-it");
    struct tmux *tmux = walkthrough_open_compose();

    walkthrough_go_to(tmux, "Test TCP from inside");
    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "the-end-of-");
    tmux_wait(tmux, "   \xE2\x86\xB3 ");
    tmux_stop(tmux);
}
END_TEST

/* A connection that drops is a SIGHUP: what the step was doing is ended by asking it, and
 * its end is in the journal. */
START_TEST(a_signal_is_passed_on)
{
    static const int signals[] = {SIGTERM, SIGHUP};
    char *waits = mem_printf("trap 'echo asked >>\"%s/asked\"; exit 5' TERM\n"
                             "echo ready; tail -f /dev/null & wait", fixable_folder());
    walkthrough_stand_in("docker", waits);
    struct tmux *tmux = walkthrough_open_compose();

    walkthrough_go_to(tmux, "Recreate the container");
    walkthrough_run(tmux, "restarts");
    tmux_wait(tmux, "ready");
    kill(atoi(tmux_format(tmux, "#{pane_pid}")), signals[_i]);
    ck_assert_int_eq(tmux_wait_dead(tmux), 128 + signals[_i]);
    ck_assert_str_eq(walkthrough_read("asked"), "asked\n");
    ck_assert_ptr_nonnull(strstr(walkthrough_read("state/stella/doctor/journal.jsonl"),
                                 "interrupted"));
    tmux_stop(tmux);
    free(waits);
}
END_TEST

START_TEST(a_missing_program_is_told)
{
    struct tmux *tmux = open_edited("no-such-program-here");

    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "ran, exit status 127 (command not found)");
    tmux_stop(tmux);
}
END_TEST

static struct tmux *open_prompt(void)
{
    struct tmux *tmux = open_edited("sudo true");

    tmux_wait(tmux, "takes the terminal");
    walkthrough_run(tmux, "y");
    tmux_wait(tmux, "Press Enter to go back");
    return tmux;
}

START_TEST(a_key_at_the_prompt_does_not_end_us)
{
    static const char *const keys[] = {"C-c", "C-\\\\", "C-z"};
    struct tmux *tmux = open_prompt();

    tmux_send(tmux, keys[_i]);
    tmux_type(tmux, "typed");
    tmux_wait(tmux, "typed");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    tmux_wait(tmux, "Result  exit status 0");
    tmux_stop(tmux);
}
END_TEST

/* Neither skips nor verifies. */
START_TEST(what_is_typed_ahead_there_does_nothing)
{
    struct tmux *tmux = open_prompt();

    tmux_type(tmux, "a\nss\nv");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    tmux_send(tmux, "j");
    tmux_wait(tmux, "Result  exit status 0");
    tmux_wait(tmux, " 1/7 ");
    ck_assert(!shows(tmux, "Verify"));
    ck_assert_ptr_null(strstr(walkthrough_read("state/stella/doctor/journal.jsonl"), "skipped"));
    tmux_stop(tmux);
}
END_TEST

Suite *walk_run_suite(void)
{
    Suite *suite = suite_create("walk_run");
    TCase *tcase = tcase_create("walk_run");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, walkthrough_setup, walkthrough_teardown);
    tcase_add_test(tcase, runs_once_the_whole_command_was_shown);
    tcase_add_test(tcase, what_was_passed_over_counts_as_unread);
    tcase_add_test(tcase, shows_the_command_that_it_asks_about);
    tcase_add_test(tcase, a_screen_that_is_too_small_asks_nothing);
    tcase_add_test(tcase, what_never_ends_is_interrupted);
    tcase_add_test(tcase, runs_in_the_project_and_masks);
    tcase_add_test(tcase, the_second_interrupt_kills);
    tcase_add_test(tcase, a_missing_program_is_told);
    tcase_add_test(tcase, long_lines_are_seen_whole);
    tcase_add_loop_test(tcase, a_signal_is_passed_on, 0, 2);
    tcase_add_loop_test(tcase, a_key_at_the_prompt_does_not_end_us, 0, 3);
    tcase_add_test(tcase, what_is_typed_ahead_there_does_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
