/* Text from elsewhere inside Markdown (CommonMark, GitHub's and GitLab's tables), so
 * that it means nothing there. It is clean already (text_sanitise). */
#ifndef BASE_MARKDOWN_H
#define BASE_MARKDOWN_H

#include <stdio.h>

/* Writes text into a line, an item or a cell of a table. A backslash takes the meaning
 * from ASCII punctuation (CommonMark section 2.4): from what has one anywhere in a
 * line, and from what has one where a line begins. */
void markdown_put_text(FILE *out, const char *text);

/* Writes the lines of text as a fenced block, each indented by indent columns; the
 * fence is longer than any run of backquotes in them. language may be "". */
void markdown_put_code(FILE *out, int indent, const char *language, const char *text);

#endif
