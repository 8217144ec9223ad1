/* From settings to the host and port a check connects to, by the platform's
 * rules, with every value's provenance. */
#ifndef SETTINGS_TARGET_H
#define SETTINGS_TARGET_H

#include "settings/settings.h"

#include <stdint.h>

enum target_state {
    TARGET_OK,
    TARGET_UNSET,  /* none of the keys has a value: nothing to check */
    TARGET_INVALID, /* set, but the platform would fail with it */
    TARGET_UNKNOWN  /* a source could not be opened from here: nobody can tell */
};

/* What the settings say of TLS: of a host the key UseSsl beside it, where bool.Parse can
 * read that (boolean.h); of a URL its scheme. */
enum target_tls { TARGET_TLS_UNSET, TARGET_TLS_FALSE, TARGET_TLS_TRUE };

/* A setting that took part: "Smtp:Host = smtp.example.com from smtp.ini:3". */
struct tried {
    char *key;
    char *value;  /* sanitised, masked; "587" for a default */
    char *source; /* "default" for a default */
};

struct target {
    enum target_state state;
    char *host; /* for the resolver, without brackets; NULL if the host is at fault */
    uint16_t port;
    char *host_key, *port_key; /* what decided; NULL: nothing, or the default port */
    int host_layer, host_line; /* as in struct setting; -1 and 0 without a key */
    int port_layer, port_line;
    enum target_tls tls;
    char *tls_key; /* what says it; NULL: nothing, or the URL */
    char *tls_problem; /* one clean line: UseSsl is there, and no Boolean; or NULL */
    enum fault_class fault; /* what is wrong, FAULT_NONE if OK */
    char *fault_key;        /* the key at fault, or NULL */
    char *reason; /* one line; UNSET names the keys, INVALID key, value and source; NULL if OK */
    char *advice; /* a warning about a value that works but looks wrong, or NULL */
    struct tried *tried;
    size_t ntried;
};

/* host_keys are looked up in order; the first that is neither missing nor NULL
 * decides, even if empty. The port is the key "Port" of the same section, or
 * default_port where that is missing or NULL; it is read as .NET's
 * GetValue<int> does (blanks around, sign, leading zeros, hexadecimal) and must
 * be 1-65535. Host rules: names, IPv4, IPv6 with or without brackets and zone;
 * blanks, control characters, quotes, "name:port" and URLs are INVALID, since
 * the platform would fail with exactly that text. Clear with target_clear. */
void target_from_host(struct target *target, const struct settings *settings,
                      const char *const *host_keys, size_t nkeys, uint16_t default_port);

/* url_keys are looked up likewise for an http or https URL (RFC 3986), of which
 * only scheme, host and port are used and shown. default_port 0: by scheme. */
void target_from_url(struct target *target, const struct settings *settings,
                     const char *const *url_keys, size_t nkeys, uint16_t default_port);

/* Frees what the struct holds. */
void target_clear(struct target *target);

#endif
