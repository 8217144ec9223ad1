#include "guide/patch.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "guide/quote.h"

#include <stdlib.h>
#include <string.h>

/* Whether c goes on with a host name or a number. Of what is not ASCII, blanks, quotes,
 * dashes and arrows do not. */
static bool is_token(uint32_t c)
{
    if (c >= 0x80)
        return !((c >= 0xA0 && c <= 0xBF) || (c >= 0x2000 && c <= 0x206F) ||
                 (c >= 0x2190 && c <= 0x21FF) || (c >= 0x3000 && c <= 0x301F));
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
}

/* The same of the character that begins, or ends, at a byte. */
static bool is_token_at(const char *text, size_t len, size_t at)
{
    uint32_t c;

    if (at == len)
        return false;
    text_decode(text + at, len - at, &c);
    return is_token(c);
}

static bool is_token_before(const char *text, size_t at)
{
    size_t start = at;

    do {
        if (start == 0)
            return false;
        start--;
    } while (((unsigned char)text[start] & 0xC0) == 0x80 && at - start < 4);
    return is_token_at(text, at, start);
}

/* Whether a "-" at a byte stands before the other value of ${NAME:-...}, as shells and
 * Compose write it. */
static bool is_default(const char *text, size_t at)
{
    if (at > 0 && text[at - 1] == ':')
        at--;
    size_t end = at;
    while (at > 0 && text[at - 1] != '-' && (text[at - 1] & 0x80) == 0 &&
           is_token_before(text, at))
        at--;
    return at < end && at > 1 && text[at - 1] == '{' && text[at - 2] == '$';
}

/* The letter of an escape or a conversion, as in "\nsmtp.example.com" and
 * "%ssmtp.example.com", is part of no token. */
static bool begins_token(const char *text, size_t at)
{
    if (at == 0 || (!is_token_before(text, at) && text[at - 1] != '.'))
        return true;
    if (at > 1 && ((text[at - 2] == '\\' && strchr("abfnrtv", text[at - 1])) ||
                   (text[at - 2] == '%' && text[at - 1] == 's')))
        return true;
    return text[at - 1] == '-' && is_default(text, at - 1);
}

/* A full stop behind a name ends a sentence, unless the name goes on. */
static bool ends_token(const char *text, size_t len, size_t at)
{
    if (at < len && text[at] == '.')
        at++;
    return !is_token_at(text, len, at);
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

static bool is_folded(const char *text, const char *placeholder, size_t n)
{
    size_t i = 0;

    while (i < n && text_fold(text[i]) == text_fold(placeholder[i]))
        i++;
    return i == n;
}

/* Whether what stands before a byte could be an option, "-" or "-h", or the dot of "all
 * names below". */
static bool is_glued(const char *text, size_t at)
{
    bool is_letter = at > 0 && ((text[at - 1] >= 'A' && text[at - 1] <= 'Z') ||
                                (text[at - 1] >= 'a' && text[at - 1] <= 'z'));

    if (at > 0 && text[at - 1] == '.')
        return !is_token_before(text, at - 1);
    if (is_letter)
        at--;
    size_t end = at;
    while (at > 0 && text[at - 1] == '-')
        at--;
    return at < end && !(is_letter && end - at > 1) && !is_token_before(text, at);
}

static bool is_stray(const char *text, size_t len, size_t at, const char *placeholder)
{
    size_t n = strlen(placeholder);

    if (n > len - at || !is_folded(text + at, placeholder, n) || !ends_token(text, len, at + n))
        return false;
    return begins_token(text, at) ? memcmp(text + at, placeholder, n) != 0 : is_glued(text, at);
}

bool patches_find_stray(struct patch *stray, const char *text, const struct fill_values *values)
{
    size_t len = strlen(text);

    for (size_t at = 0; at < len; at++)
        for (size_t i = 0; i < values->count; i++) {
            const char *placeholder = values->items[i].placeholder;
            if (!is_stray(text, len, at, placeholder))
                continue;
            *stray = (struct patch){.start = at, .len = strlen(placeholder), .value = i};
            return true;
        }
    return false;
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
