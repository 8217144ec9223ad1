#include "guide/unfilled.h"

#include "base/mem.h"
#include "guide/words.h"

#include <stdlib.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Bytes of "<name>", or 0. */
static size_t measure(const char *text)
{
    size_t n = strspn(text + 1, LETTERS "0123456789_.:-");

    return n > 0 && strchr(LETTERS, text[1]) && text[1 + n] == '>' ? n + 2 : 0;
}

/* Whether what stands before, or behind, makes it something that a shell or a regular
 * expression reads. */
static bool is_syntax(const char *text, size_t at, size_t len)
{
    char before = at > 0 ? text[at - 1] : '\0', second = at > 1 ? text[at - 2] : '\0';
    char after = text[at + len];

    return before == '<' || before == '\\' || before == '?' || (before == 'P' && second == '?') ||
           (before == 'k' && second == '\\') || (after && strchr(">&|(", after));
}

static bool is_markup(const char *text, const char *tag, size_t len)
{
    char *end = mem_printf("</%.*s", (int)len - 1, tag + 1);
    bool is = strstr(text, end) != NULL;

    free(end);
    return is;
}

static bool is_declared(const char *tag, size_t len, const struct fill_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        if (memmem(values->items[i].placeholder, strlen(values->items[i].placeholder), tag, len))
            return true;
    return false;
}

static bool is_in_comment(const struct words *words, size_t at)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct word *word = &words->items[i];
        if (word->role == WORD_COMMENT && word->text.len > 0 && at >= word->bytes[0].at &&
            at <= word->bytes[word->text.len - 1].at)
            return true;
    }
    return false;
}

const char *unfilled_find(const char *text, const struct fill_values *values, size_t *len)
{
    const char *found = NULL;
    struct words words = {0};

    words_read(&words, text);
    for (const char *at = text; !found && (at = strchr(at, '<')); at++) {
        *len = measure(at);
        size_t start = (size_t)(at - text);
        if (*len > 0 && !is_syntax(text, start, *len) && !is_markup(text, at, *len) &&
            !is_declared(at, *len, values) && !is_in_comment(&words, start))
            found = at;
    }
    words_clear(&words);
    return found;
}
