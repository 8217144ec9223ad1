/* Raw values, for the settings room alone: nothing outside src/settings/
 * includes this, so that no value leaves unmasked. */
#ifndef SETTINGS_RAW_H
#define SETTINGS_RAW_H

#include "settings/settings.h"
#include "settings/store.h"
#include "settings/warnings.h"

#include <stdarg.h>

struct layer {
    struct source source;
    char *name;     /* for people: the path, "environment", "--set", or the kind */
    char *failure;  /* "smtp.ini:3: reason" where it could not be loaded, or NULL */
    bool is_named;  /* by somebody, as opposed to found by discovery */
    bool is_opened; /* its bytes could be read */
    struct store store;
    char **removed; /* of Helm values: keys that lose, with all below, their earlier values */
    size_t nremoved;
};

struct settings {
    struct layer **layers; /* lowest precedence first */
    size_t count;
    char **notes;
    size_t nnotes;
    struct settings_warnings warnings; /* found while the sources were read */
    struct echo *secrets; /* of settings_mask, from its first call on, or NULL */
    char **former;        /* secrets of earlier readings (settings_keep_secrets) */
    size_t nformer;
};

/* The values have changed. */
void settings_forget_secrets(struct settings *settings);

/* The layer cannot be loaded: it loses what it has. line and reason as in struct fault. */
void layer_fail(struct layer *layer, enum source_status status, const struct fault *fault);

/* The line of a key in the layer, or 0 where it is not there. */
int layer_line(const struct layer *layer, const char *key);

/* A value that some layer has for a key; the strings are the layer's. */
struct raw_setting {
    const char *name;  /* of its variable, as written, or NULL */
    const char *value; /* NULL: .NET's null */
    int layer, line;
    enum store_rank rank;
};

struct raw_settings {
    struct raw_setting *items; /* highest precedence first */
    size_t count;
    size_t ndeciding; /* how many come first together, of the same layer and rank */
};

/* All that the layers have for key; free the items with free(3). */
struct raw_settings settings_find(const struct settings *settings, const char *key);

/* Of those that decide, the first whose value is not that of the first one, or NULL. */
const struct raw_setting *raw_settings_rival(const struct raw_settings *found);

/* The value that decides for key; NULL where it is missing or null. */
const char *settings_raw_value(const struct settings *settings, const char *key);

/* "smtp.ini:3", "environment, variable Smtp__Host", "--set". The caller frees it. */
char *settings_describe_source(const struct settings *settings, const struct raw_setting *entry);

/* vprintf(3) into one clean line. The caller frees it. */
char *settings_format(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* Adds a warning; the strings are copied, the key made clean. */
void settings_warnings_add(struct settings_warnings *warnings, const struct settings *settings,
                           const char *code, const char *key, int layer, int line,
                           const char *message);

/* The value for people: sanitised, masked where the key is secret (of a URL,
 * scheme and host remain). The caller frees it. */
char *settings_show_value(const char *key, const char *value);

#endif
