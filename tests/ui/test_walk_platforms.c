/* Every step of the walkthrough on each platform, at 80x24, from the failing check to the
 * proof, with a server that a step starts. */
#include "suites.h"
#include "base/mem.h"
#include "tests/ui/walkthrough.h"
#include "tests/unit/temporary.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 50 };

/* The word that the step on the screen wants typed. */
static const char *word_of_step(struct tmux *tmux)
{
    const char *screen = tmux_screen(tmux);

    if (strstr(screen, "\n restarts   "))
        return "restarts";
    return strstr(screen, "\n loses-data   ") ? "loses-data" : "y";
}

static bool shows(struct tmux *tmux, const char *text)
{
    return strstr(tmux_screen(tmux), text) != NULL;
}

/* Which of two texts the screen shows first. */
static bool is_first(struct tmux *tmux, const char *one, const char *other)
{
    while (!tmux_shows(tmux, one, LOOK_MS))
        if (tmux_shows(tmux, other, LOOK_MS))
            return false;
    return true;
}

/* Answers where values are asked for before what comes then: the host stays, the port is
 * the server's. */
static void answer(struct tmux *tmux, const char *then)
{
    if (!is_first(tmux, "Enter takes it", then))
        return;
    char *number = mem_printf("%u", fixable_port());

    tmux_wait_row(tmux, 23, "host: 127.0.0.1");
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 23, "port: 1");
    tmux_send(tmux, "C-u");
    tmux_type(tmux, number);
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 23, "tls: true");
    tmux_send(tmux, "Enter");
    free(number);
}

static void copy_text(struct tmux *tmux)
{
    tmux_send(tmux, "c");
    answer(tmux, "copied");
    tmux_wait(tmux, "copied");
}

/* What was on the terminal before stays there. */
static void come_back(struct tmux *tmux, int times)
{
    tmux_wait_times(tmux, "[stella doctor] exit status 0", times);
    tmux_send(tmux, "Enter");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
}

static void run_step(struct tmux *tmux, bool terminal)
{
    static int lent;
    const char *word = word_of_step(tmux);
    char *question = mem_printf("type %s to run", word);
    bool secret = shows(tmux, "read -rsp");

    tmux_send(tmux, "x");
    answer(tmux, question);
    tmux_wait(tmux, question);
    walkthrough_consent(tmux, word);
    if (secret) {
        /* Not the command, which is on the page. */
        tmux_wait_cursor(tmux, "SMTP password:");
        tmux_type(tmux, "geheim\r");
    }
    if (terminal)
        come_back(tmux, ++lent);
    tmux_wait(tmux, "Result  exit status 0");
    free(question);
}

/* Writes what an engineer would write into the file that the step names. */
static void (*edit_file)(void);

static void take_step(struct tmux *tmux)
{
    if (shows(tmux, "a text for a file")) {
        copy_text(tmux);
        if (edit_file)
            edit_file();
    } else {
        run_step(tmux, shows(tmux, "takes the terminal"));
    }
}

static void take_every_step(struct tmux *tmux)
{
    int total = 1;

    for (int step = 1; step <= total; step++) {
        ck_assert_int_eq(walkthrough_step(tmux, &total), step);
        take_step(tmux);
        if (step == total)
            break;
        char *next = mem_printf(" %d/%d ", step + 1, total);
        tmux_send(tmux, "n");
        tmux_wait(tmux, next);
        free(next);
    }
    ck_assert_int_ge(total, 6);
}

static void assert_called(const char *call)
{
    ck_assert_msg(strstr(walkthrough_record(), call) != NULL, "no \"%s\" in:\n%s", call,
                  walkthrough_record());
}

/* The journal has a line with both texts. */
static void assert_journaled(const char *one, const char *other)
{
    char *command = mem_printf("cd '%s'/state/stella/doctor && grep -- '%s' journal.jsonl |"
                               " grep -qF -- '%s'", fixable_folder(), one, other);

    ck_assert_msg(system(command) == 0, "no line with %s and %s", one, other);
    free(command);
}

/* The proof was the last thing that was run. */
static void assert_verdict_is_last(void)
{
    char *command = mem_printf("! sed -n '/\"verdict\":\"fixed\"/,$p' '%s'/state/stella/doctor/"
                               "journal.jsonl | grep -q '\"kind\":\"run'",
                               fixable_folder());

    ck_assert_int_eq(system(command), 0);
    free(command);
}

static void prove_and_leave(struct tmux *tmux)
{
    walkthrough_verify(tmux, "FIXED: 3 of 3");
    tmux_wait(tmux, "After   Connected to 127.0.0.1");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 1, "1 PASS");
    ck_assert_ptr_null(strstr(tmux_row(tmux, 0), "127.0.0.1:1 "));
    tmux_send(tmux, "e");
    tmux_wait_row(tmux, 0, "Incident note");
    tmux_wait(tmux, "FIXED  check.integration.smtp: ");
    tmux_send(tmux, "q");
    tmux_wait(tmux, "Checks by");
    dashboard_quit(tmux);
    assert_verdict_is_last();
}

START_TEST(fixed_on_compose)
{
    edit_file = NULL;
    struct tmux *tmux = walkthrough_open_compose();
    char *line = mem_printf("Smtp__Port=%u\n", fixable_port());

    tmux_wait(tmux, "Compose: Smtp:Host is set in .env:1");
    walkthrough_verify(tmux, "STILL FAILING: 0 of 3");
    take_every_step(tmux);
    ck_assert_ptr_nonnull(strstr(walkthrough_read(".env"), line));
    assert_called("docker compose exec gateway timeout 5 bash -c");
    assert_called("docker compose config platform\n");
    assert_called("docker compose up -d platform\n");
    prove_and_leave(tmux);
    assert_journaled("\"variable\":\"host\"", "\"source\":\"kept: Smtp:Host, ");
    assert_journaled("\"variable\":\"port\"", "\"source\":\"typed\"");
    free(line);
}
END_TEST

static void edit_json(void)
{
    char *json = mem_printf("{\"Smtp\": {\"Host\": \"127.0.0.1\", \"Port\": %u}}",
                            fixable_port());

    temporary_file("appsettings.json", json);
    free(json);
}

START_TEST(fixed_on_systemd)
{
    edit_file = edit_json;
    temporary_file("appsettings.json", "{\"Smtp\": {\"Host\": \"127.0.0.1\", \"Port\": 1}}");
    struct tmux *tmux = walkthrough_open("--source json:appsettings.json");

    tmux_send(tmux, "]");
    tmux_wait_row(tmux, 0, "systemd");
    walkthrough_verify(tmux, "STILL FAILING: 0 of 3");
    take_every_step(tmux);
    assert_called("sudo jq ");
    assert_called("nslookup 127.0.0.1\n");
    assert_called("telnet 127.0.0.1 1\n");
    assert_called("sudoedit /etc/stellaops/appsettings.Production.json\n");
    assert_called("systemctl restart stellaops-platform\n");
    assert_called("systemctl cat stellaops-platform\n");
    prove_and_leave(tmux);
}
END_TEST

static void edit_values(void)
{
    char *values = mem_printf("smtp:\n  host: 127.0.0.1\n  port: %u\n", fixable_port());

    temporary_file("values.yaml", values);
    free(values);
}

START_TEST(fixed_on_helm)
{
    edit_file = edit_values;
    temporary_file("values.yaml", "smtp:\n  host: 127.0.0.1\n  port: 1\n");
    struct tmux *tmux = walkthrough_open("--source values:values.yaml");

    tmux_wait_row(tmux, 0, "Kubernetes / Helm");
    walkthrough_verify(tmux, "STILL FAILING: 0 of 3");
    take_every_step(tmux);
    assert_called("helm get values stellaops");
    assert_called("kubectl create secret generic stellaops-smtp-creds");
    assert_called("kubectl apply -f -\n");
    assert_called("helm upgrade stellaops ./chart -f values.yaml");
    assert_called("kubectl rollout restart deployment/stellaops-platform\n");
    prove_and_leave(tmux);
}
END_TEST

Suite *walk_platforms_suite(void)
{
    Suite *suite = suite_create("walk_platforms");
    TCase *tcase = tcase_create("walk_platforms");

    tcase_set_timeout(tcase, 40);
    tcase_add_checked_fixture(tcase, walkthrough_setup, walkthrough_teardown);
    tcase_add_test(tcase, fixed_on_compose);
    tcase_add_test(tcase, fixed_on_systemd);
    tcase_add_test(tcase, fixed_on_helm);
    suite_add_tcase(suite, tcase);
    return suite;
}
