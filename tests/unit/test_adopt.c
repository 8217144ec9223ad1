#include "base/mem.h"
#include "found.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

/* A container's absolute links begin at its own root. */
START_TEST(test_container)
{
    found_make_process();
    temporary_file("proc/7/cgroup", "0::/system.slice/docker-0123.scope\n");
    temporary_file("proc/self/ns/x", "");
    temporary_file("proc/7/ns/x", "");
    found_link("mnt:[1]", "proc/self/ns/mnt");
    found_link("mnt:[2]", "proc/7/ns/mnt");
    temporary_file("config/real.json", "{\"Smtp\":{\"Port\":\"of the host\"}}");
    temporary_file("proc/7/root/config/real.json", "{\"Smtp\":{\"Port\":26}}");
    temporary_file("proc/7/root/opt/app/x", "");
    found_link("/config/real.json", "proc/7/root/opt/app/appsettings.json");
    temporary_file("opt/app/appsettings.Staging.json", "{\"Smtp\":{\"User\":\"of the host\"}}");
    temporary_file("etc/stellaops/appsettings.json", "{}");
    temporary_file("compose.yaml", "");
    temporary_file(".env", "");
    FOUND_PUT("proc/7/cmdline", "/opt/app/StellaOps.Platform\0");
    found_set_time("compose.yaml", FOUND_STARTED);
    found_discover();
    found_assert_sources("json:/proc/7/root/opt/app/appsettings.json ok, "
                   "json:/proc/7/root/opt/app/appsettings.Staging.json absent, "
                   "environ:/proc/7/environ ok");
    found_assert_value("Smtp:Port", "26");
    found_assert_value("Smtp:User", "");
    ck_assert(found_has_source_note("a link to /config/real.json"));
    ck_assert(found_has_note("/etc/stellaops/appsettings.json is there, but"));
    ck_assert(found_has_warning("stale-container", "/.env was changed at"));
    ck_assert(found_has_warning("stale-container", "docker compose restart does not"));
    ck_assert(!found_has_warning("stale-container", "/compose.yaml was"));
}
END_TEST

/* A unit with a mount namespace of its own has the same files. */
START_TEST(test_namespace_with_the_same_files)
{
    found_make_process();
    temporary_file("proc/self/ns/x", "");
    temporary_file("proc/7/ns/x", "");
    found_link("mnt:[1]", "proc/self/ns/mnt");
    found_link("mnt:[2]", "proc/7/ns/mnt");
    temporary_file("opt/app/appsettings.json", "{}");
    temporary_file("proc/7/root/x", "");
    char *here = mem_printf("%s/opt", found_root()), *there = mem_printf("%s/proc/7/root/opt/app", found_root());
    char *file = mem_printf("%s/app/appsettings.json", here);
    char *twin = mem_printf("%s/appsettings.json", there);
    temporary_file("proc/7/root/opt/app/x", "");
    ck_assert_int_eq(link(file, twin), 0);
    found_discover();
    ck_assert_str_eq(settings_source(found_settings(), 0)->path, file);
    free(here);
    free(there);
    free(file);
    free(twin);
}
END_TEST

/* Seconds after the start of the process, and what is told of each file. */
static const struct {
    const char *file;
    int after;
    const char *warning; /* or NULL */
} ages[] = {
    {"opt/app/appsettings.json", 100, "it may still work with what was in it before"},
    {"opt/app/appsettings.json", 1, NULL},
    {"opt/app/appsettings.json", -100, NULL},
    {"etc/p.env", 100, "its environment is still the old one; systemctl restart"},
    {"etc/p.env", -100, NULL},
    {"etc/systemd/system/stellaops-platform.service", 100, "systemctl daemon-reload"},
    {"etc/systemd/system/stellaops-platform.service.d/a.conf", 100, "systemctl daemon-reload"},
};

START_TEST(test_age)
{
    static const char *const files[][2] = {
        {"opt/app/appsettings.json", "{}"},
        {"etc/p.env", "A=b\n"},
        {"etc/systemd/system/stellaops-platform.service", "[Service]\nEnvironmentFile=/etc/p*\n"},
        {"etc/systemd/system/stellaops-platform.service.d/a.conf", "[Service]\nUser=x\n"}};

    found_make_process();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        temporary_file(files[i][0], files[i][1]);
        found_set_time(files[i][0], FOUND_STARTED - 1000);
    }
    found_set_time(ages[_i].file, FOUND_STARTED + ages[_i].after);
    found_discover();
    ck_assert(found_has_warning("stale-container", ages[_i].file) == (ages[_i].warning != NULL));
    ck_assert(!ages[_i].warning || found_has_warning("stale-container", ages[_i].warning));
}
END_TEST

/* The same where the process may not be read. */
START_TEST(test_age_of_a_hidden_process)
{
    found_make_process();
    char *path = mem_printf("%s/proc/7/environ", found_root());
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    temporary_file("etc/p.env", "A=b\n");
    temporary_file("etc/systemd/system/stellaops-platform.service",
                   "[Service]\nEnvironmentFile=/etc/p.env\n");
    found_discover();
    ck_assert(found_has_warning("stale-container", "/etc/p.env was changed"));
    free(path);
}
END_TEST

/* Modes of /opt/app and of appsettings.json in it, which root owns; the service runs
 * as 999 of the groups 998, 997 and 996. */
static const struct {
    mode_t directory, file;
    const char *warning; /* or NULL */
} modes[] = {
    {0755, 0644, NULL},
    {0755, 0600, "may not read /opt/app/appsettings.json"},
    {0700, 0644, "may not enter /opt/app"},
};

START_TEST(test_access)
{
    found_make_process();
    temporary_file("opt/app/appsettings.json", "{}");
    found_set_mode("opt/app/appsettings.json", modes[_i].file);
    found_set_mode("opt/app", modes[_i].directory);
    found_discover();
    ck_assert(found_has_warning("unreadable-by-service", "") == (modes[_i].warning != NULL));
    ck_assert(!modes[_i].warning || found_has_warning("unreadable-by-service", modes[_i].warning));
    found_set_mode("opt/app", 0755);
}
END_TEST

START_TEST(test_other_case)
{
    found_make_process();
    temporary_file("opt/app/appsettings.staging.json", "{}");
    found_discover();
    ck_assert(found_has_note("/opt/app/appsettings.staging.json is not read"));
}
END_TEST

/* A user without rights asks: nothing is a guess, and nothing stops. */
START_TEST(test_without_rights)
{
    found_make_process();
    temporary_file("etc/stellaops/appsettings.json", "{}");
    found_set_mode("proc/7/environ", 0);
    ck_assert_int_eq(chmod(found_root(), 0755), 0);
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(65534), 0);
    found_discover();
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(0), 0);
    ck_assert(found_has_note("Process 7: its environment cannot be read: Permission denied; run as"));
    found_assert_sources("environ:/proc/7/environ error");
    ck_assert_ptr_nonnull(strstr(settings_failure(found_settings()), "Permission denied"));
}
END_TEST

Suite *adopt_suite(void)
{
    Suite *suite = suite_create("adopt");
    TCase *tcase = tcase_create("adopt");

    tcase_add_checked_fixture(tcase, found_setup, found_teardown);
    tcase_add_test(tcase, test_container);
    tcase_add_test(tcase, test_namespace_with_the_same_files);
    tcase_add_loop_test(tcase, test_age, 0, COUNT(ages));
    tcase_add_test(tcase, test_age_of_a_hidden_process);
    tcase_add_loop_test(tcase, test_access, 0, COUNT(modes));
    tcase_add_test(tcase, test_other_case);
    tcase_add_test(tcase, test_without_rights);
    suite_add_tcase(suite, tcase);
    return suite;
}
