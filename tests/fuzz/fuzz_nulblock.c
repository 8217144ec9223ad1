/* The blocks of /proc/PID/environ and cmdline: settings/nulblock.h. */
#include "fuzz.h"
#include "settings/nulblock.h"

#include <assert.h>
#include <string.h>

/* Bytes of the block that the entries stand for. */
static void see_argument(void *context, const char *name, const char *value)
{
    size_t *bytes = context;

    assert(!strchr(name, '='));
    *bytes += strlen(name) + strlen(value) + 1;
}

static void see_variable(void *context, const char *name, const char *value)
{
    assert(*name);
    see_argument(context, name, value);
}

static void check_arguments(const char *block, size_t size)
{
    struct fault fault = {0};
    size_t bytes = 0, skipped = nulblock_skip_program(block, size);

    assert(skipped <= size);
    bool ok = nulblock_read_arguments(block + skipped, size - skipped, see_argument, &bytes,
                                      &fault);
    assert(bytes <= size - skipped);
    assert(ok == (fault.kind == FAULT_NONE) && ok == !fault.reason.text[0]);
    fuzz_check_clean(fault.reason.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t bytes = 0;

    nulblock_read_environ((const char *)data, size, see_variable, &bytes);
    assert(bytes <= size);
    check_arguments((const char *)data, size);
    return 0;
}
