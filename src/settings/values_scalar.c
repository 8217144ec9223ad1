#include "settings/values_scalar.h"

#include "base/buf.h"
#include "base/mem.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
#define TAG_PREFIX "tag:yaml.org,2002:"
enum { DIGITS_MAX = 17 }; /* that a double needs at most */
/* Go's %v writes numbers outside of 1e-04 up to 1e+06 with an exponent. */
enum { EXPONENT_BELOW = -4, EXPONENT_FROM = 6 };

static const struct {
    const char *text;
    enum values_scalar_kind kind;
} words[] = {
    {"", VALUES_NULL},          {"~", VALUES_NULL},         {"null", VALUES_NULL},
    {"Null", VALUES_NULL},      {"NULL", VALUES_NULL},      {"y", VALUES_TRUE},
    {"Y", VALUES_TRUE},         {"yes", VALUES_TRUE},       {"Yes", VALUES_TRUE},
    {"YES", VALUES_TRUE},       {"true", VALUES_TRUE},      {"True", VALUES_TRUE},
    {"TRUE", VALUES_TRUE},      {"on", VALUES_TRUE},        {"On", VALUES_TRUE},
    {"ON", VALUES_TRUE},        {"n", VALUES_FALSE},        {"N", VALUES_FALSE},
    {"no", VALUES_FALSE},       {"No", VALUES_FALSE},       {"NO", VALUES_FALSE},
    {"false", VALUES_FALSE},    {"False", VALUES_FALSE},    {"FALSE", VALUES_FALSE},
    {"off", VALUES_FALSE},      {"Off", VALUES_FALSE},      {"OFF", VALUES_FALSE},
    {".nan", VALUES_NOT_FINITE},  {".NaN", VALUES_NOT_FINITE},  {".NAN", VALUES_NOT_FINITE},
    {".inf", VALUES_NOT_FINITE},  {".Inf", VALUES_NOT_FINITE},  {".INF", VALUES_NOT_FINITE},
    {"+.inf", VALUES_NOT_FINITE}, {"+.Inf", VALUES_NOT_FINITE}, {"+.INF", VALUES_NOT_FINITE},
    {"-.inf", VALUES_NOT_FINITE}, {"-.Inf", VALUES_NOT_FINITE}, {"-.INF", VALUES_NOT_FINITE},
    {"<<", VALUES_MERGE},
};
enum { WORDS = sizeof words / sizeof *words, WORD_MAX_LEN = 5 };

/* The base that a prefix behind the sign gives, and where the digits start; a
 * prefix counts only with something behind it. */
static unsigned read_base(const char **digits)
{
    const char *text = *digits;

    if (text[0] != '0' || text[1] == '\0')
        return 10;
    const char *letter = text[2] ? strchr("bBoOxX", text[1]) : NULL;
    *digits += letter ? 2 : 1;
    if (!letter)
        return 8;
    return *letter == 'b' || *letter == 'B' ? 2 : *letter == 'o' || *letter == 'O' ? 8 : 16;
}

static unsigned digit_value(char c)
{
    static const char digits[] = "00112233445566778899aAbBcCdDeEfF";
    const char *found = c ? strchr(digits, c) : NULL;

    return found ? (unsigned)(found - digits) / 2 : 16;
}

/* strconv.ParseInt and ParseUint with base 0, of 64 bits. */
static bool read_integer(const char *text, struct values_scalar *scalar)
{
    bool is_signed = *text == '-' || *text == '+', is_negative = *text == '-';
    const char *digits = text + is_signed;
    unsigned base = read_base(&digits);
    uint64_t most = is_negative ? (uint64_t)INT64_MAX + 1 : is_signed ? INT64_MAX : UINT64_MAX;
    uint64_t value = 0;

    if (*digits == '\0')
        return false;
    for (; *digits; digits++) {
        unsigned digit = digit_value(*digits);
        if (digit >= base || value > (most - digit) / base)
            return false;
        value = value * base + digit;
    }
    scalar->is_integer = true;
    scalar->is_octal = base == 8;
    scalar->number = is_negative && value ? -(double)value : (double)value;
    return true;
}

/* ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$ */
static bool is_float(const char *text)
{
    text += *text == '-' || *text == '+';
    size_t whole = strspn(text, DIGITS), fraction = 0;
    text += whole;
    if (*text == '.') {
        fraction = strspn(++text, DIGITS);
        text += fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (*text != 'e' && *text != 'E')
        return *text == '\0';
    text++;
    text += *text == '-' || *text == '+';
    return *text && text[strspn(text, DIGITS)] == '\0';
}

/* A number over the range is text to Go. */
static bool read_float(const char *text, struct values_scalar *scalar)
{
    if (!is_float(text))
        return false;
    locale_t with_point = newlocale(LC_NUMERIC_MASK, "C", NULL);
    scalar->number = strtod_l(text, NULL, with_point);
    freelocale(with_point);
    return isfinite(scalar->number);
}

static bool read_number(const char *text, struct values_scalar *scalar)
{
    if (*text == '.')
        return read_float(text, scalar);
    if (*text == '\0' || !strchr("+-" DIGITS, *text))
        return false;
    struct buf plain = {0};
    buf_puts(&plain, "");
    for (; *text; text++)
        if (*text != '_')
            buf_putc(&plain, *text);
    bool ok = read_integer(plain.data, scalar) || read_float(plain.data, scalar);
    buf_clear(&plain);
    return ok;
}

static struct values_scalar read_plain(const char *text)
{
    struct values_scalar scalar = {.kind = VALUES_TEXT};

    if (strnlen(text, WORD_MAX_LEN + 1) <= WORD_MAX_LEN)
        for (size_t i = 0; i < WORDS; i++)
            if (strcmp(text, words[i].text) == 0) {
                scalar.kind = words[i].kind;
                return scalar;
            }
    if (read_number(text, &scalar))
        scalar.kind = VALUES_NUMBER;
    return scalar;
}

/* The kinds that a tag allows. */
static const struct {
    const char *name;
    unsigned kinds;
} tags[] = {
    {"bool", 1U << VALUES_TRUE | 1U << VALUES_FALSE},
    {"int", 1U << VALUES_NUMBER},
    {"float", 1U << VALUES_NUMBER | 1U << VALUES_NOT_FINITE},
    {"null", 1U << VALUES_NULL},
    {"timestamp", 1U << VALUES_TEXT},
    {"binary", 0},
};
enum { TAGS = sizeof tags / sizeof *tags };

static struct values_scalar read_tagged(const char *text, const char *tag)
{
    struct values_scalar scalar = read_plain(text);
    size_t i = 0;

    if (strcmp(tag, "merge") == 0 && scalar.kind == VALUES_MERGE)
        return scalar;
    while (i < TAGS && strcmp(tag, tags[i].name) != 0)
        i++;
    if (i == TAGS)
        return (struct values_scalar){.kind = VALUES_TEXT};
    if (!(tags[i].kinds >> scalar.kind & 1) || (strcmp(tag, "int") == 0 && !scalar.is_integer))
        scalar.kind = VALUES_BAD_TAG;
    return scalar;
}

struct values_scalar values_scalar_read(const char *text, const char *tag, bool is_plain)
{
    size_t prefix_len = strlen(TAG_PREFIX);

    if (tag && strncmp(tag, TAG_PREFIX, prefix_len) == 0)
        return read_tagged(text, tag + prefix_len);
    if (!tag && is_plain)
        return read_plain(text);
    return (struct values_scalar){.kind = VALUES_TEXT};
}

/* The digits of the shortest text that reads back as number, and its exponent. */
static int shortest_digits(double number, char digits[static DIGITS_MAX + 1])
{
    char text[32];
    size_t n = 0;

    for (int precision = 0; precision < DIGITS_MAX; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision, number);
        if (strtod(text, NULL) == number)
            break;
    }
    const char *e = strchr(text, 'e');
    for (const char *c = text; c < e; c++)
        if (strchr(DIGITS, *c))
            digits[n++] = *c;
    digits[n] = '\0';
    return (int)strtol(e + 1, NULL, 10);
}

char *values_scalar_print_number(double number)
{
    char digits[DIGITS_MAX + 1];
    int exponent = shortest_digits(fabs(number), digits);
    int n = (int)strlen(digits);
    struct buf text = {0};

    if (signbit(number))
        buf_putc(&text, '-');
    if (exponent < EXPONENT_BELOW || exponent >= EXPONENT_FROM) {
        buf_printf(&text, "%c%s%se%+03d", *digits, n > 1 ? "." : "", digits + 1, exponent);
    } else if (exponent < 0) {
        buf_printf(&text, "0.%.*s%s", -exponent - 1, "0000", digits);
    } else {
        buf_printf(&text, "%.*s", exponent + 1, digits);
        for (int i = n; i <= exponent; i++)
            buf_putc(&text, '0');
        if (n > exponent + 1)
            buf_printf(&text, ".%s", digits + exponent + 1);
    }
    return buf_take(&text);
}
