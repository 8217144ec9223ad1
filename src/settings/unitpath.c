#include "settings/unitpath.h"

#include "base/mem.h"
#include "settings/rootpath.h"

#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* In the order of their precedence. */
static const char *const directories[] = {
    "/etc/systemd/system",     "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system",
};
enum { DIRECTORIES = sizeof directories / sizeof *directories, MAX_FILES = 1000 };

char *unit_find_file(const char *root, const char *name)
{
    for (size_t i = 0; i < DIRECTORIES; i++) {
        char *path = rootpath_append(directories[i], name), *target = rootpath_resolve(root, path);
        bool found = target != NULL;
        free(target);
        if (found)
            return path;
        free(path);
    }
    return NULL;
}

static bool has_name(const struct unit_paths *paths, const char *name)
{
    for (size_t i = 0; i < paths->count; i++)
        if (strcmp(strrchr(paths->items[i], '/') + 1, name) == 0)
            return true;
    return false;
}

static bool is_dropin(const char *name)
{
    size_t n = strlen(name);
    return *name != '.' && n > 5 && strcmp(name + n - 5, ".conf") == 0;
}

static void add_path(struct unit_paths *paths, char *path)
{
    paths->items = mem_grow(paths->items, paths->count, sizeof *paths->items);
    paths->items[paths->count++] = path;
}

/* Adds those of one directory that no directory before it has. */
static void add_dropins(struct unit_paths *paths, const char *root, const char *directory)
{
    char *target = rootpath_resolve(root, directory), *here = NULL;
    DIR *stream = NULL;

    if (target)
        stream = opendir(here = rootpath_join(root, target));
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        if (!is_dropin(entry->d_name) || has_name(paths, entry->d_name) ||
            paths->count >= MAX_FILES)
            continue;
        add_path(paths, rootpath_append(directory, entry->d_name));
    }
    if (stream)
        closedir(stream);
    free(here);
    free(target);
}

/* "a-b.service.d", then "a-.service.d". */
static void add_dropins_of_name(struct unit_paths *paths, const char *root, const char *directory,
                                const char *name)
{
    const char *suffix = strrchr(name, '.');
    int len = (int)(suffix - name);

    while (len > 0) {
        char *path = mem_printf("%s/%.*s%s.d", directory, len, name, suffix);
        add_dropins(paths, root, path);
        free(path);
        for (len--; len > 0 && name[len - 1] != '-';)
            len--;
    }
}

static int compare_names(const void *a, const void *b)
{
    const char *left = *(char *const *)a, *right = *(char *const *)b;

    return strcmp(strrchr(left, '/'), strrchr(right, '/'));
}

struct unit_paths unit_find_dropins(const char *root, const char *name)
{
    struct unit_paths paths = {0};

    for (size_t i = 0; i < DIRECTORIES; i++)
        add_dropins_of_name(&paths, root, directories[i], name);
    for (size_t i = 0; i < DIRECTORIES; i++) {
        char *path = mem_printf("%s/%s.d", directories[i], strrchr(name, '.') + 1);
        add_dropins(&paths, root, path);
        free(path);
    }
    if (paths.count)
        qsort(paths.items, paths.count, sizeof *paths.items, compare_names);
    return paths;
}

struct unit_paths unit_find_env_files(const char *root, const char *pattern)
{
    struct unit_paths paths = {0};
    glob_t matches = {0};

    if (!strpbrk(pattern, "*?[")) {
        add_path(&paths, mem_strdup(pattern));
        return paths;
    }
    char *here = rootpath_join(root, pattern);
    size_t skipped = strlen(here) - strlen(pattern);
    if (glob(here, 0, NULL, &matches) == 0)
        for (size_t i = 0; i < matches.gl_pathc && paths.count < MAX_FILES; i++)
            add_path(&paths, mem_strdup(matches.gl_pathv[i] + skipped));
    globfree(&matches);
    free(here);
    return paths;
}

void unit_paths_clear(struct unit_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->items[i]);
    free(paths->items);
    *paths = (struct unit_paths){0};
}

bool unit_is_masked(const char *root, const char *path)
{
    char *target = rootpath_resolve(root, path);
    struct stat st;
    bool masked = target && (strcmp(target, "/dev/null") == 0 ||
                             (rootpath_stat(root, target, &st) && S_ISREG(st.st_mode) &&
                              st.st_size == 0));

    free(target);
    return masked;
}
