/* The commands in the articles that come with the program do to real files what is said
 * there, in a folder of their own. */
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "bundled.h"
#include "suites.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    folder = mem_strdup("/tmp/stella-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char *bin = in_folder("bin");
    ck_assert_int_eq(mkdir(bin, 0700), 0);
    free(bin);
    write_text("bin/sudo", "#!/bin/sh\nexec \"$@\"\n", 0700);
}

static void tear_down(void)
{
    char *command = mem_printf("rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    free(command);
    free(folder);
}

/* Runs a script in the folder, by way of a command; what it prints is in the file "out". */
static int run_by(const char *way, const char *script)
{
    write_text("script", script, 0644);
    char *command = mem_printf("cd '%s' && PATH=\"$PWD/bin:$PATH\" %s bash script >out 2>&1",
                               folder, way);
    int status = system(command);
    free(command);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int run(const char *script)
{
    return run_by("", script);
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

static int run_step_by(const char *way, const char *name, const char *heading, const char *title)
{
    char *step = find_step(name, heading, title);
    step = bundled_replace(step, "/etc/stellaops/", "./");
    int status = run_by(way, step);
    free(step);
    return status;
}

static int run_step(const char *name, const char *heading, const char *title)
{
    return run_step_by("", name, heading, title);
}

static int run_env_step(const char *way)
{
    return run_step_by(way, "smtp", COMPOSE, "Set host, port and TLS");
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

/* Also where bytes are no UTF-8: neither grep nor sed may stop at them. */
static const char *const locales[] = {"env LC_ALL=C", "env LC_ALL=C.UTF-8"};

START_TEST(test_finds_settings_in_any_case)
{
    write_text(".env",
               "SMTP__HOST=a\nSmtp__Host=b\nEmail__Smtp__Port=c\nnotify__email__host=d\n"
               "Smtp__Password=hunter2\nOTHER=e\n#Smtp__Host=f\n  export Smtp__UseSsl: g\n"
               "Smtp__Pass : host=hunter2\nSmtp__Key=\xe9hunter2\nSmtp__User=\nSMTP__Port=\xe9\n",
               0600);
    ck_assert_int_eq(
        run_step_by(locales[_i], "smtp", COMPOSE, "Look at what is configured"), 0);
    assert_printed(LIST("SMTP__HOST=a\n", "Smtp__Host=b\n", "Email__Smtp__Port=c\n",
                        "notify__email__host=d\n", "Smtp__Password=***\n",
                        "  export Smtp__UseSsl: g\n", "Smtp__Pass :***\n", "Smtp__Key=***\n",
                        "Smtp__User=\n", "SMTP__Port=\xe9\n"),
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
    static const char before[] = "# mail caf\xe9\nSMTP__HOST=old\n  smtp__port = 25\n"
                                 "Smtp__Password=a=b\nexport Smtp__Host=old\nSmtp__Host: old\n"
                                 "Smtp__HostName=x\r\nSmtp__UseSsl=old\r\nSmtp__UseSsl\n"
                                 "DB_USER=Ren\xe9\nMY_Smtp__Host=y\nOTHER=1";
    static const char after[] = "# mail caf\xe9\nSmtp__Password=a=b\nSmtp__HostName=x\r\n"
                                "DB_USER=Ren\xe9\nMY_Smtp__Host=y\nOTHER=1\n"
                                "Smtp__Host=smtp.example.com\nSmtp__Port=587\nSmtp__UseSsl=true\n";
    char *path = in_folder(".env");
    struct stat first, second;

    write_text(".env", before, 0640);
    ck_assert(geteuid() != 0 || chown(path, 1234, 1235) == 0);
    ck_assert_int_eq(run_env_step(locales[_i]), 0);
    assert_printed(LIST(NULL), LIST("grep:"));
    assert_file(".env", after);
    assert_file(".env.bak", before);
    ck_assert_int_eq(stat(path, &first), 0);
    ck_assert_uint_eq(first.st_mode & 0777, 0640);
    ck_assert(geteuid() != 0 || (first.st_uid == 1234 && first.st_gid == 1235));

    ck_assert_int_eq(run_env_step(locales[_i]), 0);
    assert_file(".env", after);
    assert_file(".env.bak", before);
    ck_assert_int_eq(stat(path, &second), 0);
    ck_assert_int_eq(memcmp(&first.st_mtim, &second.st_mtim, sizeof first.st_mtim), 0);
    ck_assert_uint_eq(first.st_ino, second.st_ino);
    ck_assert_int_eq(run("ls -d .env*; [ $(ls -d .env* | wc -l) = 2 ]"), 0);

    ck_assert_int_eq(run_step("smtp", COMPOSE, "Look at what is configured"), 0);
    assert_printed(LIST("Smtp__Host=smtp.example.com\n"), LIST("old"));
    free(path);
}
END_TEST

/* An empty file, and one of nothing but lines that are replaced. */
START_TEST(test_sets_where_no_other_line_is)
{
    static const char *const before[] = {"", "Smtp__Host=old\nSmtp__Port=1"};

    write_text(".env", before[_i], 0600);
    ck_assert_int_eq(run_env_step(""), 0);
    assert_file(".env", "Smtp__Host=smtp.example.com\nSmtp__Port=587\nSmtp__UseSsl=true\n");
}
END_TEST

/* Who has the old file open, or is killed meanwhile, never sees a part of the new one; a
 * link to it stays one. */
START_TEST(test_replaces_the_file_as_a_whole)
{
    write_text("real", "A=1\n", 0600);
    ck_assert_int_eq(run("ln -s real .env && ln real held"), 0);
    ck_assert_int_eq(run_env_step(""), 0);
    assert_file("held", "A=1\n");
    assert_file("real", "A=1\nSmtp__Host=smtp.example.com\nSmtp__Port=587\nSmtp__UseSsl=true\n");
    assert_file("real.bak", "A=1\n");
    ck_assert_int_eq(run("test -L .env"), 0);
}
END_TEST

/* killed is the program in whose place kill -9 comes. */
START_TEST(test_leaves_the_file_whole_when_killed)
{
    static const char *const killed[] = {"cp", "chown", "grep", "cmp", "mv"};
    char *name = mem_printf("bin/%s", killed[_i]);

    write_text(".env", "A=1\nSmtp__Host=old\n", 0600);
    write_text(name, "#!/bin/sh\nkill -KILL $PPID\n", 0700);
    ck_assert_int_eq(run_env_step(""), 128 + SIGKILL);
    assert_file(".env", "A=1\nSmtp__Host=old\n");
    free(name);
}
END_TEST

#define NOBODY "setpriv --reuid 65534 --regid 65534 --clear-groups"

/* Ways to fail: what is done before, by way of what the step runs, what is said. Only
 * root can become somebody else. */
static const struct {
    const char *prepare, *way, *says;
    bool as_root;
} failing[] = {
    {"rm .env", "", "No such file", false},
    {"rm .env; ln -s nowhere .env", "", "No such file", false},
    {"truncate -s 1000 .env", "bash -c 'trap \"\" XFSZ; ulimit -f 1; exec \"$@\"' -",
     "File too large", false},
    {"printf '#!/bin/sh\\nexit 2\\n' >bin/grep; chmod +x bin/grep", "", "", false},
    {"printf '#!/bin/sh\\nexit 1\\n' >bin/mv; chmod +x bin/mv", "", "", false},
    {"chown -R 65534:65534 .; chmod 444 .env", NOBODY, "Permission denied", true},
    {"chown -R 65534 .; chown 1234 .env; chmod 666 .env", NOBODY, "not permitted", true},
    {"chown 65534 .env; chmod 755 .", NOBODY, "Permission denied", true},
};

START_TEST(test_changes_nothing_where_it_fails)
{
    if (failing[_i].as_root && geteuid() != 0)
        return;
    write_text(".env", "A=1\nSmtp__Host=old\n", 0600);
    ck_assert_int_eq(run(failing[_i].prepare), 0);
    ck_assert_int_eq(run("ls -lan .env; cksum .env; true"), 0);
    char *before = read_in_folder("out");
    ck_assert_int_ne(run_env_step(failing[_i].way), 0);
    assert_printed(LIST(failing[_i].says), LIST(NULL));
    ck_assert_int_eq(run("ls -lan .env; cksum .env; true"), 0);
    assert_file("out", before);
    ck_assert_int_eq(run("rm -f .env.bak; [ \"$(ls -d .env.* 2>/dev/null)\" = '' ]"), 0);
    free(before);
}
END_TEST

START_TEST(test_reads_a_file_that_jq_rejects)
{
    write_text("appsettings.Production.json",
               "{ // a comment\n \"Smtp\": { \"UserName\": \"u\",\n  \"Host\": \"h\",\n"
               "  // \"Port\": 25,\n"
               "  \"Password\": \"hunter2\",\n },\n}\n",
               0600);
    ck_assert_int_ne(run_step("smtp", SYSTEMD, "Look at the Smtp section"), 0);
    assert_printed(LIST("parse error"), LIST("hunter2"));
    ck_assert_int_eq(run_step("smtp", SYSTEMD, "Or, where jq reports"), 0);
    assert_printed(LIST("\"Host\": \"h\"\n", "// \"Port\": 25\n"), LIST("hunter2", "UserName"));

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
                           "\"https://h.x:8443/secret/2\"\nexport %s__Url: https://h.x/secret\n"
                           "%s__Bad=https://u:1@h.x/secret\n%s__Token=\xe9secret\n",
                           name, name, name, name, name);
    char *json = mem_printf("{ \"Notify\": { \"%s\": {\n"
                            " \"Token\": \"secret\", \"WebhookUrl\": \"https://h.x/secret\" } } }\n",
                            name);

    write_text(".env", env, 0600);
    ck_assert_int_eq(run_step_by(locales[1], name, COMPOSE, "Look at what is configured"), 0);
    assert_printed(LIST("=https://h.x/***\n", "=\"https://h.x:8443/***\n", "__Url: https://h.x/***\n",
                        "__Bad=***\n", "__Token=***\n"), LIST("secret"));
    write_text("appsettings.Production.json", json, 0600);
    ck_assert_int_eq(run_step(name, SYSTEMD, "Look at the"), 0);
    assert_printed(LIST("\"https://h.x/\n"), LIST("secret"));
    free(env);
    free(json);
}
END_TEST

Suite *bundled_commands_suite(void)
{
    Suite *suite = suite_create("bundled_commands");
    TCase *commands = tcase_create("commands");

    tcase_add_checked_fixture(commands, set_up, tear_down);
    tcase_set_timeout(commands, 15);
    tcase_add_loop_test(commands, test_writes_commands_that_bash_reads, 0, BUNDLED);
    tcase_add_loop_test(commands, test_finds_settings_in_any_case, 0, COUNT(locales));
    tcase_add_loop_test(commands, test_sets_or_replaces_and_does_it_once, 0, COUNT(locales));
    tcase_add_loop_test(commands, test_sets_where_no_other_line_is, 0, 2);
    tcase_add_test(commands, test_replaces_the_file_as_a_whole);
    tcase_add_loop_test(commands, test_leaves_the_file_whole_when_killed, 0, 5);
    tcase_add_loop_test(commands, test_changes_nothing_where_it_fails, 0, COUNT(failing));
    tcase_add_test(commands, test_reads_a_file_that_jq_rejects);
    tcase_add_test(commands, test_keeps_the_password_off_the_command_line);
    tcase_add_loop_test(commands, test_masks_the_path_of_a_webhook, 0, 2);
    suite_add_tcase(suite, commands);
    return suite;
}
