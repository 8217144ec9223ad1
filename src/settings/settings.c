#include "settings/raw.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/url.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* More of a value than this helps nobody. */
enum { SHOWN_BYTES = 300 };

struct layer {
    char *name;
    char *failure; /* why it could not be loaded, or NULL */
    void *entries; /* tsearch(3) tree of struct raw_setting by folded key */
};

struct settings {
    struct layer **layers; /* lowest precedence first */
    size_t count;
};

struct settings *settings_new(void)
{
    return mem_zalloc(sizeof(struct settings));
}

static void entry_free(void *node)
{
    struct raw_setting *entry = node;
    free(entry->key);
    free(entry->name);
    free(entry->value);
    free(entry->rival);
    free(entry);
}

void settings_free(struct settings *settings)
{
    if (!settings)
        return;
    for (size_t i = 0; i < settings->count; i++) {
        struct layer *layer = settings->layers[i];
        tdestroy(layer->entries, entry_free);
        free(layer->name);
        free(layer->failure);
        free(layer);
    }
    free(settings->layers);
    free(settings);
}

static int compare_keys(const void *a, const void *b)
{
    const char *x = ((const struct raw_setting *)a)->key, *y = ((const struct raw_setting *)b)->key;

    while (*x && text_fold(*x) == text_fold(*y)) {
        x++;
        y++;
    }
    return (unsigned char)text_fold(*x) - (unsigned char)text_fold(*y);
}

static struct raw_setting *layer_find(const struct layer *layer, const char *key)
{
    struct raw_setting wanted = {.key = (char *)key};
    struct raw_setting **node = tfind(&wanted, &layer->entries, compare_keys);
    return node ? *node : NULL;
}

static struct raw_setting *layer_add(struct layer *layer, const char *key)
{
    struct raw_setting *entry = mem_zalloc(sizeof *entry);
    entry->key = mem_strdup(key);
    tsearch(entry, &layer->entries, compare_keys);
    return entry;
}

struct layer *settings_add_layer(struct settings *settings, const char *name)
{
    struct layer *layer = mem_zalloc(sizeof *layer);

    layer->name = text_sanitise(name, strlen(name), TEXT_ONE_LINE);
    settings->layers = mem_grow(settings->layers, settings->count, sizeof *settings->layers);
    settings->layers[settings->count++] = layer;
    return layer;
}

void layer_put(struct layer *layer, const char *key, const char *value, int line)
{
    struct raw_setting *entry = layer_find(layer, key);

    if (!entry)
        entry = layer_add(layer, key);
    free(entry->value);
    entry->value = mem_strdup(value);
    entry->line = line;
}

void layer_put_variable(struct layer *layer, const char *key, const char *name,
                        const char *value, int line)
{
    struct raw_setting *entry = layer_find(layer, key);

    if (!entry) {
        layer_put(layer, key, value, line);
        layer_find(layer, key)->name = mem_strdup(name);
    } else if (strcmp(entry->name, name) == 0) {
        layer_put(layer, key, value, line);
    } else if (strcmp(entry->value, value) != 0 && !entry->rival) {
        entry->rival = mem_strdup(name);
    }
}

int layer_line(const struct layer *layer, const char *key)
{
    const struct raw_setting *entry = layer_find(layer, key);
    return entry ? entry->line : 0;
}

void layer_fail(struct layer *layer, const char *reason)
{
    free(layer->failure);
    layer->failure = mem_printf("%s:%s", layer->name, reason);
}

/* The --set layer is the topmost one for as long as it is being filled. */
bool settings_add_set(struct settings *settings, const char *assignment, struct error *err)
{
    static const char name[] = "--set";
    const char *equals = strchr(assignment, '=');

    if (!equals || equals == assignment) {
        error_set(err, "--set takes KEY=VALUE, such as Smtp:Host=smtp.example.com");
        return false;
    }
    struct layer *top = settings->count ? settings->layers[settings->count - 1] : NULL;
    if (!top || strcmp(top->name, name) != 0)
        top = settings_add_layer(settings, name);
    char *key = mem_strndup(assignment, (size_t)(equals - assignment));
    layer_put(top, key, equals + 1, 0);
    free(key);
    return true;
}

const struct raw_setting *settings_find(const struct settings *settings, const char *key, int *layer)
{
    for (size_t i = settings->count; i-- > 0;) {
        const struct raw_setting *entry = layer_find(settings->layers[i], key);
        if (entry) {
            *layer = (int)i;
            return entry;
        }
    }
    *layer = -1;
    return NULL;
}

char *settings_describe_source(const struct settings *settings, const struct raw_setting *entry,
                               int layer)
{
    const char *name = settings->layers[layer]->name;
    char *text;

    if (entry->rival)
        text = mem_printf("%s, variables %s and %s", name, entry->name, entry->rival);
    else if (entry->line)
        text = mem_printf("%s:%d", name, entry->line);
    else if (entry->name)
        text = mem_printf("%s, variable %s", name, entry->name);
    else
        text = mem_strdup(name);
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);
    free(text);
    return clean;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && text_fold_equal(text + n - m, end);
}

bool settings_is_secret(const char *key)
{
    static const char *const endings[] = {"password", "secret", "token", "key", "webhookurl"};

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(key, endings[i]))
            return true;
    return false;
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
    if (ends_with(key, "webhookurl") || strstr(value, "://"))
        return url_show(value);
    return settings_is_secret(key) ? mem_strdup("***") : show_without_user(value);
}

static enum setting_state state_of(const struct raw_setting *entry)
{
    if (!entry)
        return SETTING_MISSING;
    if (entry->rival)
        return SETTING_AMBIGUOUS;
    if (!entry->value)
        return SETTING_NULL;
    return *entry->value ? SETTING_TEXT : SETTING_EMPTY;
}

struct setting settings_get(const struct settings *settings, const char *key)
{
    struct setting setting = {.key = mem_strdup(key)};
    const struct raw_setting *entry = settings_find(settings, key, &setting.layer);

    setting.state = state_of(entry);
    if (entry)
        setting.line = entry->line;
    bool has_value = setting.state == SETTING_EMPTY || setting.state == SETTING_TEXT;
    setting.shown = has_value ? settings_show_value(key, entry->value) : mem_strdup("");
    setting.source =
        entry ? settings_describe_source(settings, entry, setting.layer) : mem_strdup("");
    return setting;
}

void setting_clear(struct setting *setting)
{
    free(setting->key);
    free(setting->shown);
    free(setting->source);
    *setting = (struct setting){0};
}

const char *settings_failure(const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++)
        if (settings->layers[i]->failure)
            return settings->layers[i]->failure;
    return NULL;
}
