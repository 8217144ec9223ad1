#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/raw.h"
#include "settings/url.h"

#include <stdlib.h>
#include <string.h>

/* More of a value than this helps nobody. */
enum { SHOWN_BYTES = 300 };

static void find_in_layer(const struct settings *settings, int layer, enum store_rank rank,
                          const char *key, struct raw_settings *found)
{
    struct store_cursor cursor = {0};

    while (store_find(&settings->layers[layer]->store, key, &cursor)) {
        const struct store_item *item = &cursor.item;
        if (item->rank != rank)
            continue;
        found->items = mem_grow(found->items, found->count, sizeof *found->items);
        found->items[found->count++] =
            (struct raw_setting){item->written, item->value, layer, item->line, rank};
    }
    if (found->ndeciding == 0)
        found->ndeciding = found->count;
}

/* Whether the key is prefix itself or below it. */
static bool is_below(const char *key, const char *prefix)
{
    for (; *prefix; key++, prefix++)
        if (text_fold(*key) != text_fold(*prefix))
            return false;
    return *key == '\0' || *key == ':';
}

static bool is_removed(const struct layer *layer, const char *key)
{
    for (size_t i = 0; i < layer->nremoved; i++)
        if (is_below(key, layer->removed[i]))
            return true;
    return false;
}

/* The next layer down that counts for key: consecutive values files are one to
 * Helm, and what a later one removes the earlier ones never had. */
static int next_layer(const struct settings *settings, int layer, const char *key)
{
    bool removed = is_removed(settings->layers[layer], key);

    for (layer--; removed && layer >= 0; layer--)
        if (strcmp(settings->layers[layer]->source.kind, "values") != 0)
            break;
    return layer;
}

struct raw_settings settings_find(const struct settings *settings, const char *key)
{
    struct raw_settings found = {0};

    for (int rank = 0; rank < STORE_RANKS; rank++)
        for (int layer = (int)settings->count - 1; layer >= 0;
             layer = next_layer(settings, layer, key))
            find_in_layer(settings, layer, (enum store_rank)rank, key, &found);
    return found;
}

static bool is_same_value(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

const struct raw_setting *raw_settings_rival(const struct raw_settings *found)
{
    for (size_t i = 1; i < found->ndeciding; i++)
        if (!is_same_value(found->items[i].value, found->items[0].value))
            return &found->items[i];
    return NULL;
}

const char *settings_raw_value(const struct settings *settings, const char *key)
{
    struct raw_settings found = settings_find(settings, key);
    const char *value = found.count ? found.items[0].value : NULL;

    free(found.items);
    return value;
}

/* Frees the text. */
static char *clean(char *text)
{
    char *result = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    free(text);
    return result;
}

char *settings_describe_source(const struct settings *settings, const struct raw_setting *entry)
{
    const char *name = settings->layers[entry->layer]->name;
    char *text;

    if (entry->line)
        text = mem_printf("%s:%d", name, entry->line);
    else if (entry->name)
        text = mem_printf("%s, variable %s", name, entry->name);
    else
        text = mem_strdup(name);
    return clean(text);
}

static char *describe_rivals(const struct settings *settings, const struct raw_setting *one,
                             const struct raw_setting *other)
{
    return clean(mem_printf("%s, variables %s and %s", settings->layers[one->layer]->name,
                            one->name, other->name));
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && text_fold_equal(text + n - m, end);
}

/* Helm and Kubernetes write these in front of the name of a Secret, which is none: as
 * existingSecret, secret_name and the like. */
static bool names_a_secret(const char *key)
{
    static const char *const endings[] = {"existingsecret", "secretname", "secretref",
                                          "secretkeyref"};
    struct buf bare = {0};
    bool found = false;

    for (; *key; key++)
        if (*key != '-' && *key != '_')
            buf_putc(&bare, *key);
    for (size_t i = 0; i < sizeof endings / sizeof *endings && bare.data; i++)
        found |= ends_with(bare.data, endings[i]);
    buf_clear(&bare);
    return found;
}

bool settings_is_secret(const char *key)
{
    static const char *const endings[] = {"key", "pass", "webhookurl"};
    static const char *const parts[] = {"password", "passwd",     "passphrase", "pwd", "secret",
                                        "token",    "credential", "connectionstring"};

    if (names_a_secret(key))
        return false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(key, endings[i]))
            return true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (text_fold_contains(key, parts[i]))
            return true;
    return false;
}

/* "Host=h;Password=x", whatever the key is. */
static bool holds_password(const char *value)
{
    return text_fold_contains(value, "password=") || text_fold_contains(value, "pwd=");
}

/* Passwords also stand where they do not belong: in "user:password@host". */
static char *show_without_user(const char *value)
{
    const char *at = strrchr(value, '@');
    const char *rest = at ? at : value;
    size_t len = strlen(rest);
    bool too_long = len > SHOWN_BYTES;
    char *clean = text_sanitise(rest, too_long ? SHOWN_BYTES : len, TEXT_ONE_LINE);
    char *shown = mem_printf("%s%s%s", at ? "***" : "", clean, too_long ? "..." : "");

    free(clean);
    return shown;
}

char *settings_show_value(const char *key, const char *value)
{
    if (*value == '\0')
        return mem_strdup("");
    bool secret = settings_is_secret(key) || holds_password(value);
    if (strstr(value, "://"))
        return secret ? url_show(value) : url_show_any(value);
    return secret ? mem_strdup("***") : show_without_user(value);
}

static enum setting_state state_of(const struct raw_settings *found)
{
    if (found->count == 0)
        return SETTING_MISSING;
    if (raw_settings_rival(found))
        return SETTING_AMBIGUOUS;
    const char *value = found->items[0].value;
    if (!value)
        return SETTING_NULL;
    return *value ? SETTING_TEXT : SETTING_EMPTY;
}

static struct setting_value *show_values(const struct settings *settings, const char *key,
                                         const struct raw_setting *items, size_t count)
{
    struct setting_value *values = count ? mem_zalloc(count * sizeof *values) : NULL;

    for (size_t i = 0; i < count; i++)
        values[i] = (struct setting_value){
            .shown = items[i].value ? settings_show_value(key, items[i].value) : NULL,
            .source = settings_describe_source(settings, &items[i]),
            .layer = items[i].layer,
            .line = items[i].line};
    return values;
}

struct setting settings_get(const struct settings *settings, const char *key)
{
    struct raw_settings found = settings_find(settings, key);
    const struct raw_setting *first = found.items, *rival = raw_settings_rival(&found);
    struct setting setting = {.state = state_of(&found),
                              .key = text_sanitise(key, strlen(key), TEXT_ONE_LINE),
                              .layer = -1};

    if (!first) {
        setting.shown = mem_strdup("");
        setting.source = mem_strdup("");
        return setting;
    }
    bool has_value = first->value && !rival;
    setting.shown = has_value ? settings_show_value(key, first->value) : mem_strdup("");
    setting.source = rival ? describe_rivals(settings, first, rival)
                           : settings_describe_source(settings, first);
    setting.layer = first->layer;
    setting.line = first->line;
    setting.nhidden = found.count - found.ndeciding;
    setting.hidden = show_values(settings, key, first + found.ndeciding, setting.nhidden);
    setting.ncandidates = rival ? found.ndeciding : 0;
    setting.candidates = show_values(settings, key, first, setting.ncandidates);
    free(found.items);
    return setting;
}

static void values_free(struct setting_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(values[i].shown);
        free(values[i].source);
    }
    free(values);
}

void setting_clear(struct setting *setting)
{
    free(setting->key);
    free(setting->shown);
    free(setting->source);
    values_free(setting->hidden, setting->nhidden);
    values_free(setting->candidates, setting->ncandidates);
    *setting = (struct setting){0};
}
