#include "guide/quote.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/values_scalar.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define HARMLESS LETTERS DIGITS "._-"
#define PLAIN HARMLESS ":/@%+"

static bool is_made_of(const char *value, const char *allowed)
{
    return *value && value[strspn(value, allowed)] == '\0';
}

bool quote_is_plain(const char *value)
{
    return is_made_of(value, PLAIN) && !strstr(value, "..");
}

bool quote_is_harmless(const char *value)
{
    return is_made_of(value, HARMLESS);
}

bool quote_is_number(const char *value)
{
    size_t len = strlen(value);
    json_t *json = json_loadb(value, len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
    bool ok = json_is_number(json) && strspn(value, DIGITS "+-.eE") == len;

    json_decref(json);
    return ok;
}

/* Appends a prefix before each byte of value that is in special. */
static char *escape(const char *value, const char *special, const char *prefix)
{
    struct buf out = {0};

    for (const char *c = value; *c; c++) {
        if (strchr(special, *c))
            buf_puts(&out, prefix);
        buf_putc(&out, *c);
    }
    return buf_take(&out);
}

/* As escape, between an opening and a closing text. */
static char *enclose(const char *opening, char *inside, const char *closing)
{
    char *text = mem_printf("%s%s%s", opening, inside, closing);

    free(inside);
    return text;
}

char *quote_shell_in_single(const char *value)
{
    struct buf out = {0};

    for (const char *c = value; *c; c++)
        if (strchr("'!^", *c))
            buf_printf(&out, "'\\%c'", *c);
        else
            buf_putc(&out, *c);
    return buf_take(&out);
}

char *quote_shell(const char *value)
{
    return quote_is_plain(value) ? mem_strdup(value)
                                 : enclose("'", quote_shell_in_single(value), "'");
}

char *quote_shell_in_double(const char *value)
{
    if (!strpbrk(value, "$`\\\"!^"))
        return mem_strdup(value);
    return enclose("\"'", quote_shell_in_single(value), "'\"");
}

char *quote_shell_in_ansi(const char *value)
{
    return enclose("''", quote_shell_in_single(value), "'$'");
}

char *quote_shell_in_heredoc(const char *value)
{
    return escape(value, "\\$`", "\\");
}

char *quote_format(const char *value)
{
    struct buf out = {0};

    for (const char *c = value; *c; c++) {
        if (*c == '%' || *c == '\\')
            buf_putc(&out, *c);
        buf_putc(&out, *c);
    }
    return buf_take(&out);
}

char *quote_comment(const char *value)
{
    char *clean = text_sanitise(value, strlen(value), TEXT_ONE_LINE);

    for (char *c = clean; *c; c++)
        if (!strchr(PLAIN " ", *c) && !(*c & 0x80))
            *c = '?';
    return clean;
}

char *quote_env_in_single(const char *value)
{
    return escape(value, "'", "\\");
}

char *quote_env_in_double(const char *value)
{
    struct buf out = {0};

    for (const char *c = value; *c; c++) {
        if (strchr("\\\"$\n", *c))
            buf_putc(&out, '\\');
        buf_putc(&out, *c == '\n' ? 'n' : *c);
    }
    return buf_take(&out);
}

char *quote_env(const char *value)
{
    if (is_made_of(value, PLAIN ",="))
        return mem_strdup(value);
    if (!strpbrk(value, "'\\\n"))
        return mem_printf("'%s'", value);
    return enclose("\"", quote_env_in_double(value), "\"");
}

static char *quote_json(const char *value)
{
    json_t *json = json_string(value);
    char *text = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;

    json_decref(json);
    return text;
}

char *quote_json_in_string(const char *value)
{
    char *text = quote_json(value);
    char *inside = text ? mem_strndup(text + 1, strlen(text) - 2) : NULL;

    free(text);
    return inside;
}

/* What begins with a digit and holds a "-" may be a date. */
static bool is_yaml_text(const char *value)
{
    bool begins_well = *value && strchr(LETTERS DIGITS "/", *value);

    if (!begins_well || !is_made_of(value, HARMLESS "/@+"))
        return false;
    if (strchr(DIGITS, *value) && strchr(value, '-'))
        return false;
    return values_scalar_read(value, NULL, true).kind == VALUES_TEXT;
}

char *quote_yaml(const char *value)
{
    return is_yaml_text(value) ? mem_strdup(value) : quote_json(value);
}

char *quote_yaml_in_single(const char *value)
{
    return escape(value, "'", "'");
}
