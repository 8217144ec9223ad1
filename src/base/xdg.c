#include "base/xdg.h"

#include "base/mem.h"

#include <stdlib.h>

static char *path_below(const char *variable, const char *fallback, const char *name)
{
    const char *base = getenv(variable), *home = getenv("HOME");

    if (base && *base == '/')
        return mem_printf("%s/%s", base, name);
    return home && *home == '/' ? mem_printf("%s/%s/%s", home, fallback, name) : NULL;
}

char *xdg_config_path(const char *name)
{
    return path_below("XDG_CONFIG_HOME", ".config", name);
}

char *xdg_state_path(const char *name)
{
    return path_below("XDG_STATE_HOME", ".local/state", name);
}
