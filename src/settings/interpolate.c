#include "settings/interpolate.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_LIMIT = 100 };

/* A ${NAME:-word} that is being read. */
struct braced {
    char *name;
    bool or_empty;   /* ":": a variable that is empty counts as one that is not set */
    char op;         /* "-", "+", "?", or NUL for plain ${NAME} */
    const char *end; /* at the closing brace */
    struct buf word; /* what has been made of it so far */
};

struct reader {
    struct interpolation *in;
    const char *next, *end;
    struct buf *out;
    struct braced open[DEPTH_LIMIT]; /* the innermost last */
    int depth;
};

static bool fail(struct interpolation *in, const char *reason)
{
    in->reason = reason;
    return false;
}

static size_t name_length(const char *p, const char *end)
{
    const char *start = p;

    while (p < end && (*p == '_' || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
                       (p > start && *p >= '0' && *p <= '9')))
        p++;
    return (size_t)(p - start);
}

static bool put(struct interpolation *in, struct buf *out, const char *bytes, size_t n)
{
    if (n > in->budget)
        return fail(in, "its variables make the file larger than 16 MiB; refer to fewer");
    in->budget -= n;
    buf_add(out, bytes, n);
    return true;
}

static bool put_string(struct interpolation *in, struct buf *out, const char *value)
{
    return !value || put(in, out, value, strlen(value));
}

/* The brace that closes the one before p; it has to stand on the same line. */
static const char *find_close(const char *p, const char *end)
{
    for (int open = 1; p < end && *p != '\n'; p++) {
        open += (*p == '{') - (*p == '}');
        if (open == 0)
            return p;
    }
    return NULL;
}

/* Takes apart what follows "${" at p. Returns where the word starts, or NULL
 * where it is malformed; the name is the caller's to free in both cases. */
static const char *split(const char *p, const char *end, struct braced *braced)
{
    size_t n = name_length(p, end);

    braced->end = find_close(p, end);
    braced->name = mem_strndup(p, n);
    p += n;
    if (!braced->end || n == 0)
        return NULL;
    if (p == braced->end)
        return p;
    braced->or_empty = *p == ':';
    p += braced->or_empty;
    braced->op = *p;
    return p < braced->end && *p && strchr("-+?", *p) ? p + 1 : NULL;
}

/* next is behind "${". */
static bool open_braced(struct reader *reader)
{
    if (reader->depth == DEPTH_LIMIT)
        return fail(reader->in, "\"${\" is nested more than 100 deep; simplify it");
    struct braced *braced = &reader->open[reader->depth++];
    *braced = (struct braced){0};
    reader->next = split(reader->next, reader->end, braced);
    return reader->next ||
           fail(reader->in, "\"${\" without a name, an operator that Compose knows (:- - :+ + :? "
                            "?) or \"}\"; write \"$$\" for a plain \"$\"");
}

static void discard_innermost(struct reader *reader)
{
    struct braced *braced = &reader->open[--reader->depth];

    free(braced->name);
    buf_clear(&braced->word);
}

static struct buf *sink(struct reader *reader, int depth)
{
    return depth > 0 ? &reader->open[depth - 1].word : reader->out;
}

static bool choose(struct interpolation *in, const struct braced *braced, struct buf *out)
{
    const char *value = in->lookup(in->context, braced->name);
    bool present = value && !(braced->or_empty && !*value);
    bool by_word = braced->op && (braced->op == '+') == present;

    if (by_word && braced->op == '?')
        return fail(in, "it requires (\"?\") a variable that is not set; set it in the shell or on "
                        "an earlier line");
    if (by_word)
        return put(in, out, braced->word.data, braced->word.len);
    return put_string(in, out, value);
}

/* next is at the closing brace. Words are made even where they are not used,
 * since their mistakes count. */
static bool close_braced(struct reader *reader)
{
    int depth = reader->depth;
    bool ok = choose(reader->in, &reader->open[depth - 1], sink(reader, depth - 1));

    discard_innermost(reader);
    reader->next++;
    return ok;
}

static bool put_variable(struct reader *reader, size_t n)
{
    char *name = mem_strndup(reader->next, n);
    const char *value = reader->in->lookup(reader->in->context, name);
    bool ok = put_string(reader->in, sink(reader, reader->depth), value);

    free(name);
    reader->next += n;
    return ok;
}

/* next is behind a "$". */
static bool read_dollar(struct reader *reader)
{
    char following = reader->next < reader->end ? *reader->next : '\0';
    size_t n = name_length(reader->next, reader->end);

    if (n > 0)
        return put_variable(reader, n);
    reader->next += following == '{' || following == '$';
    if (following == '{')
        return open_braced(reader);
    buf_putc(sink(reader, reader->depth), '$');
    return true;
}

static bool read_one(struct reader *reader)
{
    if (reader->depth > 0 && reader->next == reader->open[reader->depth - 1].end)
        return close_braced(reader);
    char c = *reader->next++;
    if (c == '$')
        return read_dollar(reader);
    buf_putc(sink(reader, reader->depth), c);
    return true;
}

bool interpolate(struct interpolation *interpolation, const char *text, size_t n, struct buf *out)
{
    struct reader reader = {.in = interpolation, .next = text, .end = text + n, .out = out};
    bool ok = true;

    while (ok && reader.next < reader.end)
        ok = read_one(&reader);
    while (reader.depth > 0)
        discard_innermost(&reader);
    return ok;
}
