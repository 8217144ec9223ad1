#include "settings/jsontext.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD };

struct unit {
    size_t size; /* bytes: 2 or 4 */
    bool big_end_first;
};

static bool is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

/* How many of the n bytes at s, which begin no valid character, one U+FFFD
 * stands for: the longest beginning of some valid character, at least one byte.
 * A part is such a beginning where some last bytes complete it. */
static size_t invalid_part(const char *s, size_t n)
{
    static const char *const completions[] = {"\x80\x80", "\xBF\xBF", "\x80", "\xBF"};
    uint32_t c;

    if (n < 2 || is_ascii(s[1]) || (unsigned char)s[1] > 0xBF)
        return 1;
    for (size_t part = n < 3 ? n : 3; part > 1; part--)
        for (size_t i = 0; i < sizeof completions / sizeof *completions; i++) {
            size_t more = strlen(completions[i]);
            char whole[5];
            memcpy(whole, s, part);
            memcpy(whole + part, completions[i], more);
            if (text_decode(whole, part + more, &c) == part + more)
                return part;
        }
    return 1;
}

/* The bytes of the character at s; 0 where it is invalid. */
static size_t valid_char(const char *s, size_t n)
{
    uint32_t c;
    size_t size = text_decode(s, n, &c);

    return size == 1 && !is_ascii(*s) ? 0 : size;
}

static const char *skip_valid(const char *p, const char *end)
{
    while (p < end) {
        size_t size = is_ascii(*p) ? 1 : valid_char(p, (size_t)(end - p));
        if (size == 0)
            break;
        p += size;
    }
    return p;
}

static void add_char(struct buf *buf, uint32_t c)
{
    char bytes[5];

    buf_add(buf, bytes, text_encode(c, bytes));
}

void jsontext_add(struct buf *buf, struct span text)
{
    while (text.start < text.end) {
        const char *bad = skip_valid(text.start, text.end);
        buf_add(buf, text.start, (size_t)(bad - text.start));
        text.start = bad;
        if (bad < text.end) {
            add_char(buf, REPLACEMENT);
            text.start += invalid_part(bad, (size_t)(text.end - bad));
        }
    }
}

static uint32_t read_unit(const char *p, const struct unit *unit)
{
    uint32_t c = 0;

    for (size_t i = 0; i < unit->size; i++) {
        size_t shift = 8 * (unit->big_end_first ? unit->size - 1 - i : i);
        c |= (uint32_t)(unsigned char)p[i] << shift;
    }
    return c;
}

static bool is_low_surrogate(uint32_t c)
{
    return c >= 0xDC00 && c <= 0xDFFF;
}

static void decode_units(const char *p, const char *end, const struct unit *unit, struct buf *copy)
{
    while ((size_t)(end - p) >= unit->size) {
        uint32_t c = read_unit(p, unit);
        p += unit->size;
        bool is_high = unit->size == 2 && c >= 0xD800 && c <= 0xDBFF;
        if (is_high && end - p >= 2 && is_low_surrogate(read_unit(p, unit))) {
            c = 0x10000 + ((c - 0xD800) << 10) + (read_unit(p, unit) - 0xDC00);
            p += 2;
        }
        add_char(copy, (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF ? REPLACEMENT : c);
    }
    if (p < end)
        add_char(copy, REPLACEMENT);
}

struct span jsontext_decode(const char *text, size_t len, struct buf *copy)
{
    static const struct {
        const char *bytes;
        size_t len;
        struct unit unit;
    } marks[] = {
        {"\xFF\xFE\0\0", 4, {4, false}}, /* before UTF-16's mark, which it begins with */
        {"\0\0\xFE\xFF", 4, {4, true}},
        {"\xFF\xFE", 2, {2, false}},
        {"\xFE\xFF", 2, {2, true}},
    };
    struct span span = {text, text + len};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (len >= marks[i].len && memcmp(text, marks[i].bytes, marks[i].len) == 0) {
            buf_puts(copy, "");
            decode_units(text + marks[i].len, span.end, &marks[i].unit, copy);
            return (struct span){copy->data, copy->data + copy->len};
        }
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        span.start += 3;
    return span;
}
