#include "probe/contrast.h"

#include "base/mem.h"
#include "probe/attempts.h"

#include <netinet/in.h>
#include <stdlib.h>

struct contrast {
    struct attempts *attempts;
    void (*done)(void *context);
    void *context;
};

static void on_ended(void *context, size_t index)
{
    struct contrast *contrast = context;

    (void)index;
    if (attempts_are_over(contrast->attempts) && contrast->done)
        contrast->done(contrast->context);
}

static struct dial_address with_port(const struct dial_address *address, uint16_t port)
{
    struct dial_address to = *address;

    if (to.address.ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&to.address)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)&to.address)->sin_port = htons(port);
    return to;
}

struct contrast *contrast_start(uv_loop_t *loop, const struct dial_address *addresses,
                                size_t naddresses, const uint16_t *ports, size_t nports,
                                struct evidence *evidence, void (*done)(void *context),
                                void *context)
{
    struct contrast *contrast = mem_zalloc(sizeof *contrast);
    size_t count = 0;

    contrast->attempts = attempts_new(
        loop, (struct attempt_list){&evidence->contrasts, &evidence->ncontrasts}, on_ended,
        contrast);
    contrast->done = done;
    contrast->context = context;
    for (size_t i = 0; i < naddresses; i++)
        for (size_t j = 0; j < nports && count < CONTRAST_ATTEMPTS; j++, count++) {
            const struct dial_address to = with_port(&addresses[i], ports[j]);
            attempts_start(contrast->attempts, &to);
        }
    return contrast;
}

void contrast_stop(struct contrast *contrast)
{
    if (!contrast)
        return;
    attempts_free(contrast->attempts, STEP_TIMEOUT);
    free(contrast);
}
