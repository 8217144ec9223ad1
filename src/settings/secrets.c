#include "settings/secrets.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/raw.h"

#include <stdlib.h>
#include <string.h>

/* A part of a URL's path that is that long, and has a digit, is no word. */
enum { PART_LEAST_BYTES = 16 };

/* Sorted by their first bytes; of those with the same ones the longest is first. */
struct secrets {
    char **items;
    size_t count;
};

void settings_forget_secrets(struct settings *settings)
{
    struct secrets *secrets = settings->secrets;

    if (!secrets)
        return;
    for (size_t i = 0; i < secrets->count; i++)
        free(secrets->items[i]);
    free(secrets->items);
    free(secrets);
    settings->secrets = NULL;
}

static bool is_common(const char *value, size_t n)
{
    static const char *const words[] = {"true", "false", "null"};
    char *text = mem_strndup(value, n);
    bool common = false;

    for (size_t i = 0; i < sizeof words / sizeof *words && !common; i++)
        common = text_fold_equal(text, words[i]);
    free(text);
    return common;
}

static void add(struct secrets *secrets, const char *value, size_t n)
{
    if (n < SECRETS_LEAST_BYTES || is_common(value, n))
        return;
    secrets->items = mem_grow(secrets->items, secrets->count, sizeof *secrets->items);
    secrets->items[secrets->count++] = mem_strndup(value, n);
}

/* A key in PEM, say, is shown line by line. */
static void add_lines(struct secrets *secrets, const char *value)
{
    while (*value) {
        size_t n = strcspn(value, "\r\n");
        add(secrets, value, n);
        value += n + strspn(value + n, "\r\n");
    }
}

/* What follows name in a connection string, such as "Host=h;Password=x". */
static void add_named(struct secrets *secrets, const char *value, const char *name)
{
    size_t n = strlen(name);

    for (; *value; value++) {
        size_t i = 0;
        while (i < n && text_fold(value[i]) == name[i])
            i++;
        if (i == n)
            add(secrets, value + n, strcspn(value + n, ";"));
    }
}

/* The password in "user:password@host", also with a scheme before it. */
static void add_password(struct secrets *secrets, const char *authority)
{
    const char *at = strrchr(authority, '@'), *colon = strchr(authority, ':');

    if (at && colon && colon < at)
        add(secrets, colon + 1, (size_t)(at - colon - 1));
}

static bool has_digit(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] >= '0' && text[i] <= '9')
            return true;
    return false;
}

/* A webhook's path is its secret, and is told without the host as well. */
static void add_path(struct secrets *secrets, const char *authority)
{
    const char *path = authority + strcspn(authority, "/?#");

    path += strspn(path, "/?#");
    add(secrets, path, strlen(path));
    while (*path) {
        size_t n = strcspn(path, "/?&=#");
        if (n >= PART_LEAST_BYTES && has_digit(path, n))
            add(secrets, path, n);
        path += n + strspn(path + n, "/?&=#");
    }
}

static bool is_working_directory(const char *key)
{
    return text_fold_equal(key, "PWD") || text_fold_equal(key, "OLDPWD");
}

static void add_value(struct secrets *secrets, const char *key, const char *value)
{
    const char *scheme = strstr(value, "://"), *authority = scheme ? scheme + 3 : value;
    bool secret = settings_is_secret(key) && !is_working_directory(key);

    if (secret) {
        add(secrets, value, strlen(value));
        add_lines(secrets, value);
    }
    if (secret && scheme)
        add_path(secrets, authority);
    add_password(secrets, authority);
    add_named(secrets, value, "password=");
    add_named(secrets, value, "pwd=");
}

static void add_layer(struct secrets *secrets, const struct store *store)
{
    struct store_cursor cursor = {0};
    struct buf key = {0};

    while (store_each(store, &cursor)) {
        if (!cursor.item.value)
            continue;
        store_key(store, &cursor.item, &key);
        add_value(secrets, key.data, cursor.item.value);
    }
    buf_clear(&key);
}

static int compare(const void *a, const void *b)
{
    const char *one = *(char *const *)a, *other = *(char *const *)b;
    int order = memcmp(one, other, SECRETS_LEAST_BYTES);
    size_t n = strlen(one), m = strlen(other);

    return order ? order : (n < m) - (n > m);
}

static struct secrets *collect(const struct settings *settings)
{
    struct secrets *secrets = mem_zalloc(sizeof *secrets);

    for (size_t i = 0; i < settings->count; i++)
        add_layer(secrets, &settings->layers[i]->store);
    if (secrets->count > 0)
        qsort(secrets->items, secrets->count, sizeof *secrets->items, compare);
    return secrets;
}

/* The first of those that do not come before the bytes at text. */
static size_t find_first(const struct secrets *secrets, const char *text)
{
    size_t low = 0, high = secrets->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(secrets->items[middle], text, SECRETS_LEAST_BYTES) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Bytes of the secret that text begins with, or 0. */
static size_t secret_length(const struct secrets *secrets, const char *text)
{
    if (strnlen(text, SECRETS_LEAST_BYTES) < SECRETS_LEAST_BYTES)
        return 0;
    for (size_t i = find_first(secrets, text); i < secrets->count; i++) {
        const char *item = secrets->items[i];
        size_t n = strlen(item);
        if (memcmp(item, text, SECRETS_LEAST_BYTES) != 0)
            break;
        if (strncmp(item, text, n) == 0)
            return n;
    }
    return 0;
}

char *settings_mask(struct settings *settings, const char *text)
{
    struct buf masked = {0};

    if (!settings->secrets)
        settings->secrets = collect(settings);
    while (*text) {
        size_t n = secret_length(settings->secrets, text);
        if (n > 0)
            buf_puts(&masked, "***");
        else
            buf_putc(&masked, *text);
        text += n > 0 ? n : 1;
    }
    return buf_take(&masked);
}
