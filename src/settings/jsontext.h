/* Bytes of a text file made UTF-8, as .NET's StreamReader does it: what cannot
 * be decoded becomes U+FFFD, one for each maximal invalid part (Unicode 15, 3.9,
 * "U+FFFD Substitution of Maximal Subparts"). */
#ifndef SETTINGS_JSONTEXT_H
#define SETTINGS_JSONTEXT_H

#include "base/buf.h"

#include <stddef.h>

struct span {
    const char *start, *end;
};

/* The len bytes at text as UTF-8 without their byte order mark, which tells UTF-8
 * (also assumed where there is none), UTF-16 or UTF-32, either end first. UTF-8
 * is passed as it is, faults included, and the span points into text; else it is
 * valid and points into copy, which must be empty. */
struct span jsontext_decode(const char *text, size_t len, struct buf *copy);

/* Appends a part of a decoded text, which must not begin or end within a
 * character, as valid UTF-8. */
void jsontext_add(struct buf *buf, struct span text);

#endif
