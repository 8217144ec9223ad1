#include "base/mem.h"
#include "found.h"
#include "guide/place.h"
#include "settings/source.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))
#define UNIT "/etc/systemd/system/stellaops-platform.service"

/* What place_choose says below the test's root, whose path is cut out of the reason. */
static char *choose(const char *directory, char *const *environment, bool with_target,
                    struct place *place)
{
    static const char *const keys[] = {"Smtp:Host"};
    struct target target;

    target_from_host(&target, found_settings(), keys, 1, 587);
    place_choose(place, &(struct place_options){.root = found_root(),
                                                .directory = directory,
                                                .environment = environment,
                                                .settings = found_settings(),
                                                .target = with_target ? &target : NULL});
    target_clear(&target);
    char *text = mem_strdup(place->because), *root;
    while ((root = strstr(text, found_root())))
        memmove(root, root + strlen(found_root()), strlen(root + strlen(found_root())) + 1);
    return text;
}

struct file {
    const char *name, *text;
};

/* Files and a variable, what comes of them, and whether that is certain. */
static const struct {
    struct file files[4];
    const char *variable, *because;
    enum platform platform;
    bool certain;
} seen[] = {
    {{{0}}, "A=b", "No sign of a platform", PLATFORM_COMPOSE, false},
    {{{"srv/app/compose.yaml", ""}}, "A=b", "Compose: compose.yaml in this directory",
     PLATFORM_COMPOSE, true},
    {{{"srv/app/docker-compose.yml", ""}}, "A=b", "Compose: docker-compose.yml in this directory",
     PLATFORM_COMPOSE, true},
    {{{"srv/compose.yml", ""}}, "A=b", "Compose: /srv/compose.yml, above this directory",
     PLATFORM_COMPOSE, true},
    {{{"docker-compose.yaml", ""}}, "A=b", "Compose: /docker-compose.yaml, above this directory",
     PLATFORM_COMPOSE, true},
    {{{"srv/app/compose.yaml.bak", ""}}, "A=b", "No sign of a platform", PLATFORM_COMPOSE, false},
    {{{"etc/systemd/system/stellaops-platform.service", "[Service]\nExecStart=/opt/s/platform\n"}},
     "A=b", "systemd: " UNIT " is there", PLATFORM_SYSTEMD, true},
    {{{"etc/systemd/system/stellaops-platform.service",
       "[Service]\nExecStart=-/usr/bin/docker compose up\n"}},
     "A=b", "Compose: " UNIT " starts /usr/bin/docker", PLATFORM_COMPOSE, true},
    {{{"etc/systemd/system/stellaops-platform.service", ""}}, "A=b", "No sign of a platform",
     PLATFORM_COMPOSE, false},
    {{{"etc/systemd/system/stellaops-platform.service", "[Service]\n"},
      {"srv/app/compose.yaml", ""}},
     "A=b", "systemd: " UNIT " is there; also seen: compose.yaml in this directory (Compose)",
     PLATFORM_SYSTEMD, false},
    {{{"etc/stellaops/appsettings.json", "{}"}}, "A=b",
     "systemd: /etc/stellaops/appsettings.json is there", PLATFORM_SYSTEMD, false},
    {{{"etc/stellaops/appsettings.Production.json", "{}"}, {"srv/app/compose.yaml", ""}}, "A=b",
     "Compose: compose.yaml in this directory; also seen: "
     "/etc/stellaops/appsettings.Production.json is there (systemd)",
     PLATFORM_COMPOSE, true},
    {{{0}}, "KUBERNETES_SERVICE_HOST=10.0.0.1", "Helm: KUBERNETES_SERVICE_HOST is set",
     PLATFORM_HELM, true},
    {{{0}}, "KUBERNETES_SERVICE_HOST=", "No sign of a platform", PLATFORM_COMPOSE, false},
    {{{0}}, "KUBERNETES_SERVICE_HOSTS=1", "No sign of a platform", PLATFORM_COMPOSE, false},
    {{{".dockerenv", ""}}, "KUBERNETES_SERVICE_HOST=10.0.0.1",
     "Helm: KUBERNETES_SERVICE_HOST is set; also seen: this is a container (Compose)",
     PLATFORM_HELM, true},
    {{{"run/.containerenv", ""}}, "A=b", "Compose: this is a container", PLATFORM_COMPOSE, false},
    {{{".dockerenv", ""}, {"srv/app/compose.yaml", ""}}, "A=b",
     "Compose: compose.yaml in this directory", PLATFORM_COMPOSE, true},
    {{{".dockerenv", ""}, {"srv/app/Chart.yaml", ""}}, "A=b",
     "Helm: Chart.yaml in this directory; also seen: this is a container (Compose)",
     PLATFORM_HELM, true},
    {{{".dockerenv", ""}}, "KUBECONFIG=/root/.kube/config",
     "Helm: KUBECONFIG is set; also seen: this is a container (Compose)", PLATFORM_HELM, false},
    {{{".dockerenv", ""}, {"etc/stellaops/appsettings.json", "{}"}}, "A=b",
     "Compose: this is a container", PLATFORM_COMPOSE, false},
    {{{"srv/app/Chart.yaml", ""}}, "A=b", "Helm: Chart.yaml in this directory", PLATFORM_HELM,
     true},
    {{{"srv/app/chart/Chart.yaml", ""}, {"srv/app/values.yaml", ""}}, "A=b",
     "Helm: chart/Chart.yaml in this directory", PLATFORM_HELM, true},
    {{{"srv/app/values.yaml", ""}, {"srv/app/compose.yaml", ""}}, "A=b",
     "Compose: compose.yaml in this directory; also seen: values.yaml in this directory (Helm)",
     PLATFORM_COMPOSE, false},
    {{{0}}, "KUBECONFIG=/root/.kube/config", "Helm: KUBECONFIG is set", PLATFORM_HELM, false},
    {{{0}}, "HELM_NAMESPACE=stella", "Helm: HELM_NAMESPACE is set", PLATFORM_HELM, false},
    {{{"etc/stellaops/appsettings.json", "{}"},
      {"srv/app/values.yaml", ""},
      {"srv/app/compose.yaml", ""}},
     "A=b",
     "Compose: compose.yaml in this directory; also seen: "
     "/etc/stellaops/appsettings.json is there (systemd), values.yaml in this directory (Helm)",
     PLATFORM_COMPOSE, false},
};

START_TEST(test_files)
{
    char *variable = mem_strdup(seen[_i].variable), *environment[] = {variable, NULL};
    struct place place;

    temporary_file("srv/app/other", "");
    for (int i = 0; i < COUNT(seen[_i].files) && seen[_i].files[i].name; i++)
        temporary_file(seen[_i].files[i].name, seen[_i].files[i].text);
    char *because = choose("/srv/app", environment, true, &place);
    ck_assert_str_eq(because, seen[_i].because);
    ck_assert_int_eq(place.platform, seen[_i].platform);
    ck_assert_int_eq(place.certain, seen[_i].certain);
    free(because);
    place_clear(&place);
    free(variable);
}
END_TEST

/* The directories of Compose and of Helm, as seen from /srv/app. */
static const struct {
    struct file files[3];
    const char *compose, *helm;
} homes[] = {
    {{{0}}, NULL, NULL},
    {{{"srv/app/compose.yaml", ""}, {"srv/app/values.yaml", ""}}, NULL, NULL},
    {{{"srv/compose.yml", ""}}, "/srv", NULL},
    {{{"compose.yaml", ""}, {"srv/app/Chart.yaml", ""}}, "/", NULL},
    {{{"etc/systemd/system/stellaops-platform.service",
       "[Service]\nExecStart=docker compose up\nWorkingDirectory=/opt/s\n"},
      {"opt/s/compose.yaml", ""},
      {"srv/compose.yaml", ""}},
     "/opt/s", NULL},
    {{{"etc/systemd/system/stellaops-platform.service",
       "[Service]\nExecStart=docker start s\nWorkingDirectory=/opt/s\n"},
      {"srv/compose.yaml", ""}},
     "/srv", NULL},
};

static void assert_directory(const char *directory, const char *wanted, const char *root)
{
    char *path = wanted ? mem_printf("%s%s", root, wanted) : NULL;

    ck_assert_msg((directory != NULL) == (path != NULL) &&
                      (!path || strcmp(directory, path) == 0),
                  "%s, not %s", directory ? directory : "none", path ? path : "none");
    free(path);
}

START_TEST(test_directories)
{
    char *environment[] = {NULL};
    struct place place;

    temporary_file("srv/app/other", "");
    for (int i = 0; i < COUNT(homes[_i].files) && homes[_i].files[i].name; i++)
        temporary_file(homes[_i].files[i].name, homes[_i].files[i].text);
    free(choose("/srv/app", environment, true, &place));
    assert_directory(place.directories[PLATFORM_COMPOSE], homes[_i].compose, "");
    assert_directory(place.directories[PLATFORM_HELM], homes[_i].helm, "");
    ck_assert_ptr_null(place.directories[PLATFORM_SYSTEMD]);
    place_clear(&place);
}
END_TEST

/* Of a source, whose path is this process's own: from where the file is, not from below. */
static const struct {
    const char *kind, *name, *beside, *compose, *helm;
} kept[] = {
    {"env-file", "p/.env", "p/x", "/p", NULL},
    {"env-file", "p/prod.env", "p/x", NULL, NULL},
    {"env-file", "p/prod.env", "p/compose.yaml", "/p", NULL},
    {"docker-env-file", "p/prod.env", "p/docker-compose.yml", "/p", NULL},
    {"values", "p/values.yaml", "p/x", NULL, "/p"},
    {"values", "p/prod.yaml", "p/x", NULL, NULL},
    {"values", "p/values.yaml", "p/Chart.yaml", NULL, NULL},
    {"json", "p/.env", "p/compose.yaml", NULL, NULL},
    {"unit-env-file", "p/.env", "p/compose.yaml", NULL, NULL},
};

START_TEST(test_directories_of_sources)
{
    bool is_yaml = strcmp(kept[_i].kind, "values") == 0, is_json = strcmp(kept[_i].kind, "json") == 0;
    char *environment[] = {NULL};
    struct place place;

    temporary_file(kept[_i].beside, "");
    settings_add_file(found_settings(), kept[_i].kind,
                      temporary_file(kept[_i].name, is_yaml   ? "smtp: {host: m}\n"
                                                    : is_json ? "{\"Smtp\":{\"Host\":\"m\"}}"
                                                              : "Smtp__Host=m\n"),
                      false, 10);
    free(choose("/srv/app", environment, true, &place));
    assert_directory(place.directories[PLATFORM_COMPOSE], kept[_i].compose, found_root());
    assert_directory(place.directories[PLATFORM_HELM], kept[_i].helm, found_root());
    place_clear(&place);
}
END_TEST

/* A source with or without the host, beside signs that count less. */
static const struct {
    const char *kind, *name, *text, *because;
    bool without_target;
} sources[] = {
    {"values", "v.yaml", "a: b\nsmtp:\n  host: m\n", "Helm: Smtp:Host is set in /v.yaml:3", false},
    {"values", "v.yaml", "a: b\n", "Helm: /v.yaml is among the sources, but decides no host", false},
    {"values", "v.yaml", "smtp:\n  host: m\n", "Helm: /v.yaml is among the sources, but decides no host", true},
    {"env-file", ".env", "Smtp__Host=m\n", "Compose: Smtp:Host is set in /.env:1", false},
    {"docker-env-file", "d", "Smtp__Host=m m\n", "Compose: Smtp:Host is set in /d:1", false},
    {"unit-env-file", "etc/default/s", "Smtp__Host=m\n",
     "systemd: Smtp:Host is set in /etc/default/s:1", false},
    {"json", "opt/appsettings.json", "{\"Smtp\":{\"Host\":\"m\"}}",
     "systemd: Smtp:Host is set in /opt/appsettings.json:1", false},
    {"json", "opt/appsettings.json", "{}", "Compose: compose.yaml in this directory", false},
    {"json", "proc/7/root/app/appsettings.json", "{\"Smtp\":{\"Host\":\"m\"}}",
     "Compose: compose.yaml in this directory", false},
    {"values", "v.yaml", "a: [\n", "Compose: compose.yaml in this directory", false},
    {"ini", "s.ini", "Smtp:Host=m\n", "Compose: compose.yaml in this directory", false},
};

/* What the image of a container holds says nothing of systemd. */
START_TEST(test_appsettings_in_a_container)
{
    char *environment[] = {NULL};
    struct place place;

    settings_add_file(found_settings(), "json",
                      temporary_file("app/appsettings.json", "{\"Smtp\":{\"Host\":\"m\"}}"), false,
                      10);
    temporary_file(".dockerenv", "");
    char *because = choose("/", environment, true, &place);
    ck_assert_str_eq(because, "Compose: this is a container");
    free(because);
    place_clear(&place);
}
END_TEST

START_TEST(test_sources)
{
    char *environment[] = {NULL};
    struct place place;

    settings_add_file(found_settings(), sources[_i].kind,
                      temporary_file(sources[_i].name, sources[_i].text), false, 10);
    temporary_file("compose.yaml", "");
    char *because = choose("/", environment, !sources[_i].without_target, &place);
    ck_assert_msg(strncmp(because, sources[_i].because, strlen(sources[_i].because)) == 0, "%s",
                  because);
    free(because);
    place_clear(&place);
}
END_TEST

/* --set hides where the rest comes from. */
START_TEST(test_set_above)
{
    char *environment[] = {NULL};
    struct place place;

    settings_add_file(found_settings(), "values", temporary_file("v.yaml", "smtp: {port: 25}\n"),
                      false, 10);
    ck_assert(settings_add_set(found_settings(), "Smtp:Host=m", NULL));
    char *because = choose("/", environment, true, &place);
    ck_assert_str_eq(because, "Helm: /v.yaml is among the sources, but decides no host");
    ck_assert(place.certain);
    free(because);
    place_clear(&place);
}
END_TEST

static const struct {
    const char *group, *because;
} groups[] = {
    {"0::/system.slice/stellaops-platform.service\n",
     "systemd: the platform runs in the unit stellaops-platform.service"},
    {"0::/system.slice/docker-3f.scope\n", "Compose: the platform runs in a container"},
    {"0::/kubepods.slice/kubepods-pod3.slice/cri-containerd-4.scope\n",
     "Helm: the platform runs in a pod"},
    {"0::/user.slice\n", "No sign of a platform"},
};

/* Also where the process's environment cannot be read. */
START_TEST(test_groups)
{
    char *environment[] = {NULL};
    struct place place;

    FOUND_PUT("proc/7/cmdline", "/opt/app/stellaops-web\0");
    temporary_file("proc/7/cgroup", groups[_i].group);
    FOUND_PUT("proc/7/environ", "Smtp__Host=m\0");
    found_discover();
    char *because = choose("/", environment, true, &place);
    ck_assert_str_eq(because, groups[_i].because);
    free(because);
    place_clear(&place);
}
END_TEST

/* Names are others' bytes. */
START_TEST(test_is_clean)
{
    char *environment[] = {NULL};
    struct place place;

    temporary_file("a\033[31m/compose.yaml", "");
    temporary_file("a\033[31m/b/x", "");
    char *because = choose("/a\033[31m/b", environment, true, &place);
    ck_assert_str_eq(because, "Compose: /a\\x1b[31m/compose.yaml, above this directory");
    free(because);
    place_clear(&place);
}
END_TEST

Suite *place_suite(void)
{
    Suite *suite = suite_create("place");
    TCase *tcase = tcase_create("place");

    tcase_add_checked_fixture(tcase, found_setup, found_teardown);
    tcase_add_loop_test(tcase, test_files, 0, COUNT(seen));
    tcase_add_loop_test(tcase, test_directories, 0, COUNT(homes));
    tcase_add_loop_test(tcase, test_directories_of_sources, 0, COUNT(kept));
    tcase_add_loop_test(tcase, test_sources, 0, COUNT(sources));
    tcase_add_test(tcase, test_appsettings_in_a_container);
    tcase_add_test(tcase, test_set_above);
    tcase_add_loop_test(tcase, test_groups, 0, COUNT(groups));
    tcase_add_test(tcase, test_is_clean);
    suite_add_tcase(suite, tcase);
    return suite;
}
