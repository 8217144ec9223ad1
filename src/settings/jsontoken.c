#include "settings/jsontoken.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

void jsontoken_start(struct json_scanner *scanner, struct span text)
{
    *scanner = (struct json_scanner){.next = text.start, .end = text.end, .line = 1};
}

static enum json_token bad(struct json_scanner *scanner, const char *problem)
{
    scanner->problem = problem;
    return JSON_BAD;
}

static bool starts_with(const struct json_scanner *scanner, const char *word)
{
    size_t len = strlen(word);

    return (size_t)(scanner->end - scanner->next) >= len && memcmp(scanner->next, word, len) == 0;
}

/* One byte on, over the end of a line too. */
static void step(struct json_scanner *scanner)
{
    char c = *scanner->next++;
    bool is_crlf = c == '\r' && scanner->next < scanner->end && *scanner->next == '\n';

    if (c == '\n' || (c == '\r' && !is_crlf))
        scanner->line++;
}

/* The skippers leave a problem in the scanner where they fail. */
static void skip_line_comment(struct json_scanner *scanner)
{
    while (scanner->next < scanner->end && *scanner->next != '\n' && *scanner->next != '\r') {
        if (starts_with(scanner, "\xE2\x80\xA8") || starts_with(scanner, "\xE2\x80\xA9")) {
            bad(scanner, "a line separator (U+2028 or U+2029) in a // comment; remove it");
            return;
        }
        scanner->next++;
    }
}

static void skip_block_comment(struct json_scanner *scanner)
{
    int first_line = scanner->line;

    scanner->next += 2;
    while (!starts_with(scanner, "*/")) {
        if (scanner->next == scanner->end) {
            scanner->line = first_line;
            bad(scanner, "the comment is never closed; end it with */");
            return;
        }
        step(scanner);
    }
    scanner->next += 2;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks_and_comments(struct json_scanner *scanner)
{
    while (scanner->next < scanner->end && !scanner->problem) {
        if (is_blank(*scanner->next))
            step(scanner);
        else if (starts_with(scanner, "//"))
            skip_line_comment(scanner);
        else if (starts_with(scanner, "/*"))
            skip_block_comment(scanner);
        else
            return;
    }
}

/* The number of four hexadecimal digits at p, or -1. */
static int hex4(const char *p, const char *end)
{
    return end - p < 4 ? -1 : (int)text_hex(p, 4);
}

/* The character of the escape at p, its backslash; *size gets the bytes it
 * takes. -1 for an unknown escape or one that is cut off, -2 for half a pair. */
static int32_t read_escape(const char *p, const char *end, size_t *size)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

    *size = 2;
    if (end - p < 2 || p[1] == '\0')
        return -1;
    const char *letter = strchr(letters, p[1]);
    if (letter)
        return meanings[letter - letters];
    int c = p[1] == 'u' ? hex4(p + 2, end) : -1;
    *size = 6;
    if (c < 0xD800 || c > 0xDFFF)
        return c;
    int low = end - p >= 8 && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8, end) : -1;
    if (c > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return -2;
    *size = 12;
    return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
}

static enum json_token bad_text(struct json_scanner *scanner, char c)
{
    if (c == '\n' || c == '\r')
        return bad(scanner, "the text is not closed on its line; end it with \", "
                            "or write \\n for a line break");
    return bad(scanner, "a control character in a text; write \\t for a tab, \\u00XX for others");
}

static enum json_token scan_text(struct json_scanner *scanner)
{
    const char *p = scanner->next + 1;

    for (scanner->token.start = p; p < scanner->end && *p != '"';) {
        size_t size = 1;
        int32_t c = *p == '\\' ? read_escape(p, scanner->end, &size) : 0;
        if (c == -2)
            return bad(scanner, "half of a surrogate pair; write both of its \\u escapes");
        if (c == -1)
            return bad(scanner, "an unknown escape; write \\\\ for a backslash");
        if ((unsigned char)*p < ' ')
            return bad_text(scanner, *p);
        p += size;
    }
    if (p >= scanner->end)
        return bad(scanner, "the text is not closed; end it with \"");
    scanner->token.end = p;
    scanner->next = p + 1;
    return JSON_TEXT;
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* Past the number at p; NULL where it is none. */
static const char *number_end(const char *p, const char *end)
{
    p += *p == '-';
    const char *digits = p;
    p = skip_digits(p, end);
    if (p == digits || (*digits == '0' && p - digits > 1))
        return NULL;
    if (p < end && *p == '.') {
        digits = ++p;
        p = skip_digits(p, end);
        if (p == digits)
            return NULL;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        digits = p;
        p = skip_digits(p, end);
        if (p == digits)
            return NULL;
    }
    return p;
}

static bool ends_token(char c)
{
    return is_blank(c) || c == ',' || c == ']' || c == '}' || c == '/';
}

static enum json_token scan_number(struct json_scanner *scanner)
{
    const char *p = number_end(scanner->next, scanner->end);

    if (!p || (p < scanner->end && !ends_token(*p)))
        return bad(scanner, "not a number as JSON writes them (587, -1, 0.5, 1e3); "
                            "put other text in double quotes");
    scanner->token = (struct span){scanner->next, p};
    scanner->next = p;
    return JSON_NUMBER;
}

static enum json_token scan_word(struct json_scanner *scanner)
{
    static const struct {
        const char *word;
        enum json_token token;
    } words[] = {{"true", JSON_TRUE}, {"false", JSON_FALSE}, {"null", JSON_NULL}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (starts_with(scanner, words[i].word)) {
            scanner->next += strlen(words[i].word);
            return words[i].token;
        }
    return bad(scanner, "put names and text in double quotes; only true, false, "
                        "null and numbers go without, and comments begin with // or /*");
}

enum json_token jsontoken_next(struct json_scanner *scanner)
{
    skip_blanks_and_comments(scanner);
    if (scanner->problem)
        return JSON_BAD;
    if (scanner->next == scanner->end)
        return JSON_END;
    char c = *scanner->next;
    switch (c) {
    case JSON_COMMA:
    case JSON_COLON:
    case JSON_OPEN_ARRAY:
    case JSON_CLOSE_ARRAY:
    case JSON_OPEN_OBJECT:
    case JSON_CLOSE_OBJECT:
        scanner->next++;
        return (enum json_token)c;
    case '"':
        return scan_text(scanner);
    default:
        return c == '-' || (c >= '0' && c <= '9') ? scan_number(scanner) : scan_word(scanner);
    }
}

void jsontoken_add_text(const struct json_scanner *scanner, struct buf *text)
{
    struct span rest = scanner->token;
    const char *escape;

    buf_puts(text, "");
    while ((escape = memchr(rest.start, '\\', (size_t)(rest.end - rest.start)))) {
        size_t size;
        char bytes[5];
        uint32_t c = (uint32_t)read_escape(escape, rest.end, &size);
        jsontext_add(text, (struct span){rest.start, escape});
        if (c == 0)
            buf_puts(text, JSONTOKEN_NUL);
        else
            buf_add(text, bytes, text_encode(c, bytes));
        rest.start = escape + size;
    }
    jsontext_add(text, rest);
}
