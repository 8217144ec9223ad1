/* What looks set but is not, or works but is not what it looks like. */
#ifndef SETTINGS_WARNINGS_H
#define SETTINGS_WARNINGS_H

#include "settings/settings.h"

struct settings_warning {
    const char *code; /* static: "single-underscore", "orphan-port", ... */
    char *key;        /* as written, clean */
    char *source;     /* as in struct setting */
    int layer, line;
    char *message; /* one clean line: what is so, and what to change */
};

struct settings_warnings {
    struct settings_warning *items;
    size_t count;
};

/* Appends every warning about the mail settings, lowest layer first, then by
 * line. Codes, complete: single-underscore, orphan-port, key-is-section,
 * existing-secret, numeric-host, port-in-host-ignored, hex-port, yaml-octal,
 * yaml-bool-host, yaml-duplicate-key, yaml-case, stale-container,
 * unreadable-by-service, usessl-not-boolean. */
void settings_collect_warnings(const struct settings *settings,
                               struct settings_warnings *warnings);
void settings_warnings_clear(struct settings_warnings *warnings);

#endif
