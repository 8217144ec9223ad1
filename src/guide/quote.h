/* Values written so that a reader of each syntax gets them back exactly. All
 * texts are the caller's to free. */
#ifndef GUIDE_QUOTE_H
#define GUIDE_QUOTE_H

#include <stdbool.h>

/* Whether a value can stand anywhere in a shell's text as it is: letters, digits and
 * . _ : / @ % + -, at least one, and no ".." (which counts inside braces). */
bool quote_is_plain(const char *value);

/* The same of letters, digits and . _ - alone, which also means itself to sed, awk,
 * SQL and others. */
bool quote_is_harmless(const char *value);

/* Whether a value is a number of JSON (RFC 8259, 6). */
bool quote_is_number(const char *value);

/* A piece of a word for the shell (POSIX 2.2): the value itself where it is plain,
 * else in single quotes. A "!" and a "^" stand outside of them behind a backslash: an
 * interactive bash looks for history in single quotes too, for "!" inside "$(...)",
 * for "^" at the start of a line. */
char *quote_shell(const char *value);

/* For within the article's own '...', "..." and $'...'. What double quotes give a
 * meaning to stands outside of them. */
char *quote_shell_in_single(const char *value);
char *quote_shell_in_double(const char *value);
char *quote_shell_in_ansi(const char *value);

/* For a here-document with an unquoted delimiter. */
char *quote_shell_in_heredoc(const char *value);

/* For a printf(1) format. */
char *quote_format(const char *value);

/* For a comment of any syntax: one line, and what a shell could act on is "?", since
 * a zsh at a terminal knows no comments. */
char *quote_comment(const char *value);

/* For Compose's .env (settings/envfile.h): bare, in single quotes, or in double
 * quotes on one line; and for within the article's own quotes, where single ones
 * cannot hold a backslash before a quote. */
char *quote_env(const char *value);
char *quote_env_in_single(const char *value);
char *quote_env_in_double(const char *value);

/* For within a string of JSON, or in double quotes of YAML; NULL where the value is
 * not UTF-8. */
char *quote_json_in_string(const char *value);

/* A scalar of YAML that every reader takes for text: plain where that is sure, else
 * in double quotes; NULL where the value is not UTF-8. Next, for within '...'. */
char *quote_yaml(const char *value);
char *quote_yaml_in_single(const char *value);

#endif
