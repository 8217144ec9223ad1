#include "base/markdown.h"

#include <stdbool.h>
#include <string.h>

/* Whether the mark behind digits, if any, would open a list or underline a heading. */
static bool opens_block(const char *text, size_t digits)
{
    if (digits == 0)
        return *text && strchr("-+=", *text);
    return text[digits] && strchr(".)", text[digits]) && strchr(" ", text[digits + 1]);
}

void markdown_put_text(FILE *out, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    const char *mark = opens_block(text, digits) ? text + digits : NULL;

    for (; *text; text++) {
        if (text == mark || strchr("\\`*_[]<>|~&#$", *text))
            fputc('\\', out);
        fputc(*text, out);
    }
}

static int longest_run(const char *text)
{
    size_t longest = 0;

    while (*(text += strcspn(text, "`"))) {
        size_t n = strspn(text, "`");
        if (n > longest)
            longest = n;
        text += n;
    }
    return (int)longest;
}

static void put_fence(FILE *out, int indent, int length, const char *language)
{
    fprintf(out, "%*s", indent, "");
    for (int i = 0; i < length; i++)
        fputc('`', out);
    fprintf(out, "%s\n", language);
}

void markdown_put_code(FILE *out, int indent, const char *language, const char *text)
{
    int run = longest_run(text), length = run < 3 ? 3 : run + 1;

    put_fence(out, indent, length, language);
    while (*text) {
        size_t n = strcspn(text, "\n");
        fprintf(out, "%*s%.*s\n", n ? indent : 0, "", (int)n, text);
        text += n + (text[n] == '\n');
    }
    put_fence(out, indent, length, "");
}
