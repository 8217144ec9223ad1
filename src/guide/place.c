#include "guide/place.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/discover.h"
#include "settings/process.h"
#include "settings/rootpath.h"
#include "settings/unitfile.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const names[] = {
    [PLATFORM_COMPOSE] = "Compose", [PLATFORM_SYSTEMD] = "systemd", [PLATFORM_HELM] = "Helm"};

/* What a sign says beside its text. */
struct sight {
    enum platform platform;
    char *directory; /* owned: the project's, where the sign names one, or NULL */
};

/* What a kind of source is a file of, or PLATFORMS. */
static enum platform platform_of_kind(const char *kind)
{
    static const struct {
        const char *kind;
        enum platform platform;
    } kinds[] = {{"values", PLATFORM_HELM},
                 {"env-file", PLATFORM_COMPOSE},
                 {"docker-env-file", PLATFORM_COMPOSE},
                 {"unit", PLATFORM_SYSTEMD},
                 {"unit-env-file", PLATFORM_SYSTEMD}};

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].platform;
    return PLATFORMS;
}

/* The source that host or URL are set in, or NULL. */
static const struct source *deciding_source(const struct place_options *options)
{
    int layer = options->target ? options->target->host_layer : -1;

    return layer < 0 ? NULL : settings_source(options->settings, (size_t)layer);
}

/* "Smtp:Host is set in values.yaml:3". */
static char *describe_decision(const struct target *target)
{
    return mem_printf("%s is set in %s", target->tried[0].key, target->tried[0].source);
}

static bool has_file(const char *root, const char *directory, const char *name)
{
    char *path = rootpath_append(directory, name);
    bool exists = rootpath_exists(root, path);

    free(path);
    return exists;
}

/* The project that a settings file is part of: that of values.yaml, but for the chart's
 * own, of .env, and of a Compose file beside an env file; the caller frees it. NULL where
 * it is part of none. */
static char *find_project(const struct source *source, enum platform platform)
{
    const char *slash = strrchr(source->path, '/'), *name = slash ? slash + 1 : source->path;
    char *parent = slash ? mem_strndup(source->path, (size_t)(slash + 1 - source->path))
                         : mem_strdup(".");
    char *directory = realpath(parent, NULL), *compose = NULL;
    bool is_project = strcmp(name, platform == PLATFORM_HELM ? "values.yaml" : ".env") == 0;

    if (directory && platform == PLATFORM_COMPOSE) {
        compose = discover_compose_file("/", directory);
        is_project |= compose != NULL;
    } else if (directory) {
        is_project &= !has_file("/", directory, "Chart.yaml");
    }
    if (!is_project) {
        free(directory);
        directory = NULL;
    }
    free(compose);
    free(parent);
    return directory;
}

static char *look_at_sources(const struct place_options *options, struct sight *sight)
{
    const struct source *decided = deciding_source(options);

    if (decided && (sight->platform = platform_of_kind(decided->kind)) != PLATFORMS) {
        sight->directory = find_project(decided, sight->platform);
        return describe_decision(options->target);
    }
    for (size_t i = settings_source_count(options->settings); i-- > 0;) {
        const struct source *source = settings_source(options->settings, i);
        sight->platform = platform_of_kind(source->kind);
        if (source->status == SOURCE_OK && sight->platform != PLATFORMS) {
            sight->directory = find_project(source, sight->platform);
            return mem_printf("%s is among the sources, but decides no host", source->path);
        }
    }
    return NULL;
}

/* What /proc/PID/cgroup says of the process whose environment is a source, also where
 * that itself cannot be read. The caller frees it; NULL where there is none. */
static char *read_groups(const struct settings *settings)
{
    static const char suffix[] = "/environ";
    char *groups = NULL;
    size_t len;

    for (size_t i = settings_source_count(settings); i-- > 0 && !groups;) {
        const struct source *source = settings_source(settings, i);
        size_t n = source->path ? strlen(source->path) : 0;
        if (n < sizeof suffix || strcmp(source->path + n - sizeof suffix + 1, suffix) != 0)
            continue;
        char *path = mem_printf("%.*s/cgroup", (int)(n - sizeof suffix + 1), source->path);
        file_read(path, &groups, &len, NULL);
        free(path);
    }
    return groups;
}

static char *look_at_process(const struct place_options *options, struct sight *sight)
{
    char *groups = read_groups(options->settings);
    const char *where = NULL;

    if (groups && strstr(groups, "kubepods")) {
        sight->platform = PLATFORM_HELM;
        where = "a pod";
    } else if (groups && process_is_in_container(groups)) {
        sight->platform = PLATFORM_COMPOSE;
        where = "a container";
    } else if (groups && process_is_in_unit(groups, DISCOVER_UNIT)) {
        sight->platform = PLATFORM_SYSTEMD;
        where = "the unit " DISCOVER_UNIT;
    }
    free(groups);
    return where ? mem_printf("the platform runs in %s", where) : NULL;
}

/* The name of the first variable that begins so, and has a value, as "NAME is set". */
static char *find_variable(char *const *environment, const char *prefix)
{
    for (; *environment; environment++) {
        size_t len = strcspn(*environment, "=");
        if (strncmp(*environment, prefix, strlen(prefix)) == 0 && (*environment)[len] &&
            (*environment)[len + 1])
            return mem_printf("%.*s is set", (int)len, *environment);
    }
    return NULL;
}

static char *look_for_pod(const struct place_options *options, struct sight *sight)
{
    sight->platform = PLATFORM_HELM;
    return find_variable(options->environment, "KUBERNETES_SERVICE_HOST=");
}

static bool starts_containers(const char *program)
{
    const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;

    return strncmp(name, "docker", strlen("docker")) == 0 ||
           strncmp(name, "podman", strlen("podman")) == 0;
}

/* Where the unit starts Compose; the caller frees it. NULL: not in a project. */
static char *find_unit_project(const struct place_options *options, const struct unit *unit)
{
    char *directory = unit->directory && *unit->directory == '/' ? unit->directory : NULL;
    char *compose = directory ? discover_compose_file(options->root, directory) : NULL;

    free(compose);
    return compose ? mem_strdup(directory) : NULL;
}

static char *look_for_unit(const struct place_options *options, struct sight *sight)
{
    struct unit unit;

    if (!unit_read(&unit, options->root, DISCOVER_UNIT, NULL, NULL, NULL))
        return NULL;
    char *text;
    if (unit.command.len && starts_containers(unit.command.data)) {
        sight->platform = PLATFORM_COMPOSE;
        sight->directory = find_unit_project(options, &unit);
        text = mem_printf("%s starts %s", unit.files[0], unit.command.data);
    } else {
        sight->platform = PLATFORM_SYSTEMD;
        text = mem_printf("%s is there", unit.files[0]);
    }
    unit_clear(&unit);
    return text;
}

static bool is_container(const struct place_options *options)
{
    return rootpath_exists(options->root, "/.dockerenv") ||
           rootpath_exists(options->root, "/run/.containerenv");
}

/* In a container, and below the /proc/PID/root of one, files are part of its image, and
 * the way to change them is another. */
static char *look_at_appsettings(const struct place_options *options, struct sight *sight)
{
    const struct source *source = deciding_source(options);

    sight->platform = PLATFORM_SYSTEMD;
    if (!source || strcmp(source->kind, "json") != 0 || strstr(source->path, "/proc/") ||
        is_container(options))
        return NULL;
    return describe_decision(options->target);
}

static char *look_for_compose(const struct place_options *options, struct sight *sight)
{
    char *directory = mem_strdup(options->directory), *file, *slash, *text = NULL;

    sight->platform = PLATFORM_COMPOSE;
    while (!(file = discover_compose_file(options->root, directory)) &&
           (slash = strrchr(directory, '/')))
        *slash = '\0';
    if (file) {
        bool here = strcmp(directory, options->directory) == 0;
        text = here ? mem_printf("%s in this directory", strrchr(file, '/') + 1)
                    : mem_printf("%s, above this directory", file);
        sight->directory = mem_strdup(*directory ? directory : "/");
    }
    free(file);
    free(directory);
    return text;
}

/* The first of the files that is in the directory, as "NAME in this directory". */
static char *look_for_chart(const struct place_options *options, struct sight *sight)
{
    static const char *const files[] = {"Chart.yaml", "chart/Chart.yaml", "values.yaml"};

    sight->platform = PLATFORM_HELM;
    for (size_t i = 0; i < COUNT(files); i++) {
        if (has_file(options->root, options->directory, files[i])) {
            sight->directory = mem_strdup(options->directory);
            return mem_printf("%s in this directory", files[i]);
        }
    }
    return NULL;
}

static char *look_into_etc(const struct place_options *options, struct sight *sight)
{
    static const char *const files[] = {DISCOVER_ETC "/appsettings.Production.json",
                                        DISCOVER_ETC "/appsettings.json"};

    sight->platform = PLATFORM_SYSTEMD;
    for (size_t i = 0; i < COUNT(files) && !is_container(options); i++)
        if (rootpath_exists(options->root, files[i]))
            return mem_printf("%s is there", files[i]);
    return NULL;
}

static char *look_for_helm(const struct place_options *options, struct sight *sight)
{
    char *text = find_variable(options->environment, "HELM_");

    sight->platform = PLATFORM_HELM;
    return text ? text : find_variable(options->environment, "KUBECONFIG=");
}

/* What runs in it may be the platform, or only the engineer's tools. */
static char *look_for_container(const struct place_options *options, struct sight *sight)
{
    sight->platform = PLATFORM_COMPOSE;
    return is_container(options) ? mem_strdup("this is a container") : NULL;
}

enum strength { HINT, SIGN, PROOF };

/* In the order they count. Each returns what it saw, which the caller frees, or NULL. */
static const struct {
    char *(*look)(const struct place_options *options, struct sight *sight);
    enum strength strength;
} signs[] = {
    {look_at_sources, PROOF},   {look_at_process, PROOF}, {look_for_pod, PROOF},
    {look_for_unit, SIGN},      {look_at_appsettings, SIGN}, {look_for_compose, SIGN},
    {look_for_chart, SIGN},     {look_into_etc, HINT},    {look_for_helm, HINT},
    {look_for_container, HINT},
};

/* The best sign for a platform, and the first directory that one names. */
struct seen {
    char *text; /* NULL: none */
    char *directory;
    enum strength strength;
};

static void take_sign(struct seen *seen, char *text, char *directory, enum strength strength)
{
    if (!seen->text) {
        seen->text = text;
        seen->strength = strength;
    } else {
        free(text);
    }
    if (!seen->directory)
        seen->directory = directory;
    else
        free(directory);
}

/* Returns the platform of the first sign, or PLATFORMS. */
static enum platform look_around(const struct place_options *options, struct seen *seen)
{
    enum platform first = PLATFORMS;

    for (size_t i = 0; i < COUNT(signs); i++) {
        struct sight sight = {.platform = PLATFORMS};
        char *text = signs[i].look(options, &sight);
        if (!text)
            continue;
        if (first == PLATFORMS)
            first = sight.platform;
        take_sign(&seen[sight.platform], text, sight.directory, signs[i].strength);
    }
    return first;
}

static void choose(struct place *place, enum platform chosen, const struct seen *seen)
{
    struct buf text = {0};
    const char *lead = "; also seen: ";

    place->platform = chosen;
    place->certain = seen[chosen].strength > HINT;
    buf_printf(&text, "%s: %s", names[chosen], seen[chosen].text);
    for (enum platform other = 0; other < PLATFORMS; other++) {
        if (other == chosen || !seen[other].text)
            continue;
        place->certain &= seen[other].strength < seen[chosen].strength;
        buf_printf(&text, "%s%s (%s)", lead, seen[other].text, names[other]);
        lead = ", ";
    }
    place->because = text_sanitise(text.data, text.len, TEXT_ONE_LINE);
    buf_clear(&text);
}

/* Takes directory over; that we are in already needs no word. */
static void keep_directory(char **kept, char *directory, const struct place_options *options)
{
    bool is_elsewhere = directory && strcmp(directory, options->directory) != 0;

    *kept = is_elsewhere ? directory : NULL;
    if (!is_elsewhere)
        free(directory);
}

void place_choose(struct place *place, const struct place_options *options)
{
    struct seen seen[PLATFORMS] = {0};
    enum platform chosen = look_around(options, seen);

    *place = (struct place){.platform = PLATFORM_COMPOSE};
    if (chosen == PLATFORMS)
        place->because = mem_strdup("No sign of a platform");
    else
        choose(place, chosen, seen);
    for (enum platform platform = 0; platform < PLATFORMS; platform++) {
        free(seen[platform].text);
        keep_directory(&place->directories[platform], seen[platform].directory, options);
    }
}

void place_clear(struct place *place)
{
    free(place->because);
    for (enum platform platform = 0; platform < PLATFORMS; platform++)
        free(place->directories[platform]);
    *place = (struct place){0};
}
