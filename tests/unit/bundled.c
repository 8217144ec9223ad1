#include "bundled.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

#include <check.h>
#include <stdlib.h>

const char *const bundled_names[BUNDLED] = {"smtp", "slack", "teams"};

char *bundled_read(const char *name)
{
    char *path = mem_printf("data/articles/stellaops.doctor.integration/%s.md", name);
    struct error err = {0};
    char *text;
    size_t len;

    ck_assert_msg(file_read(path, &text, &len, &err), "%s", err.text);
    free(path);
    return text;
}
