#include "settings/discover.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/process.h"
#include "settings/source.h"
#include "settings/unitfile.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNIT "stellaops-platform.service"
#define ETC "/etc/stellaops"
#define APPSETTINGS "appsettings.json"
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* One discovery on its way. */
struct finder {
    struct settings *settings;
    const struct discovery *discovery;
    char *root;             /* of the files: "" is / */
    struct process process; /* the platform's, also where it cannot be read; pid 0: none */
    bool is_unreadable;     /* it runs, and what it was started with cannot be read */
    bool has_user;          /* who reads the files for the platform is known: */
    uid_t uid;
    const gid_t *groups;
    size_t ngroups;
    gid_t primary; /* the group of a unit's user */
};

static void warn_if_unread(struct finder *finder, int layer, const struct stat *st)
{
    char changed[21], started[21];

    if (!finder->process.started || st->st_mtime <= finder->process.started)
        return;
    clock_format_utc(st->st_mtime, changed);
    clock_format_utc(finder->process.started, started);
    settings_add_warning(finder->settings, "stale-container", "", layer, 0,
                         "changed at %s, after the platform started at %s: it may run with the "
                         "old values; restart it (Compose: docker compose up -d platform)",
                         changed, started);
}

static void warn_if_forbidden(struct finder *finder, int layer, const struct stat *st)
{
    if (!finder->has_user || process_may_read(finder->uid, finder->groups, finder->ngroups, st))
        return;
    settings_add_warning(finder->settings, "unreadable-by-service", "", layer, 0,
                         "the platform's user (uid %u) may not read it: it does not start, or "
                         "runs without; give its group the right to read",
                         (unsigned)finder->uid);
}

/* Says where a link leads: what is edited there is what counts. */
static void note_link(struct finder *finder, size_t index, const char *path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target - 1);

    if (n <= 0)
        return;
    char *real = realpath(path, NULL);
    if (real)
        settings_set_note(finder->settings, index, "a link to %s", real);
    free(real);
}

/* Adds the file at path below root, with what there is to say about it. */
static bool add_file(struct finder *finder, const char *kind, const char *root, const char *path,
                     bool is_optional)
{
    char *whole = mem_printf("%s%s", root, path);
    size_t index = settings_add_file(finder->settings, kind, whole, is_optional,
                                     finder->discovery->dotnet_major);
    struct stat st;
    bool found = stat(whole, &st) == 0;

    if (found) {
        note_link(finder, index, whole);
        warn_if_unread(finder, (int)index, &st);
        warn_if_forbidden(finder, (int)index, &st);
    }
    free(whole);
    return found;
}

static bool exists(const char *root, const char *path)
{
    char *whole = mem_printf("%s%s", root, path);
    struct stat st;
    bool found = stat(whole, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);

    free(whole);
    return found;
}

/* appsettings.json and that of the environment, of a content root. */
static void add_appsettings(struct finder *finder, const char *root, const char *directory,
                            const char *environment)
{
    const char *slash = strcmp(directory, "/") == 0 ? "" : "/";
    char *common = mem_printf("%s%s" APPSETTINGS, directory, slash);
    char *special = mem_printf("%s%sappsettings.%s.json", directory, slash, environment);

    add_file(finder, "json", root, common, true);
    add_file(finder, "json", root, special, true);
    if (strcmp(directory, ETC) != 0 && exists(root, ETC "/" APPSETTINGS))
        settings_add_note(finder->settings,
                          ETC "/" APPSETTINGS " is there, but the platform runs in %s and does "
                              "not read it unless it is told to",
                          directory);
    free(common);
    free(special);
}

static const char *first_of(const char *a, const char *b, const char *c, const char *otherwise)
{
    return a ? a : b ? b : c ? c : otherwise;
}

/* The host's own settings, highest first: arguments, DOTNET_, ASPNETCORE_. */
static const char *host_setting(const struct process *process, const char *argument,
                                const char *dotnet, const char *aspnetcore, const char *otherwise)
{
    return first_of(process_argument(process, argument), process_variable(process, dotnet),
                    process_variable(process, aspnetcore), otherwise);
}

static void add_process(struct finder *finder)
{
    const struct process *process = &finder->process;
    struct settings *settings = finder->settings;
    const char *content = host_setting(process, "contentRoot", "DOTNET_CONTENTROOT",
                                       "ASPNETCORE_CONTENTROOT", process->directory);
    const char *environment = host_setting(process, "environment", "DOTNET_ENVIRONMENT",
                                           "ASPNETCORE_ENVIRONMENT", "Production");
    char *root = mem_printf("%s%s", finder->root, process->root);
    char *path = mem_printf("%s/proc/%d/environ", finder->root, (int)process->pid);

    add_appsettings(finder, root, content, environment);
    size_t index = settings_add_text(settings, "environ", path, process->environ_block,
                                     process->environ_len, finder->discovery->dotnet_major);
    settings_set_note(settings, index, "the running platform's");
    if (process->cmdline_len > 0) {
        free(path);
        path = mem_printf("%s/proc/%d/cmdline", finder->root, (int)process->pid);
        settings_add_text(settings, "cmdline", path, process->cmdline, process->cmdline_len,
                          finder->discovery->dotnet_major);
    }
    free(root);
    free(path);
}

static bool find_process(struct finder *finder)
{
    struct process *process = &finder->process;
    struct settings *settings = finder->settings;
    size_t others = 0;

    if (!process_find(finder->root, process, &others)) {
        settings_add_note(settings, "No process of the platform runs here (none of the unit " UNIT
                                    ", none whose program begins with stellaops)");
        return false;
    }
    if (process->ngroups > 0) {
        finder->has_user = true;
        finder->uid = process->uid;
        finder->groups = process->groups;
        finder->ngroups = process->ngroups;
    }
    settings_add_note(settings, "Process %d (%s%s) is the platform's; others like it: %zu",
                      (int)process->pid, process->name, process->in_unit ? ", of " UNIT : "",
                      others);
    finder->is_unreadable = !process->environ_block || !process->directory;
    if (finder->is_unreadable) {
        settings_add_note(settings,
                          "Process %d: its environment cannot be read: %s; run as its user or as "
                          "root, or name the sources",
                          (int)process->pid,
                          strerror(process->environ_error ? process->environ_error
                                                          : process->directory_error));
        return false;
    }
    add_process(finder);
    return true;
}

/* The user's line of passwd(5) below root. */
static void find_user(struct finder *finder, const char *name)
{
    char *path = mem_printf("%s/etc/passwd", finder->root), buffer[4096];
    FILE *file = fopen(path, "re");
    struct passwd entry = {0}, *found = NULL;

    free(path);
    if (!file)
        return;
    while (fgetpwent_r(file, &entry, buffer, sizeof buffer, &found) == 0 &&
           strcmp(entry.pw_name, name) != 0)
        found = NULL;
    if (found) {
        finder->has_user = true;
        finder->uid = entry.pw_uid;
        finder->primary = entry.pw_gid;
        finder->groups = &finder->primary;
        finder->ngroups = 1;
    }
    fclose(file);
}

static const char *unit_variable(const struct unit *unit, const char *name, const char *otherwise)
{
    const char *value = otherwise;

    for (size_t i = 0; i < unit->nvariables; i++)
        if (text_fold_equal(unit->variables[i].name, name))
            value = unit->variables[i].value;
    return value;
}

/* One layer for each file that has Environment= lines. */
static void add_unit_variables(struct finder *finder, const struct unit *unit)
{
    const char *path = NULL;
    struct layer *layer = NULL;

    for (size_t i = 0; i < unit->nvariables; i++) {
        const struct unit_variable *variable = &unit->variables[i];
        if (!path || strcmp(path, variable->path) != 0) {
            char *whole = mem_printf("%s%s", finder->root, variable->path);
            layer = settings_add_layer(finder->settings, "unit", whole);
            free(whole);
        }
        path = variable->path;
        layer_put_variable(layer, variable->name, variable->value, variable->line);
    }
}

static void add_envfile(struct finder *finder, const struct unit_envfile *envfile)
{
    char *pattern = mem_printf("%s%s", finder->root, envfile->path);
    size_t root = strlen(finder->root);
    glob_t matches = {0};

    if (glob(pattern, 0, NULL, &matches) == 0)
        for (size_t i = 0; i < matches.gl_pathc; i++)
            add_file(finder, "unit-env-file", finder->root, matches.gl_pathv[i] + root,
                     envfile->is_optional);
    else
        add_file(finder, "unit-env-file", finder->root, envfile->path, envfile->is_optional);
    globfree(&matches);
    free(pattern);
}

static bool find_unit(struct finder *finder)
{
    struct unit unit;

    if (!unit_read(finder->root, UNIT, &unit)) {
        settings_add_note(finder->settings, "There is no unit " UNIT);
        return false;
    }
    settings_add_note(finder->settings, "The unit %s tells what the platform is started with",
                      unit.path);
    if (unit.has_specifiers)
        settings_add_note(finder->settings,
                          "The unit's Environment= has a %% that only systemd can expand: it is "
                          "shown as written");
    if (unit.user && !finder->has_user)
        find_user(finder, unit.user);
    const char *environment = unit_variable(&unit, "ASPNETCORE_ENVIRONMENT", "Production");
    environment = unit_variable(&unit, "DOTNET_ENVIRONMENT", environment);
    const char *content = unit_variable(&unit, "DOTNET_CONTENTROOT",
                                        unit.directory ? unit.directory : "/");
    add_appsettings(finder, finder->root, content, environment);
    add_unit_variables(finder, &unit);
    for (size_t i = 0; i < unit.nenvfiles; i++)
        add_envfile(finder, &unit.envfiles[i]);
    unit_clear(&unit);
    return true;
}

static bool find_etc(struct finder *finder)
{
    static const char *const paths[] = {ETC "/" APPSETTINGS, ETC "/appsettings.Production.json"};
    bool found = false;

    for (size_t i = 0; i < COUNT(paths); i++)
        if (exists(finder->root, paths[i])) {
            add_file(finder, "json", finder->root, paths[i], true);
            found = true;
        }
    settings_add_note(finder->settings,
                      found ? "The files of " ETC " count if the platform runs in that folder"
                            : "There is no " APPSETTINGS " in " ETC);
    return found;
}

static bool find_in_directory(struct finder *finder)
{
    static const char *const names[] = {"compose.yaml", "compose.yml", "docker-compose.yaml",
                                        "docker-compose.yml"};
    const char *directory = finder->discovery->directory;

    for (size_t i = 0; i < COUNT(names); i++) {
        char *path = mem_printf("/%s", names[i]);
        bool found = exists(directory, path) && exists(directory, "/.env");
        free(path);
        if (!found)
            continue;
        add_file(finder, "env-file", directory, "/.env", true);
        settings_add_note(finder->settings,
                          ".env beside %s: a value in it reaches the platform only if that file "
                          "passes it on",
                          names[i]);
        return true;
    }
    if (exists(directory, "/values.yaml")) {
        add_file(finder, "values", directory, "/values.yaml", true);
        settings_add_note(finder->settings, "values.yaml stands in for the pods' environment: the "
                                            "release may have been given other values");
        return true;
    }
    settings_add_note(finder->settings,
                      "There is no compose.yaml with .env, and no values.yaml, in this folder");
    return false;
}

/* It runs with settings of its own: what other places say would be a guess. */
static void add_unreadable_process(struct finder *finder)
{
    char *path = mem_printf("%s/proc/%d/environ", finder->root, (int)finder->process.pid);

    settings_add_file(finder->settings, "environ", path, false, finder->discovery->dotnet_major);
    free(path);
}

void settings_discover(struct settings *settings, const struct discovery *discovery)
{
    struct finder finder = {
        .settings = settings,
        .discovery = discovery,
        .root = mem_strdup(strcmp(discovery->root, "/") == 0 ? "" : discovery->root)};

    if (!find_process(&finder) && !find_unit(&finder)) {
        if (finder.is_unreadable)
            add_unreadable_process(&finder);
        else if (!find_etc(&finder))
            find_in_directory(&finder);
    }
    process_clear(&finder.process);
    free(finder.root);
}
