#include "guide/undo.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/output.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char COPY[] = "copy", RECORD[] = "record";

static bool has_access_list(const char *path)
{
    return getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

/* Where the name of a file leads by now is not followed: then it is another file. */
static bool is_other(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* What the file at a path without links is like, and its bytes, which the caller frees;
 * NULL where there is none. */
static bool read_mark(const char *path, struct undo_mark *mark, char **data, size_t *len,
                      struct error *err)
{
    struct stat st;

    *mark = (struct undo_mark){0};
    *data = NULL;
    if (is_other(path)) {
        error_set(err, "%s: not a regular file", path);
        return false;
    }
    if (!file_read_status(path, data, len, &st, err))
        return errno == ENOENT;
    *mark = (struct undo_mark){.exists = true,
                               .has_access_list = has_access_list(path),
                               .mode = st.st_mode & 0777,
                               .owner = st.st_uid,
                               .group = st.st_gid,
                               .digest = digest_of(*data, *len)};
    return true;
}

static bool is_same_mark(const struct undo_mark *a, const struct undo_mark *b)
{
    return a->exists == b->exists && a->has_access_list == b->has_access_list &&
           a->mode == b->mode && a->owner == b->owner && a->group == b->group &&
           a->digest == b->digest;
}

static char *path_in(const char *folder, const char *name)
{
    return mem_printf("%s/%s", folder, name);
}

/* For this user alone: what is kept may hold secrets. */
static bool write_private(const char *folder, const char *name, const char *data, size_t len,
                          struct error *err)
{
    const struct stat like = {.st_mode = 0600, .st_uid = geteuid(), .st_gid = getegid()};
    char *path = path_in(folder, name);
    struct output *output = output_open_like(path, &like, err);

    free(path);
    if (output)
        fwrite(data, 1, len, output_stream(output));
    return output && output_commit(output, err);
}

static void put_mark(struct buf *text, const struct undo_mark *mark)
{
    buf_printf(text, "%d %d %o %u %u %" PRIx64 "\n", mark->exists, mark->has_access_list,
               mark->mode, mark->owner, mark->group, mark->digest);
}

/* The path comes last, since it may hold any byte. */
static bool write_record(const struct undo *undo, struct error *err)
{
    struct buf text = {0};

    buf_puts(&text, "stella undo 1\n");
    put_mark(&text, &undo->before);
    put_mark(&text, &undo->after);
    buf_printf(&text, "%d\n%s", undo->ended, undo->path);
    bool ok = write_private(undo->folder, RECORD, text.data, text.len, err);
    buf_clear(&text);
    return ok;
}

/* Moves *p behind the mark. */
static bool take_mark(const char **p, struct undo_mark *mark)
{
    int exists, has_list, n = 0;

    sscanf(*p, "%d %d %o %u %u %" SCNx64 "%n", &exists, &has_list, &mark->mode, &mark->owner,
           &mark->group, &mark->digest, &n);
    *p += n;
    if (n == 0 || *(*p)++ != '\n')
        return false;
    mark->exists = exists;
    mark->has_access_list = has_list;
    return true;
}

static bool read_record(struct undo *undo, const char *text)
{
    static const char head[] = "stella undo 1\n";
    const char *p = text + sizeof head - 1;

    if (strncmp(text, head, sizeof head - 1) != 0 || !take_mark(&p, &undo->before) ||
        !take_mark(&p, &undo->after) || (*p != '0' && *p != '1'))
        return false;
    undo->ended = *p == '1';
    if (p[1] != '\n' || p[2] != '/')
        return false;
    undo->path = mem_strdup(p + 2);
    return true;
}

/* Where the file is, or would be, without links; the caller frees it. */
static char *resolve(const char *path, struct error *err)
{
    char *found = realpath(path, NULL);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct stat st;

    if (found)
        return found;
    int number = errno;
    char *parent = slash ? mem_strndup(path, (size_t)(slash + 1 - path)) : mem_strdup(".");
    char *directory = number == ENOENT && *name ? realpath(parent, NULL) : NULL;
    if (lstat(path, &st) == 0)
        error_set(err, "%s: a link that leads nowhere", path);
    else if (!directory)
        error_set(err, "%s: %s", path, strerror(number));
    else
        found = path_in(strcmp(directory, "/") == 0 ? "" : directory, name);
    free(directory);
    free(parent);
    return found;
}

/* The number that a folder is named for, or 0. */
static long number_of(const char *name)
{
    size_t digits = strspn(name, "0123456789");

    return digits == strlen(name) && digits < 10 ? strtol(name, NULL, 10) : 0;
}

/* How many folders a directory has, and the lowest and the highest number; 0 without. */
static size_t survey(const char *directory, long *lowest, long *highest)
{
    DIR *stream = opendir(directory);
    size_t count = 0;

    *lowest = *highest = 0;
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        long number = number_of(entry->d_name);
        if (number == 0)
            continue;
        if (count++ == 0 || number < *lowest)
            *lowest = number;
        if (number > *highest)
            *highest = number;
    }
    if (stream)
        closedir(stream);
    return count;
}

static char *folder_path(const char *directory, long number)
{
    return mem_printf("%s/%06ld", directory, number);
}

/* With all that is in it, be it what a crash has left. */
static bool remove_folder(const char *folder)
{
    DIR *stream = opendir(folder);

    for (struct dirent *entry; stream && (entry = readdir(stream));)
        unlinkat(dirfd(stream), entry->d_name, 0);
    if (stream)
        closedir(stream);
    return rmdir(folder) == 0;
}

static void remove_oldest(const char *directory)
{
    long lowest, highest;
    bool removed = true;

    while (removed && survey(directory, &lowest, &highest) > UNDO_COPIES) {
        char *folder = folder_path(directory, lowest);
        removed = remove_folder(folder);
        free(folder);
    }
}

/* Another session may take the same number: whose mkdir(2) succeeds has it. */
static char *make_folder(const char *directory, struct error *err)
{
    long lowest, number;
    int tries = 100;

    if (!file_make_directory(directory, err))
        return NULL;
    survey(directory, &lowest, &number);
    while (tries-- > 0) {
        char *folder = folder_path(directory, ++number);
        if (mkdir(folder, 0700) == 0)
            return folder;
        free(folder);
        if (errno != EEXIST)
            break;
    }
    error_set(err, "%s: %s", directory, strerror(errno));
    return NULL;
}

/* The record comes last: a folder without one was never finished. */
static bool fill_folder(const struct undo *undo, const char *data, size_t len, struct error *err)
{
    return (!data || write_private(undo->folder, COPY, data, len, err)) &&
           write_record(undo, err);
}

static bool keep(struct undo *undo, const char *path, const char *directory, struct error *err)
{
    char *data = NULL;
    size_t len = 0;
    bool ok = (undo->path = resolve(path, err)) &&
              read_mark(undo->path, &undo->before, &data, &len, err) &&
              (undo->folder = make_folder(directory, err));

    if (ok && !fill_folder(undo, data, len, err)) {
        remove_folder(undo->folder);
        ok = false;
    }
    free(data);
    return ok;
}

bool undo_keep(struct undo *undo, const char *path, const char *directory, struct error *err)
{
    *undo = (struct undo){0};
    if (keep(undo, path, directory, err)) {
        remove_oldest(directory);
        return true;
    }
    undo_clear(undo);
    return false;
}

bool undo_end(struct undo *undo, struct error *err)
{
    char *data;
    size_t len;

    undo->ended = read_mark(undo->path, &undo->after, &data, &len, err);
    free(data);
    return undo->ended && write_record(undo, err);
}

bool undo_open(struct undo *undo, const char *folder, struct error *err)
{
    char *path = path_in(folder, RECORD), *text;
    size_t len;

    *undo = (struct undo){.folder = mem_strdup(folder)};
    bool ok = file_read(path, &text, &len, err);
    if (ok && !read_record(undo, text)) {
        error_set(err, "%s: no record of a copy", path);
        ok = false;
    }
    free(text);
    free(path);
    if (!ok)
        undo_clear(undo);
    return ok;
}

void undo_clear(struct undo *undo)
{
    free(undo->path);
    free(undo->folder);
    *undo = (struct undo){0};
}

/* The next copy takes the number behind the highest, and the journal may name this one. */
static bool is_highest(const char *folder)
{
    const char *name = strrchr(folder, '/');
    char *directory = mem_strndup(folder, (size_t)(name - folder));
    long lowest, highest = 0;

    survey(directory, &lowest, &highest);
    free(directory);
    return strtol(name + 1, NULL, 10) >= highest;
}

void undo_discard(struct undo *undo)
{
    if (!is_highest(undo->folder))
        remove_folder(undo->folder);
    undo_clear(undo);
}

enum undo_state undo_look(const struct undo *undo)
{
    struct undo_mark now;
    char *data;
    size_t len;
    bool known = read_mark(undo->path, &now, &data, &len, NULL);

    free(data);
    if (known && is_same_mark(&now, &undo->before))
        return UNDO_SAME;
    return known && undo->ended && is_same_mark(&now, &undo->after) ? UNDO_CHANGED : UNDO_EDITED;
}

static char *describe_lost(const struct undo *undo)
{
    const struct undo_mark *before = &undo->before;
    struct buf text = {0};
    struct stat st;

    if (stat(undo->path, &st) == 0 && (st.st_uid != before->owner || st.st_gid != before->group))
        buf_printf(&text, "owner and group are %u:%u, not %u:%u, since only root can give files "
                          "away",
                   st.st_uid, st.st_gid, before->owner, before->group);
    if (before->has_access_list && !has_access_list(undo->path))
        buf_printf(&text, "%sits access control list is gone", text.len ? "; " : "");
    return text.len ? buf_take(&text) : NULL;
}

/* As the mark says, but for the bytes. */
static bool write_marked(const char *path, const struct undo_mark *mark, const char *data,
                         size_t len, struct error *err)
{
    const struct stat like = {
        .st_mode = mark->mode, .st_uid = mark->owner, .st_gid = mark->group};
    struct output *output = output_open_like(path, &like, err);

    if (!output)
        return false;
    fwrite(data, 1, len, output_stream(output));
    return output_commit(output, err);
}

static bool put_back(const struct undo *undo, struct error *err)
{
    char *path = path_in(undo->folder, COPY), *data;
    size_t len;
    bool ok = file_read(path, &data, &len, err);

    if (ok && digest_of(data, len) != undo->before.digest) {
        error_set(err, "%s: the copy was changed", path);
        ok = false;
    }
    ok = ok && write_marked(undo->path, &undo->before, data, len, err);
    free(data);
    free(path);
    return ok;
}

static bool remove_new(const struct undo *undo, struct error *err)
{
    if (unlink(undo->path) == 0)
        return true;
    error_set(err, "%s: cannot be removed: %s", undo->path, strerror(errno));
    return false;
}

static bool may_restore(const struct undo *undo, enum undo_state state, bool forced,
                        struct error *err)
{
    if (is_other(undo->path))
        error_set(err, "%s: not a regular file any more; what was kept is in %s", undo->path,
                  undo->folder);
    else if (state == UNDO_EDITED && !forced)
        error_set(err, "%s: changed since the step ended, perhaps by somebody else; look first",
                  undo->path);
    else
        return true;
    return false;
}

/* Beside the file; the caller frees it. */
static char *find_free_name(const char *path)
{
    char *name = mem_printf("%s.replaced", path);
    struct stat st;

    for (int i = 2; lstat(name, &st) == 0; i++) {
        free(name);
        name = mem_printf("%s.replaced-%d", path, i);
    }
    return name;
}

/* A mode that belongs to an access control list would open more without it. */
static bool write_replaced(const struct undo *undo, struct undo_mark *now, const char *data,
                           size_t len, char **name, struct error *err)
{
    char *path = find_free_name(undo->path);

    if (now->has_access_list)
        now->mode &= 0700;
    bool ok = write_marked(path, now, data, len, err);
    if (ok)
        *name = path;
    else
        free(path);
    return ok;
}

/* What is there now is nobody's but who wrote it. */
static bool keep_replaced(const struct undo *undo, char **name, struct error *err)
{
    struct undo_mark now;
    char *data;
    size_t len;
    bool ok = read_mark(undo->path, &now, &data, &len, err) &&
              (!now.exists || write_replaced(undo, &now, data, len, name, err));

    free(data);
    if (!ok)
        error_prefix(err, "what is there now cannot be kept");
    return ok;
}

static void drop_replaced(struct undo_told *told)
{
    if (told->replaced)
        unlink(told->replaced);
    free(told->replaced);
    told->replaced = NULL;
}

bool undo_restore(const struct undo *undo, bool forced, struct undo_told *told,
                  struct error *err)
{
    enum undo_state state = undo_look(undo);

    *told = (struct undo_told){0};
    if (state == UNDO_SAME)
        return true;
    if (!may_restore(undo, state, forced, err) ||
        (state == UNDO_EDITED && !keep_replaced(undo, &told->replaced, err)))
        return false;
    if (!(undo->before.exists ? put_back(undo, err) : remove_new(undo, err))) {
        drop_replaced(told);
        return false;
    }
    if (undo->before.exists)
        told->lost = describe_lost(undo);
    return true;
}
