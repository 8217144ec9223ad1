#include "settings/nulblock.h"

#include "base/mem.h"
#include "settings/variables.h"

#include <stdlib.h>
#include <string.h>

/* The strings of a block, one after the other. */
struct strings {
    const char *next, *end;
    int count; /* handed out so far */
};

/* The next string as a heap copy, NULL at the end. The last one may lack its NUL. */
static char *next_string(struct strings *strings)
{
    if (strings->next == strings->end)
        return NULL;
    size_t left = (size_t)(strings->end - strings->next), n = strnlen(strings->next, left);
    char *copy = mem_strndup(strings->next, n);
    strings->next += n < left ? n + 1 : n;
    strings->count++;
    return copy;
}

void nulblock_read_environ(const char *block, size_t len, nulblock_entry entry, void *context)
{
    struct strings strings = {.next = block, .end = block + len};
    struct variables seen = {0};

    for (char *name; (name = next_string(&strings)); free(name)) {
        char *equals = strchr(name, '=');
        if (!equals || equals == name)
            continue;
        *equals = '\0';
        if (variables_get(&seen, name))
            continue;
        variables_set(&seen, name, "");
        entry(context, name, equals + 1);
    }
    variables_clear(&seen);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

size_t nulblock_skip_program(const char *block, size_t len)
{
    struct strings strings = {.next = block, .end = block + len};
    char *word = next_string(&strings);
    bool is_host = word && (strcmp(word, "dotnet") == 0 || ends_with(word, "/dotnet"));

    while (is_host && word && !ends_with(word, ".dll")) {
        free(word);
        word = next_string(&strings);
    }
    free(word);
    return (size_t)(strings.next - block);
}

/* Where the name starts in an argument: behind "--", "/", "-", or at its start. */
static char *skip_dashes(char *word)
{
    if (*word == '/')
        return word + 1;
    return word + (*word == '-') + (*word == '-' && word[1] == '-');
}

static bool read_argument(struct strings *strings, char *word, nulblock_entry entry, void *context)
{
    char *name = skip_dashes(word), *equals = strchr(word, '=');
    bool is_short = name == word + 1 && *word == '-';

    if (equals) {
        *equals = '\0';
        if (!is_short)
            entry(context, name, equals + 1);
        return !is_short;
    }
    if (is_short || name == word)
        return true;
    char *value = next_string(strings);
    if (value)
        entry(context, name, value);
    free(value);
    return true;
}

bool nulblock_read_arguments(const char *block, size_t len, nulblock_entry entry, void *context,
                             struct fault *fault)
{
    struct strings strings = {.next = block, .end = block + len};
    bool ok = true;

    for (char *word; ok && (word = next_string(&strings)); free(word)) {
        int number = strings.count;
        ok = read_argument(&strings, word, entry, context);
        if (!ok)
            fault_set(fault, FAULT_PARSE, 0,
                      "argument %d: -NAME=VALUE stops .NET from starting; write --NAME=VALUE",
                      number);
    }
    return ok;
}
