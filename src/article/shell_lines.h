/* Shell text (sh and bash) read line by line, only as far as it takes to know where
 * a command ends and which words name commands. Nothing is expanded or run. Known are
 * quotes, $'...', backquotes, $(...), ${...}, $((...)), here-documents, comments,
 * continuations, pipes at the end of a line, and the groups ( ), { }, if, case, for,
 * while, until, select. Time and memory grow as the text does; nothing recurses. */
#ifndef ARTICLE_SHELL_LINES_H
#define ARTICLE_SHELL_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct shell_lines;

/* Called for each word that is no keyword, assignment or target of a redirection,
 * without its quotes; the name of a command, or an argument. It lives for the call. */
typedef void (*shell_word)(void *context, const char *word, bool command);

/* At the start of a text; tell may be NULL. Free takes NULL. */
struct shell_lines *shell_lines_new(shell_word tell, void *context);
void shell_lines_free(struct shell_lines *lines);

/* Reads the next line, n bytes without their line feed. */
void shell_lines_read(struct shell_lines *lines, const char *line, size_t n);

/* Whether what was read goes on in the next line: then a # there may not be a comment. */
bool shell_lines_go_on(const struct shell_lines *lines);

#endif
