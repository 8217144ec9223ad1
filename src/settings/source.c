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

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "__" becomes ":" from the left, without overlap: SMTP___HOST is SMTP:_HOST. */
static char *key_of_variable(const char *name)
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

static void put_variable(void *context, const char *name, const char *value, int line)
{
    char *key = key_of_variable(name);

    layer_put_variable(context, key, name, value, line);
    free(key);
}

static void put_block_variable(void *context, const char *name, const char *value)
{
    put_variable(context, name, value, 0);
}

static void put_argument(void *context, const char *name, const char *value)
{
    layer_put(context, name, value, 0);
}

void settings_add_environ(struct settings *settings, char *const *environ_block)
{
    struct layer *layer = settings_add_layer(settings, "environment");
    struct buf block = {0};

    for (; *environ_block; environ_block++)
        buf_add(&block, *environ_block, strlen(*environ_block) + 1);
    if (block.len > 0)
        nulblock_read_environ(block.data, block.len, put_block_variable, layer);
    buf_clear(&block);
}

static bool put_ini_entry(void *context, const char *section, const char *name, const char *value,
                          int line, struct error *err)
{
    char *key = *section ? mem_printf("%s:%s", section, name) : mem_strdup(name);
    int twin = layer_line(context, key);

    if (twin) {
        /* A URL that stands alone in a line would be a key: it may be a secret. */
        char *shown = strstr(key, "//") ? mem_strdup("a key")
                                        : text_sanitise(key, strlen(key), TEXT_ONE_LINE);
        error_set(err, "%s is set twice, first in line %d; remove one", shown, twin);
        free(shown);
    } else {
        layer_put(context, key, value, line);
    }
    free(key);
    return !twin;
}

/* U+0000 inside a value becomes the overlong C0 80: no C string could carry it,
 * and as invalid UTF-8 it is neither taken for something else nor printed. */
static void put_json_entry(void *context, const char *key, const char *value, size_t len, int line)
{
    struct buf text = {0};

    if (!value || strlen(value) == len) {
        layer_put(context, key, value, line);
        return;
    }
    for (size_t i = 0; i < len; i++)
        if (value[i])
            buf_putc(&text, value[i]);
        else
            buf_puts(&text, "\xC0\x80");
    layer_put(context, key, text.data, line);
    buf_clear(&text);
}

struct input {
    const char *text;
    size_t len;
    int dotnet_major;
};

static const char *shell_variable(void *context, const char *name)
{
    (void)context;
    return getenv(name);
}

static bool read_json(const struct input *in, struct layer *layer, struct error *err)
{
    return jsonfile_read(in->text, in->len, in->dotnet_major, put_json_entry, layer, err, NULL);
}

static bool read_ini(const struct input *in, struct layer *layer, struct error *err)
{
    return inifile_read(in->text, in->len, put_ini_entry, layer, err);
}

static bool read_compose(const struct input *in, struct layer *layer, struct error *err)
{
    return envfile_read(ENVFILE_COMPOSE, in->text, in->len, shell_variable, NULL, put_variable,
                        layer, err);
}

static bool read_systemd(const struct input *in, struct layer *layer, struct error *err)
{
    return envfile_read(ENVFILE_SYSTEMD, in->text, in->len, NULL, NULL, put_variable, layer, err);
}

static bool read_docker(const struct input *in, struct layer *layer, struct error *err)
{
    return envfile_read(ENVFILE_DOCKER, in->text, in->len, shell_variable, NULL, put_variable,
                        layer, err);
}

static bool read_environ(const struct input *in, struct layer *layer, struct error *err)
{
    (void)err;
    nulblock_read_environ(in->text, in->len, put_block_variable, layer);
    return true;
}

static bool read_arguments(const struct input *in, struct layer *layer, struct error *err)
{
    return nulblock_read_arguments(in->text, in->len, put_argument, layer, err);
}

static const struct kind {
    const char *name;
    bool (*read)(const struct input *input, struct layer *layer, struct error *err);
} kinds[] = {
    {"json", read_json},
    {"ini", read_ini},
    {"env-file", read_compose},
    {"unit-env-file", read_systemd},
    {"docker-env-file", read_docker},
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

static bool add_file(struct settings *settings, const struct kind *kind, const char *path,
                     int dotnet_major, struct error *err)
{
    struct input input = {.dotnet_major = dotnet_major};
    struct error reason = {0};
    char *text;

    if (!file_read(path, &text, &input.len, err))
        return false;
    input.text = text;
    struct layer *layer = settings_add_layer(settings, path);
    if (!kind->read(&input, layer, &reason))
        layer_fail(layer, reason.text);
    free(text);
    return true;
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
    if (kind && source[len] == ':' && source[len + 1])
        return add_file(settings, kind, source + len + 1, dotnet_major, err);
    char *shown = text_sanitise(source, strlen(source), TEXT_ONE_LINE);
    if (kind)
        error_set(err, "%s names no file; write %s:FILE", shown, kind->name);
    else
        error_set(err, "%s: unknown kind of source; known are json, ini, env-file, "
                       "unit-env-file, docker-env-file, environ and cmdline, as in json:FILE",
                  shown);
    free(shown);
    return false;
}
