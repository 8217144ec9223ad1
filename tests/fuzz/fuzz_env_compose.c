/* Compose's .env and env_file: settings/envfile.h. */
#include "envfile.h"
#include "fuzz.h"

#include <string.h>

static bool is_name(const char *name)
{
    return *name && !strpbrk(name, " =:#$\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_envfile(ENVFILE_COMPOSE, is_name, data, size);
}
