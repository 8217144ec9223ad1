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

static bool has_value(const struct jsonwalk *walk, bool keeps_null)
{
    if (walk->leaf == JSON_NULL)
        return !keeps_null;
    return is_scalar(walk) || (keeps_null && walk->leaf == JSON_CLOSE_ARRAY);
}

static void add_value(const struct jsonwalk *walk, struct buf *buf)
{
    const struct span *token = &walk->scanner.token;

    if (walk->leaf == JSON_TEXT)
        jsontoken_add_text(&walk->scanner, buf);
    else if (walk->leaf == JSON_NUMBER)
        buf_add(buf, token->start, (size_t)(token->end - token->start));
    else if (walk->leaf == JSON_TRUE || walk->leaf == JSON_FALSE)
        buf_puts(buf, walk->leaf == JSON_TRUE ? "True" : "False");
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
        walk->levels[depth].section = store_add_section(store, parent, walk->path.data + start,
                                                        walk->levels[depth].path_len - start);
    }
    return walk->levels[depth].section;
}

static void store_leaf(struct jsonwalk *walk, bool keeps_null, struct store *store)
{
    struct store_item item = {.section = leaf_section(walk, store),
                              .name = walk->path.data + part_start(walk, walk->depth),
                              .value = has_value(walk, keeps_null) ? "" : NULL,
                              .line = walk->line};

    if (!is_scalar(walk)) {
        store_put(store, walk->hash, walk->path.data, walk->path.len, &item);
        return;
    }
    store_add(store, walk->hash, &item);
    if (item.value && !store->is_full) {
        add_value(walk, store_open_value(store));
        store_close_value(store);
    }
}

static void store_leaves(struct span text, bool keeps_null, struct store *store)
{
    struct jsonwalk walk;

    jsonwalk_start(&walk, text);
    while (jsonwalk_next(&walk))
        if (!strstr(walk.path.data, JSONTOKEN_NUL))
            store_leaf(&walk, keeps_null, store);
    jsonwalk_clear(&walk);
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
