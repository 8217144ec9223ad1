/* fix on a plain terminal: line by line, without a screen. */
#include "suites.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "guide/walk_offer.h"
#include "tests/ui/fixable.h"
#include "tests/ui/lines.h"
#include "tests/unit/temporary.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char compose[] = "--source env-file:.env";

static void teardown(void)
{
    lines_stop();
    fixable_teardown();
}

static void open_plain(const char *arguments)
{
    lines_start("dumb", 80, "exec", arguments);
}

static void assert_file_has(const char *name, const char *part)
{
    char *path = mem_printf("%s/%s", fixable_folder(), name), *text = NULL;
    size_t len;

    ck_assert_msg(file_read(path, &text, &len, NULL), "no %s", path);
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in %s: %s", part, name, text);
    free(text);
    free(path);
}

/* From the failing check to its proof. Enter means yes nowhere, and a value that cannot be
 * says why. */
START_TEST(fixed_on_compose)
{
    char *number = mem_printf("%u\n", fixable_port()), *line = mem_printf("Smtp__Port=%s", number);

    open_plain(compose);
    lines_await("check.integration.smtp, SMTP Email Connectivity: fail, 127.0.0.1:1 refused");
    lines_await("Compose: Smtp:Host is set in .env:1");
    lines_await("Step 1 of ");
    lines_await(" (Docker Compose): Look at what is configured");
    lines_await("reads   open");
    lines_go_to("Set host, port");
    lines_await("changes-config   open");
    lines_await("host    not answered yet  (a chooses it)");
    lines_choose("x\n");
    lines_answer("host (Enter alone takes 127.0.0.1, - goes back): ", "a b\n");
    lines_await("contains a blank");
    lines_answer("host (Enter alone takes 127.0.0.1, - goes back): ", "\n");
    lines_answer("port (Enter alone takes 1, - goes back): ", "99999\n");
    lines_await("port \"99999\" is not a number from 1 to 65535");
    lines_answer("port (Enter alone takes 1, - goes back): ", number);
    lines_answer("tls (Enter alone takes true, - goes back): ", "False\n");
    lines_await("Smtp__Host=127.0.0.1 Smtp__Port=");
    lines_await("Smtp__UseSsl=false");
    lines_answer("changes-config: type y to run the command above, anything else not to: ", "\n");
    lines_await("not run");
    fixable_assert_untouched();
    lines_consent("y");
    lines_await("Result  exit status 0");
    assert_file_has(".env", line);
    lines_choose("n\n");
    lines_go_to("Recreate the container");
    lines_choose("x\n");
    lines_answer("type restarts to run", "y\n");
    lines_await("not run");
    lines_choose("x\n");
    lines_answer("type restarts to run", "restarts\n");
    lines_answer("y runs it now, anything else does not: ", "restarts\n");
    lines_await("not run");
    lines_consent("restarts");
    lines_await("Result  exit status 0");
    lines_choose("verify\n");
    lines_await("Round 1 of 3: pass, Connected to 127.0.0.1");
    lines_await("Round 3 of 3: pass");
    lines_await("FIXED: 3 of 3 runs passed");
    lines_await("Before  127.0.0.1:1 refused the connection");
    lines_await("After   Connected to 127.0.0.1");
    lines_choose("q\n");
    lines_await("stella doctor report prints what was done and proved.");
    lines_assert_exit(0);
    lines_assert_never("\033");
    assert_file_has("state/stella/doctor/journal.jsonl", "\"fixed\"");
    free(number);
    free(line);
}
END_TEST

/* A step that needs the terminal gets it, Ctrl-C too, and gives it back. */
START_TEST(fixed_on_systemd)
{
    char *json = mem_printf("{\"Smtp\": {\"Host\": \"127.0.0.1\", \"Port\": %u}}", fixable_port());
    temporary_file("appsettings.json", json);
    fixable_stand_in("systemctl", "#!/bin/sh\n[ \"$1\" = restart ] || exit 0\n"
                                  "if mkdir once 2>/dev/null\n"
                                  "then printf 'Password: '; read -r word; exit 1\n"
                                  "fi\nserve\necho restarted\n");

    open_plain("--source json:appsettings.json --platform systemd");
    lines_go_to("Restart the platform");
    lines_await("takes the terminal");
    lines_consent("restarts");
    lines_answer("Password: ", "\003");
    lines_await("Result  ended by signal 2 (INT)");
    lines_consent("restarts");
    lines_await("restarted");
    lines_await("Result  exit status 0");
    lines_choose("v\n");
    lines_await("FIXED: 3 of 3 runs passed");
    lines_choose("q\n");
    lines_assert_exit(0);
    free(json);
}
END_TEST

START_TEST(fixed_on_helm)
{
    char *values = mem_printf("smtp:\n  host: 127.0.0.1\n  port: %u\n", fixable_port());
    temporary_file("values.yaml", values);

    open_plain("--source values:values.yaml");
    lines_go_to("Apply the values");
    lines_consent("restarts");
    lines_await("Result  exit status 0");
    lines_choose("v\n");
    lines_await("FIXED: 3 of 3 runs passed");
    lines_choose("q\n");
    lines_assert_exit(0);
    free(values);
}
END_TEST

static const struct {
    const char *text, *why;
} pasted[] = {
    {"x\ny\n", "more than one line came at once"},
    {"x\ny", "more than one line came at once"},
    {"x\r\ry\r", "more than one line came at once"},
    {"\033[200~x\ny\n\033[201~\n", "it was pasted"},
    {"x\004", "it was not a whole line"},
};

START_TEST(what_is_pasted_runs_nothing)
{
    open_plain(compose);
    lines_choose(pasted[_i].text);
    lines_await(pasted[_i].why);
    lines_choose("q\n");
    lines_assert_exit(0);
    lines_assert_never("type y to run");
    lines_assert_never("Result");
}
END_TEST

static const char *const no_consent[] = {
    "y\ny\n", "y\ny", "y\nx\ny\n", "\033[200~y\033[201~\n", "y\004", "yes\n", "Y\n", "\n", "y y\n",
};

START_TEST(what_is_pasted_is_no_consent)
{
    open_plain(compose);
    lines_choose("x\n");
    lines_answer("anything else not to: ", no_consent[_i]);
    lines_choose("q\n");
    lines_assert_exit(0);
    lines_assert_never("Running;");
    lines_assert_never("Result");
}
END_TEST

/* There is time to read what it is about. */
START_TEST(the_question_comes_later)
{
    open_plain(compose);
    lines_await("Choice: ");
    clock_us before = clock_now_us();
    lines_type("x\n");
    lines_await("anything else not to: ");
    ck_assert_int_ge(clock_now_us() - before, WALK_ARM_US);
    lines_type("\n");
    lines_choose("q\n");
    lines_assert_exit(0);
}
END_TEST

/* It is echoed all the while, and gone when it is over. */
START_TEST(a_megabyte_runs_nothing)
{
    static const char part[] = "x\ny\nrestarts\ny\nx\ny\n";

    open_plain(compose);
    lines_await("Choice: ");
    for (size_t sent = 0; sent < 1000000; sent += sizeof part - 1) {
        lines_type(part);
        if (sent % (64 * (sizeof part - 1)) == 0)
            lines_drop();
    }
    lines_await("more than one line came at once");
    lines_choose("b\n");
    lines_await("this is the first step");
    lines_choose("q\n");
    lines_assert_exit(0);
    lines_assert_never("Running;");
    lines_assert_never("Result");
}
END_TEST

START_TEST(read_only_runs_nothing)
{
    open_plain("--source env-file:.env --read-only");
    lines_await("read-only: nothing is run");
    lines_await("Step 1 of ");
    lines_await("\r\nc copy");
    lines_choose("x\n");
    lines_await("read-only: nothing is run; c copies it");
    lines_choose("c\n");
    lines_await("/stella-step.sh: this");
    lines_await("no clipboard");
    lines_choose("b\n");
    lines_await("this is the first step");
    lines_choose("\n");
    lines_await("reads   copied");
    lines_choose("q\n");
    lines_assert_exit(0);
    assert_file_has("state/stella/doctor/stella-step.sh", "grep -aiE");
}
END_TEST

static const struct {
    const char *keys;
    int status;
} ways_out[] = {{"\004", 0}, {"\003", 130}, {"q\n", 0}, {"quit\n", 0}};

/* The journal is kept, whichever way it is left. */
START_TEST(goes_on_where_it_was_left)
{
    open_plain(compose);
    lines_consent("y");
    lines_await("Result  exit status 0");
    lines_choose(ways_out[_i].keys);
    lines_await("stella doctor fix check.integration.smtp goes on from here.");
    lines_assert_exit(ways_out[_i].status);
    open_plain(compose);
    lines_await("Step 1 of ");
    lines_await("reads   ran");
    lines_await("going on where this walkthrough was left");
    lines_choose("n\n");
    lines_await("Step 2 of ");
    lines_choose("0\n");
    lines_await("begins anew, anything else does not: ");
    lines_type("y\n");
    lines_await("Step 1 of ");
    lines_await("reads   open");
    lines_choose("q\n");
    lines_assert_exit(0);
}
END_TEST

START_TEST(what_never_ends_is_interrupted)
{
    fixable_stand_in("docker", "#!/bin/sh\n"
                               "while :; do printf '\\033[2J\\033]0;x\\007flood %s\\n' $$; done\n");
    open_plain(compose);
    lines_go_to("Test TCP from inside");
    lines_consent("y");
    lines_await("  \\x1b[2J\\x1b]0;x\\x07flood ");
    lines_await("(what follows is shown when the command is over)");
    lines_type("\003");
    lines_await("interrupted after");
    lines_type("\003");
    lines_await("nothing runs any more; q leaves");
    lines_choose("v\n");
    lines_await("Ctrl-C gives up");
    lines_await("Round 1 of 3");
    lines_type("\003");
    lines_await("Verify  given up");
    lines_choose("q\n");
    lines_assert_exit(0);
    lines_assert_never("\033");
}
END_TEST

/* Whoever ended it learns that from the status. */
START_TEST(a_signal_ends_it)
{
    open_plain(compose);
    lines_choose("v\n");
    lines_await("Round 1 of 3");
    kill(lines_pid(), SIGTERM);
    lines_assert_exit(128 + SIGTERM);
}
END_TEST

static void change_port(void)
{
    lines_go_to("Set host, port");
    lines_choose("a\n");
    lines_answer("host (", "\n");
    lines_answer("port (", "9\n");
    lines_answer("tls (", "\n");
    lines_await("9  typed");
    lines_await("tls     true  kept: the article's, since none is set");
    lines_consent("y");
    lines_await("Result  exit status 0");
}

/* A change that did not help is put back. */
START_TEST(a_change_is_undone)
{
    open_plain(compose);
    change_port();
    assert_file_has(".env", "Smtp__Port=9");
    lines_choose("v\n");
    lines_await("STILL FAILING: 0 of 3");
    lines_await("was changed; u puts it back as it was");
    lines_await("Next ");
    lines_choose("u\n");
    lines_answer("anything else does not: ", "\n");
    lines_await("not put back");
    assert_file_has(".env", "Smtp__Port=9");
    lines_choose("u\n");
    lines_answer("anything else does not: ", "y\n");
    lines_await("is as it was; v verifies");
    fixable_assert_untouched();
    lines_choose("q\n");
    lines_assert_exit(0);
}
END_TEST

/* What a colleague wrote since is not lost with it. */
START_TEST(a_later_change_is_kept)
{
    open_plain(compose);
    change_port();
    temporary_file(".env", "Smtp__Host=by-a-colleague\n");
    lines_choose("u\n");
    lines_answer("it changed since, which is kept beside it; y puts", "y\n");
    lines_await("what was there is kept as");
    lines_await("/.env.replaced");
    fixable_assert_untouched();
    assert_file_has(".env.replaced", "Smtp__Host=by-a-colleague");
    lines_choose("q\n");
    lines_assert_exit(0);
}
END_TEST

/* What was edited may do anything, and asks for more. */
START_TEST(a_command_is_edited)
{
    fixable_stand_in("editor", "#!/bin/sh\n[ -t 0 ] && echo 'echo edited $((6 * 7))' >\"$1\"\n");
    lines_start("dumb", 80, "export EDITOR=editor; exec", compose);
    lines_choose("e\n");
    lines_await("changes-config   open   edited");
    lines_consent("y");
    lines_await("  edited 42");
    lines_await("Result  exit status 0");
    lines_choose("q\n");
    lines_assert_exit(0);
}
END_TEST

START_TEST(the_rest_is_found)
{
    open_plain(compose);
    lines_choose("?\n");
    lines_await("x or run: run the command, once you have said yes to it");
    lines_choose("jump\n");
    lines_await("\"jump\" is none of the choices");
    lines_choose("n\n");
    lines_await("Step 2 of ");
    lines_choose("n\n");
    lines_await("way 1 of 3 (o)");
    lines_choose("other way\n");
    lines_await("way 2 of 3 (o)");
    lines_choose("p\n");
    lines_await("chosen by hand");
    lines_await("(Bare Metal / systemd): ");
    lines_choose("s\n");
    lines_await("Step 2 of ");
    lines_choose("b\n");
    lines_await("skipped");
    /* After a stop the question is put again. */
    lines_await("Choice: ");
    kill(lines_pid(), SIGSTOP);
    kill(lines_pid(), SIGCONT);
    lines_choose("q\n");
    lines_assert_exit(0);
}
END_TEST

static void assert_narrow(int cols)
{
    const char *line = lines_output();

    for (size_t n; *line; line += n + (line[n] != '\0')) {
        n = strcspn(line, "\r\n");
        /* A command is as long as it is, and so is what is asked about it. */
        bool ours = strncmp(line, "  ", 2) != 0 && !memmem(line, n, "anything else", 13);
        ck_assert_msg(!ours || text_cols_n(line, n) <= cols, "\"%.*s\"", (int)n, line);
    }
}

START_TEST(lines_fit_the_terminal)
{
    lines_start("dumb", 40, "exec", compose);
    lines_choose("n\n");
    lines_choose("q\n");
    lines_assert_exit(0);
    assert_narrow(40);
    lines_start("dumb", 0, "COLUMNS=60 exec", compose);
    lines_choose("n\n");
    lines_choose("q\n");
    lines_assert_exit(0);
    assert_narrow(60);
}
END_TEST

static const struct {
    const char *term, *before, *arguments;
    bool colors;
} looks[] = {
    {"xterm-256color", "exec", "--plain", true},
    {"xterm-256color", "NO_COLOR=1 exec", "--plain", false},
    {"xterm-256color", "exec", "--plain --no-color", false},
    {"no-such-terminal", "exec", "", false},
    {"", "exec", "", false},
    {"dumb", "LC_ALL=C exec", "", false},
};

START_TEST(colours_where_there_are_some)
{
    char *arguments = mem_printf("%s %s", compose, looks[_i].arguments);

    lines_start(looks[_i].term, 80, looks[_i].before, arguments);
    lines_choose("q\n");
    lines_assert_exit(0);
    ck_assert_int_eq(strstr(lines_output(), "\033[") != NULL, looks[_i].colors);
    ck_assert_ptr_null(strstr(lines_output(), "\033[?"));
    for (const char *at = lines_output(); strstr(looks[_i].before, "LC_ALL=C") && *at; at++)
        ck_assert_int_lt((unsigned char)*at, 0x80);
    free(arguments);
}
END_TEST

/* Nobody reads questions that go to a file. */
START_TEST(nothing_is_asked_in_a_file)
{
    char *arguments = mem_printf("%s >steps", compose);

    open_plain(arguments);
    lines_await("nobody can be asked here (standard output is not a terminal)");
    lines_assert_exit(3);
    assert_file_has("steps", "1/7  Look at what is configured");
    free(arguments);
}
END_TEST

Suite *plain_suite(void)
{
    Suite *suite = suite_create("plain");
    TCase *tcase = tcase_create("plain");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, fixable_setup, teardown);
    tcase_add_test(tcase, fixed_on_compose);
    tcase_add_test(tcase, fixed_on_systemd);
    tcase_add_test(tcase, fixed_on_helm);
    tcase_add_loop_test(tcase, what_is_pasted_runs_nothing, 0, sizeof pasted / sizeof *pasted);
    tcase_add_loop_test(tcase, what_is_pasted_is_no_consent, 0,
                        sizeof no_consent / sizeof *no_consent);
    tcase_add_test(tcase, the_question_comes_later);
    tcase_add_test(tcase, a_megabyte_runs_nothing);
    tcase_add_test(tcase, read_only_runs_nothing);
    tcase_add_loop_test(tcase, goes_on_where_it_was_left, 0, sizeof ways_out / sizeof *ways_out);
    tcase_add_test(tcase, what_never_ends_is_interrupted);
    tcase_add_test(tcase, a_signal_ends_it);
    tcase_add_test(tcase, a_change_is_undone);
    tcase_add_test(tcase, a_later_change_is_kept);
    tcase_add_test(tcase, a_command_is_edited);
    tcase_add_test(tcase, the_rest_is_found);
    tcase_add_test(tcase, lines_fit_the_terminal);
    tcase_add_loop_test(tcase, colours_where_there_are_some, 0, sizeof looks / sizeof *looks);
    tcase_add_test(tcase, nothing_is_asked_in_a_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
