#include "settings/rootpath.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LINKS = 40 }; /* as the kernel's */

char *rootpath_join(const char *root, const char *path)
{
    size_t len = strlen(root);

    while (len > 0 && root[len - 1] == '/')
        len--;
    return mem_printf("%.*s%s%s", (int)len, root, *path == '/' ? "" : "/", path);
}

char *rootpath_append(const char *directory, const char *name)
{
    return *name == '/' ? mem_strdup(name) : rootpath_join(directory, name);
}

/* A path on its way. */
struct walk {
    const char *root;
    struct buf done; /* without links; "" is the root */
    char *rest;      /* still to be gone */
    int links;
};

static void cut(struct buf *path, size_t len)
{
    path->len = len;
    path->data[len] = '\0';
}

static void go_up(struct buf *done)
{
    const char *slash = done->len ? strrchr(done->data, '/') : NULL;

    if (slash)
        cut(done, (size_t)(slash - done->data));
}

/* Takes the first name of the rest into name. */
static bool take_name(struct walk *walk, struct buf *name)
{
    const char *start = walk->rest + strspn(walk->rest, "/");
    size_t len = strcspn(start, "/");

    buf_clear(name);
    buf_add(name, start, len);
    char *rest = mem_strdup(start + len);
    free(walk->rest);
    walk->rest = rest;
    return len > 0;
}

static void follow(struct walk *walk, const char *target)
{
    char *rest = mem_printf("%s/%s", target, walk->rest);

    free(walk->rest);
    walk->rest = rest;
    if (*target == '/')
        cut(&walk->done, 0);
    else
        go_up(&walk->done);
}

/* One name further, which may be a link. */
static bool step(struct walk *walk, const char *name)
{
    char target[PATH_MAX];

    buf_printf(&walk->done, "/%s", name);
    char *here = rootpath_join(walk->root, walk->done.data);
    ssize_t n = readlink(here, target, sizeof target - 1);
    free(here);
    if (n < 0)
        return errno == EINVAL; /* it is there, and no link */
    target[n] = '\0';
    if (++walk->links > MAX_LINKS) {
        errno = ELOOP;
        return false;
    }
    follow(walk, target);
    return true;
}

static bool walk_on(struct walk *walk)
{
    struct buf name = {0};
    bool ok = true;

    while (ok && take_name(walk, &name)) {
        if (strcmp(name.data, "..") == 0)
            go_up(&walk->done);
        else if (strcmp(name.data, ".") != 0)
            ok = step(walk, name.data);
    }
    buf_clear(&name);
    return ok;
}

char *rootpath_resolve(const char *root, const char *path)
{
    struct walk walk = {.root = root, .rest = mem_strdup(path)};
    bool ok = walk_on(&walk);
    int number = errno;

    if (ok && walk.done.len == 0)
        buf_puts(&walk.done, "/");
    char *target = ok ? buf_take(&walk.done) : NULL;
    buf_clear(&walk.done);
    free(walk.rest);
    errno = number;
    return target;
}

/* The same as it is from here. Below our own root the kernel leads there by itself. */
static char *find(const char *root, const char *path)
{
    if (strcmp(root, "/") == 0)
        return mem_strdup(path);
    char *target = rootpath_resolve(root, path);

    if (!target)
        return NULL;
    char *here = rootpath_join(root, target);
    free(target);
    return here;
}

bool rootpath_read(const char *root, const char *path, char **data, size_t *len)
{
    char *here = find(root, path);

    *data = NULL;
    *len = 0;
    bool ok = here && file_read(here, data, len, NULL);
    int number = errno;
    free(here);
    errno = number;
    return ok;
}

bool rootpath_stat(const char *root, const char *path, struct stat *st)
{
    char *here = find(root, path);
    bool ok = here && stat(here, st) == 0;
    int number = errno;

    free(here);
    errno = number;
    return ok;
}

bool rootpath_exists(const char *root, const char *path)
{
    struct stat st;

    return rootpath_stat(root, path, &st) || (errno != ENOENT && errno != ENOTDIR);
}

bool rootpath_is_same(const char *root, const char *path, const char *other_root,
                      const char *other_path)
{
    struct stat a, b;

    return rootpath_stat(root, path, &a) && rootpath_stat(other_root, other_path, &b) &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
