/* Reading whole files that other people wrote, and directories to keep our own in. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum { FILE_LIMIT_BYTES = 16 * 1024 * 1024 };

/* Reads the regular file at path (links are followed) into *data, closed with
 * a NUL, and *len. A FIFO, device or directory is refused, and opening never
 * blocks; so is a file over FILE_LIMIT_BYTES. The caller frees *data.
 * On failure false, *data is NULL, errno tells why (EINVAL: not a regular
 * file, EFBIG: over the limit) and err starts with the path. */
bool file_read(const char *path, char **data, size_t *len, struct error *err);

/* The same, with *st being that of the file that was read. */
bool file_read_status(const char *path, char **data, size_t *len, struct stat *st,
                      struct error *err);

/* Makes the directory at path, which is not empty, and those above it that are missing,
 * for this user alone (0700). One that is there stays as it is. False with err, which
 * starts with the path, and errno: both say what failed first. */
bool file_make_directory(const char *path, struct error *err);

/* Has on the disk which names the directory holds (fsync(2)): what was made, renamed or
 * removed in it. It is no failure where a file system cannot do that. */
void file_sync_directory(const char *path);

/* What errno's value after file_read means, as a phrase. */
const char *file_reason(int number);

#endif
