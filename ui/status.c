#include "ui/status.h"

#include "base/mem.h"

const struct status_look *status_look(enum status status)
{
    static const struct status_look looks[STATUSES] = {
        [STATUS_FAIL] = {"FAIL", "✘", "x", STYLE_FAIL},
        [STATUS_ERROR] = {"ERROR", "!", "!", STYLE_WARN},
        [STATUS_RUNNING] = {"running", "▶", ">", STYLE_RUN},
        [STATUS_QUEUED] = {"queued", "…", ".", STYLE_RUN},
        [STATUS_PASS] = {"PASS", "✔", "+", STYLE_PASS},
        [STATUS_SKIP] = {"SKIP", "-", "-", STYLE_SKIP},
        [STATUS_NOT_RUN] = {"not run", "·", ".", STYLE_DIM},
    };
    return &looks[status];
}

const char *status_sign(enum status status, bool ascii)
{
    const struct status_look *look = status_look(status);
    return ascii ? look->ascii : look->sign;
}

const char *warning_sign(bool ascii)
{
    return ascii ? "!" : "▲";
}

const char *finding_sign(enum finding_id id, bool ascii)
{
    return finding_is_warning(id) ? warning_sign(ascii) : "i";
}

size_t found_count(const struct findings *findings)
{
    return findings_warn(findings) ? findings->count : 0;
}

char *found_text(size_t count, bool ascii)
{
    return count ? mem_printf("%s %zu found", warning_sign(ascii), count) : NULL;
}

enum status status_of_outcome(enum outcome outcome)
{
    static const enum status of[OUTCOMES] = {STATUS_PASS, STATUS_FAIL, STATUS_SKIP, STATUS_ERROR};
    return of[outcome];
}
