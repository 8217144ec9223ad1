#include "base/xdg.h"

#include "base/mem.h"

#include <stdlib.h>

char *xdg_config_path(const char *name)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (config && *config == '/')
        return mem_printf("%s/%s", config, name);
    return home && *home == '/' ? mem_printf("%s/.config/%s", home, name) : NULL;
}
