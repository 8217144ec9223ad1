/* The files under data/ as they were when the program was built, so that the one
 * binary works anywhere. One read-only block; build/embed.S is made from data/
 * by the Makefile. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embed_file {
    const char *path; /* below data/, such as "checks/integration.ini" */
    const char *data; /* closed with a NUL that len does not count */
    size_t len;
};

/* How many files there are, and each of them, in the order of their paths. */
size_t embed_count(void);
const struct embed_file *embed_at(size_t index);

#endif
