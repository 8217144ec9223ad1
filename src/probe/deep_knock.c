#include "probe/deep_knock.h"

#include "base/mem.h"
#include "probe/connect.h"
#include "probe/contrast.h"

#include <stdlib.h>
#include <string.h>

struct knock {
    uv_loop_t *loop;
    struct lookup *lookup; /* while it is pending */
    struct contrast *contrast; /* from then on, if there is anything to connect to */
    struct evidence *evidence;
    size_t before; /* attempts in evidence->contrasts that are not this knock's */
    uint16_t ports[CONTRAST_ATTEMPTS];
    size_t nports;
    char *except;
    void (*done)(void *context);
    void *context;
};

static bool is_excepted(const struct knock *knock, const struct dial_address *address)
{
    struct attempt attempt;

    if (!knock->except)
        return false;
    connect_describe(address, &attempt);
    return strcmp(attempt.address, knock->except) == 0;
}

/* What could not even begin has ended already, and of that nobody is told. */
static bool is_any_running(const struct knock *knock)
{
    const struct evidence *evidence = knock->evidence;

    for (size_t i = knock->before; i < evidence->ncontrasts; i++)
        if (evidence->contrasts[i].status == STEP_RUNNING)
            return true;
    return false;
}

static void connect_to_all(struct knock *knock, const struct addrinfo *list)
{
    struct dial_address addresses[CONTRAST_ATTEMPTS];
    struct dial *dial = dial_new(list, 0); /* for its order, without duplicates */
    size_t count = 0;

    for (size_t i = 0; i < dial_count(dial) && count < CONTRAST_ATTEMPTS; i++)
        if (!is_excepted(knock, dial_address(dial, i)))
            addresses[count++] = *dial_address(dial, i);
    knock->contrast = contrast_start(knock->loop, addresses, count, knock->ports, knock->nports,
                                     knock->evidence, knock->done, knock->context);
    dial_free(dial);
}

static void on_lookup(void *context, int error, struct addrinfo *list)
{
    struct knock *knock = context;

    knock->lookup = NULL;
    if (!error) {
        connect_to_all(knock, list);
        freeaddrinfo(list);
    }
    if (!is_any_running(knock))
        knock->done(knock->context);
}

struct knock *knock_start(uv_loop_t *loop, struct resolver *resolver,
                          const struct knock_target *target, struct evidence *evidence,
                          void (*done)(void *context), void *context)
{
    struct knock *knock = mem_zalloc(sizeof *knock);

    knock->loop = loop;
    knock->evidence = evidence;
    knock->before = evidence->ncontrasts;
    knock->nports = target->nports < CONTRAST_ATTEMPTS ? target->nports : CONTRAST_ATTEMPTS;
    memcpy(knock->ports, target->ports, knock->nports * sizeof *knock->ports);
    knock->except = mem_strdup(target->except);
    knock->done = done;
    knock->context = context;
    knock->lookup = resolver_lookup(resolver, target->host, 0, on_lookup, knock);
    return knock;
}

void knock_stop(struct knock *knock)
{
    if (!knock)
        return;
    if (knock->lookup)
        lookup_abandon(knock->lookup);
    contrast_stop(knock->contrast);
    free(knock->except);
    free(knock);
}
