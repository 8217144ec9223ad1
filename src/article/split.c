#include "article/model.h"

#include <string.h>

enum { FRONT_MATTER_MAX_BYTES = 64 * 1024 };

static size_t line_length(const char *at, const char *end)
{
    const char *feed = memchr(at, '\n', (size_t)(end - at));
    return feed ? (size_t)(feed + 1 - at) : (size_t)(end - at);
}

/* Three times mark, and only blanks up to the end of the line. */
static bool is_fence(const char *line, size_t n, char mark)
{
    if (n < 3 || line[0] != mark || line[1] != mark || line[2] != mark)
        return false;
    for (size_t i = 3; i < n; i++)
        if (!strchr(" \t\r\n", line[i]))
            return false;
    return true;
}

bool article_split(const char *text, size_t len, struct article_parts *parts, struct error *err)
{
    const char *end = text + len;
    const char *at = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;

    *parts = (struct article_parts){.body = at, .body_len = (size_t)(end - at), .yaml_line = 2};
    size_t n = line_length(at, end);
    if (!is_fence(at, n, '-')) {
        error_set(err, "1: no front matter: the file must begin with a line ---");
        return false;
    }
    at += n;
    parts->yaml = at;
    for (int line = 2; at < end && at - parts->yaml <= FRONT_MATTER_MAX_BYTES; line++, at += n) {
        n = line_length(at, end);
        if (!is_fence(at, n, '-') && !is_fence(at, n, '.'))
            continue;
        parts->yaml_len = (size_t)(at - parts->yaml);
        parts->close_line = line;
        parts->body = at + n;
        parts->body_len = (size_t)(end - parts->body);
        return true;
    }
    error_set(err, "1: the front matter is not closed within 64 KiB: end it with a line ---");
    return false;
}
