/* Every command of the articles that come with the program, as a walkthrough would run
 * it: among stand-ins for the programs that it drives, which write down what they were
 * told. A command without a row here fails. */
#include "article/steps.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "bundled.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EXEC "[exec] [deployment/stellaops-platform] [--] "
#define TCP "[timeout] [5] [bash] [-c] [</dev/tcp/$0/$1] [127.0.0.1] "
#define NC "[nc] [-z] [-w] [5] [127.0.0.1] "
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

static const struct expected {
    const char *article; /* "*": slack and teams */
    enum platform platform;
    const char *title;
    const char *calls; /* of stand-ins: lines in any order, for a pipe starts them at once */
} rows[] = {
    {"smtp", PLATFORM_COMPOSE, "Look at what is configured", ""},
    {"smtp", PLATFORM_COMPOSE, "Test TCP from inside the gateway",
     "docker [compose] [exec] [gateway] " TCP "[587]\n"},
    {"smtp", PLATFORM_COMPOSE, "Test it from the platform container",
     "docker [compose] [exec] [platform] " TCP "[587]\n"},
    {"smtp", PLATFORM_COMPOSE, "Or without bash: nc",
     "docker [compose] [exec] [platform] " NC "[587]\n"},
    {"smtp", PLATFORM_COMPOSE, "Or without nc either",
     "docker [compose] [ps] [-q] [platform]\n"
     "docker [run] [--rm] [--network] [container:c0ffee] [busybox] " NC "[587]\n"},
    {"smtp", PLATFORM_COMPOSE, "Set host, port and TLS", ""},
    {"smtp", PLATFORM_COMPOSE, "See what the platform", "docker [compose] [config] [platform]\n"},
    {"smtp", PLATFORM_COMPOSE, "Recreate the container",
     "docker [compose] [up] [-d] [platform]\n"},
    {"smtp", PLATFORM_SYSTEMD, "Look at the Smtp section",
     "sudo [jq] [.Smtp | del(.Password)] " FILE_NAME "\n"},
    {"smtp", PLATFORM_SYSTEMD, "Or, where jq",
     "sudo [grep] [-n] [-i] [-A] [8] [\"smtp\"] " FILE_NAME "\n"},
    {"smtp", PLATFORM_SYSTEMD, "Does the name resolve", "nslookup [127.0.0.1]\n"},
    {"smtp", PLATFORM_SYSTEMD, "Does the port answer", "telnet [127.0.0.1] [587]\n"},
    {"smtp", PLATFORM_SYSTEMD, "Or without telnet", ""},
    {"smtp", PLATFORM_SYSTEMD, "Keep a numbered copy", KEEP_FILE},
    {"smtp", PLATFORM_SYSTEMD, "Restart the platform", RESTART},
    {"smtp", PLATFORM_SYSTEMD, "A variable in the unit", "systemctl [cat] [stellaops-platform]\n"},
    {"smtp", PLATFORM_HELM, "Look at what the release", "helm [get] [values] [stellaops]\n"},
    {"*", PLATFORM_HELM, "List the deployments",
     "kubectl [get] [deployments] [-l] [app.kubernetes.io/instance=stellaops]\n"},
    {"smtp", PLATFORM_HELM, "Test TCP from a pod", "kubectl " EXEC TCP "[587]\n"},
    {"smtp", PLATFORM_HELM, "Or without bash: nc", "kubectl " EXEC NC "[587]\n"},
    {"smtp", PLATFORM_HELM, "Write the Secret",
     "kubectl [create] [secret] [generic] [stellaops-smtp-creds] "
     "[--from-literal=username=stellaops] [--from-file=password=/dev/stdin] "
     "[--dry-run=client] [-o] [yaml]\nkubectl [apply] [-f] [-]\n"},
    {"smtp", PLATFORM_HELM, "Apply the values",
     "helm [upgrade] [stellaops] [./chart] [-f] [values.yaml]\n"},
    {"smtp", PLATFORM_HELM, "After a changed Secret", ROLL_OUT},
    {"*", PLATFORM_COMPOSE, "Look at what is configured", ""},
    {"*", PLATFORM_COMPOSE, "Test TCP from the platform",
     "docker [compose] [exec] [platform] " TCP "[443]\n"},
    {"*", PLATFORM_COMPOSE, "Or without bash in the image",
     "docker [compose] [exec] [platform] " NC "[443]\n"},
    {"*", PLATFORM_COMPOSE, "Is there a proxy", "docker [compose] [config] [platform]\n"},
    {"*", PLATFORM_COMPOSE, "Keep a numbered copy", "edit [.env]\n"},
    {"*", PLATFORM_COMPOSE, "Recreate the container", "docker [compose] [up] [-d] [platform]\n"},
    {"slack", PLATFORM_SYSTEMD, "Look at the Slack section",
     "sudo [grep] [-n] [-i] [-A] [4] [\"slack\"] " FILE_NAME "\n"},
    {"teams", PLATFORM_SYSTEMD, "Look at the Teams section",
     "sudo [grep] [-n] [-i] [-A] [4] [\"teams\"] " FILE_NAME "\n"},
    {"*", PLATFORM_SYSTEMD, "Does the name resolve", "nslookup [127.0.0.1]\n"},
    {"*", PLATFORM_SYSTEMD, "Does the port answer", ""},
    {"*", PLATFORM_SYSTEMD, "Is there a proxy",
     "systemctl [show] [-p] [Environment] [stellaops-platform]\n"},
    {"*", PLATFORM_SYSTEMD, "Keep a numbered copy", KEEP_FILE},
    {"*", PLATFORM_SYSTEMD, "Restart the platform", RESTART},
    {"*", PLATFORM_HELM, "Test TCP from a pod", "kubectl " EXEC TCP "[443]\n"},
    {"*", PLATFORM_HELM, "Or without bash in the image", "kubectl " EXEC NC "[443]\n"},
    {"*", PLATFORM_HELM, "Does a network policy", "kubectl [get] [networkpolicies]\n"},
    {"*", PLATFORM_HELM, "Restart the platform", ROLL_OUT},
};
enum { ROWS = sizeof rows / sizeof *rows };

static const char *folder;

/* A program that writes down its name and arguments, and then does as told. */
static void stand_in(const char *name, const char *then)
{
    char *path = mem_printf("bin/%s", name);
    char *script = mem_printf("#!/bin/sh\n{ printf %s; [ $# = 0 ] || printf ' [%%s]' \"$@\"; "
                              "echo; } >>'%s/calls'\n%s\n", name, folder, then);

    ck_assert_int_eq(chmod(temporary_file(path, script), 0700), 0);
    free(path);
    free(script);
}

static void setup(void)
{
    static const char *const plain[] = {"kubectl", "helm", "systemctl", "sudoedit",
                                        "telnet", "nslookup", "edit"};

    folder = temporary_directory();
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        stand_in(plain[i], "");
    stand_in("docker", "[ \"$2\" != ps ] || echo c0ffee");
    stand_in("sudo", "exec \"$@\"");
    temporary_file(".env", "Smtp__Host=old\nSlack__WebhookUrl=https://h/x\n");
    temporary_file("appsettings.Production.json", "{\"Smtp\": {\"Host\": \"old\"}}\n");
}

static char *replace_all(char *text, const char *from, const char *to)
{
    struct buf out = {0};
    const char *at = text;

    for (const char *found; (found = strstr(at, from)); at = found + strlen(from)) {
        buf_add(&out, at, (size_t)(found - at));
        buf_puts(&out, to);
    }
    buf_puts(&out, at);
    free(text);
    return buf_take(&out);
}

/* Only this machine is connected to, and only the test's folder is written. */
static char *aim(const char *command)
{
    static const char *const hosts[] = {"smtp.example.com", "hooks.slack.com",
                                        "example.webhook.office.com"};
    char *text = replace_all(mem_strdup(command), "/etc/stellaops/", "./");

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        text = replace_all(text, hosts[i], "127.0.0.1");
    return text;
}

static char *run(const char *command)
{
    char *text = aim(command), *calls = NULL;
    struct buf shell = {0};
    size_t len;

    temporary_file("calls", "");
    temporary_file("script", text);
    buf_printf(&shell, "cd '%s' && PATH=\"$PWD/bin:$PATH\" EDITOR=edit bash script "
                       ">out 2>&1 <<'END'\npw\nEND", folder);
    ck_assert_int_ne(system(shell.data), -1);
    char *path = mem_printf("%s/calls", folder);
    ck_assert(file_read(path, &calls, &len, NULL));
    free(path);
    free(text);
    buf_clear(&shell);
    return calls;
}

static const struct expected *find_expected(const char *article, enum platform platform,
                                            const char *title)
{
    for (int i = 0; i < ROWS; i++) {
        const struct expected *row = &rows[i];
        bool ours = strcmp(row->article, article) == 0 || strcmp(row->article, "*") == 0;
        if (ours && row->platform == platform &&
            strncmp(title, row->title, strlen(row->title)) == 0)
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
    ck_assert_msg(count_lines(calls) == count_lines(wanted), "%s: called\n%s", title, calls);
    for (const char *line = wanted; *line; line = strchr(line, '\n') + 1) {
        char *one = mem_strndup(line, strcspn(line, "\n") + 1);
        ck_assert_msg(strstr(calls, one) != NULL, "%s: %s is not in\n%s", title, one, calls);
        free(one);
    }
}

static void run_steps(const char *name, const struct steps *steps, enum platform platform)
{
    for (size_t i = 0; i < steps->count; i++)
        for (size_t j = 0; steps->items[i].runnable && j < steps->items[i].ncommands; j++) {
            const struct step_command *command = &steps->items[i].commands[j];
            const struct expected *row = find_expected(name, platform, command->title);
            char *calls = run(command->text);
            assert_calls(command->title, calls, row->calls);
            free(calls);
        }
}

START_TEST(test_runs)
{
    const char *name = bundled_names[_i / PLATFORMS];
    char *text = bundled_read(name);
    struct article *article = article_parse(text, strlen(text));
    struct steps steps = {0};

    article_steps(article, (enum platform)(_i % PLATFORMS), &steps);
    run_steps(name, &steps, (enum platform)(_i % PLATFORMS));
    steps_clear(&steps);
    article_free(article);
    free(text);
}
END_TEST

Suite *bundled_steps_suite(void)
{
    Suite *suite = suite_create("bundled_steps");
    TCase *tcase = tcase_create("stand-ins");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, temporary_remove);
    tcase_add_loop_test(tcase, test_runs, 0, BUNDLED * PLATFORMS);
    suite_add_tcase(suite, tcase);
    return suite;
}
