#include "settings/warnings.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/boolean.h"
#include "settings/hostport.h"
#include "settings/raw.h"
#include "settings/space.h"

#include <stdlib.h>
#include <string.h>

void settings_warnings_clear(struct settings_warnings *warnings)
{
    for (size_t i = 0; i < warnings->count; i++) {
        free(warnings->items[i].key);
        free(warnings->items[i].source);
        free(warnings->items[i].message);
    }
    free(warnings->items);
    *warnings = (struct settings_warnings){0};
}

void settings_warnings_add(struct settings_warnings *warnings, const struct settings *settings,
                           const char *code, const char *key, int layer, int line,
                           const char *message)
{
    struct raw_setting place = {.layer = layer, .line = line};

    warnings->items = mem_grow(warnings->items, warnings->count, sizeof *warnings->items);
    warnings->items[warnings->count++] =
        (struct settings_warning){.code = code,
                                  .key = text_sanitise(key, strlen(key), TEXT_ONE_LINE),
                                  .source = settings_describe_source(settings, &place),
                                  .layer = layer,
                                  .line = line,
                                  .message = mem_strdup(message)};
}

/* The sections that mail settings may stand in. */
static const char *const sections[] = {"Smtp", "Email:Smtp", "Notify:Email"};
static const char *const names[] = {"Host", "Port"};
enum { SECTIONS = 3, NAMES = 2 };

/* What is being looked at. */
struct search {
    const struct settings *settings;
    struct settings_warnings *warnings;
};

static void warn(const struct search *search, const char *code, const char *key, int layer,
                 int line, const char *format, ...) __attribute__((format(printf, 6, 7)));

static void warn(const struct search *search, const char *code, const char *key, int layer,
                 int line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *message = settings_format(format, arguments);
    va_end(arguments);
    settings_warnings_add(search->warnings, search->settings, code, key, layer, line, message);
    free(message);
}

/* The next character of a key in which any run of ":" and "_" counts as one "_". */
static char next_joined(const char **key)
{
    bool joint = **key == ':' || **key == '_';

    if (!joint)
        return **key ? text_fold(*(*key)++) : '\0';
    *key += strspn(*key, ":_");
    return '_';
}

/* Whether the keys differ in how they are joined alone. */
static bool is_joined_otherwise(const char *key, const char *wanted)
{
    const char *a = key, *b = wanted;
    char c, d;

    do {
        c = next_joined(&a);
        d = next_joined(&b);
    } while (c && c == d);
    return c == d && !text_fold_equal(key, wanted);
}

static void look_at_joints(const struct search *search, int layer, const struct store_item *item,
                           const char *key, const char *section, const char *name)
{
    char *wanted = mem_printf("%s:%s", section, name);

    if (!is_joined_otherwise(key, wanted)) {
        free(wanted);
        return;
    }
    if (item->written)
        warn(search, "single-underscore", item->written, layer, item->line,
             "sets nothing: in a variable's name two underscores stand for each colon of %s",
             wanted);
    else
        warn(search, "single-underscore", key, layer, item->line,
             "sets nothing: here the key is %s, underscores stand for colons in variables alone",
             wanted);
    free(wanted);
}

/* "Smtp:Host:0", where an array or an object stands in place of the text. */
static void look_below(const struct search *search, int layer, const struct store_item *item,
                       const char *key, const char *section, const char *name)
{
    char *above = mem_printf("%s:%s", section, name);
    size_t n = strlen(above);
    char *start = mem_strndup(key, n);

    if (key[0] && strlen(key) > n && key[n] == ':' && text_fold_equal(start, above) &&
        !settings_raw_value(search->settings, above))
        warn(search, "key-is-section", key, layer, item->line,
             "%s has values below it and none itself: give it one text", above);
    free(start);
    free(above);
}

static void look_at_item(const struct search *search, int layer, const struct store_item *item,
                         const char *key)
{
    for (int i = 0; i < SECTIONS; i++)
        for (int j = 0; j < NAMES; j++) {
            look_at_joints(search, layer, item, key, sections[i], names[j]);
            look_below(search, layer, item, key, sections[i], names[j]);
        }
}

/* Of a million keys all but a few begin otherwise. */
static bool may_matter(const char *key)
{
    return *key && strchr("sen", text_fold(*key)) &&
           (text_fold_contains(key, "smtp") || text_fold_contains(key, "email"));
}

static void look_at_layer(const struct search *search, int index)
{
    const struct store *store = &search->settings->layers[index]->store;
    struct store_cursor cursor = {0};
    struct buf key = {0};

    while (store_each(store, &cursor)) {
        store_key(store, &cursor.item, &key);
        if (may_matter(key.data))
            look_at_item(search, index, &cursor.item, key.data);
    }
    buf_clear(&key);
}

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static void look_at_host(const struct search *search, const char *key,
                         const struct raw_setting *entry)
{
    const char *problem = NULL, *advice = NULL;

    if (!entry->value || space_is_all(entry->value))
        return;
    if (is_number(entry->value)) {
        warn(search, "numeric-host", key, entry->layer, entry->line,
             "the host is a number: host and port may be swapped");
        return;
    }
    free(host_read(entry->value, &problem, &advice));
    if (advice)
        warn(search, "port-in-host-ignored", key, entry->layer, entry->line,
             "%s: set the Port key beside it", advice);
}

static void look_at_port(const struct search *search, const char *key,
                         const struct raw_setting *entry, bool has_host)
{
    bool hexadecimal = false;
    uint16_t port;

    if (!entry->value)
        return;
    if (port_read(entry->value, &port, &hexadecimal) && hexadecimal)
        warn(search, "hex-port", key, entry->layer, entry->line,
             "the port is hexadecimal, which some .NET readers reject: write it in decimal");
    if (!has_host)
        warn(search, "orphan-port", key, entry->layer, entry->line,
             "counts for nothing: there is no Host beside it, and it is not combined with "
             "another section's");
}

static void look_at_ssl(const struct search *search, const char *key)
{
    struct raw_settings ssl = settings_find(search->settings, key);
    const struct raw_setting *entry = ssl.items;
    bool wanted;

    if (ssl.count > 0 && entry->value && !boolean_read(entry->value, &wanted))
        warn(search, "usessl-not-boolean", key, entry->layer, entry->line,
             "is neither true nor false, so .NET fails to read it: write one of the two");
    free(ssl.items);
}

static void look_at_section(const struct search *search, const char *section)
{
    char *host_key = mem_printf("%s:Host", section), *port_key = mem_printf("%s:Port", section);
    char *secret_key = mem_printf("%s:ExistingSecret", section);
    char *ssl_key = mem_printf("%s:UseSsl", section);
    struct raw_settings host = settings_find(search->settings, host_key);
    struct raw_settings port = settings_find(search->settings, port_key);
    struct raw_settings secret = settings_find(search->settings, secret_key);
    bool has_host = host.count > 0 && host.items[0].value;

    if (has_host)
        look_at_host(search, host_key, &host.items[0]);
    look_at_ssl(search, ssl_key);
    if (port.count > 0)
        look_at_port(search, port_key, &port.items[0], has_host);
    if (secret.count > 0 && secret.items[0].value && *secret.items[0].value && !has_host)
        warn(search, "existing-secret", secret_key, secret.items[0].layer, secret.items[0].line,
             "host and port may be in that Secret, which was not read: look there");
    free(host.items);
    free(port.items);
    free(secret.items);
    free(host_key);
    free(port_key);
    free(secret_key);
    free(ssl_key);
}

static int compare_places(const void *a, const void *b)
{
    const struct settings_warning *x = a, *y = b;

    if (x->layer != y->layer)
        return x->layer - y->layer;
    if (x->line != y->line)
        return x->line - y->line;
    return strcmp(x->code, y->code);
}

void settings_collect_warnings(const struct settings *settings, struct settings_warnings *warnings)
{
    const struct search search = {settings, warnings};

    for (size_t i = 0; i < settings->warnings.count; i++) {
        const struct settings_warning *found = &settings->warnings.items[i];
        settings_warnings_add(warnings, settings, found->code, found->key, found->layer,
                              found->line, found->message);
    }
    for (size_t i = 0; i < settings->count; i++)
        look_at_layer(&search, (int)i);
    for (int i = 0; i < SECTIONS; i++)
        look_at_section(&search, sections[i]);
    if (warnings->count > 1)
        qsort(warnings->items, warnings->count, sizeof *warnings->items, compare_places);
}
