#include "guide/words.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct word *words_add(struct words *words)
{
    words->items = mem_grow(words->items, words->count, sizeof *words->items);
    struct word *word = &words->items[words->count++];
    *word = (struct word){.parent = WORD_NO_PARENT};
    buf_puts(&word->text, "");
    return word;
}

void word_put(struct word *word, char c, size_t at, enum word_context context)
{
    word->has_unknown = word->has_unknown || c == WORD_UNKNOWN;
    word->bytes = mem_grow(word->bytes, word->text.len, sizeof *word->bytes);
    word->bytes[word->text.len] = (struct word_byte){at, context};
    buf_putc(&word->text, c);
}

/* Bytes of a conversion, "%-5s" or the like. */
static size_t conversion_length(const char *text)
{
    size_t n = 1 + strspn(text + 1, "-+ #0123456789.*");

    return n + (text[n] != '\0');
}

/* What is behind a backslash may be an octal number, or known to some shells only. */
static size_t escape_length(const char *text)
{
    size_t n = 1;

    while ((text[n] >= '0' && text[n] <= '9') || (text[n] >= 'a' && text[n] <= 'z') ||
           (text[n] >= 'A' && text[n] <= 'Z'))
        n++;
    return n;
}

/* Takes what is at text + at, and returns its bytes. */
static size_t read_format(struct word *word, const char *text, size_t at)
{
    static const char codes[] = "\\nt", meanings[] = "\\\n\t";
    char next = text[at + 1];
    const char *code = next ? strchr(codes, next) : NULL;

    if (text[at] == '%' && next != '%') {
        word_put(word, WORD_UNKNOWN, at, WORD_RAW);
        return conversion_length(text + at);
    }
    if (text[at] == '\\' && !code) {
        word_put(word, WORD_UNKNOWN, at, WORD_RAW);
        return escape_length(text + at);
    }
    if (text[at] == '%' || text[at] == '\\') {
        word_put(word, text[at] == '%' ? '%' : meanings[code - codes], at, WORD_ESCAPED);
        return 2;
    }
    word_put(word, text[at], at, WORD_FORMAT);
    return 1;
}

void words_read_format(struct words *words, const char *text)
{
    struct word *word = words_add(words);

    word->role = WORD_ARGUMENT;
    for (size_t at = 0; text[at];)
        at += read_format(word, text, at);
}

void words_clear(struct words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        buf_clear(&words->items[i].text);
        free(words->items[i].bytes);
    }
    free(words->items);
    *words = (struct words){0};
}
