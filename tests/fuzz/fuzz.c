#include "fuzz.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void fuzz_check_clean(const char *text)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    assert(strcmp(clean, text) == 0);
    free(clean);
}

void fuzz_check_error(bool ok, const struct error *err, size_t size)
{
    char *end;

    if (ok) {
        assert(!err->text[0]);
        return;
    }
    assert(err->text[0] >= '1' && err->text[0] <= '9');
    unsigned long line = strtoul(err->text, &end, 10);
    assert(line <= size + 1);
    assert(end[0] == ':' && end[1] == ' ' && end[2]);
    fuzz_check_clean(err->text);
}

void fuzz_check_fault(bool ok, const struct fault *fault, size_t size)
{
    assert(ok == (fault->kind == FAULT_NONE));
    assert(ok == !fault->reason.text[0]);
    if (ok)
        return;
    assert(*fault_name(fault->kind));
    assert(fault->line >= 1 && (size_t)fault->line <= size + 1);
    fuzz_check_clean(fault->reason.text);
}
