#include "article/shell_lines.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* What can be open. In those that come first the text is code: words, operators,
 * comments. */
enum kind {
    KIND_PAREN,     /* ( or $( or <( up to ) */
    KIND_BACKQUOTE, /* `...` */
    KIND_GROUP,     /* { up to } */
    KIND_IF,
    KIND_CASE,
    KIND_LOOP,
    KIND_SINGLE, /* '...' */
    KIND_ANSI,   /* $'...', where a backslash can stand before a quote */
    KIND_DOUBLE,
    KIND_PARAMETER,  /* ${...} */
    KIND_ARITHMETIC, /* one of the parentheses of $((...)) */
    KIND_NONE
};

struct word {
    size_t start;  /* of its text, in that of all open words */
    bool begun;    /* what follows without a blank belongs to it */
    bool quoted;   /* in part: so it is no keyword */
    bool command;  /* it names a command, if it is no keyword or assignment */
    bool no_word;  /* it is the target of a redirection or the name of a function */
};

struct level {
    enum kind kind;
    struct word outer; /* goes on where a level of code ends */
};

struct heredoc {
    char *end; /* owned: the line that ends it */
    size_t len;
    bool tabs; /* may stand before that */
};

struct shell_lines {
    shell_word tell;
    void *context;
    struct level *levels;
    size_t depth;
    struct buf text; /* of the open words */
    struct word word;
    struct heredoc *heredocs; /* whose bodies begin behind this line, or are being read */
    size_t nheredocs, next;
    bool in_body;
    bool continued; /* by a backslash */
    bool waiting;   /* for what an operator at the end of the line joins */
};

struct shell_lines *shell_lines_new(shell_word tell, void *context)
{
    struct shell_lines *lines = mem_zalloc(sizeof *lines);

    lines->tell = tell;
    lines->context = context;
    lines->word.command = true;
    buf_puts(&lines->text, "");
    return lines;
}

static void drop_heredocs(struct shell_lines *lines)
{
    for (size_t i = 0; i < lines->nheredocs; i++)
        free(lines->heredocs[i].end);
    lines->nheredocs = lines->next = 0;
    lines->in_body = false;
}

void shell_lines_free(struct shell_lines *lines)
{
    if (!lines)
        return;
    drop_heredocs(lines);
    free(lines->heredocs);
    free(lines->levels);
    buf_clear(&lines->text);
    free(lines);
}

static enum kind top(const struct shell_lines *lines)
{
    return lines->depth > 0 ? lines->levels[lines->depth - 1].kind : KIND_NONE;
}

static bool is_code(enum kind kind)
{
    return kind <= KIND_LOOP || kind == KIND_NONE;
}

static void push(struct shell_lines *lines, enum kind kind)
{
    lines->levels = mem_grow(lines->levels, lines->depth, sizeof *lines->levels);
    lines->levels[lines->depth++] = (struct level){kind, lines->word};
}

static void begin_word(struct shell_lines *lines)
{
    lines->word.begun = true;
    lines->waiting = false;
}

static void cut_text(struct shell_lines *lines, size_t len)
{
    lines->text.len = len;
    lines->text.data[len] = '\0';
}

/* Code inside a word, which goes on behind it. */
static void push_code(struct shell_lines *lines, enum kind kind)
{
    push(lines, kind);
    lines->word = (struct word){.start = lines->text.len, .command = true};
}

static bool is_assignment(const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t n = strspn(word, letters);
    return n > 0 && (word[n] == '=' || (word[n] == '+' && word[n + 1] == '='));
}

/* Whether the word is a keyword; it then opens or closes its group. */
static bool take_keyword(struct shell_lines *lines, const char *word)
{
    static const struct {
        const char *word;
        enum kind opens, closes;
        bool command; /* the next word names one */
    } keywords[] = {
        {"if", KIND_IF, KIND_NONE, true},         {"then", KIND_NONE, KIND_NONE, true},
        {"elif", KIND_NONE, KIND_NONE, true},     {"else", KIND_NONE, KIND_NONE, true},
        {"fi", KIND_NONE, KIND_IF, false},        {"while", KIND_LOOP, KIND_NONE, true},
        {"until", KIND_LOOP, KIND_NONE, true},    {"for", KIND_LOOP, KIND_NONE, false},
        {"select", KIND_LOOP, KIND_NONE, false},  {"do", KIND_NONE, KIND_NONE, true},
        {"done", KIND_NONE, KIND_LOOP, false},    {"case", KIND_CASE, KIND_NONE, false},
        {"esac", KIND_NONE, KIND_CASE, false},    {"{", KIND_GROUP, KIND_NONE, true},
        {"}", KIND_NONE, KIND_GROUP, false},      {"!", KIND_NONE, KIND_NONE, true},
        {"function", KIND_NONE, KIND_NONE, true},
    };
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (strcmp(keywords[i].word, word) != 0)
            continue;
        if (keywords[i].opens != KIND_NONE)
            push(lines, keywords[i].opens);
        else if (keywords[i].closes != KIND_NONE && keywords[i].closes == top(lines))
            lines->depth--;
        lines->word.command = keywords[i].command;
        lines->word.no_word = strcmp(word, "function") == 0;
        return true;
    }
    return false;
}

static void end_word(struct shell_lines *lines)
{
    struct word *word = &lines->word;
    const char *text = lines->text.data + word->start;

    if (!word->begun)
        return;
    if (word->no_word) {
        word->no_word = false;
    } else if (!word->command || ((word->quoted || !take_keyword(lines, text)) &&
                                  !is_assignment(text))) {
        if (lines->tell)
            lines->tell(lines->context, text, word->command);
        word->command = false;
    }
    cut_text(lines, word->start);
    word->begun = word->quoted = false;
}

static void pop_code(struct shell_lines *lines)
{
    end_word(lines);
    lines->word = lines->levels[--lines->depth].outer;
}

/* Opens what begins with a dollar sign here; returns its bytes, or 0. */
static size_t open_dollar(struct shell_lines *lines, const char *at, size_t n)
{
    char next = n > 1 ? at[1] : '\0';

    if (next == '(' && n > 2 && at[2] == '(') {
        push(lines, KIND_ARITHMETIC);
        push(lines, KIND_ARITHMETIC);
        return 3;
    }
    if (next == '(')
        push_code(lines, KIND_PAREN);
    else if (next == '{')
        push(lines, KIND_PARAMETER);
    else if (next == '\'' && top(lines) != KIND_DOUBLE)
        push(lines, KIND_ANSI);
    else
        return 0;
    return 2;
}

/* In double quotes an apostrophe is one, also within ${...} there. */
static bool opens_quote(const struct shell_lines *lines, char c)
{
    if (c == '\'')
        return top(lines) == KIND_PARAMETER &&
               (lines->depth < 2 || lines->levels[lines->depth - 2].kind != KIND_DOUBLE);
    return c == '"' && top(lines) != KIND_DOUBLE;
}

static bool closes(enum kind kind, char c)
{
    return (kind == KIND_DOUBLE && c == '"') || (kind == KIND_PARAMETER && c == '}') ||
           (kind == KIND_ARITHMETIC && c == ')') || (c == '\'' && kind <= KIND_ANSI);
}

/* Reads on inside quotes or the like; returns the bytes it took. */
static size_t read_quoted(struct shell_lines *lines, const char *at, size_t n)
{
    enum kind kind = top(lines);
    size_t opened = 0;

    if (*at == '\\' && kind != KIND_SINGLE) {
        buf_add(&lines->text, at + 1, n > 1);
        return n > 1 ? 2 : 1;
    }
    if (closes(kind, *at)) {
        lines->depth--;
        return 1;
    }
    if (kind > KIND_ANSI) {
        if (*at == '$')
            opened = open_dollar(lines, at, n);
        else if (*at == '`')
            push_code(lines, KIND_BACKQUOTE);
        else if (opens_quote(lines, *at))
            push(lines, *at == '"' ? KIND_DOUBLE : KIND_SINGLE);
        else if (*at == '(' && kind == KIND_ARITHMETIC)
            push(lines, KIND_ARITHMETIC);
    }
    if (opened == 0 && top(lines) == kind)
        buf_putc(&lines->text, *at);
    return opened > 0 ? opened : 1;
}

/* The word behind <<, up to a blank or an operator, without its quotes. */
static size_t read_end_of_heredoc(struct shell_lines *lines, const char *at, size_t n)
{
    struct buf end = {0};
    size_t i = 2;
    bool tabs = i < n && at[i] == '-';
    char quote = '\0';

    for (i += tabs; i < n && (at[i] == ' ' || at[i] == '\t');)
        i++;
    for (; i < n && (quote || !strchr(" \t;&|<>()", at[i])); i++) {
        if (at[i] == '\\' && quote != '\'' && i + 1 < n)
            buf_putc(&end, at[++i]);
        else if (quote ? at[i] == quote : at[i] == '\'' || at[i] == '"')
            quote = quote ? '\0' : at[i];
        else
            buf_putc(&end, at[i]);
    }
    if (end.len > 0) {
        lines->heredocs = mem_grow(lines->heredocs, lines->nheredocs, sizeof *lines->heredocs);
        struct heredoc *heredoc = &lines->heredocs[lines->nheredocs++];
        heredoc->len = end.len;
        heredoc->tabs = tabs;
        heredoc->end = buf_take(&end);
    }
    buf_clear(&end);
    return i;
}

static size_t read_redirection(struct shell_lines *lines, const char *at, size_t n)
{
    char next = n > 1 ? at[1] : '\0';

    if (next == '(') {
        begin_word(lines);
        push_code(lines, KIND_PAREN);
        return 2;
    }
    end_word(lines);
    if (*at == '<' && next == '<' && (n < 3 || at[2] != '<'))
        return read_end_of_heredoc(lines, at, n);
    lines->word.no_word = true;
    if (*at == '<' && next == '<')
        return 3;
    return next && strchr("<>&|", next) ? 2 : 1;
}

static void open_paren(struct shell_lines *lines)
{
    lines->waiting = false;
    lines->word.command = true;
    push_code(lines, KIND_PAREN);
}

static size_t read_operator(struct shell_lines *lines, const char *at, size_t n)
{
    bool twice = n > 1 && at[1] == *at;

    if (*at == '<' || *at == '>')
        return read_redirection(lines, at, n);
    if (*at == '&' && n > 1 && at[1] == '>')
        return 1 + read_redirection(lines, at + 1, n - 1);
    if (*at == ')' && top(lines) == KIND_PAREN) {
        pop_code(lines);
        return 1;
    }
    end_word(lines);
    lines->word.command = true;
    lines->word.no_word = false;
    if (*at == '(' && twice) {
        push(lines, KIND_ARITHMETIC);
        push(lines, KIND_ARITHMETIC);
    } else if (*at == '(') {
        open_paren(lines);
        return 1;
    } else if (*at == '|' || (*at == '&' && twice)) {
        lines->waiting = true;
    }
    return twice ? 2 : 1;
}

/* A character of a word, or what it opens there. */
static size_t read_word(struct shell_lines *lines, const char *at, size_t n)
{
    begin_word(lines);
    lines->word.quoted |= strchr("\\'\"", *at) != NULL;
    size_t opened = *at == '$' ? open_dollar(lines, at, n) : 0;
    if (opened > 0)
        return opened;
    if (*at == '\\') {
        buf_putc(&lines->text, at[1]);
        return 2;
    }
    if (*at == '`')
        push_code(lines, KIND_BACKQUOTE);
    else if (*at == '\'' || *at == '"')
        push(lines, *at == '"' ? KIND_DOUBLE : KIND_SINGLE);
    else
        buf_putc(&lines->text, *at);
    return 1;
}

static size_t read_code(struct shell_lines *lines, const char *at, size_t n)
{
    if (*at == ' ' || *at == '\t') {
        end_word(lines);
        return 1;
    }
    if (*at == '#' && !lines->word.begun)
        return n;
    if (*at == '\\' && n == 1) {
        lines->continued = true;
        return 1;
    }
    if (*at == '`' && top(lines) == KIND_BACKQUOTE) {
        pop_code(lines);
        return 1;
    }
    if (strchr(";&|()<>", *at))
        return read_operator(lines, at, n);
    return read_word(lines, at, n);
}

static void read_body(struct shell_lines *lines, const char *line, size_t n)
{
    const struct heredoc *heredoc = &lines->heredocs[lines->next];

    while (heredoc->tabs && n > 0 && *line == '\t') {
        line++;
        n--;
    }
    if (n != heredoc->len || memcmp(line, heredoc->end, n) != 0 ||
        ++lines->next < lines->nheredocs)
        return;
    drop_heredocs(lines);
    lines->in_body = false;
}

void shell_lines_read(struct shell_lines *lines, const char *line, size_t n)
{
    if (lines->in_body) {
        read_body(lines, line, n);
        return;
    }
    lines->continued = false;
    for (size_t at = 0; at < n;)
        at += is_code(top(lines)) ? read_code(lines, line + at, n - at)
                                  : read_quoted(lines, line + at, n - at);
    if (lines->continued || !is_code(top(lines)))
        return;
    end_word(lines);
    lines->word.command = true;
    lines->word.no_word = false;
    lines->in_body = lines->nheredocs > 0;
}

bool shell_lines_go_on(const struct shell_lines *lines)
{
    return lines->depth > 0 || lines->continued || lines->waiting || lines->in_body;
}
