#include "guide/patch.h"

#include "base/buf.h"
#include "base/mem.h"
#include "guide/quote.h"

#include <stdlib.h>
#include <string.h>

/* Whether c goes on with a host name or a number. */
static bool is_token(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-' || (c & 0x80);
}

/* The letter of an escape, as in "\nsmtp.example.com", is part of no token. */
static bool begins_token(const char *text, size_t at)
{
    if (at == 0 || (!is_token(text[at - 1]) && text[at - 1] != '.'))
        return true;
    return at > 1 && text[at - 2] == '\\' && strchr("abfnrtv", text[at - 1]);
}

/* A full stop behind a name ends a sentence, unless the name goes on. */
static bool ends_token(const char *text, size_t len, size_t at)
{
    if (at < len && text[at] == '.')
        at++;
    return at == len || !is_token(text[at]);
}

/* The index of the longest placeholder at this place, or count. */
static size_t find_at(const char *text, size_t len, size_t at, const struct fill_values *values)
{
    size_t found = values->count, longest = 0;

    if (!begins_token(text, at))
        return found;
    for (size_t i = 0; i < values->count; i++) {
        const char *placeholder = values->items[i].placeholder;
        size_t n = strlen(placeholder);
        if (n > longest && n <= len - at && memcmp(text + at, placeholder, n) == 0 &&
            ends_token(text, len, at + n)) {
            found = i;
            longest = n;
        }
    }
    return found;
}

void patches_find(struct patches *patches, const char *text, const struct fill_values *values)
{
    size_t len = strlen(text);

    for (size_t at = 0; at < len;) {
        size_t value = find_at(text, len, at, values);
        if (value == values->count) {
            at++;
            continue;
        }
        size_t n = strlen(values->items[value].placeholder);
        patches_add(patches, at, n, value, NULL);
        at += n;
    }
}

void patches_add(struct patches *patches, size_t start, size_t len, size_t value, char *text)
{
    patches->items = mem_grow(patches->items, patches->count, sizeof *patches->items);
    patches->items[patches->count++] =
        (struct patch){.start = start, .len = len, .value = value, .text = text};
}

char *patches_apply(const struct patches *patches, const char *text, struct fill_span *spans)
{
    struct buf out = {0};
    size_t at = 0;

    for (size_t i = 0; i < patches->count; i++) {
        const struct patch *patch = &patches->items[i];
        buf_add(&out, text + at, patch->start - at);
        size_t start = out.len;
        buf_puts(&out, patch->text);
        if (spans)
            spans[i] = (struct fill_span){start, out.len - start, patch->value};
        at = patch->start + patch->len;
    }
    buf_puts(&out, text + at);
    return buf_take(&out);
}

char *patches_expect(const char *text, const struct fill_values *values)
{
    struct patches patches = {0};

    patches_find(&patches, text, values);
    for (size_t i = 0; i < patches.count; i++)
        patches.items[i].text = mem_strdup(values->items[patches.items[i].value].value);
    char *expected = patches_apply(&patches, text, NULL);
    patches_clear(&patches);
    return expected;
}

bool patch_refuse(const struct patch *patch, const struct fill_values *values, struct error *err,
                  const char *reason)
{
    error_set(err, "the value for \"%s\" cannot be filled in: %s",
              values->items[patch->value].placeholder, reason);
    return false;
}

bool patches_refuse(const struct patches *patches, const struct fill_values *values,
                    struct error *err)
{
    size_t i = 0;

    while (i + 1 < patches->count &&
           quote_is_harmless(values->items[patches->items[i].value].value))
        i++;
    return patch_refuse(&patches->items[i], values, err,
                        "it would not be read back exactly from where it stands; choose another "
                        "value, or write the text by hand");
}

void patches_clear(struct patches *patches)
{
    for (size_t i = 0; i < patches->count; i++)
        free(patches->items[i].text);
    free(patches->items);
    *patches = (struct patches){0};
}
