/* .NET's INI dialect: base/inifile.h. */
#include "base/inifile.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

struct seen {
    int line; /* of the last entry */
    bool refused;
    size_t size;
};

/* Refuses names that end in "!". */
static bool see_entry(void *context, const char *section, const char *name, const char *value,
                      int line, struct error *err)
{
    struct seen *seen = context;
    const char *mark = strchr(name, '!');

    assert(!strpbrk(section, "]\r\n") && !strpbrk(name, "=\r\n") && !strpbrk(value, "\r\n"));
    assert(line > seen->line && (size_t)line <= seen->size);
    seen->line = line;
    if (!mark || mark[1])
        return true;
    error_set(err, "refused");
    seen->refused = true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = {.size = size};
    struct error err = {0};

    bool ok = inifile_read((const char *)data, size, see_entry, &seen, &err);
    fuzz_check_error(ok, &err, size);
    assert(!(ok && seen.refused));
    return 0;
}
