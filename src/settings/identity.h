/* Whom a service runs as, and whether that user may read a file. */
#ifndef SETTINGS_IDENTITY_H
#define SETTINGS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Zeroed is empty; identity_clear frees what it holds. */
struct identity {
    char *name; /* clean: "stellaops", or "uid 998" */
    char *home; /* its directory; NULL where only a process told */
    uid_t uid;
    gid_t *gids; /* the primary one first */
    size_t ngids;
    bool is_exempt; /* modes do not bind it: root's capabilities (capabilities(7)) */
};

void identity_clear(struct identity *identity);

/* Of a running process, from the text of /proc/PID/status (proc(5)); root is
 * where its user's name is looked up in /etc/passwd. False where the text does
 * not tell. */
bool identity_of_status(struct identity *identity, const char *root, const char *status);

/* Of a unit: user and group as User= and Group= name them (names or numbers;
 * group may be NULL), groups the words of SupplementaryGroups= (NULL: none), all
 * looked up in /etc/passwd and /etc/group below root. False where they do not
 * name a user or group, who may be known elsewhere (LDAP, DynamicUser=). */
bool identity_of_account(struct identity *identity, const char *root, const char *user,
                         const char *group, const char *groups);

/* The first directory on the way to path (absolute, without links, below root)
 * that the identity may not enter, else the file if it may not read it, by their
 * modes; the caller frees it. NULL where it may, or where an ACL or errno keeps
 * us from telling. */
char *identity_find_obstacle(const struct identity *identity, const char *root, const char *path);

#endif
