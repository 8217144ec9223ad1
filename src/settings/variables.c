#include "settings/variables.h"

#include <string.h>

void variables_clear(struct variables *variables)
{
    store_clear(&variables->store);
}

const char *variables_get(const struct variables *variables, const char *name)
{
    struct store_cursor cursor = {0};

    while (store_find(&variables->store, name, &cursor))
        if (strcmp(cursor.item.name, name) == 0)
            return cursor.item.value;
    return NULL;
}

/* The store takes names that differ in case for one, unless they are written ones. */
void variables_set(struct variables *variables, const char *name, const char *value)
{
    size_t len = strlen(name);

    store_put(&variables->store, store_hash(STORE_HASH, name, len), name, len,
              &(struct store_item){.name = name, .written = name, .value = value});
}
