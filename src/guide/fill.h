/* Values in place of the article's placeholders, each written so that whoever
 * reads the text in the end, be it a program behind two shells, gets exactly the
 * value and nothing else of it runs.
 *
 * Where there is doubt the step is blocked: what is filled in is read again, as a
 * shell, Compose or a YAML reader would, and must differ in the values alone. Text
 * that cannot be followed (arithmetic, backquotes, ${NAME:-...}, a shell that takes its
 * commands from a pipe, sed, awk, helm's --set) takes plain values only. A placeholder
 * that would stay where it may be meant blocks the step as well, and so does a "<name>" of a
 * command that stands for nothing known (guide/unfilled.h). */
#ifndef GUIDE_FILL_H
#define GUIDE_FILL_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum fill_syntax { FILL_PLAIN, FILL_SHELL, FILL_ENV, FILL_JSON, FILL_YAML, FILL_INI };

struct fill_value {
    const char *placeholder; /* the words in the article: "smtp.example.com", "587" */
    const char *value;       /* NULL: unresolved */
};

/* Where a value stands in the filled text, with the quotes that it needed. */
struct fill_span {
    size_t start, len;
    size_t value; /* its index */
};

struct filled {
    char *text;
    struct fill_span *spans; /* in order */
    size_t nspans;
};

/* Puts the values in place of the placeholders in text, which is of that syntax.
 * embeds is what the words of a FILL_SHELL text are part of: FILL_ENV (a word
 * NAME=VALUE, a here-document, and a line that printf's format makes, is for Compose's
 * .env), FILL_JSON, FILL_YAML, FILL_INI (also TOML and the like), or FILL_PLAIN; other
 * words take only values that mean themselves there too. The shell is bash, dash or zsh,
 * as a script or an interactive one.
 * A placeholder counts as a whole token only ("587", but not in "15870" or
 * "587.5"), also behind "${NAME:-"; where two fit, the longer. Behind an option's "-" or
 * "-h", behind a dot, or in other letter case, it blocks. A number in JSON or YAML stays one.
 * False with err, which names the placeholder and not the value, where a value in
 * use is unresolved or can stand nowhere safely; filled is empty then. */
bool fill_text(const char *text, enum fill_syntax syntax, enum fill_syntax embeds,
               const struct fill_value *values, size_t nvalues, struct filled *filled,
               struct error *err);
void filled_clear(struct filled *filled);

#endif
