#include "settings/dialect.h"

#include <string.h>

struct assignment {
    struct buf name, value;
};

static bool is_newline(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || is_newline(c);
}

static bool at_line_end(const struct envfile *file)
{
    return file->next == file->end || is_newline(*file->next);
}

/* A backslash protects whatever follows it, the line's end too. */
static void skip_comment(struct envfile *file)
{
    while (!at_line_end(file))
        if (envfile_take(file) == '\\' && file->next < file->end)
            envfile_take(file);
}

static void trim(struct buf *buf)
{
    while (buf->len > 0 && is_blank(buf->data[buf->len - 1]))
        buf->data[--buf->len] = '\0';
}

/* False where the line has no "=", of which one at its start is part of the name. */
static bool read_name(struct envfile *file, struct buf *name)
{
    do
        buf_putc(name, envfile_take(file));
    while (!at_line_end(file) && *file->next != '=');
    trim(name);
    if (at_line_end(file))
        return false;
    envfile_take(file);
    return true;
}

static void read_single_quoted(struct envfile *file, struct buf *value)
{
    for (char c; file->next < file->end && (c = envfile_take(file)) != '\'';)
        buf_putc(value, c);
}

static void read_double_quoted(struct envfile *file, struct buf *value)
{
    for (char c; file->next < file->end && (c = envfile_take(file)) != '"';) {
        if (c != '\\') {
            buf_putc(value, c);
        } else if (file->next < file->end) {
            c = envfile_take(file);
            if (!strchr("\"\\`$\n", c))
                buf_putc(value, '\\');
            if (c != '\n')
                buf_putc(value, c);
        }
    }
}

/* To the end of the line. Blanks there are dropped up to the last backslash. */
static void read_bare(struct envfile *file, struct buf *value)
{
    size_t kept = value->len;

    while (!at_line_end(file)) {
        char c = envfile_take(file);
        bool escaped = c == '\\';
        if (escaped) {
            kept = value->len;
            if (file->next == file->end)
                break;
            c = envfile_take(file);
            if (is_newline(c))
                continue;
        }
        buf_putc(value, c);
        if (escaped || !is_blank(c))
            kept = value->len;
    }
    if (value->len > kept)
        value->data[value->len = kept] = '\0';
}

/* Quoted parts are glued; what follows them, comments too, is part of the value. */
static void read_value(struct envfile *file, struct buf *value)
{
    while (!at_line_end(file)) {
        if (*file->next == '\'' || *file->next == '"') {
            bool single = envfile_take(file) == '\'';
            (single ? read_single_quoted : read_double_quoted)(file, value);
        } else if (is_blank(*file->next)) {
            envfile_take(file);
        } else {
            read_bare(file, value);
        }
    }
}

/* Others are dropped: env_name_is_valid(). */
static bool is_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    size_t len = strlen(name);

    return len > 0 && strspn(name, letters) == len && (*name < '0' || *name > '9');
}

/* One assignment, one comment, or one line that is neither. */
static bool read_statement(struct envfile *file, struct assignment *assignment)
{
    struct buf *name = &assignment->name, *value = &assignment->value;

    if (strchr("#;", *file->next)) {
        skip_comment(file);
        return true;
    }
    envfile_empty(name);
    envfile_empty(value);
    int line = file->line;
    if (!read_name(file, name))
        return true;
    read_value(file, value);
    if (!envfile_is_utf8(name->data, name->len) || !envfile_is_utf8(value->data, value->len))
        return envfile_fail(file, FAULT_ENCODING, line,
                            "the variable is not UTF-8, so systemd refuses the file; save it as "
                            "UTF-8 text");
    if (is_name(name->data))
        file->entry(file->context, name->data, value->data, line);
    return true;
}

bool env_systemd_read(struct envfile *file)
{
    struct assignment assignment = {0};
    bool ok = true;

    while (ok && file->next < file->end) {
        if (is_blank(*file->next))
            envfile_take(file);
        else
            ok = read_statement(file, &assignment);
    }
    buf_clear(&assignment.name);
    buf_clear(&assignment.value);
    return ok;
}
