/* What the words of a command are part of, where it writes a .env, JSON or YAML. */
#ifndef GUIDE_EMBEDDED_H
#define GUIDE_EMBEDDED_H

#include "guide/fill.h"
#include "guide/words.h"

enum embedding {
    EMBEDDING_NONE,     /* a word of the shell's, whatever it holds */
    EMBEDDING_DOCUMENT, /* the word is a text of that syntax */
    EMBEDDING_PRINTED,  /* with what printf's format puts around it */
    EMBEDDING_UNSURE    /* it may get into one: a value must mean itself there too */
};

/* How a word that stands for itself is part of a text of the syntax embeds. words is what
 * it is among. */
enum embedding embedding_of(const struct words *words, size_t index, enum fill_syntax embeds);

/* What stands before and behind what printf makes of a word (EMBEDDING_PRINTED), up to the
 * ends of the line; with FILL_PLAIN that is no matter, and "". False where it is not sure,
 * or what is printed is not the word itself ("%b"). The caller frees both. */
bool embedding_line(const struct words *words, size_t index, enum fill_syntax embeds,
                    char **before, char **behind);

/* Whether a value means itself wherever it stands in a text of that syntax. */
bool embedding_takes(enum fill_syntax embeds, const char *value);

#endif
