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

/* Removes its folder as well, unless it is the newest: its name must not be taken again. */
void undo_discard(struct undo *undo);

enum undo_state {
    UNDO_SAME,    /* the file is as it was: nothing to put back */
    UNDO_CHANGED, /* it is as the step left it */
    UNDO_EDITED   /* it changed since, is no regular file any more, cannot be read, or the
                   * step did not end */
};
enum undo_state undo_look(const struct undo *undo);

/* What there is to say of a file that was put back. The caller frees the strings. */
struct undo_told {
    char *replaced; /* where what was there instead is kept now, or NULL */
    char *lost;     /* what could not be put back with it, one line, or NULL */
};

/* Puts the file back with its mode and owner, as a whole or not at all; removes it where
 * there was none. In UNDO_EDITED only if forced, and never where something else than a
 * regular file is in its place. What was there is then kept beside it, under the first name
 * of "FILE.replaced", "FILE.replaced-2", ... that is free, as a whole, with its mode and
 * owner as far as this user may give them, and for its owner alone where it had an access
 * control list; where it cannot be kept nothing is put back. False with err, and the file as
 * it was. */
bool undo_restore(const struct undo *undo, bool forced, struct undo_told *told,
                  struct error *err);

#endif
