#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf may have cut inside a UTF-8 sequence: drop what is left of it. */
static void trim_torn_character(char *text, size_t n)
{
    size_t start = n;
    while (start > 0 && n - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0)
        text[start - 1] = '\0';
}

__attribute__((format(printf, 2, 0))) static void format_text(char *text, const char *format, va_list args)
{
    int n = vsnprintf(text, ERROR_TEXT_SIZE, format, args);
    if (n >= ERROR_TEXT_SIZE)
        trim_torn_character(text, ERROR_TEXT_SIZE - 1);
}

void error_set(struct error *err, const char *format, ...)
{
    va_list args;

    if (!err)
        return;
    va_start(args, format);
    format_text(err->text, format, args);
    va_end(args);
}

void error_prefix(struct error *err, const char *format, ...)
{
    char old[ERROR_TEXT_SIZE], context[ERROR_TEXT_SIZE];
    va_list args;

    if (!err)
        return;
    memcpy(old, err->text, sizeof old);
    va_start(args, format);
    format_text(context, format, args);
    va_end(args);
    error_set(err, "%s: %s", context, old);
}
