#include "settings/identity.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/rootpath.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

void identity_clear(struct identity *identity)
{
    free(identity->name);
    free(identity->home);
    free(identity->gids);
    *identity = (struct identity){0};
}

static void add_gid(struct identity *identity, gid_t gid)
{
    identity->gids = mem_grow(identity->gids, identity->ngids, sizeof *identity->gids);
    identity->gids[identity->ngids++] = gid;
}

static bool read_number(const char *text, unsigned long *number)
{
    char *end;

    *number = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0';
}

/* A line of /etc/passwd or /etc/group, split at its colons. */
enum { MAX_FIELDS = 7 };
struct account {
    char *fields[MAX_FIELDS];
    size_t count;
};

static bool next_account(char **text, struct account *account)
{
    char *line = strsep(text, "\n");

    account->count = 0;
    while (line && account->count < MAX_FIELDS)
        account->fields[account->count++] = strsep(&line, ":");
    return account->count > 0;
}

/* The first line whose name, or number in the third field, is as wanted. */
static bool find_account(char *text, const char *wanted, struct account *account)
{
    while (next_account(&text, account))
        if (account->count > 3 && (strcmp(account->fields[0], wanted) == 0 ||
                                   strcmp(account->fields[2], wanted) == 0))
            return true;
    return false;
}

static char *read_text(const char *root, const char *path)
{
    char *text;
    size_t len;

    return rootpath_read(root, path, &text, &len) ? text : mem_strdup("");
}

static char *name_of_uid(const char *root, uid_t uid)
{
    char *passwd = read_text(root, "/etc/passwd"), *number = mem_printf("%lu", (unsigned long)uid);
    struct account account;
    char *name = find_account(passwd, number, &account)
                     ? text_sanitise(account.fields[0], strlen(account.fields[0]), TEXT_ONE_LINE)
                     : mem_printf("uid %s", number);

    free(number);
    free(passwd);
    return name;
}

/* The value of a line of /proc/PID/status, up to its end, or NULL. */
static const char *find_line(const char *status, const char *name)
{
    size_t len = strlen(name);

    for (const char *line = status; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, len) == 0 && line[len] == ':')
            return line + len + 1;
    }
    return NULL;
}

static void add_gids_of_line(struct identity *identity, const char *line)
{
    char *end;

    for (;;) {
        line += strspn(line, " \t");
        if (*line < '0' || *line > '9')
            return;
        add_gid(identity, (gid_t)strtoul(line, &end, 10));
        line = end;
    }
}

/* CAP_DAC_OVERRIDE is capability 1, CAP_DAC_READ_SEARCH is 2. */
static bool overrides_modes(const char *capabilities)
{
    return capabilities && (strtoull(capabilities, NULL, 16) & 0x6U);
}

bool identity_of_status(struct identity *identity, const char *root, const char *status)
{
    const char *uids = find_line(status, "Uid"), *gids = find_line(status, "Gid");
    const char *groups = find_line(status, "Groups");

    if (!uids || !gids)
        return false;
    unsigned long uid[4] = {0};
    char *next = (char *)uids;
    for (int i = 0; i < 4; i++)
        uid[i] = strtoul(next, &next, 10);
    identity->uid = (uid_t)uid[3]; /* the one for the file system */
    identity->name = name_of_uid(root, identity->uid);
    add_gids_of_line(identity, gids);
    if (groups)
        add_gids_of_line(identity, groups);
    identity->is_exempt = overrides_modes(find_line(status, "CapEff"));
    return true;
}

static bool is_member(const char *members, const char *user)
{
    size_t len = strlen(user);

    for (const char *p = members; *p; p += strcspn(p, ","), p += *p == ',')
        if (strcspn(p, ",") == len && strncmp(p, user, len) == 0)
            return true;
    return false;
}

/* The groups that list the user as a member. */
static void add_memberships(struct identity *identity, const char *root, const char *user)
{
    char *text = read_text(root, "/etc/group"), *next = text;
    unsigned long gid;

    for (struct account group; next_account(&next, &group);)
        if (group.count > 3 && read_number(group.fields[2], &gid) &&
            is_member(group.fields[3], user))
            add_gid(identity, (gid_t)gid);
    free(text);
}

static bool add_group(struct identity *identity, const char *root, const char *name)
{
    char *text = read_text(root, "/etc/group");
    struct account group;
    unsigned long gid;
    bool ok = read_number(name, &gid) || (find_account(text, name, &group) &&
                                          read_number(group.fields[2], &gid));

    if (ok)
        add_gid(identity, (gid_t)gid);
    free(text);
    return ok;
}

static bool add_groups(struct identity *identity, const char *root, const char *words)
{
    char *copy = mem_strdup(words ? words : ""), *next = copy;
    bool ok = true;

    for (char *word; ok && (word = strsep(&next, " \t"));)
        ok = *word == '\0' || add_group(identity, root, word);
    free(copy);
    return ok;
}

/* Takes the user's line, and its group unless another one is named. */
static bool add_user(struct identity *identity, const char *root, const char *user,
                     bool with_group)
{
    char *passwd = read_text(root, "/etc/passwd");
    struct account account;
    unsigned long uid, gid;
    bool ok = find_account(passwd, user, &account) && read_number(account.fields[2], &uid) &&
              read_number(account.fields[3], &gid);

    if (ok) {
        identity->uid = (uid_t)uid;
        identity->name = text_sanitise(user, strlen(user), TEXT_ONE_LINE);
        identity->home = mem_strdup(account.count > 5 ? account.fields[5] : "/");
        identity->is_exempt = uid == 0;
        if (with_group)
            add_gid(identity, (gid_t)gid);
        add_memberships(identity, root, account.fields[0]);
    }
    free(passwd);
    return ok;
}

bool identity_of_account(struct identity *identity, const char *root, const char *user,
                         const char *group, const char *groups)
{
    bool ok = (!group || add_group(identity, root, group)) &&
              add_user(identity, root, user, !group) && add_groups(identity, root, groups);

    if (!ok)
        identity_clear(identity);
    return ok;
}

static bool is_in_group(const struct identity *identity, gid_t gid)
{
    for (size_t i = 0; i < identity->ngids; i++)
        if (identity->gids[i] == gid)
            return true;
    return false;
}

/* wanted is a bit of the "others" class: S_IROTH or S_IXOTH. */
static bool allows(const struct identity *identity, const struct stat *st, mode_t wanted)
{
    if (st->st_uid == identity->uid)
        return st->st_mode & (wanted << 6);
    if (is_in_group(identity, st->st_gid))
        return st->st_mode & (wanted << 3);
    return st->st_mode & wanted;
}

static bool is_obstacle(const struct identity *identity, const char *here)
{
    struct stat st;

    return stat(here, &st) == 0 &&
           !allows(identity, &st, S_ISDIR(st.st_mode) ? S_IXOTH : S_IROTH) &&
           getxattr(here, "system.posix_acl_access", NULL, 0) <= 0;
}

char *identity_find_obstacle(const struct identity *identity, const char *root, const char *path)
{
    if (identity->is_exempt)
        return NULL;
    for (size_t end = 0; end < strlen(path);) {
        end += 1 + strcspn(path + end + 1, "/");
        char *part = mem_strndup(path, end), *here = rootpath_join(root, part);
        bool found = is_obstacle(identity, here);
        free(here);
        if (found)
            return part;
        free(part);
    }
    return NULL;
}
