#include "guide/lexer.h"

#include <stdlib.h>
#include <string.h>

struct frame *lexer_frame(struct lexer *lexer)
{
    return &lexer->frames[lexer->depth];
}

struct word *lexer_word(struct lexer *lexer)
{
    struct frame *frame = lexer_frame(lexer);

    if (frame->word == LEXER_NO_WORD) {
        frame->word = (int)lexer->words->count;
        struct word *word = words_add(lexer->words);
        word->command = frame->command;
        word->parent = frame->parent;
        word->piped = frame->piped;
    }
    return &lexer->words->items[frame->word];
}

void lexer_take(struct lexer *lexer, enum word_context context)
{
    word_put(lexer_word(lexer), lexer->text[lexer->at], lexer->at, context);
    lexer->at++;
}

void lexer_take_unknown(struct lexer *lexer, size_t n)
{
    word_put(lexer_word(lexer), WORD_UNKNOWN, lexer->at, WORD_RAW);
    lexer->at += n;
}

static bool is_bare(const struct word *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word->bytes[i].context != WORD_BARE)
            return false;
    return true;
}

/* Of a word where a command can stand. */
static enum word_role command_role(const struct word *word)
{
    static const char *const keywords[] = {"if", "then", "elif", "else", "while", "until",
                                           "do", "!",    "{",    "}",    "time",  "fi",
                                           "done", "esac"};
    const char *text = word->text.data;
    size_t name = strspn(text, LEXER_NAME);

    if (strspn(text, LEXER_NAME_START) > 0 && text[name] == '=' && is_bare(word, name + 1))
        return WORD_ASSIGNMENT;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(text, keywords[i]) == 0 && is_bare(word, word->text.len))
            return WORD_KEYWORD;
    return WORD_COMMAND;
}

/* The patterns of a case have a ")" of their own, and tests operators. */
static bool is_beyond_us(const struct word *word)
{
    return strcmp(word->text.data, "case") == 0 || strcmp(word->text.data, "[[") == 0;
}

void lexer_doubt(struct lexer *lexer, bool is_so)
{
    lexer->lost = lexer->lost || is_so;
}

void lexer_end_word(struct lexer *lexer)
{
    struct frame *frame = lexer_frame(lexer);

    if (frame->word == LEXER_NO_WORD)
        return;
    struct word *word = lexer_word(lexer);
    word->role = frame->target;
    if (frame->target == WORD_ARGUMENT && frame->wants_command) {
        word->role = command_role(word);
        frame->wants_command = word->role != WORD_COMMAND;
        lexer_doubt(lexer, word->role == WORD_COMMAND && is_beyond_us(word));
    }
    word->unsure = lexer->lost;
    frame->target = WORD_ARGUMENT;
    frame->word = LEXER_NO_WORD;
}

static void begin_command(struct lexer *lexer, bool piped)
{
    struct frame *frame = lexer_frame(lexer);

    frame->command = lexer->words->ncommands++;
    frame->wants_command = true;
    frame->piped = piped;
    frame->target = WORD_ARGUMENT;
}

void lexer_end_command(struct lexer *lexer, bool piped)
{
    lexer_end_word(lexer);
    begin_command(lexer, piped);
}

void lexer_open(struct lexer *lexer, bool is_substitution)
{
    const struct frame *outer = lexer_frame(lexer);
    int parent = outer->word == LEXER_NO_WORD ? outer->parent : outer->word;

    lexer_doubt(lexer, lexer->depth + 1 == LEXER_DEPTH_LIMIT || (is_substitution && lexer->nheredocs > 0));
    if (lexer->depth + 1 < LEXER_DEPTH_LIMIT)
        lexer->depth++;
    *lexer_frame(lexer) =
        (struct frame){.is_substitution = is_substitution, .word = LEXER_NO_WORD, .parent = parent};
    begin_command(lexer, false);
}

void lexer_close(struct lexer *lexer)
{
    lexer_end_word(lexer);
    lexer->at++;
    if (lexer->depth == 0) {
        begin_command(lexer, false);
        return;
    }
    bool was_substitution = lexer_frame(lexer)->is_substitution;
    lexer_doubt(lexer, was_substitution && lexer->nheredocs > 0);
    lexer->depth--;
    if (!was_substitution)
        lexer_frame(lexer)->wants_command = false;
}

void lexer_drop_number(struct lexer *lexer)
{
    struct frame *frame = lexer_frame(lexer);

    if (frame->word == LEXER_NO_WORD || frame->word + 1 != (int)lexer->words->count)
        return;
    struct word *word = lexer_word(lexer);
    if (word->text.len == 0 || word->text.data[strspn(word->text.data, "0123456789")] ||
        !is_bare(word, word->text.len))
        return;
    buf_clear(&word->text);
    free(word->bytes);
    lexer->words->count--;
    frame->word = LEXER_NO_WORD;
}
