/* The commands in the articles that come with the program do what is said there.
 * They run in a folder of their own, where docker, kubectl and sudo are scripts
 * that run the rest of their command line. */
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "bundled.h"
#include "suites.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMPOSE "### Docker Compose"
#define SYSTEMD "### Bare Metal / systemd"
#define HELM "### Kubernetes / Helm"

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static char *folder; /* of the commands, made for each test */

static char *in_folder(const char *name)
{
    return mem_printf("%s/%s", folder, name);
}

static void write_text(const char *name, const char *text, mode_t mode)
{
    char *path = in_folder(name);
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(chmod(path, mode), 0);
    free(path);
}

static char *read_in_folder(const char *name)
{
    char *path = in_folder(name);
    struct error err = {0};
    char *text;
    size_t len;
    ck_assert_msg(file_read(path, &text, &len, &err), "%s", err.text);
    free(path);
    return text;
}

static void set_up(void)
{
    static const char exec_rest[] = "#!/bin/sh\nshift 3\nexec \"$@\"\n";

    folder = mem_strdup("/tmp/stella-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char *bin = in_folder("bin");
    ck_assert_int_eq(mkdir(bin, 0700), 0);
    free(bin);
    write_text("bin/docker", exec_rest, 0700);
    write_text("bin/kubectl", exec_rest, 0700);
    write_text("bin/sudo", "#!/bin/sh\nexec \"$@\"\n", 0700);
}

static void tear_down(void)
{
    char *command = mem_printf("rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    free(command);
    free(folder);
}

/* Runs a script in the folder; what it prints is in the file "out". */
static int run(const char *script)
{
    write_text("script", script, 0600);
    char *command = mem_printf("cd '%s' && PATH=\"$PWD/bin:$PATH\" bash script >out 2>&1", folder);
    int status = system(command);
    free(command);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static char *replace(char *text, const char *from, const char *to)
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

/* The commands below the comment that begins with title, after the heading. */
static char *find_step(const char *name, const char *heading, const char *title)
{
    char *text = bundled_read(name);
    char *comment = mem_printf("\n# %s", title);
    const char *at = strstr(text, heading);

    ck_assert_ptr_nonnull(at);
    at = strstr(at, comment);
    ck_assert_msg(at != NULL, "no step \"%s\"", title);
    at = strchr(at + 1, '\n') + 1;
    const char *fence = strstr(at, "\n```"), *next = strstr(at, "\n# ");
    const char *end = next && next < fence ? next : fence;
    char *step = mem_strndup(at, (size_t)(end - at + 1));
    free(comment);
    free(text);
    return step;
}

static int run_step(const char *name, const char *heading, const char *title)
{
    char *step = find_step(name, heading, title);
    step = replace(step, "/etc/stellaops/", "./");
    int status = run(step);
    free(step);
    return status;
}

static void assert_printed(const char *const *yes, const char *const *no)
{
    char *out = read_in_folder("out");

    for (; *yes; yes++)
        ck_assert_msg(strstr(out, *yes) != NULL, "\"%s\" is not in \"%s\"", *yes, out);
    for (; *no; no++)
        ck_assert_msg(strstr(out, *no) == NULL, "\"%s\" is in \"%s\"", *no, out);
    free(out);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

START_TEST(test_writes_commands_that_bash_reads)
{
    char *text = bundled_read(bundled_names[_i]);
    int blocks = 0;

    for (const char *at = text; (at = strstr(at, "\n```bash\n")); blocks++) {
        at += strlen("\n```bash\n");
        const char *end = strstr(at, "\n```");
        char *block = mem_strndup(at, (size_t)(end - at + 1));
        write_text("block", block, 0600);
        ck_assert_int_eq(run("bash -n block"), 0);
        free(block);
    }
    ck_assert_int_ge(blocks, 4);
    free(text);
}
END_TEST

START_TEST(test_finds_settings_in_any_case)
{
    write_text(".env",
               "SMTP__HOST=a\nSmtp__Host=b\nEmail__Smtp__Port=c\nnotify__email__host=d\n"
               "Smtp__Password=hunter2\nOTHER=e\n#Smtp__Host=f\n",
               0600);
    ck_assert_int_eq(run_step("smtp", COMPOSE, "Look at what is configured"), 0);
    assert_printed(LIST("SMTP__HOST=a\n", "Smtp__Host=b\n", "Email__Smtp__Port=c\n",
                        "notify__email__host=d\n", "Smtp__Password=***\n"),
                   LIST("hunter2", "OTHER", "=f"));
}
END_TEST

static void assert_file(const char *name, const char *expected)
{
    char *text = read_in_folder(name);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(test_sets_or_replaces_and_does_it_once)
{
    static const char before[] = "# mail\nSMTP__HOST=old\n  smtp__port = 25\nSmtp__Password=a=b\n"
                                 "Smtp__HostName=x\nOTHER=1";
    static const char after[] = "# mail\nSmtp__Password=a=b\nSmtp__HostName=x\nOTHER=1\n"
                                "Smtp__Host=smtp.example.com\nSmtp__Port=587\nSmtp__UseSsl=true\n";
    char *path = in_folder(".env");
    struct stat first, second;

    write_text(".env", before, 0600);
    ck_assert_int_eq(run_step("smtp", COMPOSE, "Set host, port and TLS"), 0);
    assert_file(".env", after);
    assert_file(".env.bak", before);
    ck_assert_int_eq(stat(path, &first), 0);
    ck_assert_uint_eq(first.st_mode & 0777, 0600);

    ck_assert_int_eq(run_step("smtp", COMPOSE, "Set host, port and TLS"), 0);
    assert_file(".env", after);
    assert_file(".env.bak", before);
    ck_assert_int_eq(stat(path, &second), 0);
    ck_assert_int_eq(memcmp(&first.st_mtim, &second.st_mtim, sizeof first.st_mtim), 0);
    ck_assert_int_eq(run("test ! -e .env.new"), 0);

    ck_assert_int_eq(run_step("smtp", COMPOSE, "Look at what is configured"), 0);
    assert_printed(LIST("Smtp__Host=smtp.example.com\n"), LIST("old"));
    free(path);
}
END_TEST

START_TEST(test_changes_nothing_without_a_file)
{
    run_step("smtp", COMPOSE, "Set host, port and TLS");
    assert_printed(LIST("No such file"), LIST(NULL));
    ck_assert_int_eq(run("test ! -e .env"), 0);
}
END_TEST

START_TEST(test_reads_a_file_that_jq_rejects)
{
    write_text("appsettings.Production.json",
               "{ // a comment\n \"Smtp\": {\n  \"Host\": \"h\",\n"
               "  \"Password\": \"hunter2\",\n },\n}\n",
               0600);
    ck_assert_int_ne(run_step("smtp", SYSTEMD, "Look at the Smtp section"), 0);
    assert_printed(LIST("parse error"), LIST("hunter2"));
    ck_assert_int_eq(run_step("smtp", SYSTEMD, "Or, where jq reports"), 0);
    assert_printed(LIST("\"Host\": \"h\""), LIST("hunter2"));

    write_text("appsettings.Production.json",
               "{\"Smtp\": {\"Host\": \"h\", \"Password\": \"hunter2\"}}\n", 0600);
    ck_assert_int_eq(run_step("smtp", SYSTEMD, "Look at the Smtp section"), 0);
    assert_printed(LIST("\"Host\": \"h\""), LIST("hunter2"));
}
END_TEST

START_TEST(test_keeps_the_password_off_the_command_line)
{
    char *step = find_step("smtp", HELM, "Write the Secret");
    struct buf script = {0};

    write_text("bin/kubectl",
               "#!/bin/sh\necho \"kubectl $*\" >>log\n"
               "case $1 in create) cat /dev/stdin >got ;; esac\n",
               0700);
    buf_printf(&script, "{ %s} <<'END'\n  pa ss\\w$xyzzy\nEND\n", step);
    ck_assert_int_eq(run(script.data), 0);
    assert_file("got", "  pa ss\\w$xyzzy");
    ck_assert_int_eq(run("cat log"), 0);
    assert_printed(LIST("kubectl create secret", "kubectl apply"), LIST("xyzzy"));
    buf_clear(&script);
    free(step);
}
END_TEST

START_TEST(test_masks_the_path_of_a_webhook)
{
    const char *name = bundled_names[1 + _i];
    char *env = mem_printf("%s__WebhookUrl=https://h.x/secret/1\nNOTIFY__%s__WEBHOOKURL="
                           "\"https://h.x:8443/secret/2\"\n", name, name);
    char *json = mem_printf("{ \"Notify\": { \"%s\": {\n"
                            " \"WebhookUrl\": \"https://h.x/secret\" } } }\n", name);

    write_text(".env", env, 0600);
    ck_assert_int_eq(run_step(name, COMPOSE, "Look at what is configured"), 0);
    assert_printed(LIST("https://h.x/***\n", "https://h.x:8443/***\n"), LIST("secret"));
    write_text("appsettings.Production.json", json, 0600);
    ck_assert_int_eq(run_step(name, SYSTEMD, "Look at the"), 0);
    assert_printed(LIST("https://h.x/***\""), LIST("secret"));
    free(env);
    free(json);
}
END_TEST

static const struct {
    const char *name, *heading, *title;
} tcp_steps[] = {
    {"smtp", COMPOSE, "Test TCP from inside the gateway"},
    {"smtp", COMPOSE, "Test it from the platform container"},
    {"smtp", COMPOSE, "Or without bash: nc"},
    {"smtp", SYSTEMD, "Or without telnet"},
    {"smtp", HELM, "Test TCP from a pod"},
    {"smtp", HELM, "Or without bash: nc"},
    {"slack", COMPOSE, "Test TCP from the platform container"},
    {"slack", COMPOSE, "Or without bash in the image: nc"},
    {"teams", SYSTEMD, "Does the port answer?"},
    {"teams", HELM, "Test TCP from a pod"},
};

/* The TCP step, aimed at a port of this machine and with less patience. */
static char *aim(int index, unsigned port)
{
    static const char *const targets[][2] = {{"smtp.example.com", "587"},
                                             {"hooks.slack.com", "443"},
                                             {"example.webhook.office.com", "443"}};
    char *step = find_step(tcp_steps[index].name, tcp_steps[index].heading, tcp_steps[index].title);

    for (int i = 0; i < COUNT(targets); i++) {
        for (const char *c = "/ "; *c; c++) {
            char *from = mem_printf("%s%c%s", targets[i][0], *c, targets[i][1]);
            char *to = mem_printf("127.0.0.1%c%u", *c, port);
            step = replace(step, from, to);
            free(from);
            free(to);
        }
    }
    ck_assert_ptr_nonnull(strstr(step, "127.0.0.1"));
    ck_assert(strstr(step, "timeout 5 ") || strstr(step, "-w 5 "));
    return replace(replace(step, "timeout 5 ", "timeout 0.2 "), "-w 5 ", "-w 1 ");
}

/* A socket on a loopback port of its own. */
static int bind_port(struct sockaddr_in *address)
{
    socklen_t size = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *address = (struct sockaddr_in){.sin_family = AF_INET};
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)address, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)address, &size), 0);
    return fd;
}

START_TEST(test_tells_an_open_port)
{
    struct sockaddr_in address;
    int server = bind_port(&address);
    char *step = aim(_i, ntohs(address.sin_port));

    ck_assert_int_eq(listen(server, 8), 0);
    run(step);
    assert_printed(LIST("OK\n"), LIST("FAIL"));
    close(server);
    free(step);
}
END_TEST

START_TEST(test_tells_a_refused_port)
{
    struct sockaddr_in address;
    int closed = bind_port(&address);
    char *step = aim(_i, ntohs(address.sin_port));

    run(step);
    assert_printed(LIST("FAIL\n"), LIST("OK"));
    close(closed);
    free(step);
}
END_TEST

/* The queue of the listener is full: no answer comes, as behind a firewall. Only
 * the command's own limit ends it, long before the kernel would give up. */
START_TEST(test_does_not_hang_on_a_silent_port)
{
    struct sockaddr_in address;
    int server = bind_port(&address);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char *step = aim(_i, ntohs(address.sin_port));

    ck_assert_int_eq(listen(server, 0), 0);
    ck_assert_int_eq(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    run(step);
    assert_printed(LIST("FAIL\n"), LIST("OK"));
    close(client);
    close(server);
    free(step);
}
END_TEST

Suite *bundled_commands_suite(void)
{
    Suite *suite = suite_create("bundled_commands");
    TCase *commands = tcase_create("commands");

    tcase_add_checked_fixture(commands, set_up, tear_down);
    tcase_set_timeout(commands, 15);
    tcase_add_loop_test(commands, test_writes_commands_that_bash_reads, 0, BUNDLED);
    tcase_add_test(commands, test_finds_settings_in_any_case);
    tcase_add_test(commands, test_sets_or_replaces_and_does_it_once);
    tcase_add_test(commands, test_changes_nothing_without_a_file);
    tcase_add_test(commands, test_reads_a_file_that_jq_rejects);
    tcase_add_test(commands, test_keeps_the_password_off_the_command_line);
    tcase_add_loop_test(commands, test_masks_the_path_of_a_webhook, 0, 2);
    tcase_add_loop_test(commands, test_tells_an_open_port, 0, COUNT(tcp_steps));
    tcase_add_loop_test(commands, test_tells_a_refused_port, 0, COUNT(tcp_steps));
    tcase_add_loop_test(commands, test_does_not_hang_on_a_silent_port, 0, COUNT(tcp_steps));
    suite_add_tcase(suite, commands);
    return suite;
}
