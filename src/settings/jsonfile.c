#include "settings/jsonfile.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/jsonwalk.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Hashes of the keys so far, open addressing. 32 bits of each are kept: a sign
 * that a key may have been seen. */
struct seen {
    uint32_t *slots; /* 0: free */
    size_t nslots;
};

/* Adds a hash; true where it may be there already. */
static bool seen_add(struct seen *seen, uint64_t hash)
{
    size_t slot = store_slot(hash, seen->nslots);
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

static void report_duplicate(const struct jsonwalk *walk, int first_line, struct fault *fault)
{
    char *key = text_sanitise(walk->path.data, walk->path.len, TEXT_ONE_LINE);

    fault_set(fault, FAULT_DUPLICATE_KEY, walk->line,
              "this key is already set on line %d; keep one of them: %s", first_line, key);
    free(key);
}

/* An empty container replaces what its key had; only a scalar is a duplicate. */
static bool check_duplicates(struct span text, size_t count, struct fault *fault)
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
                report_duplicate(&walk, first_line, fault);
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

/* Fits the value, but for U+0000, into a C string. */
static const char *c_string(const struct buf *value, struct buf *spare)
{
    if (strlen(value->data) == value->len)
        return value->data;
    spare->len = 0;
    for (size_t i = 0; i < value->len; i++)
        if (value->data[i])
            buf_putc(spare, value->data[i]);
        else
            buf_puts(spare, "\xC0\x80");
    return spare->data;
}

/* Stands for a section that has U+0000 in its key. */
#define NO_SECTION SIZE_MAX

static size_t add_section(struct store *store, size_t parent, const char *name, size_t len)
{
    if (parent == NO_SECTION || memchr(name, '\0', len))
        return NO_SECTION;
    return store_add_section(store, parent, name, len);
}

/* Where the last part of the path to a container, or to the leaf at depth, begins. */
static size_t part_start(const struct jsonwalk *walk, int depth)
{
    return walk->levels[depth - 1].path_len + (depth > 1);
}

/* The section for the container that the leaf is in, made when first needed. */
static size_t leaf_section(struct jsonwalk *walk, struct store *store)
{
    int depth = walk->depth - 1;

    while (depth > 0 && !walk->levels[depth].section)
        depth--;
    while (depth < walk->depth - 1) {
        size_t parent = walk->levels[depth++].section, start = part_start(walk, depth);
        walk->levels[depth].section = add_section(store, parent, walk->path.data + start,
                                                  walk->levels[depth].path_len - start);
    }
    return walk->levels[depth].section;
}

static void store_leaf(struct jsonwalk *walk, const char *value, struct store *store)
{
    size_t start = part_start(walk, walk->depth), section = leaf_section(walk, store);
    struct store_item item = {.section = section,
                              .name = walk->path.data + start,
                              .value = value,
                              .line = walk->line};

    if (section == NO_SECTION || strlen(item.name) < walk->path.len - start)
        return;
    if (is_scalar(walk))
        store_add(store, walk->hash, &item);
    else
        store_put(store, walk->hash, walk->path.data, walk->path.len, &item);
}

static void store_leaves(struct span text, bool keeps_null, struct store *store)
{
    struct buf value = {0}, spare = {0};
    struct jsonwalk walk;

    jsonwalk_start(&walk, text);
    while (jsonwalk_next(&walk)) {
        bool has_value = leaf_value(&walk, keeps_null, &value);
        store_leaf(&walk, has_value ? c_string(&value, &spare) : NULL, store);
    }
    jsonwalk_clear(&walk);
    buf_clear(&value);
    buf_clear(&spare);
}

static bool read_text(struct span text, bool keeps_null, struct store *store, struct fault *fault)
{
    struct jsonwalk walk;
    size_t count;

    jsonwalk_start(&walk, text);
    bool ok = jsonwalk_check(&walk, &count);
    jsonwalk_clear(&walk);
    if (!ok)
        return fault_set(fault, walk.fault, walk.scanner.line, "%s", walk.problem);
    if (count > STORE_MAX_ITEMS)
        return fault_set(fault, FAULT_TOO_LARGE, 0, "it has %zu values, and more than %d are not "
                                                    "read; split the file", count, STORE_MAX_ITEMS);
    if (!check_duplicates(text, count, fault))
        return false;
    store_reserve(store, count);
    store_leaves(text, keeps_null, store);
    return true;
}

bool jsonfile_read(const char *text, size_t len, int dotnet_major, struct store *store,
                   struct fault *fault)
{
    struct buf copy = {0};
    struct span decoded = jsontext_decode(text, len, &copy);
    bool ok = read_text(decoded, dotnet_major >= 10, store, fault);

    buf_clear(&copy);
    return ok;
}
