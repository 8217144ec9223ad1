/* systemd's EnvironmentFile: settings/envfile.h. */
#include "envfile.h"
#include "fuzz.h"

#include <string.h>

static bool is_name(const char *name)
{
    static const char chars[] = "0123456789_"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    return strspn(name, chars) == strlen(name) && !strchr("0123456789", *name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_envfile(ENVFILE_SYSTEMD, is_name, data, size);
}
