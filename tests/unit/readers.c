#include "readers.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "temporary.h"

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static void read_each(char **texts, size_t count, char *(*read)(const char *text))
{
    for (size_t i = 0; i < count; i++) {
        char *value = read(texts[i]);
        free(texts[i]);
        texts[i] = value;
    }
}

/* Behind what begins a line, or NULL. */
static const char *behind(const char *text, const char *start)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, start, strlen(start)) == 0)
            return line + strlen(start);
    }
    return NULL;
}

/* Literal; \' is a quote. */
static char *env_single(const char *at)
{
    struct buf value = {0};

    buf_puts(&value, "");
    for (at++; *at && *at != '\''; at++) {
        at += at[0] == '\\' && at[1] == '\'';
        buf_putc(&value, *at);
    }
    return *at ? buf_take(&value) : NULL;
}

/* \n, \r, \t, \\, \" and \$ are escapes, and a bare $ would begin a variable. */
static char *env_double(const char *at)
{
    static const char codes[] = "nrt\\\"$", meanings[] = "\n\r\t\\\"$";
    struct buf value = {0};

    buf_puts(&value, "");
    for (at++; *at && *at != '"' && *at != '$'; at++) {
        const char *code = *at == '\\' && at[1] ? strchr(codes, at[1]) : NULL;
        buf_putc(&value, code ? meanings[code - codes] : *at);
        at += code != NULL;
    }
    return *at == '"' ? buf_take(&value) : NULL;
}

/* To the comment behind a blank, or the end of the line. */
static char *env_bare(const char *at)
{
    size_t n = strcspn(at, "\n");
    const char *comment = memmem(at, n, " #", 2);

    n = comment ? (size_t)(comment - at) : n;
    while (n > 0 && strchr(" \t", at[n - 1]))
        n--;
    return memchr(at, '$', n) ? NULL : mem_strndup(at, n);
}

static char *env_value(const char *text)
{
    const char *at = behind(text, "Smtp__Host=");

    if (!at)
        return NULL;
    return *at == '\'' ? env_single(at) : *at == '"' ? env_double(at) : env_bare(at);
}

void read_env(char **texts, size_t count)
{
    read_each(texts, count, env_value);
}

/* One process for all of them: the values come with a NUL each. */
void read_json(char **texts, size_t count)
{
    struct buf documents = {0};
    size_t len, at = 0;
    char *values;

    for (size_t i = 0; i < count; i++)
        buf_printf(&documents, "%s\n", texts[i]);
    buf_puts(&documents, "");
    char *path = mem_strdup(temporary_file("documents.json", documents.data));
    char *command = mem_printf("jq -j '.Host, \"\\u0000\"' '%s' >'%s.values'", path, path);
    char *out = mem_printf("%s.values", path);
    ck_assert_int_eq(system(command), 0);
    ck_assert(file_read(out, &values, &len, NULL));
    for (size_t i = 0; i < count; i++) {
        free(texts[i]);
        texts[i] = at < len ? mem_strdup(values + at) : NULL;
        at += at < len ? strlen(values + at) + 1 : 0;
    }
    ck_assert_uint_eq(at, len);
    buf_clear(&documents);
    free(values);
    free(command);
    free(path);
    free(out);
}

static char *yaml_value(const char *text)
{
    yaml_parser_t parser;
    yaml_event_t event;
    char *value = NULL;
    bool is_next = false, goes_on = true;

    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    while (goes_on && yaml_parser_parse(&parser, &event)) {
        const char *scalar =
            event.type == YAML_SCALAR_EVENT ? (const char *)event.data.scalar.value : "";
        if (is_next && !value)
            value = mem_strdup(scalar);
        is_next |= strcmp(scalar, "host") == 0;
        goes_on = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!goes_on)
        return value;
    free(value);
    return NULL;
}

void read_yaml(char **texts, size_t count)
{
    read_each(texts, count, yaml_value);
}

static char *ini_value(const char *text)
{
    const char *at = behind(text, "host = ");
    size_t n = at ? strcspn(at, "\n") : 0;

    if (n == 0)
        return NULL;
    if (!strchr("'\"", *at))
        return mem_strndup(at, n);
    const char *end = memchr(at + 1, *at, n - 1);
    return end ? mem_strndup(at + 1, (size_t)(end - at - 1)) : NULL;
}

void read_ini(char **texts, size_t count)
{
    read_each(texts, count, ini_value);
}

static char *default_value(const char *text)
{
    const char *at = strstr(text, ":-");

    return at ? mem_strndup(at + 2, strcspn(at + 2, "}")) : NULL;
}

void read_default(char **texts, size_t count)
{
    read_each(texts, count, default_value);
}
