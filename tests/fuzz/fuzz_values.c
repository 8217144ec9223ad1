/* Helm's values.yaml: settings/values.h. */
#include "fuzz.h"
#include "settings/values.h"

#include <assert.h>
#include <string.h>

struct seen {
    size_t size, entries;
};

static void see_line(struct seen *seen, int line)
{
    assert(line >= 1 && (size_t)line <= seen->size + 1);
    seen->entries++;
}

static void see_value(void *context, const char *key, const char *value, int line)
{
    assert(strchr(key, ':') && value);
    see_line(context, line);
}

static void see_removal(void *context, const char *key, int line)
{
    assert(*key);
    see_line(context, line);
}

static void see_warning(void *context, const char *code, const char *key, int line,
                        const char *message)
{
    assert(strncmp(code, "yaml-", 5) == 0 && key);
    fuzz_check_clean(message);
    see_line(context, line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = {.size = size};
    struct fault fault = {0};
    const struct values_sink sink = {see_value, see_removal, see_warning, &seen};

    bool ok = values_read((const char *)data, size, &sink, &fault);
    fuzz_check_fault(ok, &fault, size + 1);
    assert(ok || seen.entries == 0);
    return 0;
}
