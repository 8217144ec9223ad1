#include "envfile.h"

#include "base/file.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

struct seen {
    bool (*is_name)(const char *name);
    size_t size;
    int line; /* of the last entry */
    size_t value_bytes;
};

static const char *shell(void *context, const char *name)
{
    static const char *const variables[][2] = {{"X", "xval"}, {"EMPTY", ""}, {"COST", "$X"}};

    (void)context;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strcmp(variables[i][0], name) == 0)
            return variables[i][1];
    return NULL;
}

static void see_entry(void *context, const char *name, const char *value, int line)
{
    struct seen *seen = context;

    assert(seen->is_name(name));
    assert(line >= 1 && line >= seen->line && (size_t)line <= seen->size);
    seen->line = line;
    seen->value_bytes += strlen(value);
}

int fuzz_envfile(enum envfile_dialect dialect, bool (*is_name)(const char *name),
                 const uint8_t *data, size_t size)
{
    struct seen seen = {.is_name = is_name, .size = size};
    struct fault fault = {0};

    bool ok = envfile_read(dialect, (const char *)data, size, shell, NULL, see_entry, &seen,
                           &fault);
    fuzz_check_fault(ok, &fault, size);
    assert(seen.value_bytes <= FILE_LIMIT_BYTES + 4 * size);
    return 0;
}
