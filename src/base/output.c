#include "base/output.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* A temporary file is private; what takes another's place is as open as that. */
static bool take_over(int fd, const struct stat *old)
{
    /* Only root can give files away: others keep the mode, and become the owner. */
    if (old && fchown(fd, old->st_uid, old->st_gid) < 0 && errno != EPERM)
        return false;
    return fchmod(fd, old ? old->st_mode & 0777 : new_mode()) == 0;
}

static bool open_temporary(struct output *output, const struct stat *old)
{
    int fd = mkostemp(output->temporary, O_CLOEXEC);

    if (fd < 0)
        return false;
    if (take_over(fd, old) && (output->stream = fdopen(fd, "w")))
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

struct output *output_open(const char *path, struct error *err)
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
    else if (open_temporary(output, exists ? &old : NULL))
        return output;
    else
        error_set(err, "%s: cannot be written: %s", path, strerror(errno));
    output_free(output);
    return NULL;
}

FILE *output_stream(const struct output *output)
{
    return output->stream;
}

/* Without this a crash of the machine may bring the old name back; it is no
 * failure where a file system cannot do it. */
static void sync_directory(const struct output *output)
{
    char *path = output->directory ? mem_strndup(output->path, output->directory) : mem_strdup(".");
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
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
