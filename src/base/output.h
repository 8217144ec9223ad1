/* A file that is replaced as a whole or not at all: readers see the old one or
 * the new one, never a half. */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

struct output;

/* Opens a temporary file in the directory of path, so that what cannot be
 * written is known before there is anything to write. Links are followed.
 * NULL with err, which starts with the path: also where path is there and is no
 * regular file. End it with output_commit or output_discard. */
struct output *output_open(const char *path, struct error *err);

/* The same, with the mode and owner of like whatever is there: st_mode's permissions,
 * st_uid and st_gid, as far as this user may give them. */
struct output *output_open_like(const char *path, const struct stat *like, struct error *err);

/* Where to write to. */
FILE *output_stream(const struct output *output);

/* Puts what was written into path's place, on the disk too (fsync(2), rename(2)).
 * Mode, owner and access control list stay those of the file that was there, as far as
 * this user may give them; a new file gets 0644 without what the umask takes. False with
 * err where anything could not be written; then path is as it was. Frees output in either
 * case. */
bool output_commit(struct output *output, struct error *err);

/* Leaves path as it was, and frees; NULL is allowed. */
void output_discard(struct output *output);

#endif
