/* Layered settings, read as the .NET platform reads them: an ordered list of
 * layers, lowest precedence first, each a flat map from a ':'-separated key to
 * a value or NULL, with the line it stands on. Keys compare without regard to
 * the case of A-Z. The topmost layer that has the key decides, even where its
 * value is NULL or empty; layers merge per key.
 * (Microsoft.Extensions.Configuration: ConfigurationRoot, ConfigurationPath.)
 *
 * Raw values stay inside src/settings/: what leaves is sanitised, and masked
 * where the key looks secret. */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include "settings/fault.h"

#include <stdbool.h>
#include <stddef.h>

struct settings;
struct layer;

enum setting_state {
    SETTING_MISSING,  /* no layer has the key */
    SETTING_NULL,     /* a layer has it, without a value */
    SETTING_EMPTY,    /* "" */
    SETTING_TEXT,
    SETTING_AMBIGUOUS /* one layer has it twice and .NET does not define which wins */
};

/* One value that a layer has under a key. */
struct setting_value {
    char *shown;  /* sanitised and masked; NULL where the layer has the key without a value */
    char *source; /* "smtp.ini:3", "environment, variable Smtp__Host", "--set" */
    int layer;    /* from 0, lowest first: the index of its source */
    int line;     /* from 1; 0 where the layer has no lines */
};

/* One answer, for people. Clear it with setting_clear. */
struct setting {
    enum setting_state state;
    char *key;    /* as asked, clean */
    char *shown;  /* sanitised and masked; "" unless EMPTY or TEXT */
    char *source; /* as in setting_value; "" if missing */
    int layer;    /* -1 if missing */
    int line;
    struct setting_value *hidden; /* what the answer hides in lower layers, highest first */
    size_t nhidden;
    struct setting_value *candidates; /* the rivals, where AMBIGUOUS */
    size_t ncandidates;
};

enum source_status {
    SOURCE_OK,
    SOURCE_ABSENT, /* there is no such file */
    SOURCE_ERROR   /* it is there and does not load */
};

/* Where one layer came from. */
struct source {
    char *kind; /* "json", "environ", ..., "set", "demo" */
    char *path; /* clean, links not followed; NULL where there is none */
    char *note; /* what discovery has to say on it, one clean line, or NULL */
    enum source_status status;
    struct fault fault; /* with SOURCE_ERROR, and with SOURCE_ABSENT where it was named */
};

/* An empty stack of layers; free takes NULL. */
struct settings *settings_new(void);
void settings_free(struct settings *settings);

/* Exchanges what the two hold: whoever keeps a pointer to one sees the other's answers. */
void settings_swap(struct settings *one, struct settings *other);

/* Puts one "KEY=VALUE" as given with --set on top; later ones win, all share
 * one layer. False with err where there is no "=" or no key. */
bool settings_add_set(struct settings *settings, const char *assignment, struct error *err);

/* Adds an empty source of a kind on top, to be filled with layer_put; path may be
 * NULL. The layer is owned by the settings. */
struct layer *settings_add_layer(struct settings *settings, const char *kind, const char *path);

/* Puts a key with its value (NULL allowed) on a line (0: none) into a layer. */
void layer_put(struct layer *layer, const char *key, const char *value, int line);

/* The answer for key. */
struct setting settings_get(const struct settings *settings, const char *key);
void setting_clear(struct setting *setting);

/* The sources, one a layer, lowest precedence first. */
size_t settings_source_count(const struct settings *settings);
const struct source *settings_source(const struct settings *settings, size_t index);

/* The error of the lowest layer that failed to load ("smtp.ini:3: reason"), or NULL. */
const char *settings_failure(const struct settings *settings);

/* Steps of discovery that gave no layer, in their order: one clean line each. */
void settings_add_note(struct settings *settings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
size_t settings_note_count(const struct settings *settings);
const char *settings_note(const struct settings *settings, size_t index);

/* Calls visit for each key that any layer has, once, in the order of folded
 * keys; the string lives for the call. */
void settings_each_key(const struct settings *settings,
                       void (*visit)(void *context, const char *key), void *context);

/* Whether values under the key are masked: a part of it says password, passwd,
 * passphrase, pwd, secret, token, credential or connectionstring, or it ends in Pass or Key, or holds a connection string or a webhook URL, whose path is a secret.
 * Not where it ends in existingSecret, secretName, secretRef or secretKeyRef, however that is
 * written: what stands there is the name of a Secret. Whatever the key, of a URL only scheme, host and port are shown, and nothing
 * before an "@". */
bool settings_is_secret(const char *key);

#endif
