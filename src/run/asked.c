#include "run/asked.h"

#include "base/buf.h"

static double waited_ms(const struct nameserver *server, clock_us until)
{
    return (double)(until - server->started) / CLOCK_MS;
}

static void put_status(const struct nameserver *server, struct buf *text)
{
    buf_puts(text, nameserver_status_name(server->status));
    if (server->status == NAMESERVER_SKIPPED)
        return;
    buf_printf(text, " after %.0f ms", waited_ms(server, server->ended));
    if (server->a_silent || server->aaaa_silent)
        buf_printf(text, ", no IPv%d answer in %.0f ms", server->a_silent ? 4 : 6,
                   waited_ms(server, server->until));
}

char *asked_text(const struct nameserver *server)
{
    struct buf text = {0};

    buf_printf(&text, "%s%s: ", server->address,
               server->misnamed  ? " (no address in resolv.conf's line, so libc falls back to it)"
               : server->assumed ? " (resolv.conf names none)"
                                 : "");
    if (server->status == NAMESERVER_SILENT)
        buf_printf(&text, "no answer yet after %.0f ms", waited_ms(server, server->until));
    else
        put_status(server, &text);
    return buf_take(&text);
}

const struct evidence *asked_about(const struct result *result)
{
    static const struct evidence nobody;
    const struct evidence *evidence = &result->evidence;

    if (result->outcome != OUTCOME_FAIL || evidence->failed_phase != PHASE_LOOKUP)
        return &nobody;
    return result->deeper.nnameservers ? &result->deeper : evidence;
}
