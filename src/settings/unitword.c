#include "settings/unitword.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == UNITWORD_JOIN;
}

/* The next byte of the text, a joined line's end as a blank; 0 at the end. */
static char peek(struct unitword *words)
{
    while (*words->next == UNITWORD_SKIP) {
        words->next++;
        words->line++;
    }
    return *words->next;
}

static char take(struct unitword *words)
{
    char c = peek(words);

    if (c)
        words->next++;
    if (c != UNITWORD_JOIN)
        return c;
    words->line++;
    return ' ';
}

static int digit_of(char c, int base)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, text_fold(c)) : NULL;

    return found && found - digits < base ? (int)(found - digits) : -1;
}

/* The value of so many digits, or 0: no escape may stand for NUL. */
static uint32_t read_number(struct unitword *words, int count, int base)
{
    uint32_t value = 0;

    for (int i = 0; i < count; i++) {
        int digit = digit_of(words->next[i], base);
        if (digit < 0)
            return 0;
        value = value * (uint32_t)base + (uint32_t)digit;
    }
    words->next += count;
    return value;
}

/* "\x41" and "\101" are bytes; false where there is no such escape. */
static bool read_byte(struct unitword *words, int count, int base, struct buf *word)
{
    uint32_t value = read_number(words, count, base);

    if (value > 0 && value <= UINT8_MAX)
        buf_putc(word, (char)value);
    return value > 0 && value <= UINT8_MAX;
}

static bool read_character(struct unitword *words, int count, struct buf *word)
{
    uint32_t value = read_number(words, count, 16);

    if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return false;
    char bytes[5];
    buf_add(word, bytes, text_encode(value, bytes));
    return true;
}

/* What follows a backslash (cunescape_one()). */
static bool read_escape(struct unitword *words, struct buf *word)
{
    static const char letters[] = "abfnrtvs\\\"'", meanings[] = "\a\b\f\n\r\t\v \\\"'";
    char c = peek(words);
    const char *letter = c ? strchr(letters, c) : NULL;

    if (digit_of(c, 8) >= 0)
        return read_byte(words, 3, 8, word);
    if (c)
        words->next++;
    switch (c) {
    case 'x':
        return read_byte(words, 2, 16, word);
    case 'u':
        return read_character(words, 4, word);
    case 'U':
        return read_character(words, 8, word);
    default:
        if (letter)
            buf_putc(word, meanings[letter - letters]);
        return letter != NULL;
    }
}

static bool unescape(struct unitword *words, struct buf *word)
{
    struct unitword before = *words;

    if (read_escape(words, word))
        return true;
    if (!words->is_lenient)
        return false;
    *words = before;
    buf_putc(word, '\\');
    if (peek(words))
        buf_putc(word, take(words));
    return true;
}

/* Quotes may open and close anywhere in a word. */
static bool read_word(struct unitword *words, struct buf *word)
{
    char quote = '\0';

    for (char c; (c = peek(words)) && (quote || !is_separator(c));) {
        c = take(words);
        if (c == '\\') {
            if (!unescape(words, word))
                return false;
        } else if (c == quote) {
            quote = '\0';
        } else if (!quote && (c == '"' || c == '\'')) {
            quote = c;
        } else {
            buf_putc(word, c);
        }
    }
    return !quote;
}

bool unitword_next(struct unitword *words, struct buf *word)
{
    buf_clear(word);
    buf_puts(word, "");
    while (is_separator(peek(words)))
        take(words);
    words->word_line = words->line;
    if (!peek(words) || words->is_bad)
        return false;
    words->is_bad = !read_word(words, word);
    return !words->is_bad;
}

static void add_name_part(char letter, const char *unit, struct buf *out)
{
    const char *dot = strrchr(unit, '.');
    int len = dot ? (int)(dot - unit) : (int)strlen(unit);
    const char *start = unit;

    for (const char *p = unit; letter == 'j' && p < unit + len; p++)
        if (*p == '-')
            start = p + 1;
    buf_printf(out, "%.*s", len - (int)(start - unit), start);
}

/* Where the letter stands for the same in every system, what it stands for. */
static const char *constant_of(char letter)
{
    static const struct {
        char letter;
        const char *meaning;
    } constants[] = {
        {'%', "%"},        {'i', ""},         {'I', ""},         {'t', "/run"}, {'S', "/var/lib"},
        {'C', "/var/cache"}, {'L', "/var/log"}, {'E', "/etc"},   {'T', "/tmp"}, {'V', "/var/tmp"},
        {'u', "root"},     {'U', "0"},        {'g', "root"},     {'G', "0"},    {'h', "/root"},
    };

    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (constants[i].letter == letter)
            return constants[i].meaning;
    return NULL;
}

static char expand_one(char letter, const char *unit, struct buf *out)
{
    const char *constant = letter ? constant_of(letter) : NULL;

    if (constant)
        buf_puts(out, constant);
    else if (letter == 'n')
        buf_puts(out, unit);
    else if (letter && strchr("NpPjJ", letter))
        add_name_part((char)(letter == 'J' ? 'j' : letter), unit, out);
    else
        buf_printf(out, "%%%.1s", &letter);
    /* Letters that mean nothing are no specifiers. */
    bool is_left = letter && strchr("aAbBcdDfHlmMoqrRsvwWxyY", letter);
    return (char)(is_left ? letter : '\0');
}

char unitword_expand(const char *unit, const char *text, struct buf *out)
{
    char left = '\0';

    for (const char *p = text; *p; p++) {
        if (*p != '%') {
            buf_putc(out, *p);
            continue;
        }
        char letter = p[1];
        char unknown = expand_one(letter, unit, out);
        left = left ? left : unknown;
        p += letter != '\0';
    }
    return left;
}
