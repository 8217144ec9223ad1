#include "base/buf.h"
#include "base/mem.h"
#include "settings/discover.h"
#include "settings/warnings.h"
#include "suites.h"
#include "temporary.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *root;
static struct settings *settings;

static void setup(void)
{
    root = temporary_directory();
    settings = settings_new();
}

static void teardown(void)
{
    settings_free(settings);
    temporary_remove();
}

static void discover_in(const char *directory)
{
    const struct discovery discovery = {root, directory, 10};
    settings_discover(settings, &discovery);
}

static void discover(void)
{
    discover_in(root);
}

/* "json:/etc/a absent, environ:/proc/7/environ ok": paths below the root. */
static char *sources(void)
{
    static const char *const words[] = {"ok", "absent", "error"};
    struct buf text = {0};

    buf_puts(&text, "");
    for (size_t i = 0; i < settings_source_count(settings); i++) {
        const struct source *source = settings_source(settings, i);
        buf_printf(&text, "%s%s:%s %s", i ? ", " : "", source->kind,
                   source->path ? source->path + strlen(root) : "", words[source->status]);
    }
    return buf_take(&text);
}

static void assert_sources(const char *wanted)
{
    char *seen = sources();
    ck_assert_str_eq(seen, wanted);
    free(seen);
}

static void assert_value(const char *key, const char *wanted)
{
    struct setting setting = settings_get(settings, key);
    ck_assert_str_eq(setting.shown, wanted);
    setting_clear(&setting);
}

static bool has_note(const char *part)
{
    for (size_t i = 0; i < settings_note_count(settings); i++)
        if (strstr(settings_note(settings, i), part))
            return true;
    return false;
}

static bool has_warning(const char *code)
{
    struct settings_warnings warnings = {0};
    bool found = false;

    settings_collect_warnings(settings, &warnings);
    for (size_t i = 0; i < warnings.count; i++)
        found |= strcmp(warnings.items[i].code, code) == 0;
    settings_warnings_clear(&warnings);
    return found;
}

/* A file below the root whose bytes may hold NUL. */
static void put_bytes(const char *name, const char *bytes, size_t n)
{
    FILE *file = fopen(temporary_file(name, ""), "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

#define PUT(name, bytes) put_bytes(name, bytes, sizeof(bytes) - 1)

static void link_to(const char *target, const char *name)
{
    char *path = mem_printf("%s/%s", root, name);
    ck_assert_int_eq(symlink(target, path), 0);
    free(path);
}

/* Process 7 of the unit, in /opt/app. */
static void make_process(void)
{
    PUT("proc/7/cmdline", "/usr/bin/dotnet\0StellaOps.Web.dll\0--Smtp:Port=2525\0");
    PUT("proc/7/environ", "Smtp__Host=env\0ASPNETCORE_ENVIRONMENT=Staging\0");
    temporary_file("proc/7/cgroup", "0::/system.slice/stellaops-platform.service\n");
    temporary_file("proc/7/status", "Name:\tdotnet\nUid:\t999\t999\t999\t999\n"
                                    "Gid:\t998\t998\t998\t998\nGroups:\t997 996\n");
    temporary_file("proc/7/stat", "7 (a b) c) S 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n");
    temporary_file("proc/stat", "cpu 1\nbtime 1000000000\n");
    link_to("/opt/app", "proc/7/cwd");
}

START_TEST(test_nothing)
{
    discover();
    assert_sources("");
    ck_assert(has_note("No process of the platform"));
    ck_assert(has_note("no unit"));
    ck_assert(has_note("no appsettings.json"));
    ck_assert(has_note("no compose.yaml"));
}
END_TEST

START_TEST(test_process)
{
    make_process();
    temporary_file("opt/app/appsettings.json", "{\"Smtp\":{\"Host\":\"json\",\"Port\":25}}");
    temporary_file("opt/app/appsettings.Staging.json", "{\"Smtp\":{\"User\":\"u\"}}");
    temporary_file("etc/stellaops/appsettings.json", "{}");
    discover();
    assert_sources("json:/opt/app/appsettings.json ok, json:/opt/app/appsettings.Staging.json ok, "
                   "environ:/proc/7/environ ok, cmdline:/proc/7/cmdline ok");
    assert_value("Smtp:Host", "env");
    assert_value("Smtp:Port", "2525");
    assert_value("Smtp:User", "u");
    ck_assert(has_note("Process 7 (StellaOps.Web.dll, of stellaops-platform.service)"));
    ck_assert(has_note("/etc/stellaops/appsettings.json is there, but the platform runs in /opt"));
    ck_assert(has_warning("stale-container"));
}
END_TEST

/* The content root: arguments before variables before the working directory. */
START_TEST(test_content_root)
{
    make_process();
    PUT("proc/7/environ", "DOTNET_CONTENTROOT=/srv\0");
    discover();
    assert_sources("json:/srv/appsettings.json absent, json:/srv/appsettings.Production.json "
                   "absent, environ:/proc/7/environ ok, cmdline:/proc/7/cmdline ok");
    settings_free(settings);
    settings = settings_new();
    PUT("proc/7/cmdline", "/app/stellaops-web\0--contentRoot\0/var/x\0--environment=Dev\0");
    discover();
    assert_sources("json:/var/x/appsettings.json absent, json:/var/x/appsettings.Dev.json absent, "
                   "environ:/proc/7/environ ok, cmdline:/proc/7/cmdline ok");
}
END_TEST

/* In the unit, then named after the platform, then the lowest number. */
START_TEST(test_choice_of_the_process)
{
    PUT("proc/5/cmdline", "/app/StellaOps.Gateway\0");
    PUT("proc/6/cmdline", "/app/stellaops-platform\0");
    PUT("proc/8/cmdline", "/app/stellaops-platform\0");
    PUT("proc/9/cmdline", "vi\0stellaops.txt\0");
    PUT("proc/10/cmdline", "/usr/bin/dotnet\0/app/Other.dll\0");
    discover();
    ck_assert(has_note("Process 6 (stellaops-platform) is the platform's; others like it: 2"));
}
END_TEST

START_TEST(test_process_that_cannot_be_read)
{
    make_process();
    char *path = mem_printf("%s/proc/7/environ", root);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    temporary_file("etc/stellaops/appsettings.json", "{\"Smtp\":{\"Host\":\"etc\"}}");
    discover();
    ck_assert(has_note("Process 7: its environment cannot be read"));
    assert_sources("environ:/proc/7/environ error");
    ck_assert_int_eq(settings_source(settings, 0)->fault.kind, FAULT_UNREADABLE);
    settings_free(settings);
    settings = settings_new();
    temporary_file("etc/systemd/system/stellaops-platform.service", "[Service]\n");
    discover();
    assert_sources("json:/appsettings.json absent, json:/appsettings.Production.json absent");
    free(path);
}
END_TEST

START_TEST(test_unit)
{
    temporary_file("etc/systemd/system/stellaops-platform.service",
                   "[Service]\nWorkingDirectory=/opt/s\nUser=stella\nEnvironment=Smtp__Host=unit\n"
                   "EnvironmentFile=-/etc/absent.env\nEnvironmentFile=/etc/s*.env\n");
    temporary_file("etc/systemd/system/stellaops-platform.service.d/a.conf",
                   "[Service]\nEnvironment=Smtp__User=drop\n");
    temporary_file("etc/passwd", "root:x:0:0::/:/bin/sh\nstella:x:999:998::/:/bin/sh\n");
    temporary_file("etc/s1.env", "Smtp__Host=file\n");
    temporary_file("opt/s/appsettings.json", "{\"Smtp\":{\"Host\":\"json\",\"Port\":26}}");
    char *secret = mem_printf("%s/etc/s1.env", root);
    ck_assert_int_eq(chmod(secret, 0600), 0);
    discover();
    assert_sources("json:/opt/s/appsettings.json ok, json:/opt/s/appsettings.Production.json "
                   "absent, unit:/etc/systemd/system/stellaops-platform.service ok, "
                   "unit:/etc/systemd/system/stellaops-platform.service.d/a.conf ok, "
                   "unit-env-file:/etc/absent.env absent, unit-env-file:/etc/s1.env ok");
    assert_value("Smtp:Host", "file");
    assert_value("Smtp:Port", "26");
    assert_value("Smtp:User", "drop");
    ck_assert(has_warning("unreadable-by-service"));
    ck_assert(!has_warning("stale-container"));
    free(secret);
}
END_TEST

START_TEST(test_etc_and_links)
{
    temporary_file("etc/stellaops/..data/real.json", "{\"Smtp\":{\"Host\":\"m\"}}");
    link_to("..data/real.json", "etc/stellaops/appsettings.json");
    discover();
    assert_sources("json:/etc/stellaops/appsettings.json ok");
    assert_value("Smtp:Host", "m");
    ck_assert_ptr_nonnull(strstr(settings_source(settings, 0)->note, "/..data/real.json"));
}
END_TEST

static const struct {
    const char *names[3], *sources, *note;
} folders[] = {
    {{"compose.yaml", ".env"}, "env-file:/.env ok", ".env beside compose.yaml"},
    {{"docker-compose.yml", ".env"}, "env-file:/.env ok", ".env beside docker-compose.yml"},
    {{"compose.yaml", ".env", "values.yaml"}, "env-file:/.env ok", ".env beside"},
    {{"values.yaml"}, "values:/values.yaml ok", "values.yaml stands in"},
    {{".env"}, "", "no compose.yaml with .env"},
    {{"compose.yaml"}, "", "no compose.yaml with .env"},
};

START_TEST(test_directory)
{
    for (int i = 0; i < 3 && folders[_i].names[i]; i++)
        temporary_file(folders[_i].names[i], "");
    discover();
    assert_sources(folders[_i].sources);
    ck_assert(has_note(folders[_i].note));
}
END_TEST

/* Neither a FIFO nor a link to itself holds anything up. */
START_TEST(test_never_blocks)
{
    char *path = mem_printf("%s/.env", root);

    temporary_file("compose.yaml", "");
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    temporary_file("etc/stellaops/x", "");
    link_to("appsettings.json", "etc/stellaops/appsettings.json");
    discover();
    assert_sources("json:/etc/stellaops/appsettings.json error");
    free(path);
}
END_TEST

START_TEST(test_fifo_in_the_directory)
{
    char *path = mem_printf("%s/.env", root);

    temporary_file("compose.yaml", "");
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    discover();
    assert_sources("env-file:/.env error");
    ck_assert_str_eq(settings_source(settings, 0)->fault.reason.text, "not a regular file");
    free(path);
}
END_TEST

Suite *discover_suite(void)
{
    Suite *suite = suite_create("discover");
    TCase *tcase = tcase_create("discover");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_nothing);
    tcase_add_test(tcase, test_process);
    tcase_add_test(tcase, test_content_root);
    tcase_add_test(tcase, test_choice_of_the_process);
    tcase_add_test(tcase, test_process_that_cannot_be_read);
    tcase_add_test(tcase, test_unit);
    tcase_add_test(tcase, test_etc_and_links);
    tcase_add_loop_test(tcase, test_directory, 0, sizeof folders / sizeof *folders);
    tcase_add_test(tcase, test_never_blocks);
    tcase_add_test(tcase, test_fifo_in_the_directory);
    suite_add_tcase(suite, tcase);
    return suite;
}
