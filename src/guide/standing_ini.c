#include "guide/standing.h"

#include <string.h>

/* Whether a comment begins there: at the start of a line, or behind a blank. */
static bool is_comment(const char *text, size_t at)
{
    return (text[at] == '#' || text[at] == ';') && (at == 0 || strchr(" \t\n", text[at - 1]));
}

/* Of a line from its first byte on; returns its bytes. */
static size_t mark_line(unsigned char *places, const char *text)
{
    size_t len = strcspn(text, "\n");
    bool in_value = false;
    char quote = '\0';

    for (size_t at = 0; at < len; at++) {
        char c = text[at];
        if (!quote && is_comment(text, at)) {
            memset(places + at, STANDING_COMMENT, len - at);
            return len;
        }
        if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? '\0' : c;
            places[at] = STANDING_OUTSIDE;
        } else if (quote) {
            places[at] = quote == '"' ? STANDING_DOUBLE : STANDING_SINGLE;
        } else {
            places[at] = in_value && c != ' ' ? STANDING_BARE : STANDING_OUTSIDE;
            in_value |= c == '=' || c == ':';
        }
    }
    return len;
}

bool standing_ini(unsigned char *places, const char *text)
{
    for (size_t at = 0; text[at];) {
        at += mark_line(places + at, text + at);
        at += text[at] == '\n';
    }
    return true;
}
