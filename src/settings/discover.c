#include "settings/discover.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/adopt.h"
#include "settings/envfile.h"
#include "settings/launch.h"
#include "settings/nulblock.h"
#include "settings/process.h"
#include "settings/rootpath.h"
#include "settings/source.h"
#include "settings/unitfile.h"
#include "settings/unitpath.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define UNIT DISCOVER_UNIT
#define ETC DISCOVER_ETC
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char OLD_ENVIRONMENT[] = "its environment is still the old one";

/* One discovery on its way. */
struct finder {
    struct settings *settings;
    const struct discovery *discovery;
    struct process process; /* the platform's, also where it cannot be read; pid 0: none */
    int unreadable;         /* why it cannot be read, as errno's value, or 0 */
    time_t started;         /* of the process; 0: not known */
    struct identity identity;
};

/* How the process is told to read its files again. */
static const char *restart_of(const struct process *process)
{
    if (process->in_unit)
        return "systemctl restart stellaops-platform";
    return process->in_container ? "restart its container" : "restart it";
}

static struct adoption adoption_below(const struct finder *finder, const char *root)
{
    return (struct adoption){.settings = finder->settings,
                             .discovery = finder->discovery,
                             .root = root,
                             .pid = finder->process.pid,
                             .started = finder->started,
                             .restart = restart_of(&finder->process),
                             .identity = finder->identity.name ? &finder->identity : NULL};
}

char *discover_compose_file(const char *root, const char *directory)
{
    static const char *const names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                        "docker-compose.yaml"};

    for (size_t i = 0; i < COUNT(names); i++) {
        char *path = rootpath_append(directory, names[i]);
        if (rootpath_exists(root, path))
            return path;
        free(path);
    }
    return NULL;
}

static void check_compose_age(const struct adoption *adoption, size_t source)
{
    const struct discovery *discovery = adoption->discovery;
    char *compose = discover_compose_file(discovery->root, discovery->directory);
    char *variables = rootpath_append(discovery->directory, ".env");
    static const char restart[] = "docker compose up -d renews it, docker compose restart does not";

    if (compose) {
        adopt_check_age(adoption, source, discovery->root, compose, OLD_ENVIRONMENT, restart);
        adopt_check_age(adoption, source, discovery->root, variables, OLD_ENVIRONMENT, restart);
    }
    free(variables);
    free(compose);
}

static void check_unit_age(const struct adoption *adoption, size_t source, const struct unit *unit)
{
    const char *root = adoption->discovery->root;

    for (size_t i = 0; i < unit->nfiles; i++)
        adopt_check_age(adoption, source, root, unit->files[i], OLD_ENVIRONMENT,
                        "systemctl daemon-reload, then systemctl restart stellaops-platform");
    for (size_t i = 0; i < unit->nenv_files; i++) {
        struct unit_paths files = unit_find_env_files(root, unit->env_files[i].path);
        for (size_t j = 0; j < files.count; j++)
            adopt_check_age(adoption, source, root, files.items[j], OLD_ENVIRONMENT, NULL);
        unit_paths_clear(&files);
    }
}

/* The running process's environment is what counts, but its files may say more by now. */
static void check_environment_age(const struct finder *finder, const struct adoption *adoption,
                                  size_t source)
{
    struct unit unit;

    if (finder->process.in_container)
        check_compose_age(adoption, source);
    if (finder->process.in_unit &&
        unit_read(&unit, finder->discovery->root, UNIT, NULL, NULL, NULL)) {
        check_unit_age(adoption, source, &unit);
        unit_clear(&unit);
    }
}

static size_t add_process_text(const struct finder *finder, const char *kind, const char *name,
                               const char *text, size_t len)
{
    char *path = rootpath_append(finder->process.directory, name);
    size_t source = settings_add_text(finder->settings, kind, path, text, len,
                                      finder->discovery->dotnet_major);

    settings_set_note(finder->settings, source, "of the running platform");
    free(path);
    return source;
}

static void add_process(const struct finder *finder, struct launch *launch, const char *environment,
                        size_t len)
{
    const struct adoption adoption = adoption_below(finder, launch->root);

    adopt_appsettings(&adoption, launch);
    size_t source = add_process_text(finder, "environ", "environ", environment, len);
    check_environment_age(finder, &adoption, source);
    if (launch->arguments.len)
        add_process_text(finder, "cmdline", "cmdline", launch->arguments.data,
                         launch->arguments.len);
}

/* False with errno where its working directory or its arguments cannot be read. */
static bool read_launch(const struct finder *finder, struct launch *launch)
{
    const struct process *process = &finder->process;
    char *command;
    size_t len;

    launch->directory = process_read_link(process, "cwd");
    if (!launch->directory || !process_read(process, "cmdline", &command, &len, NULL))
        return false;
    launch->root = process_find_root(process, finder->discovery->root);
    launch_put_command(launch, command, len);
    free(command);
    return true;
}

static bool note_unreadable(struct finder *finder, const char *what, int number)
{
    finder->unreadable = number;
    settings_add_note(finder->settings,
                      "Process %ld: its %s cannot be read: %s; run as its user or as root, or "
                      "name the sources",
                      finder->process.pid, what, file_reason(number));
    return false;
}

static bool use_process(struct finder *finder, struct launch *launch)
{
    char *environment;
    size_t len;

    if (!process_read(&finder->process, "environ", &environment, &len, NULL))
        return note_unreadable(finder, "environment", errno);
    bool ok = read_launch(finder, launch);
    if (ok) {
        nulblock_read_environ(environment, len, launch_put_variable, launch);
        add_process(finder, launch, environment, len);
    } else {
        note_unreadable(finder, "working directory", errno);
    }
    free(environment);
    return ok;
}

static bool find_process(struct finder *finder)
{
    struct process *process = &finder->process;
    struct settings *settings = finder->settings;
    const char *root = finder->discovery->root;
    struct launch launch = {0};
    bool all;
    bool found = process_find(process, root, UNIT, &all);

    if (!all)
        settings_add_note(settings, "Only the first %d processes were looked at",
                          PROCESS_MAX_SCANNED);
    if (!found) {
        settings_add_note(settings, "No process of the platform runs here (none of the unit " UNIT
                                    ", none whose program begins with stellaops)");
        return false;
    }
    settings_add_note(settings, "Process %ld (%s%s) is the platform's; others like it: %zu",
                      process->pid, process->name, process->in_unit ? ", of " UNIT : "",
                      process->nothers);
    if (!process_find_start(process, root, &finder->started))
        finder->started = 0;
    process_find_identity(process, root, &finder->identity);
    bool used = use_process(finder, &launch);
    launch_clear(&launch);
    return used;
}

static void put_line_variable(void *launch, const char *name, const char *value, int line)
{
    (void)line;
    launch_put_variable(launch, name, value);
}

/* The environment of the service decides on the appsettings, so all of it comes first. */
static void read_unit_environment(const struct unit *unit, struct launch *launch)
{
    char *text;
    size_t len;

    for (size_t i = 0; i < unit->nvariables; i++)
        launch_put_variable(launch, unit->variables[i].name, unit->variables[i].value);
    for (size_t i = 0; i < unit->nenv_files; i++) {
        struct unit_paths files = unit_find_env_files(launch->root, unit->env_files[i].path);
        for (size_t j = 0; j < files.count; j++) {
            if (rootpath_read(launch->root, files.items[j], &text, &len))
                envfile_read(ENVFILE_SYSTEMD, text, len, NULL, NULL, put_line_variable, launch,
                             NULL);
            free(text);
        }
        unit_paths_clear(&files);
    }
}

/* One layer for each file that has Environment= lines. */
static void add_unit_variables(const struct adoption *adoption, const struct unit *unit)
{
    struct layer *layer = NULL;

    for (size_t i = 0; i < unit->nvariables; i++) {
        const struct unit_variable *variable = &unit->variables[i];
        if (i == 0 || variable->file != variable[-1].file) {
            char *path = rootpath_join(adoption->root, unit->files[variable->file]);
            layer = settings_add_layer(adoption->settings, "unit", path);
            free(path);
        }
        layer_put_variable(layer, variable->name, variable->value, variable->line);
    }
}

/* systemd reads them as root, whoever the service runs as. */
static void add_env_files(const struct adoption *adoption, const struct unit_env_file *env_file)
{
    struct unit_paths files = unit_find_env_files(adoption->root, env_file->path);

    for (size_t i = 0; i < files.count; i++) {
        size_t source = adopt_file(adoption, "unit-env-file", files.items[i],
                                   env_file->is_optional, NULL);
        adopt_check_age(adoption, source, adoption->root, files.items[i], OLD_ENVIRONMENT, NULL);
    }
    if (files.count == 0)
        adopt_file(adoption, "unit-env-file", env_file->path, env_file->is_optional, NULL);
    unit_paths_clear(&files);
}

static void add_unit(const struct adoption *adoption, const struct unit *unit,
                     struct launch *launch)
{
    adopt_appsettings(adoption, launch);
    add_unit_variables(adoption, unit);
    for (size_t i = 0; i < unit->nenv_files; i++)
        add_env_files(adoption, &unit->env_files[i]);
    if (launch->arguments.len) {
        char *path = rootpath_join(adoption->root, unit->files[unit->command_file]);
        settings_add_text(adoption->settings, "cmdline", path, launch->arguments.data,
                          launch->arguments.len, adoption->discovery->dotnet_major);
        free(path);
    }
}

/* Whom the unit runs as, where no process of it tells. */
static void find_unit_user(struct finder *finder, const struct unit *unit)
{
    const char *user = unit->user ? unit->user : "root";

    if (unit->is_user_dynamic || (finder->process.in_unit && finder->identity.name))
        return;
    identity_clear(&finder->identity);
    if (!identity_of_account(&finder->identity, finder->discovery->root, user, unit->group,
                             unit->groups) && unit->user)
        settings_add_note(finder->settings,
                          "The user or group of the unit is not in /etc/passwd and /etc/group: "
                          "whether it may read the files is not known");
}

static char *find_unit_directory(const struct finder *finder, const struct unit *unit)
{
    struct identity identity = {0};

    if (!unit->directory || strcmp(unit->directory, "~") != 0)
        return mem_strdup(unit->directory ? unit->directory : "/");
    if (!unit->user || !identity_of_account(&identity, finder->discovery->root, unit->user, NULL,
                                            NULL))
        return mem_strdup("/root");
    char *home = mem_strdup(identity.home);
    identity_clear(&identity);
    return home;
}

static void use_unit(struct finder *finder, const struct unit *unit)
{
    const char *root = finder->discovery->root;
    struct launch launch = {.root = mem_strdup(root),
                            .directory = find_unit_directory(finder, unit)};

    settings_add_note(finder->settings, "The unit %s tells what the platform is started with",
                      unit->files[0]);
    find_unit_user(finder, unit);
    if (unit->command.len)
        launch_put_command(&launch, unit->command.data, unit->command.len);
    read_unit_environment(unit, &launch);
    struct adoption adoption = adoption_below(finder, root);
    if (!finder->process.in_unit)
        adoption.started = 0;
    add_unit(&adoption, unit, &launch);
    launch_clear(&launch);
}

static void add_note(void *settings, const char *note)
{
    settings_add_note(settings, "%s", note);
}

static bool find_unit(struct finder *finder)
{
    struct settings *settings = finder->settings;
    struct error err = {0};
    struct unit unit;

    if (!unit_read(&unit, finder->discovery->root, UNIT, add_note, settings, &err)) {
        settings_add_note(settings, "%s", *err.text ? err.text : "There is no unit " UNIT);
        return false;
    }
    use_unit(finder, &unit);
    unit_clear(&unit);
    return true;
}

static bool find_etc(struct finder *finder)
{
    static const char *const paths[] = {ETC "/appsettings.json",
                                        ETC "/appsettings.Production.json"};
    const char *root = finder->discovery->root;
    struct adoption adoption = adoption_below(finder, root);
    bool found = false;

    for (size_t i = 0; i < COUNT(paths); i++)
        if (rootpath_exists(root, paths[i])) {
            adopt_file(&adoption, "json", paths[i], true, NULL);
            found = true;
        }
    settings_add_note(finder->settings, "%s",
                      found ? "The files of " ETC " count if the platform runs in that folder"
                            : "There is no appsettings.json in " ETC);
    return found;
}

/* Adds a file of the working directory, if it is there. */
static bool add_local(const struct finder *finder, const char *kind, const char *name)
{
    const char *root = finder->discovery->root;
    struct adoption adoption = adoption_below(finder, root);
    char *path = rootpath_append(finder->discovery->directory, name);
    bool found = rootpath_exists(root, path);

    if (found)
        adopt_file(&adoption, kind, path, true, NULL);
    free(path);
    return found;
}

static bool find_compose(const struct finder *finder)
{
    char *compose = discover_compose_file(finder->discovery->root,
                                          finder->discovery->directory);
    bool found = compose && add_local(finder, "env-file", ".env");

    if (found)
        settings_add_note(finder->settings,
                          ".env beside %s: a value in it reaches the platform only if that file "
                          "passes it on",
                          strrchr(compose, '/') + 1);
    free(compose);
    return found;
}

static void find_values(const struct finder *finder)
{
    bool found = add_local(finder, "values", "values.yaml");

    settings_add_note(finder->settings, "%s",
                      found ? "values.yaml stands in for the pods' environment: the release may "
                              "have been given other values"
                            : "There is no compose.yaml with .env, and no values.yaml, in this "
                              "folder");
}

/* It runs with settings of its own: what other places say would be a guess. */
static void add_unreadable_process(const struct finder *finder)
{
    char *path = rootpath_append(finder->process.directory, "environ");

    settings_add_unread(finder->settings, "environ", path, false, finder->unreadable);
    free(path);
}

void settings_discover(struct settings *settings, const struct discovery *discovery)
{
    struct finder finder = {.settings = settings, .discovery = discovery};

    if (!find_process(&finder) && !find_unit(&finder)) {
        if (finder.unreadable)
            add_unreadable_process(&finder);
        else if (!find_etc(&finder) && !find_compose(&finder))
            find_values(&finder);
    }
    process_clear(&finder.process);
    identity_clear(&finder.identity);
}
