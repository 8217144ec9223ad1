#include "settings/mask.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/mask_shape.h"
#include "settings/secrets.h"
#include "settings/url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MASK "***"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define VARIABLE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
#define WORD_CHARACTERS LETTERS "0123456789_.:-"
#define SCHEME_CHARACTERS LETTERS "0123456789.-"

struct masker {
    const char *at;  /* what is left of the text */
    const char *line; /* where its line begins */
    const char *name; /* where the first name of the line may begin, NULL before it was asked */
    char quote;      /* that is open at this place, or NUL */
    struct buf out;
};

bool mask_is_secret(const char *name)
{
    return settings_is_secret(name) || text_fold_contains(name, "authorization");
}

/* The character at this place is passed: a new line begins behind a line feed. */
static void leave(struct masker *masker)
{
    if (*masker->at++ != '\n')
        return;
    masker->line = masker->at;
    masker->name = NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Passes n bytes on, and sees which quotes they open and close. */
static void pass(struct masker *masker, size_t n)
{
    buf_add(&masker->out, masker->at, n);
    for (const char *end = masker->at + n; masker->at < end; leave(masker)) {
        char c = *masker->at;
        if (c == masker->quote)
            masker->quote = '\0';
        else if ((c == '"' || c == '\'') && !masker->quote)
            masker->quote = c;
    }
}

/* Behind a backslash a quote is none, but for those within single ones. */
static size_t plain_length(const struct masker *masker)
{
    return *masker->at == '\\' && masker->at[1] && masker->quote != '\'' ? 2 : 1;
}

static void pass_plain(struct masker *masker)
{
    if (plain_length(masker) == 1) {
        pass(masker, 1);
        return;
    }
    buf_add(&masker->out, masker->at, 2);
    masker->at += 2;
}

/* Bytes up to the quote that closes, or all where none does. */
static size_t quoted_length(const char *text, char quote)
{
    const char *p = text;

    while (*p && *p != quote)
        p += *p == '\\' && p[1] && quote == '"' ? 2 : 1;
    return (size_t)(p - text);
}

/* Bytes of a word of the shell, whose parts may be quoted. A quoted value of JSON ends
 * with its quotes. */
static size_t word_length(const char *text)
{
    const char *p = text;

    while (*p && !is_blank(*p) && *p != '\n') {
        if (*p == '"' || *p == '\'') {
            p += 1 + quoted_length(p + 1, *p);
            p += *p != '\0';
            if (strchr(",;)}]", *p))
                break;
        } else {
            p += *p == '\\' && p[1] ? 2 : 1;
        }
    }
    return (size_t)(p - text);
}

static bool begins_line(struct masker *masker)
{
    if (!masker->name) {
        masker->name = masker->line + strspn(masker->line, " \t-");
        if (strncmp(masker->name, "export ", 7) == 0)
            masker->name += 7;
    }
    return masker->name >= masker->at;
}

static size_t line_length(const char *text)
{
    size_t n = strcspn(text, "\n");
    return n + (text[n] == '\n');
}

/* Bytes of a block scalar of YAML, its last line feed not counted: "|" or ">", and the lines
 * that are indented deeper than that of its name, or blank. 0 where there is none. */
static size_t block_length(const struct masker *masker)
{
    const char *text = masker->at, *end = text + strcspn(text, "\n"), *next = end + 1;
    size_t indent = strspn(masker->line, " ");

    if ((*text != '|' && *text != '>') || text + 1 + strspn(text + 1, "+-0123456789 \t") != end)
        return 0;
    while (next[-1] && *next) {
        size_t deep = strspn(next, " ");
        if (deep <= indent && next[deep] != '\n')
            break;
        next += line_length(next);
        end = next[-1] == '\n' ? next - 1 : next;
    }
    return (size_t)(end - text);
}

/* Puts the mark for n bytes. */
static void hide(struct masker *masker, size_t n)
{
    if (n > 0)
        buf_puts(&masker->out, MASK);
    for (; n > 0; n--)
        leave(masker);
}

/* "$NAME", as no password is written; "${NAME}". */
static bool is_variable(const char *text, size_t n)
{
    bool braced = n > 3 && text[1] == '{' && text[n - 1] == '}';
    const char *name = text + (braced ? 2 : 1);
    size_t length = n - (braced ? 3 : 1);

    return n > 1 && *text == '$' && !isdigit((unsigned char)*name) &&
           strspn(name, VARIABLE_CHARACTERS) >= length;
}

/* "<your password>" */
static bool is_placeholder(const char *text, size_t n)
{
    return n > 2 && *text == '<' && text[n - 1] == '>' &&
           strspn(text + 1, LETTERS " _-") == n - 2;
}

/* Whether all n bytes of the value at this place only say where the secret is to come
 * from. */
static bool is_reference(const struct masker *masker, size_t n)
{
    static const char stdin_path[] = "/dev/stdin";
    const char *text = masker->at;
    bool quoted = n > 2 && (*text == '"' || *text == '\'') && text[n - 1] == *text;
    bool literal = masker->quote == '\'' || (quoted && *text == '\'');

    text += quoted;
    n -= quoted ? 2 : 0;
    return (n == sizeof stdin_path - 1 && strncmp(text, stdin_path, n) == 0) ||
           is_placeholder(text, n) || (!literal && is_variable(text, n));
}

static void mask_value(struct masker *masker, bool whole_line)
{
    const char *text = masker->at;
    bool quoted = (*text == '"' || *text == '\'') && *text != masker->quote;
    size_t n;

    if (quoted)
        n = word_length(text);
    else if (masker->quote)
        n = quoted_length(text, masker->quote);
    else if (whole_line && (n = block_length(masker)) > 0)
        ; /* all of it */
    else
        n = whole_line ? strcspn(text, "\n") : word_length(text);
    if (is_reference(masker, n))
        pass(masker, n);
    else
        hide(masker, n);
}

/* What parts a name from its value. */
struct separator {
    size_t length; /* 0: there is none */
    bool is_colon;
};

/* "is" in a sentence that gives the value: bytes up to the value, else 0. What tells only
 * of the value, as servers do, must stay readable. */
static size_t find_is(const char *rest)
{
    static const char *const others[] = {
        "a",        "an",       "already", "correct",  "empty",    "expired", "for",
        "in",       "incorrect", "invalid", "missing",  "needed",   "no",      "not",
        "required", "rejected", "set",     "the",      "too",      "unknown", "unset",
        "valid",    "wrong"};
    const char *is = rest + strspn(rest, " \t");

    if (is == rest || text_fold(is[0]) != 'i' || text_fold(is[1]) != 's' || !is_blank(is[2]))
        return 0;
    const char *value = is + 2 + strspn(is + 2, " \t");
    char *word = mem_strndup(value, strspn(value, LETTERS));
    bool other = false;
    for (size_t i = 0; i < sizeof others / sizeof *others && !other; i++)
        other = text_fold_equal(word, others[i]) && !isalnum((unsigned char)value[strlen(word)]);
    free(word);
    return other ? 0 : (size_t)(value - rest);
}

/* rest is what follows the word, of which a colon may be the last character. */
static struct separator find_separator(const char *rest, bool colon, bool option)
{
    const char *p = rest;

    if (!colon) {
        p += *p == '\\' && (p[1] == '"' || p[1] == '\'');
        p += *p == '"' || *p == '\'';
    }
    const char *blanks = p + strspn(p, " \t");
    if (colon || *blanks == ':') {
        p = colon ? p : blanks + 1;
        bool parted = colon ? is_blank(*p) : true;
        return (struct separator){parted ? (size_t)(p + strspn(p, " \t") - rest) : 0, true};
    }
    if (*blanks == '=') {
        p = blanks + strspn(blanks, "=");
        return (struct separator){(size_t)(p + strspn(p, " \t") - rest), false};
    }
    if (option && p == rest)
        return (struct separator){(size_t)(blanks - rest), false};
    return (struct separator){find_is(p), false};
}

/* Of a webhook only the path is secret: as of any URL, scheme and host stay. */
static bool is_url_value(const char *name, const char *value)
{
    if (!text_fold_contains(name, "webhookurl"))
        return false;
    value += *value == '\\';
    value += *value == '"' || *value == '\'';
    size_t n = strspn(value, SCHEME_CHARACTERS);
    return n > 0 && strncmp(value + n, "://", 3) == 0;
}

/* The word at this place, n bytes long, and the value behind it if the word is a name. */
static void mask_word(struct masker *masker, size_t n)
{
    size_t dashes = strspn(masker->at, "-");
    bool colon = masker->at[n - 1] == ':';
    char *name = mem_strndup(masker->at + dashes, n - dashes - colon);
    struct separator separator = {0};

    if (mask_is_secret(name))
        separator = find_separator(masker->at + n, colon, dashes > 0);
    if (is_url_value(name, masker->at + n + separator.length))
        separator.length = 0;
    free(name);
    bool whole_line = separator.is_colon || begins_line(masker);
    pass(masker, n);
    if (separator.length == 0)
        return;
    const char *value = masker->at + separator.length;
    while (masker->at < value)
        pass_plain(masker);
    mask_value(masker, whole_line);
}

/* The bytes of the scheme that ends the n bytes of a word, its colon included, where a
 * URL goes on behind them. */
static size_t scheme_length(const char *word, size_t n)
{
    size_t length = 1;

    if (word[n - 1] != ':' || strncmp(word + n, "//", 2) != 0)
        return 0;
    while (length < n && strchr(SCHEME_CHARACTERS, word[n - length - 1]))
        length++;
    return length > 1 ? length : 0;
}

/* The host and port of what follows "://", in the form of a URL; the caller frees it. */
static char *show_host(const char *rest)
{
    char *known = mem_printf("http://%s", rest), *shown = NULL;
    struct url url;
    const char *reason;

    if (url_split(known, &url, &reason)) {
        shown = mem_printf(url.bracketed ? "[%.*s]" : "%.*s", (int)url.host_len, url.host);
        if (url.has_port) {
            char *bare = shown;
            shown = mem_printf("%s:%u", bare, url.port);
            free(bare);
        }
    }
    free(known);
    return shown ? shown : mem_strdup(MASK);
}

static bool says_more(const char *rest, const char *host)
{
    size_t n = strlen(host);
    return strncmp(rest, host, n) != 0 || (rest[n] && strcmp(rest + n, "/") != 0);
}

/* Behind the scheme and its colon. */
static void mask_url(struct masker *masker)
{
    const char ends[] = {' ', '\t', '\n', masker->quote, '\0'};
    size_t n = strcspn(masker->at, masker->quote ? ends : " \t\n\"'");
    char *rest = mem_strndup(masker->at + 2, n - 2), *host = show_host(rest);

    if (says_more(rest, host))
        buf_printf(&masker->out, strcmp(host, MASK) == 0 ? "//%s" : "//%s/" MASK, host);
    else
        buf_add(&masker->out, masker->at, n);
    masker->at += n;
    free(host);
    free(rest);
}

static bool mask_shape(struct masker *masker)
{
    const struct mask_place place = {masker->at, masker->line, masker->quote};
    struct mask_shape shape;

    if (!mask_find_shape(&place, &shape))
        return false;
    pass(masker, shape.shown);
    hide(masker, shape.hidden);
    return true;
}

char *mask_text(const char *text)
{
    struct masker masker = {.at = text, .line = text};

    hide(&masker, mask_headless_key(text));
    while (*masker.at) {
        size_t n = strspn(masker.at, WORD_CHARACTERS);
        if (mask_shape(&masker))
            continue;
        if (n == 0) {
            pass_plain(&masker);
        } else if (scheme_length(masker.at, n)) {
            pass(&masker, n);
            mask_url(&masker);
        } else {
            mask_word(&masker, n);
        }
    }
    return buf_take(&masker.out);
}

/* The values as they are come first: what is made of the text may not show them whole. */
char *mask_foreign(struct settings *settings, const char *text)
{
    char *without = settings ? settings_mask(settings, text) : mem_strdup(text);
    char *masked = mask_text(without);

    free(without);
    return masked;
}
