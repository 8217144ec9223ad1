#include "settings/source.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/inifile.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/envfile.h"
#include "settings/jsonfile.h"
#include "settings/nulblock.h"
#include "settings/raw.h"
#include "settings/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A text on its way into a layer. */
struct input {
    const char *text;
    size_t len;
    int dotnet_major;
    struct settings *settings;
    struct layer *layer; /* its topmost */
};

static void put_variable(void *context, const char *name, const char *value, int line)
{
    layer_put_variable(context, name, value, line);
}

static void put_block_variable(void *context, const char *name, const char *value)
{
    layer_put_variable(context, name, value, 0);
}

static void put_argument(void *context, const char *name, const char *value)
{
    layer_put(context, name, value, 0);
}

static const char *shell_variable(void *context, const char *name)
{
    (void)context;
    return getenv(name);
}

static bool read_json(const struct input *in, struct fault *fault)
{
    return jsonfile_read(in->text, in->len, in->dotnet_major, &in->layer->store, fault);
}

struct ini {
    struct layer *layer;
    int duplicate_line; /* of the first one, or 0 */
};

static bool put_ini_entry(void *context, const char *section, const char *name, const char *value,
                          int line, struct error *err)
{
    struct ini *ini = context;

    if (ini->layer->store.is_full)
        return true;
    char *key = *section ? mem_printf("%s:%s", section, name) : mem_strdup(name);
    int twin = layer_line(ini->layer, key);

    if (twin) {
        /* A URL that stands alone in a line would be a key: it may be a secret. */
        char *shown = strstr(key, "//") ? mem_strdup("a key")
                                        : text_sanitise(key, strlen(key), TEXT_ONE_LINE);
        error_set(err, "%s is set twice, first in line %d; remove one", shown, twin);
        free(shown);
        if (!ini->duplicate_line)
            ini->duplicate_line = line;
    } else {
        layer_put(ini->layer, key, value, line);
    }
    free(key);
    return !twin;
}

static bool read_ini(const struct input *in, struct fault *fault)
{
    struct ini ini = {.layer = in->layer};
    struct error err = {0};
    enum fault_class kind = FAULT_PARSE;

    if (inifile_read(in->text, in->len, put_ini_entry, &ini, &err))
        return true;
    char *reason;
    int line = (int)strtol(err.text, &reason, 10);
    if (!inifile_check_encoding(in->text, in->len, NULL))
        kind = FAULT_ENCODING;
    else if (line == ini.duplicate_line)
        kind = FAULT_DUPLICATE_KEY;
    return fault_set(fault, kind, line, "%s", reason + strspn(reason, ": "));
}

static bool read_compose(const struct input *in, struct fault *fault)
{
    return envfile_read(ENVFILE_COMPOSE, in->text, in->len, shell_variable, NULL, put_variable,
                        in->layer, fault);
}

static bool read_systemd(const struct input *in, struct fault *fault)
{
    return envfile_read(ENVFILE_SYSTEMD, in->text, in->len, NULL, NULL, put_variable, in->layer,
                        fault);
}

static bool read_docker(const struct input *in, struct fault *fault)
{
    return envfile_read(ENVFILE_DOCKER, in->text, in->len, shell_variable, NULL, put_variable,
                        in->layer, fault);
}

static bool read_environ(const struct input *in, struct fault *fault)
{
    (void)fault;
    nulblock_read_environ(in->text, in->len, put_block_variable, in->layer);
    return true;
}

static bool read_arguments(const struct input *in, struct fault *fault)
{
    return nulblock_read_arguments(in->text, in->len, put_argument, in->layer, fault);
}

static void put_value(void *context, const char *key, const char *value, int line)
{
    const struct input *in = context;
    layer_put(in->layer, key, value, line);
}

static void remove_value(void *context, const char *key, int line)
{
    const struct input *in = context;
    struct layer *layer = in->layer;

    (void)line;
    layer->removed = mem_grow(layer->removed, layer->nremoved, sizeof *layer->removed);
    layer->removed[layer->nremoved++] = mem_strdup(key);
}

static void warn_of_value(void *context, const char *code, const char *key, int line,
                          const char *message)
{
    const struct input *in = context;
    int layer = (int)in->settings->count - 1;

    settings_add_warning(in->settings, code, key, layer, line, "%s", message);
}

static bool read_values(const struct input *in, struct fault *fault)
{
    const struct values_sink sink = {put_value, remove_value, warn_of_value, (void *)in};
    return values_read(in->text, in->len, &sink, fault);
}

static const struct kind {
    const char *name;
    bool (*read)(const struct input *input, struct fault *fault);
} kinds[] = {
    {"json", read_json},
    {"ini", read_ini},
    {"env-file", read_compose},
    {"unit-env-file", read_systemd},
    {"docker-env-file", read_docker},
    {"values", read_values},
    {"environ", read_environ},
    {"cmdline", read_arguments},
};

static const struct kind *find_kind(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].name) == len && strncmp(kinds[i].name, name, len) == 0)
            return &kinds[i];
    return NULL;
}

static void load(const struct kind *kind, const struct input *input)
{
    struct fault fault = {0};
    struct layer *layer = input->layer;
    bool ok = kind->read(input, &fault);

    if (ok && layer->store.is_full)
        ok = fault_set(&fault, FAULT_TOO_LARGE, layer->store.full_line,
                       "more than %d settings, or more than %d MiB of them; split the file",
                       STORE_MAX_ITEMS, STORE_MAX_BYTES / 1024 / 1024);
    if (!ok)
        layer_fail(layer, SOURCE_ERROR, &fault);
}

static bool is_absence(int number)
{
    return number == ENOENT || number == ENOTDIR;
}

static void fail_to_open(struct layer *layer, int number)
{
    struct fault fault = {0};

    fault_set(&fault, number == EFBIG ? FAULT_TOO_LARGE : FAULT_UNREADABLE, 0, "%s",
              file_reason(number));
    layer->is_opened = false;
    layer_fail(layer, is_absence(number) ? SOURCE_ABSENT : SOURCE_ERROR, &fault);
}

size_t settings_add_unread(struct settings *settings, const char *kind, const char *path,
                           bool is_optional, int number)
{
    struct layer *layer = settings_add_layer(settings, kind, path);

    if (is_optional && is_absence(number))
        layer->source.status = SOURCE_ABSENT;
    else
        fail_to_open(layer, number);
    return settings->count - 1;
}

static const struct kind *require_kind(const char *name)
{
    const struct kind *kind = find_kind(name, strlen(name));

    if (!kind)
        abort();
    return kind;
}

size_t settings_add_file(struct settings *settings, const char *kind, const char *path,
                         bool is_optional, int dotnet_major)
{
    char *text;
    size_t len;

    if (!file_read(path, &text, &len, NULL))
        return settings_add_unread(settings, kind, path, is_optional, errno);
    size_t index = settings_add_text(settings, kind, path, text, len, dotnet_major);
    free(text);
    return index;
}

size_t settings_add_text(struct settings *settings, const char *kind, const char *path,
                         const char *text, size_t len, int dotnet_major)
{
    struct layer *layer = settings_add_layer(settings, kind, path);

    load(require_kind(kind), &(struct input){text, len, dotnet_major, settings, layer});
    return settings->count - 1;
}

void settings_add_environ(struct settings *settings, char *const *environ_block)
{
    struct buf block = {0};

    buf_puts(&block, "");
    for (; *environ_block; environ_block++)
        buf_add(&block, *environ_block, strlen(*environ_block) + 1);
    settings_add_text(settings, "environ", NULL, block.data, block.len, SOURCE_DOTNET_DEFAULT);
    buf_clear(&block);
}

bool settings_add_source(struct settings *settings, const char *source, int dotnet_major,
                         struct error *err)
{
    size_t len = strcspn(source, ":");
    const struct kind *kind = find_kind(source, len);

    if (strcmp(source, "environ") == 0) {
        settings_add_environ(settings, environ);
        return true;
    }
    if (kind && source[len] == ':' && source[len + 1]) {
        size_t index =
            settings_add_file(settings, kind->name, source + len + 1, false, dotnet_major);
        settings->layers[index]->is_named = true;
        return true;
    }
    char *shown = text_sanitise(source, strlen(source), TEXT_ONE_LINE);
    if (kind)
        error_set(err, "%s names no file; write %s:FILE", shown, kind->name);
    else
        error_set(err, "%s: unknown kind of source; known are json, ini, env-file, "
                       "unit-env-file, docker-env-file, values, environ and cmdline, as in "
                       "json:FILE",
                  shown);
    free(shown);
    return false;
}

const struct source *settings_unreadable(const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++)
        if (settings->layers[i]->is_named && !settings->layers[i]->is_opened)
            return &settings->layers[i]->source;
    return NULL;
}
