#include "base/mem.h"
#include "found.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

START_TEST(test_nothing)
{
    found_discover();
    found_assert_sources("");
    ck_assert(found_has_note("No process of the platform"));
    ck_assert(found_has_note("no unit"));
    ck_assert(found_has_note("no appsettings.json"));
    ck_assert(found_has_note("no compose.yaml"));
}
END_TEST

START_TEST(test_process)
{
    found_make_process();
    temporary_file("opt/app/appsettings.json", "{\"Smtp\":{\"Host\":\"json\",\"Port\":25}}");
    temporary_file("opt/app/appsettings.Staging.json", "{\"Smtp\":{\"User\":\"u\"}}");
    temporary_file("etc/stellaops/appsettings.json", "{}");
    found_discover();
    found_assert_sources("json:/opt/app/appsettings.json ok, json:/opt/app/appsettings.Staging.json ok, "
                   "environ:/proc/7/environ ok, cmdline:/proc/7/cmdline ok");
    found_assert_value("Smtp:Host", "env");
    found_assert_value("Smtp:Port", "2525");
    found_assert_value("Smtp:User", "u");
    ck_assert(found_has_note("Process 7 (StellaOps.Web, of stellaops-platform.service)"));
    ck_assert(found_has_note("/etc/stellaops/appsettings.json is there, but the platform runs in /opt"));
    ck_assert(found_has_warning("stale-container", ""));
}
END_TEST

/* The content root: arguments before variables before the working directory. */
START_TEST(test_content_root)
{
    found_make_process();
    FOUND_PUT("proc/7/environ", "DOTNET_CONTENTROOT=/srv\0");
    found_discover();
    found_assert_sources("json:/srv/appsettings.json absent, json:/srv/appsettings.Production.json "
                   "absent, environ:/proc/7/environ ok, cmdline:/proc/7/cmdline ok");
    found_teardown();
    found_setup();
    found_make_process();
    FOUND_PUT("proc/7/cmdline", "/app/stellaops-web\0--contentRoot\0/var/x\0--environment=Dev\0");
    found_discover();
    found_assert_sources("json:/var/x/appsettings.json absent, json:/var/x/appsettings.Dev.json absent, "
                   "environ:/proc/7/environ ok, cmdline:/proc/7/cmdline ok");
}
END_TEST

/* In the unit, then named after the platform, then the lowest number. */
START_TEST(test_choice_of_the_process)
{
    FOUND_PUT("proc/5/cmdline", "/app/StellaOps.Gateway\0");
    FOUND_PUT("proc/6/cmdline", "/app/stellaops-platform\0");
    FOUND_PUT("proc/8/cmdline", "/app/stellaops-platform\0");
    FOUND_PUT("proc/9/cmdline", "vi\0stellaops.txt\0");
    FOUND_PUT("proc/10/cmdline", "/usr/bin/dotnet\0/app/Other.dll\0");
    found_discover();
    ck_assert(found_has_note("Process 6 (stellaops-platform) is the platform's; others like it: 2"));
}
END_TEST

START_TEST(test_process_that_cannot_be_read)
{
    found_make_process();
    char *path = mem_printf("%s/proc/7/environ", found_root());
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    temporary_file("etc/stellaops/appsettings.json", "{\"Smtp\":{\"Host\":\"etc\"}}");
    found_discover();
    ck_assert(found_has_note("Process 7: its environment cannot be read"));
    found_assert_sources("environ:/proc/7/environ error");
    ck_assert_int_eq(settings_source(found_settings(), 0)->fault.kind, FAULT_UNREADABLE);
    found_teardown();
    found_setup();
    found_make_process();
    free(path);
    path = mem_printf("%s/proc/7/environ", found_root());
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    temporary_file("etc/systemd/system/stellaops-platform.service", "[Service]\n");
    found_discover();
    found_assert_sources("json:/appsettings.json absent, json:/appsettings.Production.json absent");
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
    found_set_mode("etc/s1.env", 0600);
    found_discover();
    found_assert_sources("json:/opt/s/appsettings.json ok, json:/opt/s/appsettings.Production.json "
                   "absent, unit:/etc/systemd/system/stellaops-platform.service ok, "
                   "unit:/etc/systemd/system/stellaops-platform.service.d/a.conf ok, "
                   "unit-env-file:/etc/absent.env absent, unit-env-file:/etc/s1.env ok");
    found_assert_value("Smtp:Host", "file");
    found_assert_value("Smtp:Port", "26");
    found_assert_value("Smtp:User", "drop");
    /* systemd reads the file of variables, as root. */
    ck_assert(!found_has_warning("unreadable-by-service", ""));
    ck_assert(!found_has_warning("stale-container", ""));
}
END_TEST

START_TEST(test_etc_and_links)
{
    temporary_file("etc/stellaops/..data/real.json", "{\"Smtp\":{\"Host\":\"m\"}}");
    found_link("..data/real.json", "etc/stellaops/appsettings.json");
    found_discover();
    found_assert_sources("json:/etc/stellaops/appsettings.json ok");
    found_assert_value("Smtp:Host", "m");
    ck_assert_ptr_nonnull(strstr(settings_source(found_settings(), 0)->note, "/..data/real.json"));
}
END_TEST

static const struct {
    const char *names[3], *sources, *note;
} folders[] = {
    {{"compose.yaml", ".env"}, "env-file:/.env ok", "only if that file passes it on"},
    {{"docker-compose.yml", ".env"}, "env-file:/.env ok", "only if that file passes it on"},
    {{"compose.yaml", ".env", "values.yaml"}, "env-file:/.env ok", "only if that file passes it on"},
    {{"values.yaml"}, "values:/values.yaml ok", "values.yaml stands in"},
    {{"compose.yaml", "values.yaml"}, "values:/values.yaml ok", "values.yaml stands in"},
    {{".env"}, "", "no compose.yaml with .env"},
    {{"compose.yaml"}, "", "no compose.yaml with .env"},
};

START_TEST(test_directory)
{
    for (int i = 0; i < 3 && folders[_i].names[i]; i++)
        temporary_file(folders[_i].names[i], "");
    found_discover();
    found_assert_sources(folders[_i].sources);
    ck_assert(found_has_note(folders[_i].note));
}
END_TEST

/* Neither a FIFO nor a link to itself holds anything up. */
START_TEST(test_never_blocks)
{
    char *path = mem_printf("%s/.env", found_root());

    temporary_file("compose.yaml", "");
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    temporary_file("etc/stellaops/x", "");
    found_link("appsettings.json", "etc/stellaops/appsettings.json");
    found_discover();
    found_assert_sources("json:/etc/stellaops/appsettings.json error");
    free(path);
}
END_TEST

START_TEST(test_fifo_in_the_directory)
{
    char *path = mem_printf("%s/.env", found_root());

    temporary_file("compose.yaml", "");
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    found_discover();
    found_assert_sources("env-file:/.env error");
    ck_assert_str_eq(settings_source(found_settings(), 0)->fault.reason.text, "not a regular file");
    free(path);
}
END_TEST

/* An environment's name, content root and Smtp:Host by where they are set. */
static const struct {
    const char *environment; /* with "|" for NUL */
    const char *arguments;
    const char *json, *special;
} hosts[] = {
    {"A=b|", "", "/opt/app/appsettings.json", "/opt/app/appsettings.Production.json"},
    {"ASPNETCORE_ENVIRONMENT=One|DOTNET_ENVIRONMENT=Two|", "", "/opt/app/appsettings.json",
     "/opt/app/appsettings.Two.json"},
    {"dotnet_Environment=Two|", "--ENVIRONMENT|Three|", "/opt/app/appsettings.json",
     "/opt/app/appsettings.Three.json"},
    {"A=b|", "--environment=One|environment=Two|", "/opt/app/appsettings.json",
     "/opt/app/appsettings.Two.json"},
    {"ASPNETCORE_CONTENTROOT=/srv/|", "", "/srv/appsettings.json",
     "/srv/appsettings.Production.json"},
    /* From the program's directory, not from the working directory. */
    {"DOTNET_CONTENTROOT=conf|", "", "/usr/lib/s/conf/appsettings.json",
     "/usr/lib/s/conf/appsettings.Production.json"},
    {"A=b|", "/contentRoot=/x|", "/x/appsettings.json", "/x/appsettings.Production.json"},
};

static void put_words(const char *name, const char *words)
{
    char *block = mem_strdup(words);
    size_t len = strlen(block);

    for (size_t i = 0; i < len; i++)
        if (block[i] == '|')
            block[i] = '\0';
    found_put_bytes(name, block, len);
    free(block);
}

START_TEST(test_host)
{
    found_make_process();
    char *command = mem_printf("/usr/bin/dotnet|/usr/lib/s/StellaOps.dll|%s", hosts[_i].arguments);
    put_words("proc/7/cmdline", command);
    put_words("proc/7/environ", hosts[_i].environment);
    found_discover();
    ck_assert_str_eq(settings_source(found_settings(), 0)->path + strlen(found_root()), hosts[_i].json);
    ck_assert_str_eq(settings_source(found_settings(), 1)->path + strlen(found_root()), hosts[_i].special);
    free(command);
}
END_TEST

/* A name with "/" would lead out of the content root. */
START_TEST(test_hostile_environment)
{
    found_make_process();
    FOUND_PUT("proc/7/environ", "DOTNET_ENVIRONMENT=x/../../../etc/y\0Smtp__Host=\x1b[31m\0");
    temporary_file("etc/y.json", "{}");
    found_discover();
    found_assert_sources("json:/opt/app/appsettings.json absent, environ:/proc/7/environ ok, "
                   "cmdline:/proc/7/cmdline ok");
    ck_assert(found_has_note("The environment's name has a /"));
}
END_TEST

/* What starts the platform in its unit is not the platform. */
START_TEST(test_bystanders)
{
    static const char group[] = "0::/system.slice/stellaops-platform.service\n";

    FOUND_PUT("proc/3/cmdline", "/usr/bin/docker\0run\0stellaops\0");
    temporary_file("proc/3/cgroup", group);
    FOUND_PUT("proc/4/cmdline", "/bin/sh\0-c\0exec dotnet Main.dll\0");
    temporary_file("proc/4/cgroup", group);
    FOUND_PUT("proc/5/cmdline", "stella\0doctor\0");
    temporary_file("proc/5/cgroup", group);
    FOUND_PUT("proc/6/cmdline", "dotnet\0Main.dll\0");
    temporary_file("proc/6/cgroup", "0::/system.slice/stellaops-platform.service/sub\n");
    FOUND_PUT("proc/8/cmdline", "/app/Other\0");
    temporary_file("proc/8/cgroup", "0::/system.slice/stellaops-platform.service.d\n");
    FOUND_PUT("proc/9/cmdline", "/app/StellaOps\0");
    temporary_file("proc/9/comm", "renamed\n"); /* is not asked further */
    found_discover();
    ck_assert(found_has_note("Process 6 (Main, of stellaops-platform.service) is the platform's; "
                       "others like it: 0"));
}
END_TEST

START_TEST(test_many_processes)
{
    enum { PROCESSES = 200 };

    for (int pid = 1; pid <= PROCESSES; pid++) {
        char *name = mem_printf("proc/%d/cmdline", pid);
        found_put_bytes(name, "/bin/x\0", 7);
        free(name);
    }
    FOUND_PUT("proc/199/cmdline", "/app/STELLAOPS.\x1b[2J\0");
    FOUND_PUT("proc/99999999999999999999/cmdline", "/app/stellaops-platform\0");
    found_discover();
    ck_assert(found_has_note("Process 199 (STELLAOPS.\\x1b[2J)"));
}
END_TEST

/* A unit's text, and the sources below /o (the rest is cut) that it gives. */
static const struct {
    const char *text, *sources, *host;
} units[] = {
    {"WorkingDirectory=/o\nEnvironmentFile=/o/env\n",
     "json:/o/appsettings.json absent, json:/o/appsettings.Two.json absent, "
     "unit-env-file:/o/env ok", "two"},
    {"WorkingDirectory=~\nUser=stella\n",
     "json:/home/s/appsettings.json absent, json:/home/s/appsettings.Production.json absent", ""},
    {"WorkingDirectory=-/o\nEnvironment=ASPNETCORE_CONTENTROOT=/p\n",
     "json:/p/appsettings.json absent, json:/p/appsettings.Production.json absent, "
     "unit:/etc/systemd/system/stellaops-platform.service ok", ""},
    {"ExecStart=/usr/bin/dotnet /o/X.dll --environment Two --Smtp:Host \"a b\"\n",
     "json:/appsettings.json absent, json:/appsettings.Two.json absent, "
     "cmdline:/etc/systemd/system/stellaops-platform.service ok", "a b"},
    {"WorkingDirectory=/o\nEnvironmentFile=/o/none\n",
     "json:/o/appsettings.json absent, json:/o/appsettings.Production.json absent, "
     "unit-env-file:/o/none absent", ""},
    {"WorkingDirectory=/o\nEnvironment=Smtp:Host=x Smtp__Host=\"DOM\\user\"\n",
     "json:/o/appsettings.json absent, json:/o/appsettings.Production.json absent", ""},
};

START_TEST(test_unit_launch)
{
    char *text = mem_printf("[Service]\n%s", units[_i].text);

    temporary_file("etc/systemd/system/stellaops-platform.service", text);
    temporary_file("etc/passwd", "stella:x:999:998::/home/s:/bin/sh\n");
    temporary_file("o/env", "DOTNET_ENVIRONMENT=Two\nSmtp__Host=two\n");
    found_discover();
    found_assert_sources(units[_i].sources);
    found_assert_value("Smtp:Host", units[_i].host);
    free(text);
}
END_TEST

/* systemd would not start the unit: that is the answer. */
START_TEST(test_required_env_file)
{
    temporary_file("etc/systemd/system/stellaops-platform.service",
                   "[Service]\nEnvironmentFile=/etc/none*\n");
    found_discover();
    ck_assert_ptr_nonnull(settings_failure(found_settings()));
}
END_TEST

START_TEST(test_masked_unit)
{
    temporary_file("usr/lib/systemd/system/stellaops-platform.service", "[Service]\n");
    temporary_file("etc/systemd/system/stellaops-platform.service", "");
    found_discover();
    found_assert_sources("");
    ck_assert(found_has_note("/etc/systemd/system/stellaops-platform.service: the unit is masked"));
}
END_TEST

Suite *discover_suite(void)
{
    Suite *suite = suite_create("discover");
    TCase *tcase = tcase_create("discover");

    tcase_add_checked_fixture(tcase, found_setup, found_teardown);
    tcase_add_test(tcase, test_nothing);
    tcase_add_test(tcase, test_process);
    tcase_add_test(tcase, test_content_root);
    tcase_add_test(tcase, test_choice_of_the_process);
    tcase_add_test(tcase, test_process_that_cannot_be_read);
    tcase_add_test(tcase, test_unit);
    tcase_add_test(tcase, test_etc_and_links);
    tcase_add_loop_test(tcase, test_directory, 0, COUNT(folders));
    tcase_add_test(tcase, test_never_blocks);
    tcase_add_test(tcase, test_fifo_in_the_directory);
    tcase_add_loop_test(tcase, test_host, 0, COUNT(hosts));
    tcase_add_test(tcase, test_hostile_environment);
    tcase_add_test(tcase, test_bystanders);
    tcase_add_test(tcase, test_many_processes);
    tcase_add_loop_test(tcase, test_unit_launch, 0, COUNT(units));
    tcase_add_test(tcase, test_required_env_file);
    tcase_add_test(tcase, test_masked_unit);
    suite_add_tcase(suite, tcase);
    return suite;
}
