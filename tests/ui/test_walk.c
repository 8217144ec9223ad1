/* Walkthroughs from a failing check to its proof: with a server that the fix starts. The
 * programs that the articles drive are stand-ins in a folder of the test's own. */
#include "suites.h"
#include "base/mem.h"
#include "tests/ui/dashboard.h"
#include "tests/unit/temporary.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder;
static char *env[3];
static unsigned port;

static unsigned find_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void stand_in(const char *name, const char *script)
{
    char *path = mem_printf("bin/%s", name);

    ck_assert_int_eq(chmod(temporary_file(path, script), 0700), 0);
    free(path);
}

/* "serve" is the server; it writes down which process it is. */
static void setup(void)
{
    folder = temporary_directory();
    port = find_free_port();
    char *serve = mem_printf("#!/bin/sh\nnc -lk 127.0.0.1 %u </dev/null >/dev/null 2>&1 &\n"
                             "echo $! >'%s/server'\n", port, folder);
    char *dotenv = mem_printf("Smtp__Host=127.0.0.1\nSmtp__Port=%u\n", port == 1 ? 2 : 1);
    stand_in("serve", serve);
    stand_in("docker", "#!/bin/sh\n[ \"$2\" != up ] || serve\n");
    stand_in("helm", "#!/bin/sh\n[ \"$1\" != upgrade ] || serve\n");
    stand_in("sudo", "#!/bin/sh\nexec \"$@\"\n");
    stand_in("systemctl", "#!/bin/sh\n[ \"$1\" != restart ] || serve\necho restarted\n");
    temporary_file(".env", dotenv);
    temporary_file("compose.yaml", "services:\n");
    env[0] = mem_printf("XDG_STATE_HOME=%s/state", folder);
    env[1] = mem_strdup("XDG_CONFIG_HOME=/nonexistent");
    free(serve);
    free(dotenv);
}

static void teardown(void)
{
    char *path = mem_printf("%s/server", folder);
    FILE *file = fopen(path, "r");
    int pid;

    if (file && fscanf(file, "%d", &pid) == 1)
        kill(pid, SIGKILL);
    if (file)
        fclose(file);
    for (int i = 0; i < 2; i++)
        free(env[i]);
    free(path);
    temporary_remove();
}

/* first is what the shell does before, ended with ";", or "". */
static struct tmux *open_after(const char *first, const char *arguments, int cols, int rows)
{
    struct tmux_options options = {.cols = cols, .rows = rows, .env = (const char *const *)env};
    char *command = mem_printf("%s cd '%s'; PATH=$PWD/bin:$PATH exec %s doctor "
                               "--no-default-sources %s",
                               first, folder, dashboard_program(), arguments);
    struct tmux *tmux = tmux_start(&options, command);

    tmux_wait_row(tmux, rows - 1, "? help");
    free(command);
    return tmux;
}

static struct tmux *open_on(const char *arguments, int cols, int rows)
{
    return open_after("", arguments, cols, rows);
}

static struct tmux *open_failing(const char *arguments)
{
    struct tmux *tmux = open_on(arguments, 80, 24);

    tmux_send(tmux, "r");
    tmux_wait_row(tmux, 1, "1 FAIL");
    tmux_send(tmux, "w");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    return tmux;
}

/* The number of the step that is shown. */
static int step_number(struct tmux *tmux)
{
    int number = 0, total;

    for (int row = 0; row < 24 && number == 0; row++)
        if (sscanf(tmux_row(tmux, row), " %d/%d", &number, &total) != 2)
            number = 0;
    return number;
}

static void go_to(struct tmux *tmux, const char *title)
{
    for (int i = 0; i < 12 && !strstr(tmux_screen(tmux), title); i++) {
        char *next = mem_printf(" %d/", step_number(tmux) + 1);
        tmux_send(tmux, "n");
        tmux_wait(tmux, next);
        free(next);
    }
    tmux_wait(tmux, title);
}

/* The question has to stand for a moment before an answer counts; it says when. */
static void consent(struct tmux *tmux, const char *word)
{
    char *question = mem_printf("type %s to run", word);

    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, question);
    tmux_type(tmux, word);
    free(question);
}

static void verify(struct tmux *tmux, const char *verdict)
{
    tmux_send(tmux, "v");
    tmux_wait(tmux, verdict);
}

static char *source_of_env(void)
{
    return mem_strdup("--source env-file:.env");
}

/* The journal has a line with both texts. */
static void assert_journaled(const char *one, const char *other)
{
    char *command = mem_printf("cd '%s'/state/stella/doctor && grep -- '%s' journal.jsonl |"
                               " grep -qF -- '%s'", folder, one, other);

    ck_assert_msg(system(command) == 0, "no line with %s and %s", one, other);
    free(command);
}

/* The proof was the last thing that was run. */
static void assert_verdict_is_last(void)
{
    char *command = mem_printf("! sed -n '/\"verdict\":\"fixed\"/,$p' '%s'/state/stella/doctor/"
                               "journal.jsonl | grep -q '\"kind\":\"run'",
                               folder);

    ck_assert_int_eq(system(command), 0);
    free(command);
}

START_TEST(fixed_on_compose)
{
    char *source = source_of_env(), *number = mem_printf("%u", port);
    struct tmux *tmux = open_failing(source);

    tmux_wait(tmux, "Compose: Smtp:Host is set in .env:1");
    verify(tmux, "STILL FAILING: 0 of 3");
    go_to(tmux, "Set host, port");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "host: 127.0.0.1");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 23, "port: 1");
    tmux_send(tmux, "C-u");
    tmux_type(tmux, number);
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 23, "type y to run");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 23, "not run");
    consent(tmux, "y");
    tmux_wait(tmux, "Result  exit status 0");
    go_to(tmux, "Recreate the container");
    consent(tmux, "restarts");
    tmux_wait(tmux, "Result  exit status 0");
    verify(tmux, "FIXED: 3 of 3");
    tmux_wait(tmux, "After   Connected to 127.0.0.1");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 1, "1 PASS");
    tmux_send(tmux, "e");
    tmux_wait_row(tmux, 0, "Incident note");
    tmux_wait(tmux, "FIXED  check.integration.smtp: ");
    tmux_send(tmux, "q");
    dashboard_quit(tmux);
    assert_journaled("\"variable\":\"host\"", "\"source\":\"kept: Smtp:Host, ");
    assert_journaled("\"variable\":\"port\"", "\"source\":\"typed\"");
    assert_verdict_is_last();
    free(number);
    free(source);
}
END_TEST

/* A step that needs the terminal gets it, and gives it back. */
START_TEST(fixed_on_systemd)
{
    char *json = mem_printf("{\"Smtp\": {\"Host\": \"127.0.0.1\", \"Port\": %u}}", port);
    temporary_file("appsettings.json", json);
    struct tmux *tmux = open_failing("--source json:appsettings.json");

    tmux_send(tmux, "]");
    tmux_wait_row(tmux, 0, "systemd");
    go_to(tmux, "Restart the platform");
    tmux_wait(tmux, "takes the terminal");
    consent(tmux, "restarts");
    tmux_wait(tmux, "restarted");
    tmux_wait(tmux, "[stella doctor] exit status 0");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    tmux_wait(tmux, "exit status 0");
    verify(tmux, "FIXED: 3 of 3");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 23, "? help");
    dashboard_quit(tmux);
    free(json);
}
END_TEST

START_TEST(fixed_on_helm)
{
    char *values = mem_printf("smtp:\n  host: 127.0.0.1\n  port: %u\n", port);
    temporary_file("values.yaml", values);
    struct tmux *tmux = open_failing("--source values:values.yaml");

    tmux_wait_row(tmux, 0, "Kubernetes / Helm");
    go_to(tmux, "Apply the values");
    consent(tmux, "restarts");
    tmux_wait(tmux, "Result  exit status 0");
    verify(tmux, "FIXED: 3 of 3");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 23, "? help");
    dashboard_quit(tmux);
    free(values);
}
END_TEST

/* Whether the .env is as it was: nothing has run. */
static void assert_untouched(void)
{
    char *command = mem_printf("grep -q '^Smtp__Port=[12]$' '%s/.env'", folder);

    ck_assert_int_eq(system(command), 0);
    free(command);
}

static const char *const harmless[] = {
    "\033[200~x\ny\n\033[201~", /* pasted, as terminals say it */
    "xy",                       /* pasted where they do not */
    "x\ny\n",
    "x\r\ry\r",
    "xyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxy",
};

START_TEST(what_is_pasted_runs_nothing)
{
    char *source = source_of_env();
    struct tmux *tmux = open_failing(source);

    tmux_type(tmux, harmless[_i]);
    tmux_type(tmux, "j");
    tmux_wait(tmux, "reads   open");
    ck_assert_ptr_null(strstr(tmux_screen(tmux), "Result"));
    tmux_send(tmux, "Escape");
    assert_untouched();
    tmux_stop(tmux);
    free(source);
}
END_TEST

START_TEST(read_only_runs_nothing)
{
    char *source = source_of_env(), *arguments = mem_printf("%s --read-only", source);
    struct tmux *tmux = open_failing(arguments);

    tmux_wait_row(tmux, 0, "read-only");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "read-only: nothing is run");
    tmux_send(tmux, "c");
    tmux_wait_row(tmux, 23, "tmux");
    tmux_wait(tmux, "copied");
    tmux_stop(tmux);
    free(arguments);
    free(source);
}
END_TEST

START_TEST(what_never_ends_is_interrupted)
{
    char *source = source_of_env();
    stand_in("docker", "#!/bin/sh\nwhile :; do printf '\\033[2J\\033]0;x\\007flood %s\\n' $$; done\n");
    struct tmux *tmux = open_failing(source);

    go_to(tmux, "Test TCP from inside");
    consent(tmux, "y");
    tmux_wait(tmux, "^C interrupts it");
    tmux_wait(tmux, "\\x1b[2J");
    tmux_resize(tmux, 100, 30);
    tmux_wait_row(tmux, 29, "^C cancel");
    tmux_send(tmux, "C-c");
    tmux_wait(tmux, "Result  ");
    tmux_wait(tmux, "interrupted after");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 29, "? help");
    dashboard_quit(tmux);
    free(source);
}
END_TEST

/* kill -9 in the middle, which leaves the command running: what was done is known, what was under way is not called done. */
START_TEST(goes_on_after_a_kill)
{
    char *source = source_of_env();
    char *endless = mem_printf("#!/bin/sh\necho $$ >'%s/server'\nexec tail -f /dev/null\n", folder);
    stand_in("docker", endless);
    free(endless);
    struct tmux *tmux = open_failing(source);

    consent(tmux, "y");
    tmux_wait(tmux, "Result  exit status 0");
    go_to(tmux, "Test TCP from inside");
    consent(tmux, "y");
    tmux_wait(tmux, "^C interrupts it");
    kill(atoi(tmux_format(tmux, "#{pane_pid}")), SIGKILL);
    ck_assert_int_eq(tmux_wait_dead(tmux), 128 + SIGKILL);
    tmux_stop(tmux);
    tmux = open_failing(source);
    tmux_wait(tmux, "2/");
    tmux_wait_row(tmux, 23, "going on where this walkthrough was left");
    tmux_wait(tmux, "interrupted");
    tmux_wait(tmux, "nobody saw it end");
    tmux_stop(tmux);
    free(source);
}
END_TEST

START_TEST(the_keys_have_a_page)
{
    char *source = source_of_env();
    struct tmux *tmux = open_failing(source);

    tmux_send(tmux, "?");
    tmux_wait_row(tmux, 0, "Keys");
    tmux_wait(tmux, "run the check three times");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 0, "Fix SMTP");
    tmux_send(tmux, "]");
    tmux_wait(tmux, "chosen by hand");
    assert_journaled("\"platform\":\"systemd\"", "\"why\":\"chosen by hand\"");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 23, "? help");
    dashboard_quit(tmux);
    free(source);
}
END_TEST

/* A journal that takes no more is a note with the reason, in the list and in a
 * walkthrough, and stops nothing. */
START_TEST(a_full_journal_is_told)
{
    char *source = source_of_env();
    struct tmux *tmux = open_after("ulimit -f 0;", source, 80, 24);

    tmux_send(tmux, "r");
    tmux_wait_row(tmux, 1, "1 FAIL");
    tmux_wait_row(tmux, 23, "the journal takes no more: File too large");
    tmux_send(tmux, "w");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
    tmux_wait_row(tmux, 23, "the journal takes no more: File too large");
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 23, "? help");
    dashboard_quit(tmux);
    free(source);
}
END_TEST

Suite *walk_suite(void)
{
    Suite *suite = suite_create("walk");
    TCase *tcase = tcase_create("walk");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, fixed_on_compose);
    tcase_add_test(tcase, fixed_on_systemd);
    tcase_add_test(tcase, fixed_on_helm);
    tcase_add_loop_test(tcase, what_is_pasted_runs_nothing, 0,
                        sizeof harmless / sizeof *harmless);
    tcase_add_test(tcase, read_only_runs_nothing);
    tcase_add_test(tcase, what_never_ends_is_interrupted);
    tcase_add_test(tcase, goes_on_after_a_kill);
    tcase_add_test(tcase, the_keys_have_a_page);
    tcase_add_test(tcase, a_full_journal_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
