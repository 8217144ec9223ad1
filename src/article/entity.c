#include "article/entity.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD };

/* Writes c as UTF-8 and returns its bytes; what is no character is U+FFFD. */
static size_t encode(uint32_t c, char bytes[static 4])
{
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = REPLACEMENT;
    if (c < 0x80) {
        bytes[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)((0xF0 << (4 - n) & 0xFF) | c);
    return n;
}

/* The number in "&#123;" or "&#x7b;". */
static uint32_t number(const char *entity)
{
    const char *digits = entity + 2;
    int base = 10;

    if (*digits == 'x' || *digits == 'X') {
        digits++;
        base = 16;
    }
    unsigned long value = strtoul(digits, NULL, base);
    return value > 0x10FFFF ? REPLACEMENT : (uint32_t)value;
}

static const char *find_named(const char *entity, size_t n)
{
    static const struct {
        const char *name, *text;
    } table[] = {
        {"&amp;", "&"},   {"&lt;", "<"},    {"&gt;", ">"},    {"&quot;", "\""},  {"&apos;", "'"},
        {"&nbsp;", "\u00A0"}, {"&ndash;", "\u2013"}, {"&mdash;", "\u2014"}, {"&hellip;", "\u2026"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strlen(table[i].name) == n && memcmp(table[i].name, entity, n) == 0)
            return table[i].text;
    return NULL;
}

void entity_decode(const char *entity, size_t n, struct buf *out)
{
    const char *named = find_named(entity, n);

    if (named) {
        buf_puts(out, named);
    } else if (n > 3 && entity[1] == '#') {
        char bytes[4];
        char *clean = text_sanitise(bytes, encode(number(entity), bytes), TEXT_ONE_LINE);
        buf_puts(out, clean);
        free(clean);
    } else {
        buf_add(out, entity, n);
    }
}
