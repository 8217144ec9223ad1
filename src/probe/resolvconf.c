#include "probe/resolvconf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { LABEL_BYTES = 63, NAME_BYTES = 253 };

/* inet_aton(3) would pass over what comes after a blank; libc's own reader does not. */
static bool is_address(const char *word, size_t n)
{
    char text[INET6_ADDRSTRLEN];
    struct in_addr in;
    struct in6_addr in6;
    const char *zone = memchr(word, '%', n);
    size_t length = zone ? (size_t)(zone - word) : n;

    if (length >= sizeof text || memchr(word, '\r', n))
        return false;
    memcpy(text, word, length);
    text[length] = '\0';
    return (!zone && inet_aton(text, &in)) || inet_pton(AF_INET6, text, &in6) == 1;
}

enum resolvconf resolvconf_read(const char *text)
{
    static const char keyword[] = "nameserver";
    enum resolvconf found = RESOLVCONF_NAMES_NONE;

    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, keyword, sizeof keyword - 1) != 0)
            continue;
        const char *word = line + sizeof keyword - 1;
        if (*word != ' ' && *word != '\t')
            continue;
        word += strspn(word, " \t");
        if (is_address(word, strcspn(word, ";# \t\n")))
            return RESOLVCONF_NAMES;
        found = RESOLVCONF_NO_ADDRESS;
    }
    return found;
}

const char *resolvconf_name_fault(const char *name)
{
    size_t len = strlen(name);

    len -= len > 1 && name[len - 1] == '.';
    for (size_t at = 0; at <= len;) {
        size_t label = strcspn(name + at, ".");
        if (label == 0)
            return "an empty label";
        if (label > LABEL_BYTES)
            return "a label over 63 bytes";
        at += label + 1;
    }
    return len > NAME_BYTES ? "more than 253 bytes" : NULL;
}
