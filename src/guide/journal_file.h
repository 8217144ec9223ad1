/* Inside the guide room: the files of the journal. They are this user's alone: what
 * another one could have written would be shown as seen and done, and a command that was
 * edited would be offered to be run. */
#ifndef GUIDE_JOURNAL_FILE_H
#define GUIDE_JOURNAL_FILE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum journal_file {
    JOURNAL_NOW,    /* that is appended to */
    JOURNAL_BEFORE, /* that was, until it was full */
    JOURNAL_KEPT    /* what of older ones is kept */
};
enum { JOURNAL_FILES = JOURNAL_KEPT + 1 };

/* Its path; the caller frees it. */
char *journal_file_path(const char *directory, enum journal_file file);

/* Opens the file with open(2)'s flags, without waiting and through no link; O_CREAT makes
 * it for this user alone. -1 with err, the reason before the path, where it cannot be, is
 * no regular file, or file or directory are not this user's alone; *absent says that
 * there is none, which is no error. */
int journal_file_open(const char *directory, enum journal_file file, int flags, bool *absent,
                      struct error *err);

/* Reads all from offset to the end. False with errno. */
bool journal_file_read(int fd, size_t offset, struct buf *text);

/* "what: reason (path)", of clean bytes. */
void journal_file_explain(struct error *err, const char *what, const char *reason,
                          const char *path);

#endif
