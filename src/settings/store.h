/* Keys with values, packed: an item takes its bytes and about a dozen more, so
 * that a file of 16 MiB fits in memory twice. Keys compare without regard to the
 * case of A-Z. Several items may have the same key. */
#ifndef SETTINGS_STORE_H
#define SETTINGS_STORE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More is refused: nobody's settings, but a file may try. */
enum { STORE_MAX_ITEMS = 2 * 1000 * 1000, STORE_MAX_BYTES = 64 * 1024 * 1024 };

/* Zeroed is empty; store_clear frees what it holds. */
struct store {
    struct buf records;
    uint32_t *slots; /* of the hash table: 0, or a record's offset and 1 */
    size_t nslots, count;
    bool is_full; /* an item was refused, which stood on full_line */
    int full_line;
};

/* How an item ranks among those of all layers: the variables with a prefix of
 * the host's are below every layer. */
enum store_rank { STORE_LAYER, STORE_DOTNET, STORE_ASPNETCORE };
enum { STORE_RANKS = STORE_ASPNETCORE + 1 };

struct store_item {
    size_t section;      /* that the name is in, as from store_add_section; 0: the root */
    const char *name;    /* the key, or its part below the section */
    const char *written; /* the name of the variable, as written, or NULL */
    const char *value;   /* NULL: .NET's null */
    int line;            /* from 1, or 0 */
    enum store_rank rank;
};

/* Goes through items. Start with {0}; strings last until the store changes. */
struct store_cursor {
    struct store_item item;
    size_t at, next; /* the record's offset; where to look on */
};

void store_clear(struct store *store);

/* Makes room for count items, so that adding them need not move others. */
void store_reserve(struct store *store, size_t count);

/* Adds a section for keys that begin with those of parent (0: the root), name
 * and ":". It serves to keep long beginnings once; the key "a:b" is the same
 * whichever way it is cut. */
size_t store_add_section(struct store *store, size_t parent, const char *name, size_t len);

/* Adds an item, also where there is one of the key. hash is that of the whole key. */
void store_add(struct store *store, uint64_t hash, const struct store_item *item);

/* Adds an item in the place of the one with its key, rank and written name, if
 * there is one. key is the whole one, of len bytes, and hash its hash. */
void store_put(struct store *store, uint64_t hash, const char *key, size_t len,
               const struct store_item *item);

/* The buffer that takes more of the value of the item added last, which must have
 * one; closing ends that, before anything else is done with the store. */
struct buf *store_open_value(struct store *store);
void store_close_value(struct store *store);

/* Goes to the next item of key, in the order in which they were added. */
bool store_find(const struct store *store, const char *key, struct store_cursor *cursor);

/* Goes to the next item of all, in the order in which they were added. */
bool store_each(const struct store *store, struct store_cursor *cursor);

/* Reads the item, or with name and section alone the section, that begins at an
 * offset: a cursor's at, or 1 less than a section. */
void store_read(const struct store *store, size_t at, struct store_item *item);

/* Makes key, which it empties first, that of an item. */
void store_key(const struct store *store, const struct store_item *item, struct buf *key);

/* The hash of a key, folded, in parts: start with STORE_HASH. */
#define STORE_HASH UINT64_C(0xCBF29CE484222325)
uint64_t store_hash(uint64_t hash, const char *bytes, size_t len);

/* The slot among nslots that the search for a hash begins at. */
size_t store_slot(uint64_t hash, size_t nslots);

#endif
