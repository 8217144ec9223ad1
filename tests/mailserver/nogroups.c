/* Preloaded into the mail server when an ordinary user runs it: a user
 * namespace of one group refuses setgroups(2), and there is nothing to drop. */
#include <grp.h>

int setgroups(size_t count, const gid_t *groups)
{
    (void)count;
    (void)groups;
    return 0;
}

int initgroups(const char *user, gid_t group)
{
    (void)user;
    (void)group;
    return 0;
}
