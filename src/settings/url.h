/* The part of a URL that a connection needs (RFC 3986, http and https only). */
#ifndef SETTINGS_URL_H
#define SETTINGS_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct url {
    const char *scheme; /* "http" or "https" */
    const char *host;   /* into the text, without brackets */
    size_t host_len;
    bool bracketed; /* an IPv6 literal */
    bool has_port;
    uint16_t port; /* by scheme where the text has none */
};

/* The URL for people: scheme, host and port, "***" for the rest or for all of a
 * text that is no usable URL. The caller frees it. */
char *url_show(const char *text);

/* The same of a value that is no secret: with any scheme, the port where the text has one,
 * and the mark only where something is hidden. The caller frees it. */
char *url_show_any(const char *text);

/* Splits text. False, with *reason set to a phrase that quotes nothing of the
 * text (a webhook's path is a secret), where it is no usable URL. */
bool url_split(const char *text, struct url *url, const char **reason);

#endif
