/* What a host or port setting's text means to .NET, and what is wrong with it. */
#ifndef SETTINGS_HOSTPORT_H
#define SETTINGS_HOSTPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOST_MAX_BYTES = 255 };

/* Whether the len bytes are an IPv6 literal, with or without a zone. */
bool host_is_ipv6(const char *text, size_t len);

/* A host for getaddrinfo(3): names as they are, IPv4, IPv6 with its zone and
 * without brackets. NULL with *problem ("contains a blank") where the platform
 * would fail with this text; nothing is repaired silently. *advice is set, or
 * NULL, where it works but is not what it looks like (digits alone; "[::1]:25",
 * whose port .NET ignores). The result is clean text. The caller frees it; the
 * phrases are static. */
char *host_read(const char *text, const char **problem, const char **advice);

/* A port as GetValue<int> reads it (BaseNumberConverter): blanks around,
 * optional sign, decimal digits, or hexadecimal behind "0x", "&h" or "#"; then
 * 1-65535 is required. False for anything else. *hexadecimal tells the form,
 * which other .NET readers reject. */
bool port_read(const char *text, uint16_t *port, bool *hexadecimal);

#endif
