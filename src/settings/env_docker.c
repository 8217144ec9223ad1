#include "base/mem.h"
#include "settings/dialect.h"
#include "settings/space.h"

#include <stdlib.h>
#include <string.h>

/* bufio.Scanner's, with the line's end. */
enum { LINE_LIMIT_BYTES = 64 * 1024 };

static bool is_name(const char *name)
{
    return *name && !strpbrk(name, " \t");
}

/* The value is everything behind "=": quotes, "#" and blanks included. */
static bool read_assignment(const struct envfile *file, char *line_text, int line)
{
    char *equals = strchr(line_text, '=');

    if (equals)
        *equals = '\0';
    if (!is_name(line_text))
        return envfile_fail(file, FAULT_PARSE, line,
                            "Docker wants NAME=VALUE without a blank before the \"=\"; correct "
                            "the name, or start a comment with \"#\"");
    const char *value = equals ? equals + 1 : envfile_inherit(file, line_text);
    if (value)
        file->entry(file->context, line_text, value, line);
    return true;
}

static bool read_line(const struct envfile *file, const char *start, const char *end, int line)
{
    if (end - start >= LINE_LIMIT_BYTES)
        return envfile_fail(file, FAULT_PARSE, line,
                            "the line is longer than 64 KiB; shorten the value");
    if (!envfile_is_utf8(start, (size_t)(end - start)))
        return envfile_fail(file, FAULT_ENCODING, line,
                            "the line is not UTF-8; save the file as UTF-8 text");
    if (end > start && end[-1] == '\r')
        end--;
    for (size_t n; (n = space_at(start, end)) > 0;)
        start += n;
    if (start == end || *start == '#')
        return true;
    char *text = mem_strndup(start, (size_t)(end - start));
    bool ok = read_assignment(file, text, line);
    free(text);
    return ok;
}

bool env_docker_read(struct envfile *file)
{
    bool ok = true;

    envfile_skip_mark(file);
    while (ok && file->next < file->end) {
        const char *start = file->next;
        int line = file->line;
        while (file->next < file->end && *file->next != '\n')
            envfile_take(file);
        ok = read_line(file, start, file->next, line);
        if (file->next < file->end)
            envfile_take(file);
    }
    return ok;
}
