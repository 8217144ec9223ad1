#include "catalog/wiring.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TIMEOUT_US = 5 * CLOCK_SECOND, MAX_KEYS = 16, MAX_PORTS = 8,
       MAX_PLACEHOLDERS = 16 };

void wiring_reset(struct check *check)
{
    for (size_t i = 0; i < check->nkeys; i++)
        free(check->keys[i]);
    free(check->keys);
    check->keys = NULL;
    check->nkeys = 0;
    check->probe = PROBE_NONE;
    check->default_port = 0;
    free(check->contrast_ports);
    check->contrast_ports = NULL;
    check->ncontrast_ports = 0;
    for (size_t i = 0; i < check->nplaceholders; i++) {
        free(check->placeholders[i].text);
        free(check->placeholders[i].variable);
    }
    free(check->placeholders);
    check->placeholders = NULL;
    check->nplaceholders = 0;
    check->smtp = false;
    check->timeout_us = DEFAULT_TIMEOUT_US;
}

void wiring_move(struct check *to, struct check *from)
{
    wiring_reset(to);
    free(to->origin);
    to->probe = from->probe;
    to->keys = from->keys;
    to->nkeys = from->nkeys;
    to->default_port = from->default_port;
    to->timeout_us = from->timeout_us;
    to->contrast_ports = from->contrast_ports;
    to->ncontrast_ports = from->ncontrast_ports;
    to->placeholders = from->placeholders;
    to->nplaceholders = from->nplaceholders;
    to->smtp = from->smtp;
    to->miswired = false;
    to->origin = from->origin;
    from->keys = NULL;
    from->contrast_ports = NULL;
    from->placeholders = NULL;
    from->origin = NULL;
    from->nkeys = from->ncontrast_ports = from->nplaceholders = 0;
}

static bool set_probe(struct check *check, const char *value, struct error *err)
{
    (void)check;
    if (strcmp(value, "tcp") == 0)
        return true;
    error_set(err, "probe must be tcp");
    return false;
}

static char *copy_trimmed(const char *start, const char *end)
{
    while (start < end && strchr(" \t", *start))
        start++;
    while (end > start && strchr(" \t", end[-1]))
        end--;
    return mem_strndup(start, (size_t)(end - start));
}

/* "Smtp:Host, Email:Smtp:Host": commas between, blanks around. */
static bool set_keys(struct check *check, enum probe_kind probe, const char *value,
                     struct error *err)
{
    if (check->probe != PROBE_NONE) {
        error_set(err, "a check has either host or url, once");
        return false;
    }
    check->probe = probe;
    for (const char *end; *value; value = *end ? end + 1 : end) {
        end = value + strcspn(value, ",");
        char *key = copy_trimmed(value, end);
        if (*key && check->nkeys < MAX_KEYS) {
            check->keys = mem_grow(check->keys, check->nkeys, sizeof *check->keys);
            check->keys[check->nkeys++] = key;
        } else {
            free(key);
        }
    }
    if (check->nkeys == 0)
        error_set(err, "name at least one key, such as Smtp:Host");
    return check->nkeys > 0;
}

static bool set_host(struct check *check, const char *value, struct error *err)
{
    return set_keys(check, PROBE_TCP_HOST, value, err);
}

static bool set_url(struct check *check, const char *value, struct error *err)
{
    return set_keys(check, PROBE_TCP_URL, value, err);
}

/* Reads a port off the front of *text; 0 where there is none. */
static uint16_t take_port(const char **text)
{
    char *end;
    unsigned long port = **text >= '0' && **text <= '9' ? strtoul(*text, &end, 10) : 0;

    if (port < 1 || port > 65535)
        return 0;
    *text = end;
    return (uint16_t)port;
}

static bool set_default_port(struct check *check, const char *value, struct error *err)
{
    check->default_port = take_port(&value);
    if (check->default_port && !*value)
        return true;
    error_set(err, "default_port must be a number from 1 to 65535");
    return false;
}

static bool set_contrast(struct check *check, const char *value, struct error *err)
{
    do {
        value += strspn(value, " \t,");
        uint16_t port = take_port(&value);
        if (!port || (*value && !strchr(" \t,", *value)) || check->ncontrast_ports == MAX_PORTS) {
            error_set(err, "contrast must be up to %d numbers from 1 to 65535, as 465, 443",
                      MAX_PORTS);
            return false;
        }
        check->contrast_ports = mem_grow(check->contrast_ports, check->ncontrast_ports,
                                         sizeof *check->contrast_ports);
        check->contrast_ports[check->ncontrast_ports++] = port;
    } while (*value);
    return true;
}

static bool set_dialogue(struct check *check, const char *value, struct error *err)
{
    check->smtp = strcmp(value, "smtp") == 0;
    if (!check->smtp)
        error_set(err, "dialogue must be smtp");
    return check->smtp;
}

static bool is_variable(const char *name)
{
    static const char *const names[] = {"host", "port", "url", "tls"};
    size_t i = 0;

    while (i < sizeof names / sizeof *names && strcmp(names[i], name) != 0)
        i++;
    return i < sizeof names / sizeof *names;
}

/* One "smtp.example.com: host", with blanks around; a URL has a colon of its own. */
static bool add_placeholder(struct check *check, const char *start, const char *end)
{
    const char *colon = memrchr(start, ':', (size_t)(end - start));

    if (!colon || check->nplaceholders == MAX_PLACEHOLDERS)
        return false;
    struct placeholder one = {copy_trimmed(start, colon), copy_trimmed(colon + 1, end)};
    check->placeholders =
        mem_grow(check->placeholders, check->nplaceholders, sizeof *check->placeholders);
    check->placeholders[check->nplaceholders++] = one;
    return *one.text && is_variable(one.variable);
}

static bool set_placeholders(struct check *check, const char *value, struct error *err)
{
    bool ok = true;

    for (const char *end; ok && *value; value = *end ? end + 1 : end) {
        end = value + strcspn(value, ",");
        ok = add_placeholder(check, value, end);
    }
    if (!ok || check->nplaceholders == 0)
        error_set(err, "placeholders must be up to %d texts of the article with their variable, "
                       "host, port, url or tls, as smtp.example.com: host, 587: port",
                  MAX_PLACEHOLDERS);
    return ok && check->nplaceholders > 0;
}

static bool set_timeout(struct check *check, const char *value, struct error *err)
{
    if (clock_parse_duration(value, &check->timeout_us))
        return true;
    error_set(err, "timeout must be a time such as 5s or 500ms");
    return false;
}

bool wiring_set(struct check *check, const char *name, const char *value, struct error *err)
{
    static const struct {
        const char *name;
        bool (*set)(struct check *, const char *, struct error *);
    } table[] = {
        {"probe", set_probe},
        {"host", set_host},
        {"url", set_url},
        {"default_port", set_default_port},
        {"contrast", set_contrast},
        {"dialogue", set_dialogue},
        {"placeholders", set_placeholders},
        {"timeout", set_timeout},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].set(check, value, err);
    error_set(err, "unknown name; known are probe, host, url, default_port, contrast, dialogue, "
                   "placeholders and timeout");
    return false;
}

bool wiring_is_complete(const struct check *check, struct error *err)
{
    if (check->probe == PROBE_NONE)
        error_set(err, "the check names no target; add host = or url = with its keys");
    else if (check->probe == PROBE_TCP_HOST && check->default_port == 0)
        error_set(err, "the check has no default_port; add one, such as 587");
    else
        return true;
    return false;
}
