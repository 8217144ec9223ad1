/* Copies of the files that steps are about to change, to be put back where the fix did
 * not help. Each copy has a folder of its own, which outlives the program. */
#ifndef GUIDE_UNDO_H
#define GUIDE_UNDO_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { UNDO_COPIES = 32 };

/* What a file is like. All zero: there is none. */
struct undo_mark {
    bool exists, has_access_list; /* acl(5) */
    mode_t mode;                  /* permissions */
    uid_t owner;
    gid_t group;
    uint64_t digest; /* of its bytes: to see changes, not to stop a forger */
};

/* Zeroed is empty; undo_clear frees what it holds, and leaves the copy. */
struct undo {
    char *path;   /* of the file, absolute, without links */
    char *folder; /* "DIRECTORY/000007": of its "copy", which people can use as well */
    struct undo_mark before, after;
    bool ended; /* the step has ended, and after is known */
};

/* Copies the regular file at path, of at most 16 MiB (FILE_LIMIT_BYTES), into a new
 * folder in directory ($XDG_STATE_HOME/stella/doctor/undo; made where it is missing, 0700,
 * the copy 0600). A link is followed, and is kept. Of a file that is not there just that
 * is remembered. The oldest folders go where there are more than UNDO_COPIES. False with
 * err where there is no copy; the step may still be run, but not undone here. */
bool undo_keep(struct undo *undo, const char *path, const char *directory, struct error *err);

/* Call it when the step has ended: from here on, changes are somebody else's. False with
 * err where that cannot be written down; undo_look then says UNDO_EDITED. */
bool undo_end(struct undo *undo, struct error *err);

/* Opens a folder again, after the program was closed. False with err where it is gone or
 * was never finished. */
bool undo_open(struct undo *undo, const char *folder, struct error *err);
void undo_clear(struct undo *undo);

enum undo_state {
    UNDO_SAME,    /* the file is as it was: nothing to put back */
    UNDO_CHANGED, /* it is as the step left it */
    UNDO_EDITED   /* it changed since, is no regular file any more, cannot be read, or the
                   * step did not end */
};
enum undo_state undo_look(const struct undo *undo);

/* Puts the file back with its mode and owner, as a whole or not at all; removes it where
 * there was none. In UNDO_EDITED only if forced, and never where something else than a
 * regular file is in its place. False with err, and the file as it was. *lost is what
 * could not be put back with it, or NULL: one line for the engineer, who frees it. */
bool undo_restore(const struct undo *undo, bool forced, char **lost, struct error *err);

#endif
