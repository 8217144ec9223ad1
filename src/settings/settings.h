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

#include "base/error.h"

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

/* One answer, for people. Clear it with setting_clear. */
struct setting {
    enum setting_state state;
    char *key;    /* as asked */
    char *shown;  /* sanitised and masked; "" unless EMPTY or TEXT */
    char *source; /* "smtp.ini:3", "environment, variable Smtp__Host", "--set"; "" if missing */
    int layer;    /* from 0, lowest first; -1 if missing */
    int line;     /* from 1; 0 where the layer has no lines */
};

/* An empty stack of layers; free takes NULL. */
struct settings *settings_new(void);
void settings_free(struct settings *settings);

/* Puts one "KEY=VALUE" as given with --set on top; later ones win, all share
 * one layer. False with err where there is no "=" or no key. */
bool settings_add_set(struct settings *settings, const char *assignment, struct error *err);

/* Adds a named layer of the program's own on top, to be filled with layer_put
 * (the demo's settings). The layer is owned by the settings. */
struct layer *settings_add_layer(struct settings *settings, const char *name);

/* Puts a key with its value (NULL allowed) on a line (0: none) into a layer. */
void layer_put(struct layer *layer, const char *key, const char *value, int line);

/* The answer for key. */
struct setting settings_get(const struct settings *settings, const char *key);
void setting_clear(struct setting *setting);

/* The error of the lowest layer that failed to load ("smtp.ini:3: reason"), or NULL. */
const char *settings_failure(const struct settings *settings);

/* Whether values under the key are masked: it ends in Password, Secret, Token
 * or Key, or holds a webhook URL, whose path is a secret. Whatever the key, of a
 * URL only scheme, host and port are shown, and nothing before an "@". */
bool settings_is_secret(const char *key);

#endif
