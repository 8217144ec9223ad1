#include "base/inifile.h"

#include "base/buf.h"
#include "base/mem.h"

#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stands for ":" in a name on its way through libinih, which would split there;
 * a control character that a name cannot usefully hold. */
enum { COLON = '\x01' };

struct input {
    const char *next, *end;
    int line;
    struct buf section; /* libinih cuts names of sections at 49 bytes, so they stay here */
    inifile_entry entry;
    void *context;
    struct error *err;
    int failed_line; /* of the first mistake that was reported here; 0: none */
};

static void fail(struct input *input, const char *reason)
{
    if (input->failed_line && input->failed_line <= input->line)
        return;
    error_set(input->err, "%d: %s", input->line, reason);
    input->failed_line = input->line;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next line without its end and the blanks around it. */
static bool next_line(struct input *input, const char **start, const char **end)
{
    const char *p = input->next;

    if (p >= input->end)
        return false;
    while (p < input->end && *p != '\n' && *p != '\r')
        p++;
    *start = input->next;
    *end = p;
    if (p + 1 < input->end && p[0] == '\r' && p[1] == '\n')
        p++;
    input->next = p < input->end ? p + 1 : p;
    input->line++;
    while (*start < *end && is_blank(**start))
        ++*start;
    while (*start < *end && is_blank((*end)[-1]))
        --*end;
    return true;
}

static void keep_section(struct input *input, const char *start, const char *end)
{
    while (start < end && is_blank(*start))
        start++;
    while (start < end && is_blank(end[-1]))
        end--;
    input->section.len = 0;
    buf_add(&input->section, start, (size_t)(end - start));
}

/* libinih's reader, used like fgets(3): one line a call. libinih asks for
 * more where str was too small, which num = INT_MAX rules out. */
static char *read_line(char *str, int num, void *stream)
{
    struct input *input = stream;
    const char *start, *end;

    if (!next_line(input, &start, &end))
        return NULL;
    size_t len = (size_t)(end - start);
    if (len + 2 > (size_t)num) {
        fail(input, "the line is longer than 64 KiB; split the file or shorten the value");
        len = 0;
    }
    memcpy(str, start, len);
    str[len] = '\0';
    const char *close = len && *start == '[' ? memchr(start, ']', len) : NULL;
    if (close) {
        keep_section(input, start + 1, close);
        strcpy(str, "[s]");
        return str;
    }
    for (char *p = str; *p && *p != '='; p++)
        if (*p == ':')
            *p = COLON;
    return str;
}

static int handle(void *user, const char *section, const char *name, const char *value)
{
    struct input *input = user;
    struct error err = {0};
    char *key = mem_strdup(name), *text = mem_strdup(value);
    size_t len = strlen(text);

    (void)section;
    for (char *p = key; *p; p++)
        if (*p == COLON)
            *p = ':';
    if (len > 1 && text[0] == '"' && text[len - 1] == '"') {
        memmove(text, text + 1, len - 2);
        text[len - 2] = '\0';
    }
    bool ok = input->entry(input->context, input->section.len ? input->section.data : "", key, text,
                           input->line, &err);
    if (!ok)
        fail(input, err.text);
    free(key);
    free(text);
    return ok;
}

static void configure_libinih(void)
{
    static char comments[] = ";#/";

    ini_allow_multiline = false;
    ini_start_comment_prefixes = comments;
    ini_allow_inline_comments = true;
    ini_use_stack = false;
    ini_initial_alloc = 64 * 1024;
    ini_max_line = 64 * 1024;
    ini_allow_realloc = false;
}

bool inifile_check_encoding(const char *text, size_t len, struct error *err)
{
    if (len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        error_set(err, "1: the file is UTF-16; save it as UTF-8");
        return false;
    }
    const char *nul = memchr(text, '\0', len);
    if (nul) {
        int line = 1;
        for (const char *p = text; p < nul; p++)
            line += *p == '\n';
        error_set(err, "%d: the file has a NUL byte; save it as UTF-8 text", line);
    }
    return !nul;
}

bool inifile_read(const char *text, size_t len, inifile_entry entry, void *context,
                  struct error *err)
{
    if (len == 0)
        return true;
    if (!inifile_check_encoding(text, len, err))
        return false;
    struct input input = {
        .next = text, .end = text + len, .entry = entry, .context = context, .err = err};
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        input.next += 3;
    configure_libinih();
    int line = ini_parse_stream(read_line, &input, handle, &input);
    if (line != 0) {
        input.line = line;
        fail(&input, "expected [section] or name = value");
    }
    buf_clear(&input.section);
    return line == 0 && !input.failed_line;
}
