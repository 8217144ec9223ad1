#include "settings/space.h"

#include "base/text.h"

#include <string.h>

static bool is_space(uint32_t c)
{
    return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

size_t space_at(const char *start, const char *end)
{
    uint32_t c;

    if (start == end)
        return 0;
    size_t n = text_decode(start, (size_t)(end - start), &c);
    return is_space(c) ? n : 0;
}

void space_trim(const char **start, const char **end)
{
    const char *kept = *start;

    for (const char *p = *start; p < *end;) {
        size_t n = space_at(p, *end);
        p += n > 0 ? n : 1;
        if (n == 0)
            kept = p;
    }
    *end = kept;
    for (size_t n; (n = space_at(*start, *end)) > 0;)
        *start += n;
}

bool space_is_all(const char *text)
{
    const char *end = text + strlen(text);

    space_trim(&text, &end);
    return text == end;
}
