#include "catalog/wiring.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TIMEOUT_US = 5 * CLOCK_SECOND, MAX_KEYS = 16, MAX_PORTS = 8 };

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
    check->smtp = false;
    check->timeout_us = DEFAULT_TIMEOUT_US;
}

static bool set_probe(struct check *check, const char *value, struct error *err)
{
    (void)check;
    if (strcmp(value, "tcp") == 0)
        return true;
    error_set(err, "probe must be tcp");
    return false;
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
    for (const char *p = value; *p;) {
        size_t lead = strspn(p, " \t,");
        size_t n = strcspn(p + lead, ",");
        while (n > 0 && (p[lead + n - 1] == ' ' || p[lead + n - 1] == '\t'))
            n--;
        if (n > 0 && check->nkeys < MAX_KEYS) {
            check->keys = mem_grow(check->keys, check->nkeys, sizeof *check->keys);
            check->keys[check->nkeys++] = mem_strndup(p + lead, n);
        }
        p += lead + n;
        p += strspn(p, " \t");
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
        {"timeout", set_timeout},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].set(check, value, err);
    error_set(err, "unknown name; known are probe, host, url, default_port, contrast, dialogue and "
                   "timeout");
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
