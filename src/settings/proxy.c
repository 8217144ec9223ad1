#include "settings/proxy.h"

#include "base/mem.h"
#include "settings/raw.h"
#include "settings/space.h"

#include <string.h>
#include <strings.h>

/* "example.com" is that host, ".example.com" all below it: no star, no address range. */
static bool covers(const char *entry, size_t len, const char *host)
{
    size_t host_len = strlen(host);

    if (len > 0 && entry[0] == '.')
        return host_len >= len && strncasecmp(host + host_len - len, entry, len) == 0;
    return host_len == len && len > 0 && strncasecmp(host, entry, len) == 0;
}

static bool is_bypassed(const struct settings *settings, const char *host)
{
    const char *list = settings_raw_value(settings, "NO_PROXY");

    while (list && *list) {
        const char *start = list, *end = list + strcspn(list, ",");
        list = *end ? end + 1 : end;
        space_trim(&start, &end);
        if (covers(start, (size_t)(end - start), host))
            return true;
    }
    return false;
}

/* The variable's value for people, which may have credentials before the host. */
static char *describe(const struct settings *settings, const char *name)
{
    struct setting setting = settings_get(settings, name);
    char *text = NULL;

    if (setting.state == SETTING_TEXT)
        text = mem_printf("%s = %s (%s)", name, setting.shown, setting.source);
    else if (setting.state == SETTING_AMBIGUOUS)
        text = mem_printf("%s (%s)", name, setting.source);
    setting_clear(&setting);
    return text;
}

char *proxy_describe(const struct settings *settings, const char *host)
{
    char *text = NULL;

    if (!is_bypassed(settings, host))
        text = describe(settings, "HTTPS_PROXY");
    if (!text && !is_bypassed(settings, host))
        text = describe(settings, "ALL_PROXY");
    return text;
}
