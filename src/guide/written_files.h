/* Which files a command may be about to change: a guess by its words, to keep copies. */
#ifndef GUIDE_WRITTEN_FILES_H
#define GUIDE_WRITTEN_FILES_H

#include <stddef.h>

enum { WRITTEN_FILES = 4 };

/* Relative to where the command starts, as it names them; owned. */
struct written_files {
    char *names[WRITTEN_FILES];
    size_t count;
};

/* The first that the shell's text names, in directory (NULL: our working directory) or behind
 * its "cd": arguments that are regular files which the user may read and write, and targets of
 * ">", also of what is not there yet. Nothing is expanded but a "~/"; what is in the text of
 * another shell (sh -c '...'), in a directory that is named, or behind an option's "=", is not
 * seen. files is empty before. */
void written_files_find(struct written_files *files, const char *text, const char *directory);

/* Adds a name, unless it is there or there is no room. */
void written_files_add(struct written_files *files, const char *name);
void written_files_clear(struct written_files *files);

#endif
