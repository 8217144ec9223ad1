/* A file that is replaced as a whole or not at all: readers see the old one or
 * the new one, never a half. */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

struct output;

/* Opens a temporary file in the directory of path, so that what cannot be
 * written is known before there is anything to write. Links are followed.
 * NULL with err, which starts with the path: also where path is there and is no
 * regular file. End it with output_commit or output_discard. */
struct output *output_open(const char *path, struct error *err);

/* Where to write to. */
FILE *output_stream(const struct output *output);

/* Puts what was written into path's place, on the disk too (fsync(2), rename(2)).
 * Mode and owner stay those of the file that was there; a new file gets 0644
 * without what the umask takes. False with err where anything could not be
 * written; then path is as it was. Frees output in either case. */
bool output_commit(struct output *output, struct error *err);

/* Leaves path as it was, and frees; NULL is allowed. */
void output_discard(struct output *output);

#endif
