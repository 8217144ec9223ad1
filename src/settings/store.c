#include "settings/store.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* A record is a byte of flags, how far back the section's record begins (0: the
 * root), and of an item its line, both as varints; then its strings. */
enum { HAS_VALUE = 1, HAS_WRITTEN = 2, IS_SECTION = 4, IS_REMOVED = 8, RANK_SHIFT = 4 };

void store_clear(struct store *store)
{
    buf_clear(&store->records);
    free(store->slots);
    *store = (struct store){0};
}

/* FNV-1a. */
uint64_t store_hash(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text_fold(bytes[i])) * UINT64_C(0x100000001B3);
    return hash;
}

size_t store_slot(uint64_t hash, size_t nslots)
{
    hash = (hash ^ hash >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ hash >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
    return (size_t)((hash >> 32) * nslots >> 32);
}

static size_t next_slot(const struct store *store, size_t slot)
{
    return slot + 1 < store->nslots ? slot + 1 : 0;
}

static void put_number(struct buf *buf, size_t number)
{
    for (; number >= 0x80; number >>= 7)
        buf_putc(buf, (char)(0x80 | (number & 0x7F)));
    buf_putc(buf, (char)number);
}

static size_t take_number(const char **p)
{
    size_t number = 0;

    for (int shift = 0;; shift += 7) {
        unsigned char byte = (unsigned char)*(*p)++;
        number |= (size_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return number;
    }
}

static const char *take_string(const char **p)
{
    const char *string = *p;

    *p += strlen(string) + 1;
    return string;
}

/* Reads the record at offset; returns the offset behind it. */
static size_t read_record(const struct store *store, size_t offset, struct store_item *item)
{
    const char *p = store->records.data + offset;
    int flags = (unsigned char)*p++;
    size_t back = take_number(&p);

    *item = (struct store_item){.section = back ? offset + 1 - back : 0};
    if (!(flags & IS_SECTION))
        item->line = (int)take_number(&p);
    item->name = take_string(&p);
    if (flags & HAS_WRITTEN)
        item->written = take_string(&p);
    if (flags & HAS_VALUE)
        item->value = take_string(&p);
    item->rank = (enum store_rank)(flags >> RANK_SHIFT);
    return (size_t)(p - store->records.data);
}

void store_read(const struct store *store, size_t at, struct store_item *item)
{
    read_record(store, at, item);
}

/* Begins a record with its section, which is 1 more than an offset. */
static size_t begin_record(struct store *store, int flags, size_t section)
{
    size_t offset = store->records.len;

    buf_putc(&store->records, (char)flags);
    put_number(&store->records, section ? offset + 1 - section : 0);
    return offset;
}

static void put_string(struct store *store, const char *string)
{
    buf_add(&store->records, string, strlen(string) + 1);
}

size_t store_add_section(struct store *store, size_t parent, const char *name, size_t len)
{
    size_t offset = begin_record(store, IS_SECTION, parent);

    buf_add(&store->records, name, len);
    buf_putc(&store->records, '\0');
    return offset + 1;
}

static size_t add_record(struct store *store, const struct store_item *item)
{
    int flags = (item->value ? HAS_VALUE : 0) | (item->written ? HAS_WRITTEN : 0) |
                (int)item->rank << RANK_SHIFT;
    size_t offset = begin_record(store, flags, item->section);

    put_number(&store->records, (size_t)item->line);
    put_string(store, item->name);
    if (item->written)
        put_string(store, item->written);
    if (item->value)
        put_string(store, item->value);
    return offset;
}

void store_key(const struct store *store, const struct store_item *item, struct buf *key)
{
    struct store_item section = *item;
    size_t len = strlen(item->name);

    while (section.section) {
        read_record(store, section.section - 1, &section);
        len += strlen(section.name) + 1;
    }
    key->len = 0;
    while (key->len < len)
        buf_putc(key, ':');
    buf_puts(key, "");
    section = *item;
    for (char *end = key->data + len;; end--) {
        size_t part = strlen(section.name);
        end -= part;
        memcpy(end, section.name, part);
        if (!section.section)
            return;
        read_record(store, section.section - 1, &section);
    }
}

/* Whether the key, len bytes of it, is that of the item; looks from its end. */
static bool has_key(const struct store *store, const struct store_item *item, const char *key,
                    size_t len)
{
    struct store_item part = *item;

    for (;;) {
        size_t n = strlen(part.name);
        if (n > len)
            return false;
        len -= n;
        for (size_t i = 0; i < n; i++)
            if (text_fold(part.name[i]) != text_fold(key[len + i]))
                return false;
        if (!part.section || len == 0 || key[--len] != ':')
            return !part.section && len == 0;
        read_record(store, part.section - 1, &part);
    }
}

bool store_each(const struct store *store, struct store_cursor *cursor)
{
    while (cursor->next < store->records.len) {
        cursor->at = cursor->next;
        cursor->next = read_record(store, cursor->at, &cursor->item);
        if (!(store->records.data[cursor->at] & (IS_SECTION | IS_REMOVED)))
            return true;
    }
    return false;
}

static void enter(struct store *store, uint64_t hash, size_t offset)
{
    size_t slot = store_slot(hash, store->nslots);

    while (store->slots[slot])
        slot = next_slot(store, slot);
    store->slots[slot] = (uint32_t)offset + 1;
}

/* Enters all items anew; whoever knows how many there will be spares this. */
static void resize(struct store *store, size_t nslots)
{
    struct store_cursor cursor = {0};
    struct buf key = {0};

    free(store->slots);
    store->slots = mem_zalloc(nslots * sizeof *store->slots);
    store->nslots = nslots;
    while (store_each(store, &cursor)) {
        store_key(store, &cursor.item, &key);
        enter(store, store_hash(STORE_HASH, key.data, key.len), cursor.at);
    }
    buf_clear(&key);
}

void store_reserve(struct store *store, size_t count)
{
    resize(store, store->count + count + (store->count + count) / 3 + 1);
}

static bool has_room(struct store *store, const struct store_item *item)
{
    if (store->count >= STORE_MAX_ITEMS || store->records.len > STORE_MAX_BYTES) {
        store->full_line = store->is_full ? store->full_line : item->line;
        store->is_full = true;
    } else if (store->count * 4 >= store->nslots * 3) {
        store_reserve(store, store->count + 16);
    }
    return !store->is_full;
}

void store_add(struct store *store, uint64_t hash, const struct store_item *item)
{
    if (!has_room(store, item))
        return;
    enter(store, hash, add_record(store, item));
    store->count++;
}

struct buf *store_open_value(struct store *store)
{
    store->records.len--;
    return &store->records;
}

void store_close_value(struct store *store)
{
    buf_putc(&store->records, '\0');
}

/* Goes on to the next item of a key; wanted is an item that has it, or NULL. */
static bool find_next(const struct store *store, uint64_t hash, const char *key, size_t len,
                      const struct store_item *wanted, struct store_cursor *cursor)
{
    if (store->nslots == 0)
        return false;
    size_t slot = cursor->next ? next_slot(store, cursor->next - 1)
                               : store_slot(hash, store->nslots);
    for (; store->slots[slot]; slot = next_slot(store, slot)) {
        cursor->at = store->slots[slot] - 1;
        cursor->next = slot + 1;
        read_record(store, cursor->at, &cursor->item);
        if (wanted && wanted->section == cursor->item.section
                ? text_fold_equal(wanted->name, cursor->item.name)
                : has_key(store, &cursor->item, key, len))
            return true;
    }
    return false;
}

bool store_find(const struct store *store, const char *key, struct store_cursor *cursor)
{
    size_t len = strlen(key);
    return find_next(store, store_hash(STORE_HASH, key, len), key, len, NULL, cursor);
}

static bool is_same_written(const struct store_item *a, const struct store_item *b)
{
    return a->rank == b->rank &&
           (a->written && b->written ? strcmp(a->written, b->written) == 0
                                     : a->written == b->written);
}

void store_put(struct store *store, uint64_t hash, const char *key, size_t len,
               const struct store_item *item)
{
    struct store_cursor cursor = {0};

    if (!has_room(store, item))
        return;
    while (find_next(store, hash, key, len, item, &cursor))
        if (is_same_written(&cursor.item, item)) {
            store->records.data[cursor.at] |= IS_REMOVED;
            store->slots[cursor.next - 1] = (uint32_t)add_record(store, item) + 1;
            return;
        }
    store_add(store, hash, item);
}
