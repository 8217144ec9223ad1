#include "base/mem.h"
#include "base/text.h"
#include "settings/jsonwalk.h"
#include "settings/raw.h"

#include <stdlib.h>

/* A key, wherever it is kept. */
struct key {
    const struct store *store;
    size_t at;
};

/* A key in its parts: the sections, outermost first, then the name. Only a JSON
 * file makes sections, one a container. */
struct parts {
    const struct store *store;
    size_t sections[JSONWALK_MAX_DEPTH];
    int next; /* of sections, which fill the end of the array; then comes the name */
    const char *name;
    const char *text; /* what is left of the current part */
};

/* Leaves out of sections what is not used: clearing it takes longer than all else. */
static void take_apart(const struct key *key, struct parts *parts)
{
    struct store_item item;

    store_read(key->store, key->at, &item);
    parts->store = key->store;
    parts->next = JSONWALK_MAX_DEPTH;
    parts->name = item.name;
    while (item.section && parts->next > 0) {
        parts->sections[--parts->next] = item.section;
        store_read(key->store, item.section - 1, &item);
    }
}

/* Enters the next part. */
static void enter_part(struct parts *parts)
{
    struct store_item item = {.name = parts->name};

    if (parts->next < JSONWALK_MAX_DEPTH)
        store_read(parts->store, parts->sections[parts->next] - 1, &item);
    parts->next++;
    parts->text = item.name;
}

/* The next character of the key, folded; NUL at its end. */
static char next_char(struct parts *parts)
{
    if (*parts->text)
        return text_fold(*parts->text++);
    if (parts->next > JSONWALK_MAX_DEPTH)
        return '\0';
    enter_part(parts);
    return ':';
}

/* Long beginnings are compared once and not for each pair of keys below them. */
static void skip_common_sections(struct parts *a, struct parts *b)
{
    while (a->store == b->store && a->next < JSONWALK_MAX_DEPTH && b->next < JSONWALK_MAX_DEPTH &&
           a->sections[a->next] == b->sections[b->next]) {
        a->next++;
        b->next++;
    }
}

static int compare(const void *one, const void *other)
{
    struct parts a, b;
    char c, d;

    take_apart(one, &a);
    take_apart(other, &b);
    skip_common_sections(&a, &b);
    enter_part(&a);
    enter_part(&b);
    do {
        c = next_char(&a);
        d = next_char(&b);
    } while (c && c == d);
    return (unsigned char)c - (unsigned char)d;
}

static size_t count_items(const struct settings *settings)
{
    size_t count = 0;

    for (size_t i = 0; i < settings->count; i++)
        count += settings->layers[i]->store.count;
    return count;
}

/* All keys, sorted. */
static size_t collect(const struct settings *settings, struct key *keys)
{
    size_t count = 0;

    for (size_t i = 0; i < settings->count; i++) {
        struct store_cursor cursor = {0};
        while (store_each(&settings->layers[i]->store, &cursor))
            keys[count++] = (struct key){&settings->layers[i]->store, cursor.at};
    }
    qsort(keys, count, sizeof *keys, compare);
    return count;
}

void settings_each_key(const struct settings *settings,
                       void (*visit)(void *context, const char *key), void *context)
{
    struct key *keys = mem_zalloc((count_items(settings) + 1) * sizeof *keys);
    size_t count = collect(settings, keys);
    struct buf text = {0};

    for (size_t i = 0; i < count; i++)
        if (i == 0 || compare(&keys[i - 1], &keys[i]) != 0) {
            struct store_item item;
            store_read(keys[i].store, keys[i].at, &item);
            store_key(keys[i].store, &item, &text);
            visit(context, text.data);
        }
    buf_clear(&text);
    free(keys);
}
