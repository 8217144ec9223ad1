#include "settings/url.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/hostport.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *after_scheme(const char *text, struct url *url)
{
    static const struct {
        const char *prefix, *name;
        uint16_t port;
    } schemes[] = {{"https://", "https", 443}, {"http://", "http", 80}};

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i].prefix);
        /* No letter I or non-ASCII here, so the locale does not matter. */
        if (strncasecmp(text, schemes[i].prefix, n) == 0) {
            url->scheme = schemes[i].name;
            url->port = schemes[i].port;
            url->has_port = false;
            return text + n;
        }
    }
    return NULL;
}

static bool has_bad_character(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p <= ' ' || *p == 0x7F || *p == '"' || *p == '<' || *p == '>' || *p == '\\')
            return true;
    return false;
}

static bool read_port(const char *p, const char *end, uint16_t *port)
{
    unsigned value = 0;

    for (; p < end; p++) {
        if (*p < '0' || *p > '9')
            return false;
        value = value * 10 + (unsigned)(*p - '0');
        if (value > 65535)
            return false;
    }
    *port = (uint16_t)value;
    return value > 0;
}

static bool split_host(const char *host, const char *end, struct url *url)
{
    const char *close = host < end && *host == '[' ? memchr(host, ']', (size_t)(end - host)) : NULL;
    const char *colon;

    url->bracketed = close != NULL;
    if (close) {
        colon = close + 1;
        if (colon < end && *colon != ':')
            return false;
        host++;
    } else {
        colon = memchr(host, ':', (size_t)(end - host));
        close = colon ? colon : end;
    }
    url->host = host;
    url->host_len = (size_t)(close - host);
    /* "host:" with nothing behind is allowed: the scheme's port (RFC 3986, 3.2.3). */
    if (!colon || colon + 1 >= end)
        return true;
    url->has_port = true;
    return read_port(colon + 1, end, &url->port);
}

/* Nothing but a host: what else may stand there (";token", "%2f...") would be
 * shown, and asked for in the DNS. Bytes past ASCII are letters of a name. */
static bool is_host(const struct url *url)
{
    if (url->bracketed)
        return host_is_ipv6(url->host, url->host_len);
    for (size_t i = 0; i < url->host_len; i++) {
        unsigned char c = (unsigned char)url->host[i];
        if (c < 0x80 && !isalnum(c) && c != '.' && c != '-' && c != '_')
            return false;
    }
    return true;
}

/* text behind its scheme. */
static bool split_authority(const char *authority, struct url *url, const char **reason)
{
    if (has_bad_character(authority)) {
        *reason = "it contains a blank, a quote or a control character";
        return false;
    }
    const char *end = authority + strcspn(authority, "/?#");
    const char *at = memrchr(authority, '@', (size_t)(end - authority));
    if (!split_host(at ? at + 1 : authority, end, url)) {
        *reason = "its port is not a number from 1 to 65535";
        return false;
    }
    if (url->host_len == 0 || url->host_len > HOST_MAX_BYTES || !is_host(url)) {
        *reason = "it has no usable host name";
        return false;
    }
    return true;
}

bool url_split(const char *text, struct url *url, const char **reason)
{
    const char *authority = after_scheme(text, url);

    if (!authority) {
        *reason = "it does not begin with http:// or https://";
        return false;
    }
    return split_authority(authority, url, reason);
}

/* "host", "[::1]". The caller frees it. */
static char *show_host(const struct url *url)
{
    char *host = text_sanitise(url->host, url->host_len, TEXT_ONE_LINE);

    if (!url->bracketed)
        return host;
    char *shown = mem_printf("[%s]", host);
    free(host);
    return shown;
}

char *url_show(const char *text)
{
    const char *reason;
    struct url url;

    if (!url_split(text, &url, &reason))
        return mem_strdup("***");
    char *host = show_host(&url);
    char *shown = mem_printf("%s://%s:%u/***", url.scheme, host, url.port);
    free(host);
    return shown;
}

/* RFC 3986, section 3.1. */
static size_t scheme_length(const char *text)
{
    size_t n = 0;

    if (!isalpha((unsigned char)text[0]))
        return 0;
    while (isalnum((unsigned char)text[n]) || (text[n] && strchr("+.-", text[n])))
        n++;
    return strncmp(text + n, "://", 3) == 0 ? n : 0;
}

/* Whether nothing but "/" is there besides host and port. */
static bool is_bare(const char *authority, const struct url *url)
{
    const char *end = url->host + url->host_len + url->bracketed;

    end += *end == ':' ? 1 + strspn(end + 1, "0123456789") : 0;
    return url->host == authority + url->bracketed && (!*end || strcmp(end, "/") == 0);
}

char *url_show_any(const char *text)
{
    size_t n = scheme_length(text);
    struct url url = {0};
    const char *reason;

    if (n == 0 || !split_authority(text + n + 3, &url, &reason))
        return mem_strdup("***");
    char *host = show_host(&url);
    struct buf shown = {0};
    buf_printf(&shown, "%.*s://%s", (int)n, text, host);
    if (url.has_port)
        buf_printf(&shown, ":%u", url.port);
    if (!is_bare(text + n + 3, &url))
        buf_puts(&shown, "/***");
    free(host);
    return buf_take(&shown);
}
