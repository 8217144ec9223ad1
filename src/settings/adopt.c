#include "settings/adopt.h"

#include "base/clock.h"
#include "base/mem.h"
#include "settings/rootpath.h"
#include "settings/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The start of the machine and that of a process are known to a second each. */
enum { CLOCK_SLACK_S = 2 };

/* Of a file that is not there, the directory decides. */
static bool is_seen_from_here(const struct adoption *adoption, const char *path)
{
    const char *here = adoption->discovery->root;
    struct stat st;

    if (strcmp(adoption->root, here) == 0)
        return true;
    if (rootpath_stat(adoption->root, path, &st))
        return rootpath_is_same(adoption->root, path, here, path);
    char *directory = mem_strndup(path, (size_t)(strrchr(path, '/') - path) + 1);
    bool same = rootpath_is_same(adoption->root, directory, here, directory);
    free(directory);
    return same;
}

static void set_note(const struct adoption *adoption, size_t source, const char *path,
                     const char *note)
{
    char *target = rootpath_resolve(adoption->root, path);

    if (target && strcmp(target, path) != 0)
        settings_set_note(adoption->settings, source, "%s%sa link to %s", note ? note : "",
                          note ? "; " : "", target);
    else if (note)
        settings_set_note(adoption->settings, source, "%s", note);
    free(target);
}

size_t adopt_file(const struct adoption *adoption, const char *kind, const char *path,
                  bool is_optional, const char *note)
{
    bool is_here = is_seen_from_here(adoption, path);
    char *shown = rootpath_join(is_here ? adoption->discovery->root : adoption->root, path);
    char *text;
    size_t len, source;

    if (rootpath_read(adoption->root, path, &text, &len))
        source = settings_add_text(adoption->settings, kind, shown, text, len,
                                   adoption->discovery->dotnet_major);
    else
        source = settings_add_unread(adoption->settings, kind, shown, is_optional, errno);
    set_note(adoption, source, path, note);
    free(text);
    free(shown);
    return source;
}

void adopt_check_age(const struct adoption *adoption, size_t source, const char *root,
                     const char *path, const char *effect, const char *restart)
{
    char changed[21], started[21];
    struct stat st;

    if (!adoption->started || !rootpath_stat(root, path, &st) ||
        st.st_mtime <= adoption->started + CLOCK_SLACK_S)
        return;
    clock_format_utc(st.st_mtime, changed);
    clock_format_utc(adoption->started, started);
    settings_add_warning(adoption->settings, "stale-container", "", (int)source, 0,
                         "%s was changed at %s, after process %ld started at %s: %s; %s", path,
                         changed, adoption->pid, started, effect,
                         restart ? restart : adoption->restart);
}

/* .NET takes an optional file in a directory that it may not enter for one that is
 * not there; with a file that it may not read it does not start. */
void adopt_check_access(const struct adoption *adoption, size_t source, const char *path)
{
    const struct identity *identity = adoption->identity;
    char *target = identity ? rootpath_resolve(adoption->root, path) : NULL;
    char *obstacle = target ? identity_find_obstacle(identity, adoption->root, target) : NULL;

    if (obstacle && strcmp(obstacle, target) == 0)
        settings_add_warning(adoption->settings, "unreadable-by-service", "", (int)source, 0,
                             "the platform's user, %s, may not read %s: it does not start with "
                             "that; give the file to a group of that user and chmod g+r",
                             identity->name, target);
    else if (obstacle)
        settings_add_warning(adoption->settings, "unreadable-by-service", "", (int)source, 0,
                             "the platform's user, %s, may not enter %s: it runs without the "
                             "file and does not say so; give the directory to a group of that "
                             "user and chmod g+x",
                             identity->name, obstacle);
    free(obstacle);
    free(target);
}
