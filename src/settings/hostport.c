#include "settings/hostport.h"

#include "base/mem.h"
#include "base/text.h"
#include "settings/space.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* inet_pton(3) takes no zone. */
bool host_is_ipv6(const char *text, size_t len)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr parsed;
    const char *zone = memchr(text, '%', len);
    size_t n = zone ? (size_t)(zone - text) : len;

    if (n == 0 || n >= sizeof address || (zone && zone + 1 == text + len))
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    return inet_pton(AF_INET6, address, &parsed) == 1;
}

static const char *character_problem(const char *text)
{
    const char *end = text + strlen(text);

    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == ' ' || (*p >= 0x80 && space_at((const char *)p, end)))
            return "contains a blank";
        if (*p < ' ' || *p == 0x7F)
            return "contains a control character";
        if (strchr("\"'`", *p))
            return "contains a quote";
        if (*p == '$' && p[1] == '(')
            return "contains a shell's $(...)";
        if (strchr("${}", *p))
            return "contains an unresolved placeholder";
        if (strchr("#;", *p))
            return *p == '#' ? "contains a #, perhaps of a comment"
                             : "contains a ;, perhaps of a comment";
        if (*p == '/')
            return strstr(text, "://") ? "is a URL, not a host name" : "contains a slash";
        if (*p == '\\')
            return "contains a backslash";
        if (*p == '@')
            return "contains an @, which no host name has: set the host alone, without a user";
        if (strchr(",<>|", *p))
            return "contains a character that no host name has";
    }
    return NULL;
}

static char *read_bracketed(const char *text, const char **problem, const char **advice)
{
    const char *close = strchr(text, ']');

    if (!close || !host_is_ipv6(text + 1, (size_t)(close - text - 1))) {
        *problem = "is not an IPv6 address in brackets";
        return NULL;
    }
    if (close[1] == ':' && close[2] && strspn(close + 2, "0123456789") == strlen(close + 2)) {
        *advice = "the port behind the brackets is ignored by .NET; set the port's own key";
    } else if (close[1]) {
        *problem = "has text behind the brackets";
        return NULL;
    }
    return mem_strndup(text + 1, (size_t)(close - text - 1));
}

/* Invalid UTF-8, C1 and bidi controls: no resolver knows such a name, and what
 * is not here cannot reach a terminal. */
static bool is_clean(const char *text)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);
    bool same = strcmp(clean, text) == 0;

    free(clean);
    return same;
}

char *host_read(const char *text, const char **problem, const char **advice)
{
    size_t len = strlen(text);

    *advice = NULL;
    *problem = len > HOST_MAX_BYTES ? "is longer than 255 bytes" : character_problem(text);
    if (!*problem && !is_clean(text))
        *problem = "contains an invisible or invalid character";
    if (*problem)
        return NULL;
    if (text[0] == '[')
        return read_bracketed(text, problem, advice);
    if (strpbrk(text, "[]")) {
        *problem = "contains a bracket";
        return NULL;
    }
    if (strchr(text, ':') && !host_is_ipv6(text, len)) {
        *problem = "has a port or another ':' in it; the port has a key of its own";
        return NULL;
    }
    if (strspn(text, "0123456789") == len)
        *advice = "the host is a bare number; were host and port swapped?";
    return mem_strdup(text);
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

static const char *after_hex_prefix(const char *p)
{
    if (*p == '#')
        return p + 1;
    if ((p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) ||
        (p[0] == '&' && (p[1] == 'h' || p[1] == 'H')))
        return p + 2;
    return NULL;
}

bool port_read(const char *text, uint16_t *port, bool *hexadecimal)
{
    const char *end = text + strlen(text), *p;
    int value = 0, base = 10;
    bool negative = false;

    space_trim(&text, &end);
    p = after_hex_prefix(text);
    *hexadecimal = p != NULL;
    if (p)
        base = 16;
    else
        p = text + (*text == '+' || *text == '-');
    negative = *text == '-';
    if (p >= end)
        return false;
    for (; p < end; p++) {
        int digit = digit_value(*p);
        if (digit >= base || value > 65535)
            return false;
        value = value * base + digit;
    }
    if (negative || value < 1 || value > 65535)
        return false;
    *port = (uint16_t)value;
    return true;
}
