/* Where systemd looks for a unit and its drop-ins (systemd.unit(5), "Unit File
 * Load Path"). */
#ifndef SETTINGS_UNITPATH_H
#define SETTINGS_UNITPATH_H

#include <stdbool.h>
#include <stddef.h>

struct unit_paths {
    char **items; /* below the root */
    size_t count;
};

/* The unit's own file in the first directory that has one, or NULL; the caller
 * frees it. */
char *unit_find_file(const char *root, const char *name);

/* Its drop-ins, the "*.conf" of NAME.service.d, of the directories for the parts
 * of the name up to a "-" and of service.d, in the order they are read in: by
 * name. Of those with the same name only the one of the highest precedence is
 * there. */
struct unit_paths unit_find_dropins(const char *root, const char *name);

/* The files that a path of EnvironmentFile= stands for, sorted: those that match
 * where it is a pattern (glob(7)), at most 1000, else the path itself. */
struct unit_paths unit_find_env_files(const char *root, const char *pattern);
void unit_paths_clear(struct unit_paths *paths);

/* Whether the file says that there is to be none: it is empty, or /dev/null. */
bool unit_is_masked(const char *root, const char *path);

#endif
