#include "settings/secrets.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/echo.h"
#include "settings/raw.h"

#include <stdlib.h>
#include <string.h>

/* A part of a URL's path that is that long, and has a digit, is no word. */
enum { PART_LEAST_BYTES = 16 };

void settings_forget_secrets(struct settings *settings)
{
    if (!settings->secrets)
        return;
    echo_clear(settings->secrets);
    free(settings->secrets);
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

static void add(struct echo *secrets, const char *value, size_t n)
{
    if (!is_common(value, n))
        echo_add(secrets, value, n);
}

/* A key in PEM, say, is shown line by line. */
static void add_lines(struct echo *secrets, const char *value)
{
    while (*value) {
        size_t n = strcspn(value, "\r\n");
        add(secrets, value, n);
        value += n + strspn(value + n, "\r\n");
    }
}

/* What follows name in a connection string, such as "Host=h;Password=x". */
static void add_named(struct echo *secrets, const char *value, const char *name)
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
static void add_password(struct echo *secrets, const char *authority)
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
static void add_path(struct echo *secrets, const char *authority)
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

static void add_value(struct echo *secrets, const char *key, const char *value)
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

static void add_layer(struct echo *secrets, const struct store *store)
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

static struct echo *known(struct settings *settings)
{
    if (settings->secrets)
        return settings->secrets;
    settings->secrets = mem_zalloc(sizeof *settings->secrets);
    for (size_t i = 0; i < settings->count; i++)
        add_layer(settings->secrets, &settings->layers[i]->store);
    for (size_t i = 0; i < settings->nformer; i++)
        echo_add(settings->secrets, settings->former[i], strlen(settings->former[i]));
    echo_finish(settings->secrets);
    return settings->secrets;
}

/* The older settings' former secrets are among their own. */
void settings_keep_secrets(struct settings *settings, struct settings *older)
{
    const struct echo_list *list = &known(older)->plain;

    for (size_t i = 0; i < list->count; i++) {
        settings->former = mem_grow(settings->former, settings->nformer, sizeof *settings->former);
        settings->former[settings->nformer++] = mem_strdup(list->items[i]);
    }
    settings_forget_secrets(settings);
}

char *settings_mask(struct settings *settings, const char *text)
{
    return echo_mask(known(settings), text);
}
