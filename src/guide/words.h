/* A shell's text as words: what each comes out as, and where each byte of that is
 * written (POSIX.1-2017, Shell Command Language, 2; bash and zsh where they add).
 * Nothing is expanded. */
#ifndef GUIDE_WORDS_H
#define GUIDE_WORDS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Stands in a word for what only the shell, or printf, can know. */
enum { WORD_UNKNOWN = '\1' };

/* How a byte is written. */
enum word_context {
    WORD_BARE,
    WORD_ESCAPED, /* by an escape of its own */
    WORD_SINGLE,
    WORD_DOUBLE,
    WORD_ANSI,    /* $'...' */
    WORD_HEREDOC, /* of which the shell expands what is inside */
    WORD_LITERAL, /* as it is: a here-document with a quoted delimiter */
    WORD_COMMENTED,
    WORD_FORMAT, /* of printf */
    WORD_RAW,    /* in backquotes, or the other value of ${NAME:-...} */
    WORD_PATTERN /* anywhere else in ${...} */
};

enum word_role {
    WORD_COMMENT,
    WORD_KEYWORD,
    WORD_ASSIGNMENT,
    WORD_COMMAND,
    WORD_ARGUMENT,
    WORD_TARGET, /* of a redirection */
    WORD_HERE_STRING,
    WORD_HERE_DOCUMENT
};

/* What the program makes of a word. */
enum tongue {
    TONGUE_DATA,
    TONGUE_ECHO,    /* some shells' echo reads backslashes */
    TONGUE_FORMAT,  /* of printf */
    TONGUE_PRINTED, /* what that prints */
    TONGUE_CODE,    /* of a shell */
    TONGUE_FOREIGN, /* a program in another language: sed, awk, SQL */
    TONGUE_UNSURE
};

struct word_byte {
    size_t at; /* in the shell's text */
    enum word_context context;
};

enum { WORD_NO_PARENT = -1 };

struct word {
    struct buf text;
    struct word_byte *bytes; /* one for each of text */
    enum word_role role;
    enum tongue tongue;
    size_t command; /* a number for each simple command */
    int parent;     /* index of the word whose $(...) this one is in */
    bool piped;     /* its command is fed by a pipe */
    bool has_unknown;
    bool unsure; /* shells may differ in what it is, or this reader from all of them */
};

struct words {
    struct word *items;
    size_t count;
    size_t ncommands;
    bool unsure; /* of all of them */
};

/* Reads a shell's text. Words are in the order of their first bytes, here-documents
 * behind the line that asks for them; tongues are all TONGUE_DATA. */
void words_read(struct words *words, const char *text);

/* Sets the tongues of all words, by the names of the programs. A shell that is not
 * given its commands by -c or a here-document makes them all unsure: they could come
 * from what is written or piped here. */
void words_set_tongues(struct words *words);

/* Reads a format of printf as one word, an argument. */
void words_read_format(struct words *words, const char *text);

/* Appends an empty word, and a byte to it. */
struct word *words_add(struct words *words);
void word_put(struct word *word, char c, size_t at, enum word_context context);

void words_clear(struct words *words);

#endif
