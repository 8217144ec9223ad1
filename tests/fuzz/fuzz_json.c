/* appsettings: settings/jsonfile.h, with jansson as the judge of UTF-8 and of what
 * is JSON without .NET's liberties. */
#include "fuzz.h"
#include "settings/jsonfile.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

static bool is_utf8(const char *text)
{
    json_t *json = json_string(text);
    bool ok = json != NULL;

    json_decref(json);
    return ok;
}

/* jansson takes a NUL behind a number for nothing: there it is no judge. */
static bool is_strict_object(const char *text, size_t size)
{
    json_t *json = memchr(text, '\0', size) ? NULL : json_loadb(text, size, 0, NULL);
    bool is_object = json_is_object(json);

    json_decref(json);
    return is_object;
}

static void check_item(const struct store *store, const struct store_item *item, size_t size)
{
    struct store_cursor found = {0};
    struct buf key = {0};

    store_key(store, item, &key);
    assert(is_utf8(key.data));
    assert(item->line >= 1 && (size_t)item->line <= size);
    assert(!item->value || strstr(item->value, "\xC0\x80") || is_utf8(item->value));
    assert(store_find(store, key.data, &found) && found.item.line == item->line);
    assert(!store_find(store, key.data, &found));
    buf_clear(&key);
}

/* Returns how many items the runtime sees. */
static size_t read_for(int dotnet_major, const char *text, size_t size, struct fault *fault)
{
    struct store store = {0};
    struct store_cursor cursor = {0};
    size_t count = 0;

    bool ok = jsonfile_read(text, size, dotnet_major, &store, fault);
    fuzz_check_fault(ok, fault, size);
    if (fault->kind == FAULT_PARSE || fault->kind == FAULT_TOP_LEVEL)
        assert(!is_strict_object(text, size));
    for (; store_each(&store, &cursor); count++)
        check_item(&store, &cursor.item, size);
    assert(count == store.count);
    assert(ok || count == 0);
    store_clear(&store);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault to_9 = {0}, from_10 = {0};

    size_t count = read_for(8, (const char *)data, size, &to_9);
    assert(read_for(10, (const char *)data, size, &from_10) == count);
    assert(to_9.kind == from_10.kind && to_9.line == from_10.line);
    return 0;
}
