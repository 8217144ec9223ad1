#include "guide/standing.h"

#include "base/buf.h"
#include "base/mem.h"
#include "settings/envfile.h"

#include <stdlib.h>
#include <string.h>

static size_t mark_to(unsigned char *places, size_t from, size_t to, enum standing place)
{
    memset(places + from, (int)place, to - from);
    return to;
}

static size_t line_end(const char *text, size_t len, size_t at)
{
    const char *feed = memchr(text + at, '\n', len - at);

    return feed ? (size_t)(feed - text) : len;
}

/* From behind the opening quote to behind the closing one. */
static size_t mark_quoted(unsigned char *places, const char *text, size_t len, size_t at)
{
    char quote = text[at - 1];
    size_t end = at;

    while (end < len && text[end] != quote)
        end += text[end] == '\\' && end + 1 < len ? 2 : 1;
    end = end < len ? end : len;
    return mark_to(places, at, end, quote == '"' ? STANDING_DOUBLE : STANDING_SINGLE);
}

/* To the end of the line, or to the blanks before its comment. */
static size_t mark_bare(unsigned char *places, const char *text, size_t len, size_t at)
{
    size_t line = line_end(text, len, at), end = at;

    while (end < line && !(text[end] == ' ' && end + 1 < line && text[end + 1] == '#'))
        end++;
    mark_to(places, end, line, STANDING_COMMENT);
    while (end > at && strchr(" \t\r", text[end - 1]))
        end--;
    mark_to(places, at, end, STANDING_BARE);
    return line;
}

static void mark(unsigned char *places, const char *text, size_t len)
{
    for (size_t at = 0; at < len; at++) {
        size_t line = line_end(text, len, at);
        while (at < line && strchr(" \t\r", text[at]))
            at++;
        if (at < line && text[at] == '#') {
            at = mark_to(places, at, line, STANDING_COMMENT);
            continue;
        }
        while (at < line && text[at] != '=' && text[at] != ':')
            at++;
        if (at == line)
            continue;
        for (at++; at < line && strchr(" \t", text[at]);)
            at++;
        if (at < line && (text[at] == '"' || text[at] == '\''))
            at = mark_quoted(places, text, len, at + 1);
        else
            at = mark_bare(places, text, len, at);
    }
}

/* What a reader finds, with each name and value behind its length. */
struct listing {
    struct buf text;
    const struct fill_values *values; /* that come in place of placeholders, or NULL */
};

static void list_entry(void *context, const char *name, const char *value, int line)
{
    struct listing *listing = context;
    char *expected =
        listing->values ? patches_expect(value, listing->values) : mem_strdup(value);

    (void)line;
    buf_printf(&listing->text, "%zu %s=%zu %s\n", strlen(name), name, strlen(expected), expected);
    free(expected);
}

static bool list(struct listing *listing, const char *text)
{
    buf_puts(&listing->text, "");
    return envfile_read(ENVFILE_COMPOSE, text, strlen(text), NULL, NULL, list_entry, listing, NULL);
}

bool standing_env(unsigned char *places, const char *text)
{
    struct listing listing = {0};
    bool ok = list(&listing, text);

    mark(places, text, strlen(text));
    buf_clear(&listing.text);
    return ok;
}

bool standing_env_agrees(const char *text, const char *filled, const struct fill_values *values)
{
    struct listing wanted = {.values = values}, found = {0};

    bool ok = list(&wanted, text) && list(&found, filled) &&
              strcmp(wanted.text.data, found.text.data) == 0;
    buf_clear(&wanted.text);
    buf_clear(&found.text);
    return ok;
}
