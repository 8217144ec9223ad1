/* What a command has written, in memory that does not grow: the beginning and the
 * end are kept as they came, what lies between is counted. */
#ifndef GUIDE_CAPTURE_H
#define GUIDE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPTURE_HEAD_BYTES = 64 * 1024, CAPTURE_TAIL_BYTES = 192 * 1024 };

/* Zeroed is empty; there is nothing to free. */
struct capture {
    uint64_t total; /* bytes that came */
    char head[CAPTURE_HEAD_BYTES];
    char tail[CAPTURE_TAIL_BYTES]; /* a ring */
};

/* Takes n bytes more. */
void capture_add(struct capture *capture, const char *bytes, size_t n);

/* The output as clean text of at most max_lines lines (1 or more), each closed by a
 * line feed: a carriage return begins its line anew as on a terminal, everything
 * else passes text_sanitise. Where bytes were not kept, or lines are too many, the
 * first quarter and the last lines are there, and one between them says how much is
 * left out. The caller frees it. */
char *capture_text(const struct capture *capture, size_t max_lines);

/* Whether the last line has come whole. */
bool capture_ends_line(const struct capture *capture);

#endif
