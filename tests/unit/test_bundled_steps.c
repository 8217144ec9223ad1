/* Every command of the articles that come with the program, as a walkthrough would run
 * it, among stand-ins for the programs that it drives: what it tells them, what it prints,
 * and how it ends. A command without a row here fails, and so does a row without one. */
#include "base/mem.h"
#include "bundled.h"
#include "loopback.h"
#include "stand_ins.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>

#define EXEC "[exec] [deployment/stellaops-platform] [--] "
#define TCP "[timeout] [5] [bash] [-c] [</dev/tcp/$0/$1] [127.0.0.1] [PORT]\n"
#define NC "[nc] [-z] [-w] [5] [127.0.0.1] [PORT]\n"
#define FILE_NAME "[./appsettings.Production.json]"
#define KEEP_FILE                                                                              \
    "sudo [cp] [-p] [--backup=numbered] " FILE_NAME " [./appsettings.Production.json.bak]\n"   \
    "sudoedit " FILE_NAME "\n"
#define RESTART                                                                                \
    "sudo [systemctl] [restart] [stellaops-platform]\nsystemctl [restart] "                    \
    "[stellaops-platform]\nsystemctl [status] [--no-pager] [stellaops-platform]\n"
#define ROLL_OUT                                                                               \
    "kubectl [rollout] [restart] [deployment/stellaops-platform]\n"                            \
    "kubectl [rollout] [status] [deployment/stellaops-platform] [--timeout=120s]\n"
#define REFUSED "FAIL\n"
#define STATUS "* stellaops-platform.service\n  Active: active (running)\n"
#define ROLLED_OUT                                                                             \
    "deployment/stellaops-platform restarted\ndeployment successfully rolled out\n"
#define RESOLVED "Name: 127.0.0.1\nAddress: 192.0.2.1\n"
#define CONFIG "docker [compose] [config] [platform]\n"
#define UP "docker [compose] [up] [-d] [platform]\n"
#define STARTED " Container stellaops-platform-1  Started\n"

static const struct expected {
    const char *article; /* "*": slack and teams */
    enum platform platform;
    const char *title;
    const char *calls; /* of stand-ins: lines in any order, for a pipe starts them at once */
    const char *prints; /* with nothing listening on the port */
    int status;
} rows[] = {
    {"smtp", PLATFORM_COMPOSE, "Look at what is configured", "",
     "Smtp__Host=mail.example\nSmtp__Password=***\n", 0},
    {"smtp", PLATFORM_COMPOSE, "Test TCP from inside the gateway",
     "docker [compose] [exec] [gateway] " TCP, REFUSED, 0},
    {"smtp", PLATFORM_COMPOSE, "Test it from the platform container",
     "docker [compose] [exec] [platform] " TCP, REFUSED, 0},
    {"smtp", PLATFORM_COMPOSE, "Or without bash: nc", "docker [compose] [exec] [platform] " NC,
     REFUSED, 0},
    {"smtp", PLATFORM_COMPOSE, "Or without nc either",
     "docker [compose] [ps] [-q] [platform]\n"
     "docker [run] [--rm] [--network] [container:c0ffee] [busybox] " NC, REFUSED, 0},
    {"smtp", PLATFORM_COMPOSE, "Set host, port and TLS", "", "", 0},
    {"smtp", PLATFORM_COMPOSE, "See what the platform", CONFIG,
     "      EMAIL__SMTP__PORT: \"25\"\n      Smtp__Host: mail.example\n"
     "      Smtp__Port: \"587\"\n      Smtp__UseSsl: \"true\"\n", 0},
    {"smtp", PLATFORM_COMPOSE, "Recreate the container", UP, STARTED, 0},
    {"smtp", PLATFORM_SYSTEMD, "Look at the Smtp section",
     "sudo [jq] [.Smtp | {Host, Port, UseSsl}] " FILE_NAME "\n",
     "{\n  \"Host\": \"mail.example\",\n  \"Port\": 587,\n  \"UseSsl\": true\n}\n", 0},
    {"smtp", PLATFORM_SYSTEMD, "Or, where jq", "sudo [grep] [-i] [-A] [8] [\"smtp\"] " FILE_NAME "\n",
     "\"Smtp\": {\n\"Host\": \"mail.example\"\n\"Port\": 587\n\"UseSsl\": true\n", 0},
    {"smtp", PLATFORM_SYSTEMD, "Does the name resolve", "nslookup [127.0.0.1]\n", RESOLVED, 0},
    {"smtp", PLATFORM_SYSTEMD, "Does the port answer", "telnet [127.0.0.1] [PORT]\n",
     "Trying 127.0.0.1...\ntelnet: Unable to connect to remote host: Connection refused\n", 1},
    {"smtp", PLATFORM_SYSTEMD, "Or without telnet", "", REFUSED, 0},
    {"smtp", PLATFORM_SYSTEMD, "Keep a numbered copy", KEEP_FILE, "", 0},
    {"smtp", PLATFORM_SYSTEMD, "Restart the platform", RESTART, STATUS, 0},
    {"smtp", PLATFORM_SYSTEMD, "A variable in the unit", "systemctl [cat] [stellaops-platform]\n",
     "EnvironmentFile=-/etc/default/stellaops\nSmtp__Host=mail.example\nNOTIFY__EMAIL__PORT=25\n", 0},
    {"smtp", PLATFORM_HELM, "Look at what the release", "helm [get] [values] [stellaops]\n",
     "smtp:\n  existingSecret: stellaops-smtp-creds\n  host: mail.example\n  port: 587\n"
     "  useSsl: true\n", 0},
    {"*", PLATFORM_HELM, "List the deployments",
     "kubectl [get] [deployments] [-l] [app.kubernetes.io/instance=stellaops]\n",
     "NAME READY\nstellaops-platform 1/1\n", 0},
    {"smtp", PLATFORM_HELM, "List the deployments",
     "kubectl [get] [deployments] [-l] [app.kubernetes.io/instance=stellaops]\n",
     "NAME READY\nstellaops-platform 1/1\n", 0},
    {"smtp", PLATFORM_HELM, "Test TCP from a pod", "kubectl " EXEC TCP, REFUSED, 0},
    {"smtp", PLATFORM_HELM, "Or without bash: nc", "kubectl " EXEC NC, REFUSED, 0},
    {"smtp", PLATFORM_HELM, "Write the Secret",
     "kubectl [create] [secret] [generic] [stellaops-smtp-creds] "
     "[--from-literal=username=stellaops] [--from-file=password=/dev/stdin] "
     "[--dry-run=client] [-o] [yaml]\nkubectl [apply] [-f] [-]\n",
     "secret/stellaops-smtp-creds configured\n", 0},
    {"smtp", PLATFORM_HELM, "Apply the values",
     "helm [upgrade] [stellaops] [./chart] [-f] [values.yaml]\n",
     "Release \"stellaops\" has been upgraded. Happy Helming!\n", 0},
    {"smtp", PLATFORM_HELM, "After a changed Secret", ROLL_OUT, ROLLED_OUT, 0},
    {"slack", PLATFORM_COMPOSE, "Look at what is configured", "",
     "Slack__WebhookUrl=https://hooks.slack.com/***\nSlack__BotToken=***\n", 0},
    {"teams", PLATFORM_COMPOSE, "Look at what is configured", "",
     "Teams__WebhookUrl=https://example.webhook.office.com/***\n", 0},
    {"*", PLATFORM_COMPOSE, "Test TCP from the platform",
     "docker [compose] [exec] [platform] " TCP, REFUSED, 0},
    {"*", PLATFORM_COMPOSE, "Or without bash in the image",
     "docker [compose] [exec] [platform] " NC, REFUSED, 0},
    {"*", PLATFORM_COMPOSE, "Is there a proxy", CONFIG,
     "      HTTPS_PROXY: ***@proxy.example:3128\n      NO_PROXY: localhost\n"
     "      http_proxy: ***@proxy.example:3128\n", 0},
    {"*", PLATFORM_COMPOSE, "Keep a numbered copy", "edit [.env]\n", "", 0},
    {"*", PLATFORM_COMPOSE, "Recreate the container", UP, STARTED, 0},
    {"slack", PLATFORM_SYSTEMD, "Look at the Slack section",
     "sudo [grep] [-i] [-A] [4] [\"slack\"] " FILE_NAME "\n",
     "\"Slack\"\n\"WebhookUrl\"\n\"https://hooks.slack.com/\n\"WebhookUrl\"\n"
     "\"https://example.webhook.office.com/\n", 0},
    {"teams", PLATFORM_SYSTEMD, "Look at the Teams section",
     "sudo [grep] [-i] [-A] [4] [\"teams\"] " FILE_NAME "\n",
     "\"Teams\"\n\"WebhookUrl\"\n\"https://example.webhook.office.com/\n", 0},
    {"*", PLATFORM_SYSTEMD, "Does the name resolve", "nslookup [127.0.0.1]\n", RESOLVED, 0},
    {"*", PLATFORM_SYSTEMD, "Does the port answer", "", REFUSED, 0},
    {"*", PLATFORM_SYSTEMD, "Is there a proxy",
     "systemctl [show] [-p] [Environment] [stellaops-platform]\n", "HTTPS_PROXY=\n", 0},
    {"*", PLATFORM_SYSTEMD, "Keep a numbered copy", KEEP_FILE, "", 0},
    {"*", PLATFORM_SYSTEMD, "Restart the platform", RESTART, STATUS, 0},
    {"*", PLATFORM_HELM, "Test TCP from a pod", "kubectl " EXEC TCP, REFUSED, 0},
    {"*", PLATFORM_HELM, "Or without bash in the image", "kubectl " EXEC NC, REFUSED, 0},
    {"*", PLATFORM_HELM, "Does a network policy", "kubectl [get] [networkpolicies]\n",
     "No resources found in default namespace.\n", 0},
    {"*", PLATFORM_HELM, "Restart the platform", ROLL_OUT, ROLLED_OUT, 0},
};
enum { ROWS = sizeof rows / sizeof *rows };

static bool used[ROWS];
static char *port; /* nothing listens there */
static int holder;

static void setup(void)
{
    stand_ins_setup();
    holder = loopback_refusing(&port);
}

static void teardown(void)
{
    loopback_close(holder, port);
    temporary_remove();
}

static const struct expected *find_expected(const char *article, enum platform platform,
                                            const char *title)
{
    for (int i = 0; i < ROWS; i++) {
        const struct expected *row = &rows[i];
        bool ours = strcmp(row->article, article) == 0 ||
                    (strcmp(row->article, "*") == 0 && strcmp(article, "smtp") != 0);
        if (!ours || row->platform != platform ||
            strncmp(title, row->title, strlen(row->title)) != 0)
            continue;
        used[i] = true;
        return row;
    }
    ck_abort_msg("%s, %s: no row for the step \"%s\"", article, platform_title(platform), title);
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

static void assert_calls(const char *title, const char *calls, const char *wanted)
{
    char *all = bundled_replace(mem_strdup(wanted), "PORT", port);

    ck_assert_msg(count_lines(calls) == count_lines(all), "%s: called\n%s", title, calls);
    for (const char *line = all; *line; line = strchr(line, '\n') + 1) {
        char *one = mem_strndup(line, strcspn(line, "\n") + 1);
        ck_assert_msg(strstr(calls, one) != NULL, "%s: %s is not in\n%s", title, one, calls);
        free(one);
    }
    free(all);
}

/* What bash and nc say of a refused connection is before FAIL. */
static const char *without_complaint(const char *out, const char *prints)
{
    size_t n = strlen(out), m = strlen(prints);

    return strcmp(prints, REFUSED) == 0 && n > m ? out + n - m : out;
}

static void run_row(const char *article, enum platform platform,
                    const struct step_command *command)
{
    const struct expected *row = find_expected(article, platform, command->title);
    struct stand_ins_run run = stand_ins_run(command->text, port);

    assert_calls(command->title, run.calls, row->calls);
    ck_assert_msg(strcmp(without_complaint(run.out, row->prints), row->prints) == 0,
                  "%s: printed\n%s", command->title, run.out);
    ck_assert_msg(run.status == row->status, "%s: ended with %d", command->title, run.status);
    stand_ins_clear(&run);
}

START_TEST(test_runs_every_command)
{
    bundled_visit(run_row);
    for (int i = 0; i < ROWS; i++)
        ck_assert_msg(used[i], "%s: no step for the row \"%s\"", rows[i].article, rows[i].title);
}
END_TEST

/* Nothing that they print is a secret. */
static void assert_no_secret(const char *article, enum platform platform,
                             const struct step_command *command)
{
    struct stand_ins_run run = stand_ins_run(command->text, port);

    ck_assert_msg(!strstr(run.out, "hunter"), "%s, %s, %s: printed\n%s", article,
                  platform_title(platform), command->title, run.out);
    stand_ins_clear(&run);
}

START_TEST(test_prints_no_secret)
{
    bundled_visit(assert_no_secret);
}
END_TEST

/* A program of a command that fails, with what is not called then. */
static const struct {
    const char *title, *program, *script, *not_called;
} failures[] = {
    {"Keep a numbered copy", "sudo", "exit 1", "sudoedit"},
    {"Keep a numbered copy", "cp", "exit 1", "edit "},
    {"Restart the platform", "sudo", "exit 1", "[status]"},
    {"Restart the platform", "kubectl", "exit 1", "[status]"},
    {"After a changed Secret", "kubectl", "exit 1", "[status]"},
    {"Apply the values", "helm", "exit 1", "kubectl"},
    {"Recreate the container", "docker", "exit 1", "[restart]"},
    {"Set host, port", "cp", "exit 1", "none"},
};
static int failure, failed;

static void assert_fails(const char *article, enum platform platform,
                         const struct step_command *command)
{
    const char *title = failures[failure].title, *program = failures[failure].program;
    struct stand_ins_run run;

    if (strncmp(command->title, title, strlen(title)) != 0)
        return;
    run = stand_ins_run(command->text, port);
    if (strstr(run.calls, program) == run.calls) {
        failed++;
        ck_assert_msg(run.status != 0, "%s, %s, %s: a failure is not told", article,
                      platform_title(platform), command->title);
        ck_assert_msg(!strstr(run.calls, failures[failure].not_called), "%s", run.calls);
    }
    stand_ins_clear(&run);
}

START_TEST(test_tells_a_failure)
{
    failure = _i;
    failed = 0;
    stand_ins_replace(failures[_i].program, failures[_i].script);
    bundled_visit(assert_fails);
    ck_assert_int_gt(failed, 0);
}
END_TEST

Suite *bundled_steps_suite(void)
{
    Suite *suite = suite_create("bundled_steps");
    TCase *tcase = tcase_create("stand-ins");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_runs_every_command);
    tcase_add_test(tcase, test_prints_no_secret);
    tcase_add_loop_test(tcase, test_tells_a_failure, 0, sizeof failures / sizeof *failures);
    suite_add_tcase(suite, tcase);
    return suite;
}
