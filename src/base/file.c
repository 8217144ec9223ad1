#include "base/file.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads on even past st_size: files in /proc say 0. */
static bool read_all(int fd, struct buf *buf)
{
    char chunk[16384];
    ssize_t n;

    while ((n = read(fd, chunk, sizeof chunk)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        buf_add(buf, chunk, (size_t)n);
        if (buf->len > FILE_LIMIT_BYTES) {
            errno = EFBIG;
            return false;
        }
    }
    return true;
}

static bool is_regular(const struct stat *st)
{
    if (!S_ISREG(st->st_mode))
        errno = S_ISDIR(st->st_mode) ? EISDIR : EINVAL;
    return S_ISREG(st->st_mode);
}

/* A device may act when it is opened: it is looked at first, and what was opened
 * again, since another may have taken the name. */
static int open_regular(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0 || !is_regular(&st))
        return -1;
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static bool read_regular(int fd, struct buf *buf, struct stat *st)
{
    return fstat(fd, st) == 0 && is_regular(st) && read_all(fd, buf);
}

const char *file_reason(int number)
{
    switch (number) {
    case EINVAL:
        return "not a regular file";
    case EFBIG:
        return "larger than 16 MiB";
    default:
        return strerror(number);
    }
}

/* A file's name may hold any byte but NUL and "/". */
static void set_error(struct error *err, const char *path, const char *why)
{
    char *clean = text_sanitise(path, strlen(path), TEXT_ONE_LINE);

    error_set(err, "%s: %s", clean, why);
    free(clean);
}

bool file_read_status(const char *path, char **data, size_t *len, struct stat *st,
                      struct error *err)
{
    struct buf buf = {0};
    int fd = open_regular(path);
    bool ok = fd >= 0 && read_regular(fd, &buf, st);
    int saved = errno;

    if (fd >= 0)
        close(fd);
    if (ok) {
        *len = buf.len;
        *data = buf_take(&buf);
    } else {
        buf_clear(&buf);
        *data = NULL;
        *len = 0;
        set_error(err, path, file_reason(saved));
    }
    errno = saved;
    return ok;
}

bool file_read(const char *path, char **data, size_t *len, struct error *err)
{
    struct stat st;

    return file_read_status(path, data, len, &st, err);
}

bool file_make_directory(const char *path, struct error *err)
{
    char *part = mem_strdup(path);
    int first = 0;

    for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (mkdir(part, 0700) < 0 && errno != EEXIST && first == 0)
            first = errno;
        *slash = '/';
    }
    free(part);
    /* What failed above fails here too, but of a path that is not there. */
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return true;
    if (first == 0)
        first = errno;
    set_error(err, path, strerror(first));
    errno = first;
    return false;
}

void file_sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}
