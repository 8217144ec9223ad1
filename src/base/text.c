#include "base/text.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { REPLACEMENT = 0xFFFD };

static int sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

static bool is_scalar(uint32_t c, int length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return c >= least[length] && c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
}

size_t text_decode(const char *s, size_t n, uint32_t *c)
{
    static const unsigned char mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *u = (const unsigned char *)s;
    int length = sequence_length(u[0]);

    *c = REPLACEMENT;
    if (length == 0 || (size_t)length > n)
        return 1;
    uint32_t value = u[0] & mask[length];
    for (int i = 1; i < length; i++) {
        if ((u[i] & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (u[i] & 0x3F);
    }
    if (!is_scalar(value, length))
        return 1;
    *c = value;
    return (size_t)length;
}

size_t text_encode(uint32_t c, char bytes[static 5])
{
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = n; i-- > 1; c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)(leads[n] | c);
    bytes[n] = '\0';
    return n;
}

long text_hex(const char *digits, size_t n)
{
    long value = 0;

    for (size_t i = 0; i < n; i++) {
        char c = text_fold(digits[i]);
        if (c >= '0' && c <= '9')
            value = value * 16 + (c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value * 16 + (c - 'a' + 10);
        else
            return -1;
    }
    return value;
}

void text_chop(char *text)
{
    size_t len = strlen(text);

    while (len > 0 && ((unsigned char)text[len - 1] & 0xC0) == 0x80)
        len--;
    text[len > 0 ? len - 1 : 0] = '\0';
}

int text_char_cols(uint32_t c)
{
    if (c >= 0x20 && c < 0x7F)
        return 1;
    int cols = wcwidth((wchar_t)c);
    return cols < 0 ? 1 : cols;
}

int text_cols(const char *s)
{
    return text_cols_n(s, strlen(s));
}

int text_cols_n(const char *s, size_t n)
{
    int cols = 0;

    while (n > 0) {
        uint32_t c;
        size_t step = text_decode(s, n, &c);
        cols += text_char_cols(c);
        s += step;
        n -= step;
    }
    return cols;
}

size_t text_fit(const char *s, int cols, int *used)
{
    size_t n = strlen(s), at = 0;
    int sum = 0;

    while (at < n) {
        uint32_t c;
        size_t step = text_decode(s + at, n - at, &c);
        int width = text_char_cols(c);
        if (sum + width > cols)
            break;
        sum += width;
        at += step;
    }
    if (used)
        *used = sum;
    return at;
}

/* Characters that reorder, hide or break text, beyond the C0 and C1 controls. */
static bool is_deceptive(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x115F, 0x1160},   {0x180E, 0x180E},   {0x200B, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},
        {0xFFA0, 0xFFA0}, {0xE000, 0xF8FF}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

static void spell_out(struct buf *out, const char *at, uint32_t c)
{
    if (c == '\n')
        buf_puts(out, "\\n");
    else if (c == '\r')
        buf_puts(out, "\\r");
    else if (c == '\t')
        buf_puts(out, "\\t");
    else if (c < 0x100)
        buf_printf(out, "\\x%02x", c == REPLACEMENT ? (unsigned char)*at : c);
    else if (c == REPLACEMENT)
        buf_printf(out, "\\x%02x", (unsigned char)*at);
    else
        buf_printf(out, "\\u%04x", c);
}

/* Takes the layout characters that multi-line text may have; true if done. */
static bool keep_layout(struct buf *out, const char *at, size_t left, enum text_keep keep,
                        size_t *line_start)
{
    if (*at == '\n') {
        buf_putc(out, '\n');
        *line_start = out->len;
        return true;
    }
    if (*at == '\r' && left > 1 && at[1] == '\n')
        return true;
    if (*at != '\t')
        return false;
    do
        buf_putc(out, keep == TEXT_KEEP_TABS ? '\t' : ' ');
    while (keep == TEXT_KEEP_LINES && (out->len - *line_start) % 4);
    return true;
}

char *text_sanitise(const char *bytes, size_t n, enum text_keep keep)
{
    struct buf out = {0};
    size_t line_start = 0;

    for (size_t at = 0, step; at < n; at += step) {
        uint32_t c;
        step = text_decode(bytes + at, n - at, &c);
        if (keep != TEXT_ONE_LINE && keep_layout(&out, bytes + at, n - at, keep, &line_start))
            continue;
        if ((c == REPLACEMENT && step == 1) || is_deceptive(c))
            spell_out(&out, bytes + at, c);
        else
            buf_add(&out, bytes + at, step);
    }
    return buf_take(&out);
}

static const char *ascii_for(uint32_t c)
{
    static const struct {
        uint32_t c;
        const char *ascii;
    } table[] = {
        {0x00A0, " "},  {0x00B7, "-"},  {0x00D7, "x"},  {0x2010, "-"},   {0x2011, "-"},  {0x2013, "-"},
        {0x2014, "-"},  {0x2018, "'"},  {0x2019, "'"},  {0x201C, "\""},  {0x201D, "\""}, {0x2022, "*"},
        {0x2026, "..."}, {0x2190, "<-"}, {0x2192, "->"}, {0x2264, "<="}, {0x2265, ">="}, {0x2713, "+"},
        {0x2714, "+"},  {0x2717, "x"},  {0x2718, "x"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].c == c)
            return table[i].ascii;
    return "?";
}

char *text_ascii(const char *s)
{
    struct buf out = {0};
    size_t n = strlen(s);

    for (size_t at = 0, step; at < n; at += step) {
        uint32_t c;
        step = text_decode(s + at, n - at, &c);
        if (c < 0x80)
            buf_putc(&out, (char)c);
        else if (text_char_cols(c) > 0)
            buf_puts(&out, ascii_for(c));
    }
    return buf_take(&out);
}

char text_fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_fold_equal(const char *a, const char *b)
{
    while (*a && text_fold(*a) == text_fold(*b)) {
        a++;
        b++;
    }
    return text_fold(*a) == text_fold(*b);
}

static bool starts_folded(const char *text, const char *part)
{
    while (*part && text_fold(*text) == text_fold(*part)) {
        text++;
        part++;
    }
    return *part == '\0';
}

bool text_fold_contains(const char *text, const char *part)
{
    for (;; text++) {
        if (starts_folded(text, part))
            return true;
        if (*text == '\0')
            return false;
    }
}

/* Levenshtein distance, one row at a time. */
static size_t distance(const char *a, const char *b)
{
    size_t n = strlen(b);
    size_t *row = mem_realloc(NULL, (n + 1) * sizeof *row);

    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = corner + (text_fold(a[i - 1]) != text_fold(b[j - 1]));
            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    size_t result = row[n];
    free(row);
    return result;
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t limit = strlen(word) / 3 + 1, best = limit + 1;
    const char *nearest = NULL;

    for (size_t i = 0; i < count && strlen(word) < 256; i++) {
        size_t d = distance(word, candidates[i]);
        if (d < best) {
            best = d;
            nearest = candidates[i];
        }
    }
    return nearest;
}
