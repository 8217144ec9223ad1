/* The state of words_read: nothing else includes this. */
#ifndef GUIDE_LEXER_H
#define GUIDE_LEXER_H

#include "guide/words.h"

enum { LEXER_DEPTH_LIMIT = 32, LEXER_HEREDOC_LIMIT = 8, LEXER_NO_WORD = -1 };

#define LEXER_NAME_START "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define LEXER_NAME LEXER_NAME_START "0123456789"

/* Commands inside each other: $(...) and (...). */
struct frame {
    bool is_substitution;
    bool in_double;
    int word; /* that is being read, or LEXER_NO_WORD */
    int parent;
    size_t command;
    bool wants_command, piped;
    enum word_role target; /* of the word behind a redirection, else WORD_ARGUMENT */
};

/* A here-document that begins behind this line. */
struct heredoc {
    struct buf delimiter;
    bool is_quoted, strips_tabs;
    size_t command;
};

struct lexer {
    const char *text;
    size_t at;
    struct words *words;
    struct frame frames[LEXER_DEPTH_LIMIT];
    int depth; /* of the innermost frame, from 0 */
    struct heredoc heredocs[LEXER_HEREDOC_LIMIT];
    int nheredocs;
    bool lost; /* from here on words are unsure */
};

struct frame *lexer_frame(struct lexer *lexer);

/* The word that is being read, begun where there is none. */
struct word *lexer_word(struct lexer *lexer);

/* Takes the next byte into the word; or one that is unknown for the next n bytes. */
void lexer_take(struct lexer *lexer, enum word_context context);
void lexer_take_unknown(struct lexer *lexer, size_t n);

/* From here on words are unsure where this is so. */
void lexer_doubt(struct lexer *lexer, bool is_so);

/* Gives the word its role. */
void lexer_end_word(struct lexer *lexer);

/* Takes the word back where it is a number in front of a redirection: that is of a
 * descriptor. */
void lexer_drop_number(struct lexer *lexer);

/* The next word is of another command; piped: which a pipe feeds. */
void lexer_end_command(struct lexer *lexer, bool piped);

/* Begins, and at its ")" ends, what is in $(...), else in (...). A ")" that closes
 * nothing is of a case. */
void lexer_open(struct lexer *lexer, bool is_substitution);
void lexer_close(struct lexer *lexer);

#endif
