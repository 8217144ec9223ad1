/* Inside the article room: the lines of a block of code with the blanks and tabs that
 * the file has at their start. md4c gives blanks alone, where a here-document or a
 * Makefile needs its tabs. */
#ifndef ARTICLE_CODE_LINES_H
#define ARTICLE_CODE_LINES_H

#include "base/buf.h"

#include <stdbool.h>

/* Zeroed but for the first two, at the start of each block. */
struct code_lines {
    const char *start, *end; /* the source */
    const char *line;        /* of it, that is being read; NULL: not known yet */
    size_t cols;             /* of the indent that md4c gave for it */
};

/* Takes what md4c gives next, an indent, the text of a line, or a line feed, and
 * appends what stands there to out; in_source: text is a part of the source. */
void code_lines_read(struct code_lines *lines, const char *text, size_t n, bool in_source,
                     struct buf *out);

#endif
