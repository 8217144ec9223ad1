#include "stand_ins.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "bundled.h"
#include "temporary.h"

#include <check.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char docker[] =
    "case \"$1 $2\" in\n"
    "'compose exec') shift 3; exec \"$@\" ;;\n"
    "'run --rm') shift 5; exec \"$@\" ;;\n"
    "'compose ps') echo c0ffee ;;\n"
    "'compose up') echo ' Container stellaops-platform-1  Started' ;;\n"
    "'compose config') cat <<'END' ;;\n"
    "name: stellaops\n"
    "services:\n"
    "  platform:\n"
    "    environment:\n"
    "      ConnectionStrings__Main: Host=db;Password=hunter1\n"
    "      HTTPS_PROXY: http://proxyuser:hunter2@proxy.example:3128\n"
    "      NO_PROXY: localhost\n"
    "      EMAIL__SMTP__PORT: \"25\"\n"
    "      Smtp__Host: mail.example\n"
    "      Smtp__Password: hunter3\n"
    "      Smtp__Port: \"587\"\n"
    "      Smtp__UseSsl: \"true\"\n"
    "      http_proxy: proxyuser:hunter4@proxy.example:3128\n"
    "    image: registry.example/platform:1\n"
    "END\n"
    "esac";

static const char kubectl[] =
    "case \"$1 $2\" in\n"
    "exec*) shift 3; exec \"$@\" ;;\n"
    "create*) echo \"password: $(cat /dev/stdin)\" ;;\n"
    "apply*) grep -qx 'password: pw' && echo secret/stellaops-smtp-creds configured ;;\n"
    "'get deployments') echo 'NAME READY'; echo 'stellaops-platform 1/1' ;;\n"
    "'get networkpolicies') echo 'No resources found in default namespace.' ;;\n"
    "'rollout restart') echo \"$3 restarted\" ;;\n"
    "'rollout status') echo 'deployment successfully rolled out' ;;\n"
    "esac";

static const char helm[] =
    "case \"$1\" in\n"
    "upgrade) echo 'Release \"stellaops\" has been upgraded. Happy Helming!' ;;\n"
    "get) cat <<'END' ;;\n"
    "USER-SUPPLIED VALUES:\n"
    "auth:\n"
    "  host: hunter1\n"
    "  pass: hunter2\n"
    "slack:\n"
    "  webhookUrl: https://hooks.slack.com/services/hunter3\n"
    "smtp:\n"
    "  existingSecret: stellaops-smtp-creds\n"
    "  host: mail.example\n"
    "  pass: hunter4\n"
    "  password: |-\n"
    "    hunter5\n"
    "    host: hunter6\n"
    "  port: 587\n"
    "  useSsl: true\n"
    "teams:\n"
    "  host: hunter7\n"
    "END\n"
    "esac";

static const char systemctl[] =
    "case \"$1\" in\n"
    "status) echo '* stellaops-platform.service'; echo '  Active: active (running)' ;;\n"
    "show) echo 'Environment=HTTPS_PROXY=http://u:hunter1@proxy:3128 Smtp__Password=hunter2' ;;\n"
    "cat) cat <<'END' ;;\n"
    "# /etc/systemd/system/stellaops-platform.service\n"
    "[Service]\n"
    "EnvironmentFile=-/etc/default/stellaops\n"
    "#Environment=Smtp__Host=old.example\n"
    "Environment=\"Smtp__Host=mail.example\" Smtp__Password=hunter1 NOTIFY__EMAIL__PORT=25\n"
    "Environment=Smtp__Password=hunter2\n"
    "ExecStart=/opt/stellaops/platform\n"
    "END\n"
    "esac";

static const char telnet[] =
    "echo \"Trying $1...\"\n"
    "bash -c '</dev/tcp/$0/$1' \"$1\" \"$2\" 2>/dev/null && echo \"Connected to $1.\" || {\n"
    "  echo 'telnet: Unable to connect to remote host: Connection refused'; exit 1; }";

static const char *const programs[][2] = {
    {"docker", docker},
    {"kubectl", kubectl},
    {"helm", helm},
    {"systemctl", systemctl},
    {"telnet", telnet},
    {"nslookup", "echo \"Name: $1\"; echo 'Address: 192.0.2.1'"},
    {"sudo", "exec \"$@\""},
    {"sudoedit", ""},
    {"edit", ""},
};

static const char appsettings[] =
    "{\n"
    "  \"Slack\": { \"BotToken\": \"hunter1\",\n"
    "    \"WebhookUrl\": \"https://hooks.slack.com/services/hunter2\" },\n"
    "  \"Teams\": { \"BotToken\": \"hunter3\",\n"
    "    \"WebhookUrl\": \"https://example.webhook.office.com/hunter4\" },\n"
    "  \"Smtp\": { \"Pass\": \"hunter5\", \"Host\": \"mail.example\",\n"
    "    \"Port\": 587, \"UseSsl\": true, \"Password\": \"hunter6\" }\n"
    "}\n";

static const char *folder;

/* The line is written at once: the next command of a pipe writes one too. */
void stand_ins_replace(const char *name, const char *script)
{
    char *path = mem_printf("bin/%s", name);
    char *text = mem_printf("#!/bin/sh\n"
                            "line=$(printf %s; [ $# = 0 ] || printf ' [%%s]' \"$@\"; echo .)\n"
                            "printf '%%s\\n' \"${line%%.}\" >>'%s/calls'\n%s\n",
                            name, folder, script);

    ck_assert_int_eq(chmod(temporary_file(path, text), 0700), 0);
    free(path);
    free(text);
}

const char *stand_ins_setup(void)
{
    folder = temporary_directory();
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        stand_ins_replace(programs[i][0], programs[i][1]);
    temporary_file(".env", "Smtp__Host=mail.example\nSmtp__Password=hunter1\nDB_PASS=hunter2\n"
                           "Slack__WebhookUrl=https://hooks.slack.com/services/hunter3\n"
                           "Slack__BotToken=hunter4\n"
                           "Teams__WebhookUrl=https://example.webhook.office.com/hunter5\n");
    temporary_file("appsettings.Production.json", appsettings);
    return folder;
}

/* Only this machine is connected to, and only the test's folder is written. */
static char *aim(const char *command, const char *port)
{
    static const char *const targets[][2] = {{"smtp.example.com", "smtp.example.com 587"},
                                             {"hooks.slack.com", "hooks.slack.com 443"},
                                             {"example.webhook.office.com",
                                              "example.webhook.office.com 443"}};
    char *to = mem_printf("127.0.0.1 %s", port);
    char *text = bundled_replace(mem_strdup(command), "/etc/stellaops/", "./");

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        text = bundled_replace(text, targets[i][1], to);
        text = bundled_replace(text, targets[i][0], "127.0.0.1");
    }
    free(to);
    return text;
}

static char *read_back(const char *name)
{
    char *path = mem_printf("%s/%s", folder, name), *text = NULL;
    size_t len;

    ck_assert(file_read(path, &text, &len, NULL));
    free(path);
    return text;
}

struct stand_ins_run stand_ins_run(const char *command, const char *port)
{
    char *text = aim(command, port);
    char *shell = mem_printf("cd '%s' && PATH=\"$PWD/bin:$PATH\" EDITOR=edit bash script "
                             ">out 2>&1 <<'END'\npw\nEND", folder);

    temporary_file("calls", "");
    temporary_file("script", text);
    int status = system(shell);
    ck_assert(WIFEXITED(status));
    free(shell);
    free(text);
    return (struct stand_ins_run){WEXITSTATUS(status), read_back("calls"), read_back("out")};
}

void stand_ins_clear(struct stand_ins_run *run)
{
    free(run->calls);
    free(run->out);
    *run = (struct stand_ins_run){0};
}
