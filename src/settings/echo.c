#include "settings/echo.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MASK "***"

/* Longer values are keys and the like, which nobody sends to log in. */
enum { BASE64_MOST_BYTES = 1024 };

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void list_clear(struct echo_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct echo_list){0};
}

void echo_clear(struct echo *echo)
{
    list_clear(&echo->plain);
    list_clear(&echo->base64);
}

/* Takes the text over. */
static void list_add(struct echo_list *list, char *text)
{
    list->items = mem_grow(list->items, list->count, sizeof *list->items);
    list->items[list->count++] = text;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_finish(struct echo_list *list)
{
    size_t kept = 0;

    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, compare);
    for (size_t i = 0; i < list->count; i++) {
        if (kept > 0 && strcmp(list->items[i], list->items[kept - 1]) == 0) {
            free(list->items[i]);
            continue;
        }
        list->items[kept++] = list->items[i];
        list->first[(unsigned char)*list->items[kept - 1]] = true;
    }
    list->count = kept;
}

void echo_finish(struct echo *echo)
{
    list_finish(&echo->plain);
    list_finish(&echo->base64);
}

/* The digits that are the same whatever stands around the value, which begins ahead
 * bytes behind a group of three; NULL where they are too few to tell. */
static char *encode_inside(const char *value, size_t n, size_t ahead)
{
    struct buf digits = {0};
    size_t first = (ahead * 8 + 5) / 6, end = (ahead + n) * 8 / 6;

    for (size_t digit = first; digit < end; digit++) {
        unsigned bits = 0;
        for (size_t bit = digit * 6; bit < digit * 6 + 6; bit++) {
            unsigned byte = (unsigned char)value[bit / 8 - ahead];
            bits = bits << 1 | (byte >> (7 - bit % 8) & 1U);
        }
        buf_putc(&digits, base64_digits[bits]);
    }
    if (digits.len >= ECHO_LEAST_BYTES)
        return buf_take(&digits);
    buf_clear(&digits);
    return NULL;
}

void echo_add(struct echo *echo, const char *value, size_t n)
{
    if (n < ECHO_LEAST_BYTES)
        return;
    list_add(&echo->plain, mem_strndup(value, n));
    for (size_t ahead = 0; ahead < 3 && n <= BASE64_MOST_BYTES; ahead++) {
        char *digits = encode_inside(value, n, ahead);
        if (digits)
            list_add(&echo->base64, digits);
    }
}

/* One way to read what stands at a place. */
struct reading {
    size_t length; /* in the text; 0: there is none */
    char bytes[5]; /* as text_encode writes it */
    size_t count;
};

static struct reading read_as(size_t length, char byte)
{
    return (struct reading){length, {byte}, 1};
}

static struct reading read_character(size_t length, uint32_t c)
{
    struct reading reading = {.length = length};

    reading.count = text_encode(c, reading.bytes);
    return reading;
}

/* "\uXXXX", which must be there, or two that are one character (RFC 8259, section 7). */
static struct reading read_unicode(const char *text)
{
    long high = text_hex(text + 2, 4), low = -1;

    if (high >= 0xD800 && high < 0xDC00 && text[6] == '\\' && text[7] == 'u')
        low = text_hex(text + 8, 4);
    if (low >= 0xDC00 && low < 0xE000)
        return read_character(12, (uint32_t)(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
    return read_character(6, (uint32_t)high);
}

static char named_control(char c)
{
    static const char letters[] = "nrtbf", controls[] = "\n\r\t\b\f";
    const char *at = c ? strchr(letters, c) : NULL;

    return at ? controls[at - letters] : '\0';
}

enum { READINGS = 3 };

/* What an escape says that begins at text, each way that it may be meant. */
static size_t read_escapes(const char *text, struct reading readings[static READINGS])
{
    size_t count = 0;

    if (*text == '%' && text_hex(text + 1, 2) > 0)
        readings[count++] = read_as(3, (char)text_hex(text + 1, 2));
    else if (*text == '+')
        readings[count++] = read_as(1, ' ');
    else if (strncmp(text, "'\\''", 4) == 0)
        readings[count++] = read_as(4, '\'');
    if (*text != '\\' || !text[1])
        return count;
    if (text[1] == 'u' && text_hex(text + 2, 4) > 0)
        readings[count++] = read_unicode(text);
    else if (text[1] == 'x' && text_hex(text + 2, 2) > 0)
        readings[count++] = read_as(4, (char)text_hex(text + 2, 2));
    if (named_control(text[1]))
        readings[count++] = read_as(2, named_control(text[1]));
    readings[count++] = read_as(2, text[1]);
    return count;
}

/* Those of the items that have the same beginning. */
struct range {
    size_t low, high, depth;
};

static size_t find_bound(const struct echo_list *list, const struct range *range, int byte)
{
    size_t low = range->low, high = range->high;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((unsigned char)list->items[middle][range->depth] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Leaves the items that go on with the reading; false, and nothing changed, if none. */
static bool narrow(const struct echo_list *list, struct range *range,
                   const struct reading *reading)
{
    struct range left = *range;

    for (size_t i = 0; i < reading->count; i++) {
        left.low = find_bound(list, &left, (unsigned char)reading->bytes[i]);
        left.high = find_bound(list, &left, (unsigned char)reading->bytes[i] + 1);
        if (left.low == left.high)
            return false;
        left.depth++;
    }
    *range = left;
    return true;
}

struct search {
    const struct echo_list *list;
    bool base64;        /* "-" and "_" are digits too (RFC 4648, section 5) */
    bool escapes_first; /* or what stands there as it is */
    bool met_escape;    /* so far */
    const char *cut;    /* where the text was cut, or NULL */
};

/* Bytes of the text that go on with the items, 0 if none does. */
static size_t step(struct search *search, const char *text, struct range *range)
{
    struct reading readings[READINGS + 1];
    char c = *text;

    if (search->base64)
        c = (char)(c == '-' ? '+' : c == '_' ? '/' : c);
    readings[0] = read_as(1, c);
    size_t count = 1 + read_escapes(text, readings + 1);
    search->met_escape |= count > 1;
    for (size_t i = 0; i < count; i++) {
        const struct reading *reading = &readings[search->escapes_first ? count - 1 - i : i];
        if (narrow(search->list, range, reading))
            return reading->length;
    }
    return 0;
}

/* Bytes of the longest value that text begins with, or 0. */
static size_t measure(struct search *search, const char *text)
{
    struct range range = {.high = search->list->count};
    const char *p = text;
    size_t found = 0;

    while (*p) {
        if (p == search->cut)
            return range.depth >= ECHO_LEAST_BYTES ? (size_t)(p - text) : found;
        size_t n = step(search, p, &range);
        if (n == 0)
            break;
        p += n;
        if (range.depth >= ECHO_ENOUGH_BYTES || !search->list->items[range.low][range.depth])
            found = (size_t)(p - text);
    }
    return found;
}

static bool may_begin(const struct echo_list *list, char c)
{
    return list->first[(unsigned char)c] || strchr("%\\'+", c);
}

static size_t find(const struct echo_list *list, bool base64, const char *text, const char *cut)
{
    struct search search = {.list = list, .base64 = base64, .cut = cut};

    if (list->count == 0 || !(may_begin(list, *text) || (base64 && strchr("-_", *text))))
        return 0;
    size_t plain = measure(&search, text);
    if (!search.met_escape)
        return plain;
    search.escapes_first = true;
    size_t escaped = measure(&search, text);
    return plain > escaped ? plain : escaped;
}

static bool is_digit(char c)
{
    return c && (strchr(base64_digits, c) || strchr("-_=", c));
}

/* n and the digits that follow: they are encoded together. */
static size_t grow(const char *text, size_t n)
{
    while (is_digit(text[n]))
        n++;
    return n;
}

/* And those before them, which are in the copy already; "=" only ends what is encoded. */
static void shrink(struct buf *masked)
{
    while (masked->len > 0 && masked->data[masked->len - 1] != '=' &&
           is_digit(masked->data[masked->len - 1]))
        masked->data[--masked->len] = '\0';
}

static const char *find_cut(const char *text)
{
    size_t n = strlen(text);
    return n >= 3 && strcmp(text + n - 3, "...") == 0 ? text + n - 3 : NULL;
}

char *echo_mask(const struct echo *echo, const char *text)
{
    struct buf masked = {0};
    const char *cut = find_cut(text);

    while (*text) {
        size_t n = find(&echo->plain, false, text, cut);
        if (n == 0 && (n = find(&echo->base64, true, text, cut)) > 0) {
            n = grow(text, n);
            shrink(&masked);
        }
        if (n > 0)
            buf_puts(&masked, MASK);
        else
            buf_putc(&masked, *text);
        text += n > 0 ? n : 1;
    }
    return buf_take(&masked);
}
