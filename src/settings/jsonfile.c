#include "settings/jsonfile.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/jsonwalk.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Hashes of the keys so far, open addressing. The slot comes from the high half
 * of a hash and 32 bits of it are kept: a sign that a key may have been seen. */
struct seen {
    uint32_t *slots; /* 0: free */
    size_t nslots;
};

/* Adds a hash; true where it may be there already. */
static bool seen_add(struct seen *seen, uint64_t hash)
{
    hash = (hash ^ hash >> 32) * 0x9E3779B97F4A7C15U;
    hash = (hash ^ hash >> 29) * 0xBF58476D1CE4E5B9U;
    size_t slot = (size_t)((hash >> 32) * seen->nslots >> 32);
    uint32_t kept = (uint32_t)hash | 1;

    while (seen->slots[slot] && seen->slots[slot] != kept)
        slot = slot + 1 < seen->nslots ? slot + 1 : 0;
    bool found = seen->slots[slot] == kept;
    seen->slots[slot] = kept;
    return found;
}

/* The line of an earlier leaf with the key of the one that walk stands on; 0
 * where there is none and only the hash was the same. */
static int earlier_line(const struct jsonwalk *walk, struct span text)
{
    struct jsonwalk earlier;
    int line = 0;

    jsonwalk_start(&earlier, text);
    while (!line && jsonwalk_next(&earlier) && earlier.scanner.next < walk->scanner.next)
        if (jsonwalk_same_key(&earlier, walk))
            line = earlier.line;
    jsonwalk_clear(&earlier);
    return line;
}

static bool is_scalar(const struct jsonwalk *walk)
{
    return walk->leaf != JSON_CLOSE_OBJECT && walk->leaf != JSON_CLOSE_ARRAY;
}

static void report_duplicate(const struct jsonwalk *walk, int first_line, struct error *err)
{
    char *key = text_sanitise(walk->path.data, walk->path.len, TEXT_ONE_LINE);

    error_set(err, "%d: this key is already set on line %d; keep one of them: %s", walk->line,
              first_line, key);
    free(key);
}

/* An empty container replaces what its key had; only a scalar is a duplicate. */
static bool check_duplicates(struct span text, size_t count, struct error *err)
{
    size_t nslots = count + count / 3 + 1;
    struct seen seen = {.slots = mem_zalloc(nslots * sizeof *seen.slots), .nslots = nslots};
    struct jsonwalk walk;
    int first_line = 0;

    jsonwalk_start(&walk, text);
    while (!first_line && jsonwalk_next(&walk))
        if (seen_add(&seen, walk.hash) && is_scalar(&walk)) {
            first_line = earlier_line(&walk, text);
            if (first_line)
                report_duplicate(&walk, first_line, err);
        }
    jsonwalk_clear(&walk);
    free(seen.slots);
    return !first_line;
}

/* Fills buf with the leaf's value; false for NULL. */
static bool leaf_value(const struct jsonwalk *walk, bool keeps_null, struct buf *buf)
{
    const struct span *token = &walk->scanner.token;

    buf->len = 0;
    buf_puts(buf, "");
    switch (walk->leaf) {
    case JSON_TEXT:
        jsontoken_add_text(&walk->scanner, buf);
        return true;
    case JSON_NUMBER:
        buf_add(buf, token->start, (size_t)(token->end - token->start));
        return true;
    case JSON_TRUE:
        buf_puts(buf, "True");
        return true;
    case JSON_FALSE:
        buf_puts(buf, "False");
        return true;
    case JSON_NULL:
        return !keeps_null;
    default:
        return keeps_null && walk->leaf == JSON_CLOSE_ARRAY;
    }
}

static void hand_out(struct span text, bool keeps_null, jsonfile_entry entry, void *context)
{
    struct buf value = {0};
    struct jsonwalk walk;

    jsonwalk_start(&walk, text);
    while (jsonwalk_next(&walk)) {
        bool has_value = leaf_value(&walk, keeps_null, &value);
        if (!memchr(walk.path.data, '\0', walk.path.len))
            entry(context, walk.path.data, has_value ? value.data : NULL, has_value ? value.len : 0,
                  walk.line);
    }
    jsonwalk_clear(&walk);
    buf_clear(&value);
}

/* Reads the document. */
static bool read_text(struct span text, bool keeps_null, jsonfile_entry entry, void *context,
                      struct error *err, enum jsonfile_error *error_class)
{
    struct jsonwalk walk;
    size_t count;

    jsonwalk_start(&walk, text);
    bool ok = jsonwalk_check(&walk, &count);
    jsonwalk_clear(&walk);
    if (!ok) {
        error_set(err, "%d: %s", walk.scanner.line, walk.problem);
        *error_class = walk.error_class;
        return false;
    }
    if (!check_duplicates(text, count, err)) {
        *error_class = JSONFILE_DUPLICATE_KEY;
        return false;
    }
    hand_out(text, keeps_null, entry, context);
    return true;
}

bool jsonfile_read(const char *text, size_t len, int dotnet_major, jsonfile_entry entry,
                   void *context, struct error *err, enum jsonfile_error *error_class)
{
    struct buf copy = {0};
    enum jsonfile_error ignored;
    struct span decoded = jsontext_decode(text, len, &copy);
    bool ok = read_text(decoded, dotnet_major >= 10, entry, context, err,
                        error_class ? error_class : &ignored);

    buf_clear(&copy);
    return ok;
}
