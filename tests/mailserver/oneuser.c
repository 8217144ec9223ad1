/* Preloaded into a mail server where an ordinary user runs it: a user namespace of one
 * user and one group refuses setgroups(2) and has no other to change to. The server is
 * told that it changed, and stays who it is. */
#include <grp.h>
#include <unistd.h>

static uid_t told; /* 0, as that user has there, until it changes */

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

int setgid(gid_t group)
{
    (void)group;
    return 0;
}

int setegid(gid_t group)
{
    (void)group;
    return 0;
}

int setuid(uid_t user)
{
    told = user;
    return 0;
}

int seteuid(uid_t user)
{
    told = user;
    return 0;
}

uid_t getuid(void)
{
    return told;
}

uid_t geteuid(void)
{
    return told;
}
