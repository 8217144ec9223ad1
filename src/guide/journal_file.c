#include "guide/journal_file.h"

#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *journal_file_path(const char *directory, enum journal_file file)
{
    static const char *const names[JOURNAL_FILES] = {
        [JOURNAL_NOW] = "journal.jsonl",
        [JOURNAL_BEFORE] = "journal.1.jsonl",
        [JOURNAL_KEPT] = "journal.kept.jsonl"};

    return mem_printf("%s/%s", directory, names[file]);
}

void journal_file_explain(struct error *err, const char *what, const char *reason,
                          const char *path)
{
    char *clean = text_sanitise(path, strlen(path), TEXT_ONE_LINE);

    error_set(err, "%s: %s (%s)", what, reason, clean);
    free(clean);
}

/* Why the directory is not this user's alone, or NULL. */
static const char *directory_flaw(const char *directory, bool *absent)
{
    struct stat st;

    if (stat(directory, &st) < 0) {
        *absent = errno == ENOENT || errno == ENOTDIR;
        return strerror(errno);
    }
    if (st.st_uid != geteuid())
        return "its directory belongs to another user";
    return st.st_mode & (S_IWGRP | S_IWOTH) ? "others may write into its directory" : NULL;
}

static const char *file_flaw(int fd)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return strerror(errno);
    if (!S_ISREG(st.st_mode))
        return "not a regular file";
    if (st.st_uid != geteuid())
        return "it belongs to another user";
    return st.st_nlink > 1 ? "it has another name, a hard link" : NULL;
}

int journal_file_open(const char *directory, enum journal_file file, int flags, bool *absent,
                      struct error *err)
{
    char *path = journal_file_path(directory, file);

    *absent = false;
    const char *flaw = directory_flaw(directory, absent);
    int fd = -1;

    if (!flaw) {
        fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
        *absent = fd < 0 && errno == ENOENT;
        flaw = fd < 0 ? strerror(errno) : file_flaw(fd);
    }
    if (flaw && fd >= 0) {
        close(fd);
        fd = -1;
    }
    if (flaw && !*absent)
        journal_file_explain(err, "no journal", flaw, path);
    free(path);
    return fd;
}

bool journal_file_read(int fd, size_t offset, struct buf *text)
{
    char chunk[65536];
    ssize_t n;

    while ((n = pread(fd, chunk, sizeof chunk, (off_t)offset)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        buf_add(text, chunk, (size_t)n);
        offset += (size_t)n;
    }
    return true;
}
