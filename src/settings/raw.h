/* Raw values, for the settings room alone: nothing outside src/settings/
 * includes this, so that no value leaves unmasked. */
#ifndef SETTINGS_RAW_H
#define SETTINGS_RAW_H

#include "settings/settings.h"

struct raw_setting {
    char *key;    /* with ":" */
    char *name;   /* as written where that differs (an environment variable), or NULL */
    char *value;  /* NULL: the key is there without a value */
    char *rival;  /* another value of the same precedence, where ambiguous, or NULL */
    int line;
};

/* Puts an environment variable under its key. The same name again replaces its
 * value; another name with another value makes the key ambiguous. */
void layer_put_variable(struct layer *layer, const char *key, const char *name,
                        const char *value, int line);

/* The line of a key in the layer, or 0 where it is not there. */
int layer_line(const struct layer *layer, const char *key);

/* The layer could not be loaded; reason begins with "LINE: " where there is one. */
void layer_fail(struct layer *layer, const char *reason);

/* The deciding entry for key, with its layer's index; NULL where missing. */
const struct raw_setting *settings_find(const struct settings *settings, const char *key, int *layer);

/* "smtp.ini:3", "environment, variable Smtp__Host", "--set". The caller frees it. */
char *settings_describe_source(const struct settings *settings, const struct raw_setting *entry,
                               int layer);

/* The value for people: sanitised, masked where the key is secret (of a URL,
 * scheme and host remain). The caller frees it. */
char *settings_show_value(const char *key, const char *value);

#endif
