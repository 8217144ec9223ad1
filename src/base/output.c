#include "base/output.h"

#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

struct output {
    char *path, *temporary;
    size_t directory; /* bytes of path up to and with its last slash */
    FILE *stream;
};

/* The mask can only be read by setting it. */
static mode_t new_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0644 & ~mask;
}

/* Only root can give files away: others become the owner, and keep the group where they
 * are in it. */
static bool give(int fd, const struct stat *like)
{
    return fchown(fd, like->st_uid, like->st_gid) == 0 ||
           (errno == EPERM && (fchown(fd, (uid_t)-1, like->st_gid) == 0 || errno == EPERM));
}

static bool copy_access_list(int fd, const char *path)
{
    static const char name[] = "system.posix_acl_access";
    char list[4096];
    ssize_t n = getxattr(path, name, list, sizeof list);

    return n <= 0 || fsetxattr(fd, name, list, (size_t)n, 0) == 0;
}

/* A temporary file is private; what takes another's place is as open as that. The mode
 * comes last, since an access control list has one of its own (acl(5)). */
static bool take_over(int fd, const char *path, const struct stat *like)
{
    return (!like || (give(fd, like) && copy_access_list(fd, path))) &&
           fchmod(fd, like ? like->st_mode & 0777 : new_mode()) == 0;
}

static bool open_temporary(struct output *output, const struct stat *like)
{
    int fd = mkostemp(output->temporary, O_CLOEXEC);

    if (fd < 0)
        return false;
    if (take_over(fd, output->path, like) && (output->stream = fdopen(fd, "w")))
        return true;
    int saved = errno;
    close(fd);
    unlink(output->temporary);
    errno = saved;
    return false;
}

static void output_free(struct output *output)
{
    free(output->path);
    free(output->temporary);
    free(output);
}

static struct output *open_as(const char *path, const struct stat *like, struct error *err)
{
    struct output *output = mem_zalloc(sizeof *output);
    char *followed = realpath(path, NULL);
    struct stat old;

    output->path = followed ? followed : mem_strdup(path);
    const char *slash = strrchr(output->path, '/');
    output->directory = slash ? (size_t)(slash + 1 - output->path) : 0;
    output->temporary = mem_printf("%.*s.%s.XXXXXX", (int)output->directory, output->path,
                                   output->path + output->directory);
    bool exists = stat(output->path, &old) == 0;
    if (output->path[output->directory] == '\0')
        error_set(err, "%s: names no file", path);
    else if (exists && !S_ISREG(old.st_mode))
        error_set(err, "%s: not a regular file", path);
    else if (open_temporary(output, like || !exists ? like : &old))
        return output;
    else
        error_set(err, "%s: cannot be written: %s", path, strerror(errno));
    output_free(output);
    return NULL;
}

struct output *output_open(const char *path, struct error *err)
{
    return open_as(path, NULL, err);
}

struct output *output_open_like(const char *path, const struct stat *like, struct error *err)
{
    return open_as(path, like, err);
}

FILE *output_stream(const struct output *output)
{
    return output->stream;
}

/* Without this a crash of the machine may bring the old name back. */
static void sync_directory(const struct output *output)
{
    char *path = output->directory ? mem_strndup(output->path, output->directory) : mem_strdup(".");

    file_sync_directory(path);
    free(path);
}

bool output_commit(struct output *output, struct error *err)
{
    bool ok = fflush(output->stream) == 0 && !ferror(output->stream) &&
              fsync(fileno(output->stream)) == 0 && rename(output->temporary, output->path) == 0;

    if (!ok) {
        error_set(err, "%s: cannot be written: %s", output->path, strerror(errno));
        output_discard(output);
        return false;
    }
    fclose(output->stream);
    sync_directory(output);
    output_free(output);
    return true;
}

void output_discard(struct output *output)
{
    if (!output)
        return;
    fclose(output->stream);
    unlink(output->temporary);
    output_free(output);
}
