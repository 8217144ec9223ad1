/* Whether the platform would go to a host through a proxy, as .NET's HttpClient decides
 * by its environment (HttpEnvironmentProxy of System.Net.Http). */
#ifndef SETTINGS_PROXY_H
#define SETTINGS_PROXY_H

#include "settings/settings.h"

/* "HTTPS_PROXY = http://proxy:3128 (.env:7)" of HTTPS_PROXY, else ALL_PROXY, for an https
 * URL of host; NULL where neither is set or NO_PROXY names the host. The value is clean
 * and without credentials. The caller frees it. */
char *proxy_describe(const struct settings *settings, const char *host);

#endif
