#include "settings/envfile.h"

#include "base/text.h"
#include "settings/dialect.h"

#include <string.h>

char envfile_take(struct envfile *file)
{
    char c = *file->next++;
    bool half = c == '\r' && file->next < file->end && *file->next == '\n';

    file->line += c == '\n' || (c == '\r' && !half);
    return c;
}

void envfile_skip_mark(struct envfile *file)
{
    if (file->end - file->next >= 3 && memcmp(file->next, "\xEF\xBB\xBF", 3) == 0)
        file->next += 3;
}

const char *envfile_inherit(const struct envfile *file, const char *name)
{
    return file->lookup ? file->lookup(file->lookup_context, name) : NULL;
}

bool envfile_fail(const struct envfile *file, enum fault_class kind, int line, const char *reason)
{
    return fault_set(file->fault, kind, line, "%s", reason);
}

void envfile_empty(struct buf *buf)
{
    buf->len = 0;
    buf_add(buf, "", 0);
}

bool envfile_is_utf8(const char *bytes, size_t n)
{
    uint32_t c;

    for (size_t i = 0, used; i < n; i += used) {
        used = text_decode(bytes + i, n - i, &c);
        if (c == 0xFFFD && used == 1)
            return false;
    }
    return true;
}

/* No environment can hold a NUL; only a file that is no text has one. */
static bool refuse_nul(struct envfile file, size_t len)
{
    const char *nul = memchr(file.next, '\0', len);

    while (file.next < nul)
        envfile_take(&file);
    return envfile_fail(&file, FAULT_ENCODING, file.line,
                        "the file has a NUL byte; save it as UTF-8 text");
}

bool envfile_read(enum envfile_dialect dialect, const char *text, size_t len, envfile_lookup lookup,
                  void *lookup_context, envfile_entry entry, void *context, struct fault *fault)
{
    static bool (*const readers[])(struct envfile *) = {
        [ENVFILE_COMPOSE] = env_compose_read,
        [ENVFILE_SYSTEMD] = env_systemd_read,
        [ENVFILE_DOCKER] = env_docker_read,
    };
    struct envfile file = {.next = text,
                           .end = text + len,
                           .line = 1,
                           .lookup = lookup,
                           .lookup_context = lookup_context,
                           .entry = entry,
                           .context = context,
                           .fault = fault};

    if (len == 0)
        return true;
    return memchr(text, '\0', len) ? refuse_nul(file, len) : readers[dialect](&file);
}
