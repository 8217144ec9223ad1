/* docker run --env-file: settings/envfile.h. */
#include "envfile.h"
#include "fuzz.h"

#include <string.h>

static bool is_name(const char *name)
{
    return *name && !strpbrk(name, " \t=\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_envfile(ENVFILE_DOCKER, is_name, data, size);
}
