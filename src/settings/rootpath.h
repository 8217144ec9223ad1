/* Paths below another root, led where a process that lives there is led:
 * absolute links begin at that root, and ".." does not leave it (chroot(2),
 * path_resolution(7)). The root is that of a container, /proc/PID/root, or the
 * one that stands for "/" in tests; all paths are absolute below it. */
#ifndef SETTINGS_ROOTPATH_H
#define SETTINGS_ROOTPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* The path as it is from here; links are not looked at. The caller frees it. */
char *rootpath_join(const char *root, const char *path);

/* "DIRECTORY/NAME" with one slash, or NAME where that is absolute. The caller
 * frees it. */
char *rootpath_append(const char *directory, const char *name);

/* Where path ends with all links followed, below root as path is; the caller
 * frees it. NULL with errno where it leads nowhere (ENOENT, EACCES, ...) or over
 * more than 40 links (ELOOP). */
char *rootpath_resolve(const char *root, const char *path);

/* file_read and stat(2) of what path leads to; false with errno. */
bool rootpath_read(const char *root, const char *path, char **data, size_t *len);
bool rootpath_stat(const char *root, const char *path, struct stat *st);


/* Whether something is there, be it that we may not look at it. */
bool rootpath_exists(const char *root, const char *path);

/* Whether both paths lead to one and the same file. */
bool rootpath_is_same(const char *root, const char *path, const char *other_root,
                      const char *other_path);

#endif
