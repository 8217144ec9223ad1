#include "phases.h"

#include "base/buf.h"

#include <check.h>

void phases_assert(const struct evidence *evidence, const char *wanted)
{
    struct buf text = {0};

    buf_puts(&text, "");
    for (size_t i = 0; i < evidence->nphases; i++) {
        const struct phase *phase = &evidence->phases[i];
        buf_printf(&text, "%s%s:%s", i ? " " : "", phase_name(phase->kind),
                   step_status_name(phase->status));
        ck_assert_int_ge(phase->ended, phase->started);
    }
    ck_assert_str_eq(text.data, wanted);
    buf_clear(&text);
}
