#include "guide/lexer.h"

#include <string.h>

static void read_single(struct lexer *lexer)
{
    lexer_word(lexer);
    for (lexer->at++; lexer->text[lexer->at] && lexer->text[lexer->at] != '\'';)
        lexer_take(lexer, WORD_SINGLE);
    lexer_doubt(lexer, !lexer->text[lexer->at]);
    lexer->at += lexer->text[lexer->at] != '\0';
}

/* $'...': dash knows none, and sees its end elsewhere where there is a \'. */
static void read_ansi(struct lexer *lexer)
{
    struct word *word = lexer_word(lexer);

    for (lexer->at += 2; lexer->text[lexer->at] && lexer->text[lexer->at] != '\'';) {
        bool escapes = lexer->text[lexer->at] == '\\' && lexer->text[lexer->at + 1];
        if (escapes) {
            word->has_unknown = true;
            lexer_doubt(lexer, lexer->text[lexer->at + 1] == '\'');
            lexer_take(lexer, WORD_ANSI);
        }
        lexer_take(lexer, WORD_ANSI);
    }
    lexer_doubt(lexer, !lexer->text[lexer->at]);
    lexer->at += lexer->text[lexer->at] != '\0';
}

/* Backquotes or ${...}, as they stand up to the closing byte. */
static void read_raw(struct lexer *lexer, enum word_context context, char closing)
{
    lexer_word(lexer)->has_unknown = true;
    for (int opening = closing == '}' ? 2 : 1; opening > 0; opening--)
        lexer_take(lexer, context);
    while (lexer->text[lexer->at] && lexer->text[lexer->at] != closing) {
        char c = lexer->text[lexer->at];
        lexer_doubt(lexer, closing == '}' && strchr("'\"\\`$", c));
        lexer_take(lexer, context);
        if (c == '\\' && lexer->text[lexer->at])
            lexer_take(lexer, context);
    }
    if (lexer->text[lexer->at])
        lexer_take(lexer, context);
    else
        lexer->lost = true;
}

/* Bytes of the name or sign of a parameter. */
static size_t parameter_length(const char *text)
{
    if (strspn(text, LEXER_NAME_START) > 0)
        return strspn(text, LEXER_NAME);
    return *text && strchr("0123456789@*#?$!-", *text) ? 1 : 0;
}

/* What follows the name in ${...} is a text, or a pattern, a number and more. */
static enum word_context parameter_context(const char *text)
{
    const char *sign = text + parameter_length(text);

    sign += *sign == ':';
    return *sign && strchr("-=+?", *sign) ? WORD_RAW : WORD_PATTERN;
}

static void read_dollar(struct lexer *lexer)
{
    const char *next = lexer->text + lexer->at + 1;
    bool in_double = lexer_frame(lexer)->in_double;
    size_t name = parameter_length(next);

    if (*next == '(') {
        lexer_doubt(lexer, next[1] == '(');
        lexer_take_unknown(lexer, 2);
        lexer_open(lexer, true);
    } else if (*next == '{') {
        read_raw(lexer, parameter_context(next + 1), '}');
    } else if (*next == '\'' && !in_double) {
        read_ansi(lexer);
    } else if (name > 0) {
        lexer_take_unknown(lexer, 1 + name);
    } else {
        lexer_doubt(lexer, *next == '[' || (*next == '"' && !in_double));
        lexer_take(lexer, in_double ? WORD_DOUBLE : WORD_BARE);
    }
}

/* At a backslash. In double quotes it stays before what needs none there. */
static void read_backslash(struct lexer *lexer, bool in_double)
{
    char next = lexer->text[lexer->at + 1];

    if (next == '\n') {
        lexer->at += 2;
    } else if (next == '\0' || (in_double && !strchr("$`\"\\", next))) {
        lexer_take(lexer, in_double ? WORD_DOUBLE : WORD_BARE);
    } else {
        lexer->at++;
        lexer_take(lexer, WORD_ESCAPED);
    }
}

static void step_in_double(struct lexer *lexer)
{
    char c = lexer->text[lexer->at];

    if (c == '"') {
        lexer_frame(lexer)->in_double = false;
        lexer->at++;
    } else if (c == '\\') {
        read_backslash(lexer, true);
    } else if (c == '$') {
        read_dollar(lexer);
    } else if (c == '`') {
        read_raw(lexer, WORD_RAW, '`');
    } else {
        lexer_doubt(lexer, c == '\n' && lexer->nheredocs > 0);
        lexer_take(lexer, WORD_DOUBLE);
    }
}

static void read_comment(struct lexer *lexer)
{
    struct frame *frame = lexer_frame(lexer);
    struct word *word = lexer_word(lexer);

    while (lexer->text[lexer->at] && lexer->text[lexer->at] != '\n')
        lexer_take(lexer, WORD_COMMENTED);
    word->role = WORD_COMMENT;
    frame->word = LEXER_NO_WORD;
}

/* At the delimiter, behind "<<". */
static void read_delimiter(struct lexer *lexer, bool strips_tabs)
{
    struct heredoc heredoc = {.strips_tabs = strips_tabs, .command = lexer_frame(lexer)->command};

    lexer->at += strspn(lexer->text + lexer->at, " \t");
    buf_puts(&heredoc.delimiter, "");
    for (char c; (c = lexer->text[lexer->at]) && !strchr(" \t\n;&|<>()", c); lexer->at++)
        if (strchr("'\"\\", c))
            heredoc.is_quoted = true;
        else
            buf_putc(&heredoc.delimiter, c);
    lexer_doubt(lexer, lexer->nheredocs == LEXER_HEREDOC_LIMIT || heredoc.delimiter.len == 0 || strpbrk(heredoc.delimiter.data, "$`"));
    if (lexer->nheredocs < LEXER_HEREDOC_LIMIT)
        lexer->heredocs[lexer->nheredocs++] = heredoc;
    else
        buf_clear(&heredoc.delimiter);
}

/* At "<" or ">". */
static void read_redirection(struct lexer *lexer)
{
    const char *sign = lexer->text + lexer->at;

    if (sign[1] == '(') {
        lexer->lost = true;
        lexer_take_unknown(lexer, 2);
        lexer_open(lexer, true);
        return;
    }
    lexer_drop_number(lexer);
    lexer_end_word(lexer);
    if (strncmp(sign, "<<<", 3) == 0) {
        lexer->at += 3;
        lexer_frame(lexer)->target = WORD_HERE_STRING;
    } else if (strncmp(sign, "<<", 2) == 0) {
        bool strips_tabs = sign[2] == '-';
        lexer->at += strips_tabs ? 3 : 2;
        read_delimiter(lexer, strips_tabs);
    } else {
        lexer->at += sign[1] && strchr("<>&|", sign[1]) ? 2 : 1;
        lexer_frame(lexer)->target = WORD_TARGET;
    }
}

/* What the shell expands of a here-document. */
static void take_of_heredoc(struct lexer *lexer, struct word *word)
{
    const char *next = lexer->text + lexer->at;
    size_t name = *next == '$' ? parameter_length(next + 1) : 0;

    if (*next == '\\' && next[1] && strchr("$`\\", next[1])) {
        word_put(word, next[1], lexer->at + 1, WORD_ESCAPED);
        lexer->at += 2;
    } else if (*next == '\\' && next[1] == '\n') {
        lexer->at += 2;
    } else if (name > 0) {
        word_put(word, WORD_UNKNOWN, lexer->at, WORD_RAW);
        lexer->at += 1 + name;
    } else {
        lexer_doubt(lexer, *next == '`' || (*next == '$' && strchr("({[", next[1])));
        word_put(word, *next, lexer->at++, WORD_HEREDOC);
    }
}

static void take_literally(struct lexer *lexer, struct word *word)
{
    word_put(word, lexer->text[lexer->at], lexer->at, WORD_LITERAL);
    lexer->at++;
}

/* Whether the line at next is the delimiter; goes past it. */
static bool ends_heredoc(struct lexer *lexer, const struct heredoc *heredoc)
{
    if (heredoc->strips_tabs)
        lexer->at += strspn(lexer->text + lexer->at, "\t");
    const char *line = lexer->text + lexer->at;
    size_t n = strcspn(line, "\n");
    if (n != heredoc->delimiter.len || memcmp(line, heredoc->delimiter.data, n) != 0)
        return false;
    lexer->at += n + (line[n] == '\n');
    return true;
}

static void read_heredoc(struct lexer *lexer, const struct heredoc *heredoc)
{
    struct word *word = words_add(lexer->words);

    word->role = WORD_HERE_DOCUMENT;
    word->command = heredoc->command;
    word->parent = lexer_frame(lexer)->parent;
    while (!ends_heredoc(lexer, heredoc)) {
        lexer_doubt(lexer, !lexer->text[lexer->at]);
        if (!lexer->text[lexer->at])
            break;
        for (bool feed = false; !feed && lexer->text[lexer->at];) {
            feed = lexer->text[lexer->at] == '\n';
            if (heredoc->is_quoted)
                take_literally(lexer, word);
            else
                take_of_heredoc(lexer, word);
        }
    }
    word->unsure = lexer->lost || strncmp(word->text.data, "#!", 2) == 0;
}

/* At a line feed: the here-documents that the line asked for begin behind it. */
static void end_line(struct lexer *lexer)
{
    lexer_end_command(lexer, false);
    lexer->at++;
    for (int i = 0; i < lexer->nheredocs; i++) {
        read_heredoc(lexer, &lexer->heredocs[i]);
        buf_clear(&lexer->heredocs[i].delimiter);
    }
    lexer->nheredocs = 0;
}

/* At ";", "&" or "|", of which one or two make an operator. */
static void read_operator(struct lexer *lexer)
{
    const char *sign = lexer->text + lexer->at;
    bool piped = sign[0] == '|' && sign[1] != '|';

    if (sign[0] == '&' && sign[1] == '>') {
        lexer_end_word(lexer);
        lexer->at++;
        return;
    }
    lexer_end_command(lexer, piped);
    lexer->at += sign[1] && strchr(";&|", sign[1]) ? 2 : 1;
}

/* A "(" within a word is of an array, a function or a pattern. */
static void open_group(struct lexer *lexer)
{
    bool in_word = lexer_frame(lexer)->word != LEXER_NO_WORD;

    lexer_doubt(lexer, in_word || lexer->text[lexer->at + 1] == '(');
    lexer_end_word(lexer);
    lexer->at++;
    lexer_open(lexer, false);
}

static void step_in_word(struct lexer *lexer, char c)
{
    switch (c) {
    case '\\':
        read_backslash(lexer, false);
        break;
    case '\'':
        read_single(lexer);
        break;
    case '"':
        lexer_word(lexer);
        lexer_frame(lexer)->in_double = true;
        lexer->at++;
        break;
    case '$':
        read_dollar(lexer);
        break;
    case '`':
        read_raw(lexer, WORD_RAW, '`');
        break;
    default:
        lexer_take(lexer, WORD_BARE);
    }
}

static void step(struct lexer *lexer)
{
    char c = lexer->text[lexer->at];

    if (c == ' ' || c == '\t') {
        lexer_end_word(lexer);
        lexer->at++;
    } else if (c == '\n') {
        end_line(lexer);
    } else if (c == '#' && lexer_frame(lexer)->word == LEXER_NO_WORD) {
        read_comment(lexer);
    } else if (c == '<' || c == '>') {
        read_redirection(lexer);
    } else if (strchr(";&|", c)) {
        read_operator(lexer);
    } else if (c == '(') {
        open_group(lexer);
    } else if (c == ')') {
        lexer_close(lexer);
    } else {
        step_in_word(lexer, c);
    }
}

void words_read(struct words *words, const char *text)
{
    struct lexer lexer = {.text = text, .words = words};

    *lexer_frame(&lexer) = (struct frame){.word = LEXER_NO_WORD, .parent = WORD_NO_PARENT};
    lexer_end_command(&lexer, false);
    while (text[lexer.at])
        if (lexer_frame(&lexer)->in_double)
            step_in_double(&lexer);
        else
            step(&lexer);
    words->unsure = lexer.depth > 0 || lexer_frame(&lexer)->in_double || lexer.nheredocs > 0;
    for (; lexer.depth > 0; lexer.depth--)
        lexer_end_word(&lexer);
    lexer_end_word(&lexer);
    for (int i = 0; i < lexer.nheredocs; i++)
        buf_clear(&lexer.heredocs[i].delimiter);
}
