#include "base/file.h"
#include "base/text.h"
#include "settings/dialect.h"
#include "settings/interpolate.h"
#include "settings/space.h"
#include "settings/variables.h"

#include <string.h>

struct compose {
    struct envfile *file;
    struct interpolation interpolation;
    struct variables seen; /* earlier lines, which "$" may refer to */
    struct buf name, raw, unescaped, value;
    int line; /* of the name */
};

/* The shell comes before the file's own earlier lines. */
static const char *look_up(void *context, const char *name)
{
    const struct compose *compose = context;
    const char *value = envfile_inherit(compose->file, name);

    return value ? value : variables_get(&compose->seen, name);
}

/* Bytes of the blank at next: white space of one or two bytes but the line feed. */
static size_t blank_at(const struct envfile *file)
{
    size_t n = space_at(file->next, file->end);

    return n <= 2 && !(n > 0 && *file->next == '\n') ? n : 0;
}

static void skip(struct envfile *file, size_t n)
{
    while (n-- > 0)
        envfile_take(file);
}

static void skip_blanks(struct envfile *file)
{
    for (size_t n; (n = blank_at(file)) > 0;)
        skip(file, n);
}

static void trim_right(struct buf *buf)
{
    const char *start = buf->data, *end = buf->data + buf->len;

    space_trim(&start, &end);
    buf->data[buf->len = (size_t)(end - buf->data)] = '\0';
}

/* Goes past white space and comments; false at the end of the file. */
static bool find_statement(struct envfile *file)
{
    for (size_t n;;) {
        if (file->next < file->end && *file->next == '#') {
            const char *feed = memchr(file->next, '\n', (size_t)(file->end - file->next));
            n = (size_t)((feed ? feed : file->end) - file->next);
        } else if ((n = space_at(file->next, file->end)) == 0) {
            return file->next < file->end;
        }
        skip(file, n);
    }
}

static void skip_export(struct envfile *file)
{
    static const char word[] = "export";
    size_t n = sizeof word - 1, left = (size_t)(file->end - file->next);

    if (left <= n || memcmp(file->next, word, n) != 0 || !strchr(" \t\n\f\r", file->next[n]))
        return;
    skip(file, n);
    skip_blanks(file);
}

/* A character outside ASCII passes for a letter: no setting's name has one. */
static bool is_name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c & 0x80) || strchr("_.-[]", c);
}

/* *stop is what ended the name: "=", ":", a line feed, or NUL for the file's end. */
static bool read_name(struct compose *compose, char *stop)
{
    struct envfile *file = compose->file;
    char c = '\0';

    envfile_empty(&compose->name);
    skip_export(file);
    compose->line = file->line;
    while (file->next < file->end && !strchr("=:\n", c = envfile_take(file)))
        if (is_name_char(c) || strchr(" \t\v\f\r", c))
            buf_putc(&compose->name, c);
        else
            return envfile_fail(file, FAULT_PARSE, compose->line,
                                "a character that Compose takes in no name; write NAME=VALUE with "
                                "letters, digits and _ . -, or start a comment with \"#\"");
    *stop = c && strchr("=:\n", c) ? c : '\0';
    trim_right(&compose->name);
    if (strchr(compose->name.data, ' '))
        return envfile_fail(file, FAULT_PARSE, compose->line,
                            "the name holds a blank; write NAME=VALUE on a line of its own");
    return true;
}

/* To the end of the line or to " #". Only a "#" behind a space starts a comment. */
static void read_bare(struct envfile *file, struct buf *raw)
{
    bool comment = false;

    for (char c; file->next < file->end && (c = envfile_take(file)) != '\n';) {
        comment = comment || (c == ' ' && file->next < file->end && *file->next == '#');
        if (!comment)
            buf_putc(raw, c);
    }
    trim_right(raw);
}

/* next is at the quote. Of the escapes only that of the quote is resolved here. */
static bool read_quoted(struct envfile *file, struct buf *raw)
{
    char quote = envfile_take(file);

    while (file->next < file->end) {
        char c = envfile_take(file);
        if (c == quote)
            return true;
        if (c == '\\' && file->next < file->end) {
            c = envfile_take(file);
            if (c != quote)
                buf_putc(raw, '\\');
        }
        buf_putc(raw, c);
    }
    return false;
}

/* The octal escape at p, behind its backslash; returns how many bytes it takes.
 * It needs three digits behind the 0 and gives a character, not a byte. */
static size_t unescape_octal(const char *p, const char *end, struct buf *out)
{
    size_t digits = 1;
    uint32_t c = 0;
    char bytes[5];

    while (digits < 4 && p + digits < end && p[digits] >= '0' && p[digits] <= '9')
        digits++;
    for (size_t i = 1; i < digits; i++)
        c = p[i] < '8' && c < 256 ? c * 8 + (uint32_t)(p[i] - '0') : 256;
    if (digits == 4 && c < 256) {
        buf_add(out, bytes, text_encode(c, bytes));
    } else {
        buf_putc(out, '\\');
        buf_add(out, p + 1, digits - 1);
    }
    return digits;
}

/* The same for any escape; 0 where it is none and the backslash stays. */
static size_t unescape_one(const char *p, const char *end, struct buf *out)
{
    static const char codes[] = "abfnrtv\\", meanings[] = "\a\b\f\n\r\t\v\\";
    const char *code = strchr(codes, *p);

    if (*p == '0')
        return unescape_octal(p, end, out);
    if (*p == '$')
        buf_puts(out, "$$"); /* for the interpolation that follows */
    else if (code)
        buf_putc(out, meanings[code - codes]);
    return *p == '$' || code;
}

static void unescape(const struct buf *raw, struct buf *out)
{
    const char *p = raw->data, *end = raw->data + raw->len;

    while (p < end) {
        char c = *p++;
        size_t n = c == '\\' && p < end ? unescape_one(p, end, out) : 0;
        if (n == 0)
            buf_putc(out, c);
        p += n;
    }
}

static bool expand(struct compose *compose, const struct buf *text)
{
    return interpolate(&compose->interpolation, text->data, text->len, &compose->value) ||
           envfile_fail(compose->file, FAULT_PARSE, compose->line, compose->interpolation.reason);
}

static bool read_value(struct compose *compose)
{
    struct envfile *file = compose->file;
    struct buf *raw = &compose->raw;
    char first = file->next < file->end ? *file->next : '\0';

    envfile_empty(raw);
    envfile_empty(&compose->unescaped);
    envfile_empty(&compose->value);
    if (first != '"' && first != '\'') {
        read_bare(file, raw);
        return expand(compose, raw);
    }
    if (!read_quoted(file, raw))
        return envfile_fail(file, FAULT_PARSE, compose->line,
                            "the value's quote is never closed; close it, or write \\ before a "
                            "quote inside the value");
    if (first == '\'') {
        buf_add(&compose->value, raw->data, raw->len);
        return true;
    }
    unescape(raw, &compose->unescaped);
    return expand(compose, &compose->unescaped);
}

static void keep(struct compose *compose, const char *value)
{
    const char *name = compose->name.data;

    if (!*name || !value)
        return;
    variables_set(&compose->seen, name, value);
    compose->file->entry(compose->file->context, name, value, compose->line);
}

/* At the end of the file Compose takes a name alone for a value without a name. */
static bool read_statement(struct compose *compose)
{
    char stop = '\0';

    if (!read_name(compose, &stop))
        return false;
    if (stop == '\n')
        keep(compose, envfile_inherit(compose->file, compose->name.data));
    if (stop == '\n' || stop == '\0')
        return true;
    skip_blanks(compose->file);
    if (!read_value(compose))
        return false;
    if (memchr(compose->value.data, '\0', compose->value.len))
        return envfile_fail(compose->file, FAULT_PARSE, compose->line,
                            "\\0000 stands for a NUL, which no variable can hold; take it out");
    keep(compose, compose->value.data);
    return true;
}

bool env_compose_read(struct envfile *file)
{
    struct compose compose = {.file = file};
    bool ok = true;

    compose.interpolation =
        (struct interpolation){.lookup = look_up, .context = &compose, .budget = FILE_LIMIT_BYTES};
    envfile_skip_mark(file);
    while (ok && find_statement(file))
        ok = read_statement(&compose);
    variables_clear(&compose.seen);
    buf_clear(&compose.name);
    buf_clear(&compose.raw);
    buf_clear(&compose.unescaped);
    buf_clear(&compose.value);
    return ok;
}
