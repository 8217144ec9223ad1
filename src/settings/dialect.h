/* What the three readers of envfile.h share. Nothing else includes this. */
#ifndef SETTINGS_DIALECT_H
#define SETTINGS_DIALECT_H

#include "base/buf.h"
#include "settings/envfile.h"

/* A file on its way through a reader. */
struct envfile {
    const char *next, *end; /* what is left */
    int line;               /* of next, from 1 */
    envfile_lookup lookup;
    void *lookup_context;
    envfile_entry entry;
    void *context;
    struct fault *fault;
};

bool env_compose_read(struct envfile *file);
bool env_systemd_read(struct envfile *file);
bool env_docker_read(struct envfile *file);

/* The next byte, of which there must be one; LF, CR and CRLF count as lines. */
char envfile_take(struct envfile *file);

/* Goes past a UTF-8 byte order mark. */
void envfile_skip_mark(struct envfile *file);

/* What the shell has for name, or NULL. */
const char *envfile_inherit(const struct envfile *file, const char *name);

/* Sets the fault and returns false. */
bool envfile_fail(const struct envfile *file, enum fault_class kind, int line, const char *reason);

/* Makes the buffer the empty string, data and all. */
void envfile_empty(struct buf *buf);

/* Whether the n bytes are UTF-8. */
bool envfile_is_utf8(const char *bytes, size_t n);

#endif
