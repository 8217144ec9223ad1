/* What a systemd unit gives its service: systemd.exec(5) and systemd.unit(5), 252,
 * read from the files themselves, since asking systemd may block. */
#ifndef SETTINGS_UNITFILE_H
#define SETTINGS_UNITFILE_H

#include <stdbool.h>
#include <stddef.h>

/* NAME=VALUE of an Environment= line. */
struct unit_variable {
    char *name, *value;
    char *path; /* of its file, below the root */
    int line;
};

/* EnvironmentFile=: an absolute path, which may be a pattern. */
struct unit_envfile {
    char *path;
    bool is_optional; /* "-" before it */
};

struct unit {
    char *path;      /* of the unit itself, below the root */
    char *directory; /* WorkingDirectory=, or NULL */
    char *user;      /* User=, or NULL */
    struct unit_variable *variables;
    size_t nvariables;
    struct unit_envfile *envfiles;
    size_t nenvfiles;
    bool has_specifiers; /* a "%" other than "%%" stood in Environment=: it is kept as written */
};

/* Reads the unit's file and its drop-ins below root ("" is /), in the order of
 * systemd's folders. False where there is no such unit. Clear with unit_clear. */
bool unit_read(const char *root, const char *name, struct unit *unit);
void unit_clear(struct unit *unit);

#endif
