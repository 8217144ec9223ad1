#include "settings/interpolate.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_LIMIT = 100 };

/* ${NAME:-word} taken apart. */
struct braced {
    char *name;
    bool or_empty; /* ":": a variable that is empty counts as one that is not set */
    char op;       /* "-", "+", "?", or NUL for plain ${NAME} */
    const char *word, *end; /* end is at the closing brace */
};

static bool expand(struct interpolation *in, const char *p, const char *end, int depth,
                   struct buf *out);

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

/* p is behind "${". The name is the caller's to free, on failure too. */
static bool split_braced(const char *p, const char *end, struct braced *braced)
{
    const char *close = find_close(p, end);
    size_t n = name_length(p, end);

    braced->name = mem_strndup(p, n);
    if (!close || n == 0)
        return false;
    p += n;
    braced->end = close;
    if (p == close)
        return true;
    braced->or_empty = *p == ':';
    p += braced->or_empty;
    braced->op = *p;
    braced->word = p + 1;
    return p < close && strchr("-+?", *p);
}

static bool choose(struct interpolation *in, const struct braced *braced, const struct buf *word,
                   struct buf *out)
{
    const char *value = in->lookup(in->context, braced->name);
    bool present = value && !(braced->or_empty && !*value);
    bool by_word = braced->op && (braced->op == '+') == present;
    if (by_word && braced->op == '?')
        return fail(in, "it requires (\"?\") a variable that is not set; set it in the shell or on "
                        "an earlier line");
    if (by_word)
        return put(in, out, word->data, word->len);
    return put_string(in, out, value);
}

/* *p is behind "${" and ends up behind the closing brace. A word is expanded
 * even where it is not used, since its mistakes count. */
static bool expand_braced(struct interpolation *in, const char **p, const char *end, int depth,
                          struct buf *out)
{
    struct braced braced = {0};
    struct buf word = {0};

    bool ok = split_braced(*p, end, &braced) ||
              fail(in, "\"${\" without a name, an operator that Compose knows (:- - :+ + :? ?) "
                       "or \"}\"; write \"$$\" for a plain \"$\"");
    if (ok && braced.op)
        ok = depth < DEPTH_LIMIT ? expand(in, braced.word, braced.end, depth + 1, &word)
                                 : fail(in, "\"${\" is nested more than 100 deep; simplify it");
    if (ok) {
        ok = choose(in, &braced, &word, out);
        *p = braced.end + 1;
    }
    free(braced.name);
    buf_clear(&word);
    return ok;
}

/* *p is at the name and ends up behind it. */
static bool expand_plain(struct interpolation *in, const char **p, size_t n, struct buf *out)
{
    char *name = mem_strndup(*p, n);
    bool ok = put_string(in, out, in->lookup(in->context, name));

    free(name);
    *p += n;
    return ok;
}

static bool expand(struct interpolation *in, const char *p, const char *end, int depth,
                   struct buf *out)
{
    bool ok = true;

    while (ok && p < end) {
        char c = *p++;
        size_t n = name_length(p, end);
        if (c != '$' || p == end) {
            buf_putc(out, c);
        } else if (*p == '{') {
            p++;
            ok = expand_braced(in, &p, end, depth, out);
        } else if (n > 0) {
            ok = expand_plain(in, &p, n, out);
        } else {
            buf_putc(out, c);
            p += *p == '$';
        }
    }
    return ok;
}

bool interpolate(struct interpolation *interpolation, const char *text, size_t n, struct buf *out)
{
    return expand(interpolation, text, text + n, 0, out);
}
