#include "settings/target.h"

#include "base/buf.h"
#include "base/mem.h"
#include "settings/boolean.h"
#include "settings/hostport.h"
#include "settings/raw.h"
#include "settings/space.h"
#include "settings/url.h"

#include <errno.h>
#include <limits.h>
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
    free(target->host_key);
    free(target->port_key);
    free(target->tls_key);
    free(target->tls_problem);
    free(target->fault_key);
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

static void set_fault(struct target *target, enum fault_class fault, const char *key)
{
    target->state = fault == FAULT_NO_HOST ? TARGET_UNSET : TARGET_INVALID;
    target->fault = fault;
    target->fault_key = mem_strdup(key);
}

/* The key of that name in the section of a key. The caller frees it. */
static char *key_beside(const char *key, const char *name)
{
    const char *colon = strrchr(key, ':');
    int section = colon ? (int)(colon - key) + 1 : 0;
    return mem_printf("%.*s%s", section, key, name);
}

/* Host and port may be in the Secret that a chart was told to use: not set here is
 * then not unset. */
static bool set_in_secret(struct target *target, const struct settings *settings,
                          const char *const *keys, size_t nkeys)
{
    for (size_t i = 0; i < nkeys && !target->reason; i++) {
        char *key = key_beside(keys[i], "ExistingSecret");
        struct setting secret = settings_get(settings, key);
        if (secret.state == SETTING_TEXT) {
            set_fault(target, FAULT_NO_HOST, keys[i]);
            target->state = TARGET_UNKNOWN;
            target->reason = mem_printf("Cannot tell what the platform uses: %s (%s) names a "
                                        "Secret that may hold it; look there, or give it with "
                                        "--set", key, secret.source);
        }
        setting_clear(&secret);
        free(key);
    }
    return target->reason != NULL;
}

static void set_unset(struct target *target, const char *const *keys, size_t nkeys)
{
    struct buf text = {0};

    set_fault(target, FAULT_NO_HOST, keys[0]);
    buf_puts(&text, "Not configured: looked for ");
    for (size_t i = 0; i < nkeys; i++)
        buf_printf(&text, "%s%s", i == 0 ? "" : i + 1 < nkeys ? ", " : " and ", keys[i]);
    target->reason = buf_take(&text);
}

/* The one form of every complaint: key, value, source, what is wrong. */
static char *complain(const struct setting *setting, const char *problem)
{
    if (setting->state != SETTING_TEXT)
        return mem_printf("%s (%s) %s", setting->key, setting->source, problem);
    return mem_printf("%s = \"%s\" (%s) %s", setting->key, setting->shown, setting->source,
                      problem);
}

static void set_invalid(struct target *target, enum fault_class fault,
                        const struct setting *setting, const char *problem)
{
    set_fault(target, fault, setting->key);
    target->reason = complain(setting, problem);
}

static void set_ambiguous(struct target *target, const struct setting *setting)
{
    set_invalid(target, FAULT_AMBIGUOUS, setting,
                "have different values and .NET does not say which wins; remove one");
}

/* The fault of the lowest source that failed: the platform would not start, so
 * that what the others say is not its answer. */
static void set_failed(struct target *target, const struct settings *settings)
{
    size_t i = 0;

    while (settings_source(settings, i)->fault.kind == FAULT_NONE)
        i++;
    set_fault(target, settings_source(settings, i)->fault.kind, NULL);
    if (target->fault == FAULT_UNREADABLE || target->fault == FAULT_TOO_LARGE) {
        target->state = TARGET_UNKNOWN;
        target->reason =
            mem_printf("Cannot tell what the platform uses: %s%s", settings_failure(settings),
                       target->fault == FAULT_UNREADABLE
                           ? "; run where it can be read, or name the sources"
                           : "");
    } else {
        target->reason =
            mem_printf("The platform could not start with %s", settings_failure(settings));
    }
}

/* The index of the first key that has something to say, as C#'s "??" picks it:
 * NULL and a missing key pass the question on, an empty text does not. nkeys where
 * there is none. */
static size_t find_first(const struct settings *settings, const char *const *keys, size_t nkeys,
                         struct setting *found)
{
    for (size_t i = 0; i < nkeys; i++) {
        *found = settings_get(settings, keys[i]);
        if (found->state != SETTING_MISSING && found->state != SETTING_NULL)
            return i;
        setting_clear(found);
    }
    return nkeys;
}

static const char *raw_value(const struct settings *settings, const char *key)
{
    const char *value = settings_raw_value(settings, key);
    return value ? value : "";
}

/* Names the first of the further keys that has a value. */
static void set_empty(struct target *target, const struct settings *settings,
                      const struct setting *empty, const char *const *keys, size_t nkeys)
{
    char *problem = NULL;

    for (size_t i = 0; i < nkeys && !problem; i++)
        if (!space_is_all(raw_value(settings, keys[i]))) {
            struct setting next = settings_get(settings, keys[i]);
            problem = mem_printf("is empty; set it, or remove the key: the next one with a value "
                                 "is %s (%s)", next.key, next.source);
            setting_clear(&next);
        }
    set_invalid(target, FAULT_EMPTY_HOST, empty,
                problem ? problem : "is empty; set it, or remove the key");
    free(problem);
}

/* Finds the deciding setting and settles all outcomes but a text to be read. */
static bool find_text(struct target *target, const struct settings *settings,
                      const char *const *keys, size_t nkeys, struct setting *found)
{
    if (settings_failure(settings)) {
        set_failed(target, settings);
        return false;
    }
    size_t index = find_first(settings, keys, nkeys, found);
    if (index == nkeys) {
        if (!set_in_secret(target, settings, keys, nkeys))
            set_unset(target, keys, nkeys);
        return false;
    }
    add_found(target, found);
    target->host_key = mem_strdup(found->key);
    target->host_layer = found->layer;
    target->host_line = found->line;
    if (found->state == SETTING_AMBIGUOUS)
        set_ambiguous(target, found);
    else if (space_is_all(raw_value(settings, found->key)))
        set_empty(target, settings, found, keys + index + 1, nkeys - index - 1);
    return !target->reason;
}

/* Whether int.TryParse would fail: the text is more than a sign and digits, or
 * too large. */
static bool is_no_int(const char *text)
{
    char *end;

    errno = 0;
    long value = strtol(text, &end, 10);
    return end == text || end[strspn(end, " \t\n\v\f\r")] || errno || value < INT_MIN ||
           value > INT_MAX;
}

static void set_bad_port(struct target *target, const struct setting *port, const char *text,
                         uint16_t default_port)
{
    static const char range[] = "is not a port from 1 to 65535";
    char *problem = is_no_int(text) ? mem_printf("%s; code with int.TryParse would use %u", range,
                                                 default_port)
                                    : mem_strdup(range);

    set_invalid(target, FAULT_BAD_PORT, port, problem);
    free(problem);
}

static void read_port_setting(struct target *target, const struct settings *settings,
                              const struct setting *port, uint16_t default_port)
{
    const char *text = raw_value(settings, port->key);
    bool hexadecimal = false;

    add_found(target, port);
    target->port_key = mem_strdup(port->key);
    target->port_layer = port->layer;
    target->port_line = port->line;
    if (port->state == SETTING_AMBIGUOUS)
        set_ambiguous(target, port);
    else if (!port_read(text, &target->port, &hexadecimal))
        set_bad_port(target, port, text, default_port);
    if (hexadecimal)
        add_advice(target, "the port is hexadecimal; some .NET readers reject that");
}

static void find_port(struct target *target, const struct settings *settings,
                      const char *host_key, uint16_t default_port)
{
    char *key = key_beside(host_key, "Port");
    struct setting port = settings_get(settings, key);

    if (port.state == SETTING_MISSING || port.state == SETTING_NULL) {
        target->port = default_port;
        add_tried(target, mem_strdup(key), mem_printf("%u", default_port), mem_strdup("default"));
    } else {
        read_port_setting(target, settings, &port, default_port);
    }
    setting_clear(&port);
    free(key);
}

static void find_tls(struct target *target, const struct settings *settings, const char *host_key)
{
    char *key = key_beside(host_key, "UseSsl");
    const char *text = settings_raw_value(settings, key);
    struct setting ssl = settings_get(settings, key);
    bool wanted;

    if (text && boolean_read(text, &wanted)) {
        target->tls = wanted ? TARGET_TLS_TRUE : TARGET_TLS_FALSE;
        target->tls_key = mem_strdup(key);
    } else if (text) {
        target->tls_problem = complain(&ssl, "is neither true nor false: .NET fails to read it; "
                                             "code with bool.TryParse would use false");
    }
    setting_clear(&ssl);
    free(key);
}

void target_from_host(struct target *target, const struct settings *settings,
                      const char *const *host_keys, size_t nkeys, uint16_t default_port)
{
    const char *problem = NULL, *advice = NULL;
    struct setting host = {0};

    *target = (struct target){.host_layer = -1, .port_layer = -1};
    if (find_text(target, settings, host_keys, nkeys, &host)) {
        target->host = host_read(raw_value(settings, host.key), &problem, &advice);
        if (target->host) {
            find_port(target, settings, host.key, default_port);
            find_tls(target, settings, host.key);
        } else {
            set_invalid(target, FAULT_BAD_HOST, &host, problem);
        }
        add_advice(target, advice);
    }
    setting_clear(&host);
}

/* Takes host and port out of a URL; the port's key is the URL's where it has one. */
static void take_url(struct target *target, const struct url *url, const struct setting *found,
                     uint16_t default_port, const char **problem)
{
    char *host = mem_printf(url->bracketed ? "[%.*s]" : "%.*s", (int)url->host_len, url->host);
    const char *advice = NULL;

    target->host = host_read(host, problem, &advice);
    target->tls = strcmp(url->scheme, "https") == 0 ? TARGET_TLS_TRUE : TARGET_TLS_FALSE;
    target->port = url->has_port || default_port == 0 ? url->port : default_port;
    if (url->has_port) {
        target->port_key = mem_strdup(found->key);
        target->port_layer = found->layer;
        target->port_line = found->line;
    }
    add_advice(target, advice);
    free(host);
}

void target_from_url(struct target *target, const struct settings *settings,
                     const char *const *url_keys, size_t nkeys, uint16_t default_port)
{
    const char *problem = NULL;
    struct setting found = {0};
    struct url url;

    *target = (struct target){.host_layer = -1, .port_layer = -1};
    if (find_text(target, settings, url_keys, nkeys, &found)) {
        if (url_split(raw_value(settings, found.key), &url, &problem))
            take_url(target, &url, &found, default_port, &problem);
        if (!target->host) {
            set_fault(target, FAULT_BAD_HOST, found.key);
            target->reason = mem_printf("%s (%s) is not a usable URL: %s", found.key, found.source,
                                        problem);
        }
    }
    setting_clear(&found);
}
