#include "settings/unitline.h"

#include "settings/unitword.h"

#include <string.h>

static bool ends_line(char c)
{
    return c == '\n' || c == '\r' || c == '\0';
}

/* The next line of the file, without its end, which LF, CR, CRLF and NUL are. */
static void read_physical(struct unitline *lines, const char **start, size_t *len)
{
    const char *p = lines->next;

    while (p < lines->end && !ends_line(*p))
        p++;
    *start = lines->next;
    *len = (size_t)(p - lines->next);
    if (p + 1 < lines->end && *p == '\r' && p[1] == '\n')
        p++;
    lines->next = p < lines->end ? p + 1 : p;
    lines->line++;
}

static bool is_comment(const char *start, size_t len)
{
    while (len > 0 && (*start == ' ' || *start == '\t')) {
        start++;
        len--;
    }
    return len > 0 && (*start == '#' || *start == ';');
}

/* Whether the last byte is a backslash that no other one protects. */
static bool is_continued(const char *start, size_t len)
{
    bool escaped = false;

    for (size_t i = 0; i < len; i++)
        escaped = !escaped && start[i] == '\\';
    return escaped;
}

bool unitline_next(struct unitline *lines)
{
    bool continued = false;
    const char *start;
    size_t len;

    buf_clear(&lines->text);
    buf_puts(&lines->text, "");
    lines->text_line = lines->line;
    while (lines->next < lines->end) {
        read_physical(lines, &start, &len);
        if (is_comment(start, len)) {
            buf_putc(&lines->text, UNITWORD_SKIP);
            continue;
        }
        continued = is_continued(start, len);
        buf_add(&lines->text, start, continued ? len - 1 : len);
        if (!continued)
            return true;
        buf_putc(&lines->text, UNITWORD_JOIN);
    }
    return lines->text.len > 0;
}

int unitline_at(const struct unitline *lines, const char *place)
{
    int line = lines->text_line;

    for (const char *p = lines->text.data; p < place; p++)
        line += *p == UNITWORD_JOIN || *p == UNITWORD_SKIP;
    return line;
}
