/* Files that discovery found, added as sources with what there is to say on each:
 * where a link leads, whether the running platform has read the file as it is now,
 * and whether its user may read it. */
#ifndef SETTINGS_ADOPT_H
#define SETTINGS_ADOPT_H

#include "settings/discover.h"
#include "settings/identity.h"
#include "settings/launch.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct adoption {
    struct settings *settings;
    const struct discovery *discovery;
    const char *root;                /* where the paths begin (rootpath.h) */
    long pid;                        /* of the platform, where it runs, else 0 */
    time_t started;                  /* when, or 0 */
    const char *restart;             /* what makes it read its files again */
    const struct identity *identity; /* whom it runs as, or NULL */
};

/* Adds the file at path as a source and returns its index. The note, which may be
 * NULL, says how it was found. The source is named by its path from here; where
 * the platform's root is another one that has the same file at the same path,
 * without that root. */
size_t adopt_file(const struct adoption *adoption, const char *kind, const char *path,
                  bool is_optional, const char *note);

/* Adds appsettings.json and the one of the environment from the content root, with
 * all that adopt_check_age and adopt_check_access say; notes what looks as if it
 * were read and is not: names in another case, and the files of /etc/stellaops
 * where the content root is another directory. */
void adopt_appsettings(const struct adoption *adoption, const struct launch *launch);

/* Warns, at a source, where the file at path below root was changed since the
 * platform was started; effect says what that means, restart what to do (NULL: as in
 * adoption). */
void adopt_check_age(const struct adoption *adoption, size_t source, const char *root,
                     const char *path, const char *effect, const char *restart);

/* Warns where the platform's user may not read the source's file at path. */
void adopt_check_access(const struct adoption *adoption, size_t source, const char *path);

#endif
