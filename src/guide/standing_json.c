#include "guide/standing.h"

#include <string.h>

/* The comments that .NET's configuration allows. */
static size_t comment_length(const char *text, size_t len)
{
    if (len < 2 || text[0] != '/' || (text[1] != '/' && text[1] != '*'))
        return 0;
    const char *closing = text[1] == '/' ? "\n" : "*/";
    const char *end = memmem(text + 2, len - 2, closing, strlen(closing));
    return end ? (size_t)(end - text) : len;
}

/* From behind the opening quote to the closing one. */
static size_t string_length(const char *text, size_t len)
{
    size_t n = 0;

    while (n < len && text[n] != '"')
        n += text[n] == '\\' && n + 1 < len ? 2 : 1;
    return n;
}

bool standing_json(unsigned char *places, const char *text)
{
    size_t len = strlen(text);

    for (size_t at = 0, n; at < len; at += n) {
        n = comment_length(text + at, len - at);
        if (n > 0) {
            memset(places + at, STANDING_COMMENT, n);
        } else if (text[at] == '"') {
            n = 1 + string_length(text + at + 1, len - at - 1);
            memset(places + at + 1, STANDING_DOUBLE, n - 1);
            n += at + n < len;
        } else {
            n = 1;
            places[at] = strchr(" \t\r\n{}[],:", text[at]) ? STANDING_OUTSIDE : STANDING_BARE;
        }
    }
    return true;
}
