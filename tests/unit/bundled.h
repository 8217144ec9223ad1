/* The articles that come with the program. */
#ifndef TESTS_UNIT_BUNDLED_H
#define TESTS_UNIT_BUNDLED_H

enum { BUNDLED = 3 };

/* "smtp", "slack", "teams". */
extern const char *const bundled_names[BUNDLED];

/* The file of an article, as a heap string. */
char *bundled_read(const char *name);

#endif
