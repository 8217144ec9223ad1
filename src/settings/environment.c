#include "settings/source.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/raw.h"

#include <stdlib.h>
#include <string.h>

/* "__" becomes ":" from the left, without overlap: SMTP___HOST is SMTP:_HOST. */
static char *normalise(const char *name)
{
    char *key = mem_strdup(name), *out = key;

    for (const char *in = key; *in; in++) {
        if (in[0] == '_' && in[1] == '_') {
            *out++ = ':';
            in++;
        } else {
            *out++ = *in;
        }
    }
    *out = '\0';
    return key;
}

/* What of name is behind prefix, or NULL. */
static const char *behind(const char *name, const char *prefix)
{
    for (; *prefix; prefix++, name++)
        if (text_fold(*name) != text_fold(*prefix))
            return NULL;
    return name;
}

static char *key_of_variable(const char *name)
{
    static const char *const prefixes[] = {
        "CUSTOMCONNSTR_",     "SQLCONNSTR_",        "SQLAZURECONNSTR_", "MYSQLCONNSTR_",
        "POSTGRESQLCONNSTR_", "APIHUBCONNSTR_",     "DOCDBCONNSTR_",    "EVENTHUBCONNSTR_",
        "REDISCACHECONNSTR_", "SERVICEBUSCONNSTR_", "NOTIFICATIONHUBCONNSTR_",
    };

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const char *rest = behind(name, prefixes[i]);
        if (rest) {
            char *part = normalise(rest), *key = mem_printf("ConnectionStrings:%s", part);
            free(part);
            return key;
        }
    }
    return normalise(name);
}

static void put(struct layer *layer, const char *key, const char *name, const char *value,
                int line, enum store_rank rank)
{
    size_t len = strlen(key);

    store_put(&layer->store, store_hash(STORE_HASH, key, len), key, len,
              &(struct store_item){
                  .name = key, .written = name, .value = value, .line = line, .rank = rank});
}

void layer_put_variable(struct layer *layer, const char *name, const char *value, int line)
{
    static const char *const prefixes[STORE_RANKS] = {"", "DOTNET_", "ASPNETCORE_"};
    char *key = key_of_variable(name);

    for (int rank = 0; rank < STORE_RANKS; rank++) {
        const char *rest = behind(key, prefixes[rank]);
        if (rest)
            put(layer, rest, name, value, line, (enum store_rank)rank);
    }
    free(key);
}
