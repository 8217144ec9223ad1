#include "settings/raw.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings *settings_new(void)
{
    return mem_zalloc(sizeof(struct settings));
}

static void layer_free(struct layer *layer)
{
    store_clear(&layer->store);
    for (size_t i = 0; i < layer->nremoved; i++)
        free(layer->removed[i]);
    free(layer->removed);
    free(layer->source.kind);
    free(layer->source.path);
    free(layer->source.note);
    free(layer->name);
    free(layer->failure);
    free(layer);
}

void settings_free(struct settings *settings)
{
    if (!settings)
        return;
    for (size_t i = 0; i < settings->count; i++)
        layer_free(settings->layers[i]);
    for (size_t i = 0; i < settings->nnotes; i++)
        free(settings->notes[i]);
    settings_warnings_clear(&settings->warnings);
    settings_forget_secrets(settings);
    for (size_t i = 0; i < settings->nformer; i++)
        free(settings->former[i]);
    free(settings->former);
    free(settings->layers);
    free(settings->notes);
    free(settings);
}

void settings_swap(struct settings *one, struct settings *other)
{
    struct settings kept = *one;

    *one = *other;
    *other = kept;
}

static char *clean(const char *text)
{
    return text_sanitise(text, strlen(text), TEXT_ONE_LINE);
}

static const char *name_of_kind(const char *kind)
{
    if (strcmp(kind, "environ") == 0)
        return "environment";
    return strcmp(kind, "set") == 0 ? "--set" : kind;
}

struct layer *settings_add_layer(struct settings *settings, const char *kind, const char *path)
{
    struct layer *layer = mem_zalloc(sizeof *layer);

    layer->source.kind = mem_strdup(kind);
    layer->source.path = path ? clean(path) : NULL;
    layer->name = path ? clean(path) : mem_strdup(name_of_kind(kind));
    layer->is_opened = true;
    settings_forget_secrets(settings);
    settings->layers = mem_grow(settings->layers, settings->count, sizeof *settings->layers);
    settings->layers[settings->count++] = layer;
    return layer;
}

void layer_put(struct layer *layer, const char *key, const char *value, int line)
{
    size_t len = strlen(key);

    store_put(&layer->store, store_hash(STORE_HASH, key, len), key, len,
              &(struct store_item){.name = key, .value = value, .line = line});
}

int layer_line(const struct layer *layer, const char *key)
{
    struct store_cursor cursor = {0};
    return store_find(&layer->store, key, &cursor) ? cursor.item.line : 0;
}

void layer_fail(struct layer *layer, enum source_status status, const struct fault *fault)
{
    store_clear(&layer->store);
    layer->source.status = status;
    layer->source.fault = *fault;
    free(layer->failure);
    layer->failure = fault->line
                         ? mem_printf("%s:%d: %s", layer->name, fault->line, fault->reason.text)
                         : mem_printf("%s: %s", layer->name, fault->reason.text);
}

/* The --set layer is the topmost one for as long as it is being filled. */
bool settings_add_set(struct settings *settings, const char *assignment, struct error *err)
{
    static const char kind[] = "set";
    const char *equals = strchr(assignment, '=');

    if (!equals || equals == assignment) {
        error_set(err, "--set takes KEY=VALUE, such as Smtp:Host=smtp.example.com");
        return false;
    }
    struct layer *top = settings->count ? settings->layers[settings->count - 1] : NULL;
    if (!top || strcmp(top->source.kind, kind) != 0)
        top = settings_add_layer(settings, kind, NULL);
    settings_forget_secrets(settings);
    char *key = mem_strndup(assignment, (size_t)(equals - assignment));
    layer_put(top, key, equals + 1, 0);
    free(key);
    return true;
}

size_t settings_source_count(const struct settings *settings)
{
    return settings->count;
}

const struct source *settings_source(const struct settings *settings, size_t index)
{
    return &settings->layers[index]->source;
}

const char *settings_failure(const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++)
        if (settings->layers[i]->failure)
            return settings->layers[i]->failure;
    return NULL;
}

char *settings_format(const char *format, va_list arguments)
{
    char *text = NULL;

    if (vasprintf(&text, format, arguments) < 0)
        abort();
    char *result = clean(text);
    free(text);
    return result;
}

void settings_add_note(struct settings *settings, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    settings->notes = mem_grow(settings->notes, settings->nnotes, sizeof *settings->notes);
    settings->notes[settings->nnotes++] = settings_format(format, arguments);
    va_end(arguments);
}

size_t settings_note_count(const struct settings *settings)
{
    return settings->nnotes;
}

const char *settings_note(const struct settings *settings, size_t index)
{
    return settings->notes[index];
}

void settings_set_note(struct settings *settings, size_t index, const char *format, ...)
{
    struct source *source = &settings->layers[index]->source;
    va_list arguments;

    va_start(arguments, format);
    free(source->note);
    source->note = settings_format(format, arguments);
    va_end(arguments);
}

void settings_add_warning(struct settings *settings, const char *code, const char *key, int layer,
                          int line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *message = settings_format(format, arguments);
    va_end(arguments);
    settings_warnings_add(&settings->warnings, settings, code, key, layer, line, message);
    free(message);
}
