#include "guide/embedded.h"

#include "base/mem.h"
#include "guide/quote.h"

#include <stdlib.h>
#include <string.h>

/* Whether a text is a line of a .env: not `HOST=x program`, which is the shell's. */
static bool is_assignment(const char *text)
{
    static const char start[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

    return strspn(text, start) > 0 && text[strcspn(text, "= \t\n'\"-")] == '=';
}

static bool is_document(const char *text, enum fill_syntax embeds)
{
    switch (embeds) {
    case FILL_ENV:
        return is_assignment(text);
    case FILL_JSON:
        return *text && strchr("{[\"", text[strspn(text, " \t\n")]);
    case FILL_YAML:
        return strchr(text, '\n') || strstr(text, ": ");
    case FILL_INI:
        return strchr(text, '\n') || strchr(text, '=');
    default:
        return false;
    }
}

enum embedding embedding_of(const struct words *words, size_t index, enum fill_syntax embeds)
{
    const struct word *word = &words->items[index];

    if (word->tongue == TONGUE_PRINTED)
        return EMBEDDING_PRINTED;
    if (embeds == FILL_PLAIN)
        return EMBEDDING_NONE;
    if (word->role == WORD_HERE_DOCUMENT || word->role == WORD_HERE_STRING)
        return EMBEDDING_DOCUMENT;
    if (word->role == WORD_ARGUMENT && is_document(word->text.data, embeds))
        return EMBEDDING_DOCUMENT;
    return word->role == WORD_ARGUMENT || word->role == WORD_ASSIGNMENT ? EMBEDDING_UNSURE
                                                                         : EMBEDDING_NONE;
}

/* The format of the printf that prints a word; *nth: which of its arguments that is. */
static const struct word *find_format(const struct words *words, size_t index, size_t *nth)
{
    const struct word *word = &words->items[index], *format = NULL;

    *nth = 0;
    for (size_t i = 0; i < index; i++) {
        const struct word *other = &words->items[i];
        if (other->command != word->command)
            continue;
        if (other->tongue == TONGUE_FORMAT)
            format = other;
        *nth += other->tongue == TONGUE_PRINTED;
    }
    return format;
}

static bool is_conversion(const struct word *read, size_t at, const char *format)
{
    return read->text.data[at] == WORD_UNKNOWN && format[read->bytes[at].at] == '%';
}

/* Where the nth conversion stands in what a format comes out as. False where it has another
 * than %s. */
static bool find_conversion(const struct word *read, const char *format, size_t nth, size_t *at)
{
    size_t count = 0;

    for (size_t i = 0; i < read->text.len; i++) {
        if (!is_conversion(read, i, format))
            continue;
        if (format[read->bytes[i].at + 1] != 's')
            return false;
        count++;
    }
    for (size_t i = 0, seen = 0; count > 0 && i < read->text.len; i++)
        if (is_conversion(read, i, format) && seen++ == nth % count)
            *at = i;
    return count > 0;
}

/* A part of the line. What other conversions print there is of no matter; NULL where an
 * escape stands there that only some programs know. */
static char *part_of_line(const struct word *read, const char *format, size_t from, size_t to)
{
    char *part = mem_strndup(read->text.data + from, to - from);

    for (size_t i = from; i < to; i++) {
        if (read->text.data[i] != WORD_UNKNOWN)
            continue;
        if (!is_conversion(read, i, format)) {
            free(part);
            return NULL;
        }
        part[i - from] = 'x';
    }
    return part;
}

static bool cut_line(const struct word *read, const char *format, size_t at, char **before,
                     char **behind)
{
    const char *text = read->text.data;
    size_t start = at;

    while (start > 0 && text[start - 1] != '\n')
        start--;
    *before = part_of_line(read, format, start, at);
    *behind = part_of_line(read, format, at + 1, at + 1 + strcspn(text + at + 1, "\n"));
    if (*before && *behind)
        return true;
    free(*before);
    free(*behind);
    return false;
}

bool embedding_line(const struct words *words, size_t index, enum fill_syntax embeds,
                    char **before, char **behind)
{
    struct words line = {0};
    size_t nth, at = 0;
    const struct word *format = find_format(words, index, &nth);

    if (!format || format->has_unknown)
        return false;
    words_read_format(&line, format->text.data);
    bool ok = find_conversion(&line.items[0], format->text.data, nth, &at);
    if (ok && embeds == FILL_PLAIN) {
        *before = mem_strdup("");
        *behind = mem_strdup("");
    } else if (ok) {
        ok = cut_line(&line.items[0], format->text.data, at, before, behind);
    }
    words_clear(&line);
    return ok;
}

bool embedding_takes(enum fill_syntax embeds, const char *value)
{
    return embeds == FILL_YAML || embeds == FILL_INI ? quote_is_harmless(value)
                                                     : quote_is_plain(value);
}
