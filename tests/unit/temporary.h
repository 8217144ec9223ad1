/* A directory of a test's own, with files in it, that goes with the test. */
#ifndef TESTS_UNIT_TEMPORARY_H
#define TESTS_UNIT_TEMPORARY_H

/* Makes a new empty directory and returns its path. One a test process. */
const char *temporary_directory(void);

/* Writes text into a file below it, making directories on the way, and returns
 * its path, valid until the next call. */
const char *temporary_file(const char *name, const char *text);

/* Removes the directory with all that is in it. */
void temporary_remove(void);

#endif
