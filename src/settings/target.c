#include "settings/target.h"

#include "base/buf.h"
#include "base/mem.h"
#include "settings/hostport.h"
#include "settings/raw.h"
#include "settings/url.h"

#include <stdlib.h>
#include <string.h>

void target_clear(struct target *target)
{
    for (size_t i = 0; i < target->ntried; i++) {
        free(target->tried[i].key);
        free(target->tried[i].value);
        free(target->tried[i].source);
    }
    free(target->tried);
    free(target->host);
    free(target->reason);
    free(target->advice);
    *target = (struct target){0};
}

/* Takes all three strings over. */
static void add_tried(struct target *target, char *key, char *value, char *source)
{
    target->tried = mem_grow(target->tried, target->ntried, sizeof *target->tried);
    target->tried[target->ntried++] = (struct tried){key, value, source};
}

static void add_found(struct target *target, const struct setting *setting)
{
    bool ambiguous = setting->state == SETTING_AMBIGUOUS;

    add_tried(target, mem_strdup(setting->key),
              mem_strdup(ambiguous ? "(two values)" : setting->shown), mem_strdup(setting->source));
}

static void add_advice(struct target *target, const char *advice)
{
    if (advice && !target->advice)
        target->advice = mem_strdup(advice);
}

static void set_unset(struct target *target, const char *const *keys, size_t nkeys)
{
    struct buf text = {0};

    target->state = TARGET_UNSET;
    buf_puts(&text, "Not configured: looked for ");
    for (size_t i = 0; i < nkeys; i++)
        buf_printf(&text, "%s%s", i == 0 ? "" : i + 1 < nkeys ? ", " : " and ", keys[i]);
    target->reason = buf_take(&text);
}

/* The one form of every complaint: key, value, source, what is wrong. */
static void set_invalid(struct target *target, const struct setting *setting, const char *problem)
{
    target->state = TARGET_INVALID;
    if (setting->state == SETTING_TEXT)
        target->reason = mem_printf("%s = \"%s\" (%s) %s", setting->key, setting->shown,
                                    setting->source, problem);
    else
        target->reason = mem_printf("%s (%s) %s", setting->key, setting->source, problem);
}

static void set_ambiguous(struct target *target, const struct setting *setting)
{
    set_invalid(target, setting,
                "have different values and .NET does not say which wins; remove one");
}

/* The first key that has something to say, as C#'s "??" picks it: NULL and a
 * missing key pass the question on, an empty text does not. */
static struct setting find_first(const struct settings *settings, const char *const *keys,
                                 size_t nkeys)
{
    for (size_t i = 0; i < nkeys; i++) {
        struct setting setting = settings_get(settings, keys[i]);
        if (setting.state != SETTING_MISSING && setting.state != SETTING_NULL)
            return setting;
        setting_clear(&setting);
    }
    return (struct setting){.state = SETTING_MISSING};
}

static const char *raw_value(const struct settings *settings, const char *key)
{
    int layer;
    const struct raw_setting *entry = settings_find(settings, key, &layer);
    return entry && entry->value ? entry->value : "";
}

static bool is_white(const char *text)
{
    return text[strspn(text, " \t\n\v\f\r")] == '\0';
}

/* Finds the deciding setting and settles all outcomes but a text to be read. */
static bool find_text(struct target *target, const struct settings *settings,
                      const char *const *keys, size_t nkeys, struct setting *found)
{
    const char *failure = settings_failure(settings);

    if (failure) {
        target->state = TARGET_INVALID;
        target->reason = mem_printf("The platform could not start with %s", failure);
        return false;
    }
    *found = find_first(settings, keys, nkeys);
    if (found->state == SETTING_MISSING) {
        set_unset(target, keys, nkeys);
        return false;
    }
    add_found(target, found);
    if (found->state == SETTING_AMBIGUOUS)
        set_ambiguous(target, found);
    else if (is_white(raw_value(settings, found->key)))
        set_invalid(target, found, "is empty; set it, or remove the key");
    return !target->reason;
}

static char *port_key_beside(const char *host_key)
{
    const char *colon = strrchr(host_key, ':');
    int section = colon ? (int)(colon - host_key) + 1 : 0;
    return mem_printf("%.*sPort", section, host_key);
}

static void read_port_setting(struct target *target, const struct settings *settings,
                              const char *host_key, uint16_t default_port)
{
    char *key = port_key_beside(host_key);
    struct setting setting = settings_get(settings, key);
    bool hexadecimal = false;

    if (setting.state == SETTING_MISSING || setting.state == SETTING_NULL) {
        target->port = default_port;
        add_tried(target, mem_strdup(key), mem_printf("%u", default_port), mem_strdup("default"));
    } else {
        add_found(target, &setting);
        if (setting.state == SETTING_AMBIGUOUS)
            set_ambiguous(target, &setting);
        else if (!port_read(raw_value(settings, key), &target->port, &hexadecimal))
            set_invalid(target, &setting, "is not a port from 1 to 65535");
    }
    if (hexadecimal)
        add_advice(target, "the port is hexadecimal; some .NET readers reject that");
    setting_clear(&setting);
    free(key);
}

void target_from_host(struct target *target, const struct settings *settings,
                      const char *const *host_keys, size_t nkeys, uint16_t default_port)
{
    const char *problem = NULL, *advice = NULL;
    struct setting host = {0};

    *target = (struct target){0};
    if (find_text(target, settings, host_keys, nkeys, &host)) {
        target->host = host_read(raw_value(settings, host.key), &problem, &advice);
        if (target->host)
            read_port_setting(target, settings, host.key, default_port);
        else
            set_invalid(target, &host, problem);
        add_advice(target, advice);
    }
    setting_clear(&host);
}

void target_from_url(struct target *target, const struct settings *settings,
                     const char *const *url_keys, size_t nkeys, uint16_t default_port)
{
    const char *problem = NULL, *advice = NULL;
    struct setting found = {0};
    struct url url;

    *target = (struct target){0};
    if (find_text(target, settings, url_keys, nkeys, &found)) {
        const char *text = raw_value(settings, found.key);
        if (url_split(text, &url, &problem)) {
            char *host = mem_printf(url.bracketed ? "[%.*s]" : "%.*s", (int)url.host_len, url.host);
            target->host = host_read(host, &problem, &advice);
            target->port = url.has_port || default_port == 0 ? url.port : default_port;
            free(host);
        }
        if (!target->host) {
            target->state = TARGET_INVALID;
            target->reason = mem_printf("%s (%s) is not a usable URL: %s", found.key, found.source,
                                        problem);
        }
        add_advice(target, advice);
    }
    setting_clear(&found);
}
