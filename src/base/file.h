/* Reading whole files that other people wrote. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { FILE_LIMIT_BYTES = 16 * 1024 * 1024 };

/* Reads the regular file at path (links are followed) into *data, closed with
 * a NUL, and *len. A FIFO, device or directory is refused, and opening never
 * blocks; so is a file over FILE_LIMIT_BYTES. The caller frees *data.
 * On failure false, *data is NULL, errno tells why (EINVAL: not a regular
 * file, EFBIG: over the limit) and err starts with the path. */
bool file_read(const char *path, char **data, size_t *len, struct error *err);

/* What errno's value after file_read means, as a phrase. */
const char *file_reason(int number);

#endif
