#include "probe/dial.h"

#include "base/mem.h"
#include "probe/evidence.h"

#include <stdlib.h>
#include <string.h>

struct dial {
    struct dial_address *addresses;
    size_t count;
    size_t started; /* the first so many entries are, or were, attempted */
    size_t open;    /* attempts that have not ended */
    size_t winner;  /* count while there is none */
    clock_us next_start, deadline;
};

static bool is_known(const struct dial *dial, const struct addrinfo *info)
{
    for (size_t i = 0; i < dial->count; i++) {
        const struct dial_address *known = &dial->addresses[i];
        if (known->length == info->ai_addrlen &&
            memcmp(&known->address, info->ai_addr, info->ai_addrlen) == 0)
            return true;
    }
    return false;
}

static void add_address(struct dial *dial, const struct addrinfo *info)
{
    dial->addresses = mem_grow(dial->addresses, dial->count, sizeof *dial->addresses);
    struct dial_address *address = &dial->addresses[dial->count++];
    *address = (struct dial_address){.length = info->ai_addrlen};
    memcpy(&address->address, info->ai_addr, info->ai_addrlen);
}

/* The next address from info on that is (or is not) of the family and is not
 * in the dial yet. */
static const struct addrinfo *find_new(const struct dial *dial, const struct addrinfo *info,
                                       int family, bool same)
{
    while (info && ((info->ai_family == family) != same || is_known(dial, info)))
        info = info->ai_next;
    return info;
}

struct dial *dial_new(const struct addrinfo *list, clock_us deadline)
{
    struct dial *dial = mem_zalloc(sizeof *dial);
    const struct addrinfo *next[2] = {list, list};
    int wanted = 0;

    dial->deadline = deadline;
    for (;;) {
        for (int i = 0; i < 2; i++)
            next[i] = find_new(dial, next[i], list ? list->ai_family : AF_UNSPEC, i == 0);
        if (!next[0] && !next[1])
            break;
        int turn = next[wanted] ? wanted : !wanted;
        add_address(dial, next[turn]);
        wanted = !turn;
    }
    dial->winner = dial->count;
    return dial;
}

void dial_free(struct dial *dial)
{
    if (!dial)
        return;
    free(dial->addresses);
    free(dial);
}

size_t dial_count(const struct dial *dial)
{
    return dial->count;
}

const struct dial_address *dial_address(const struct dial *dial, size_t index)
{
    return &dial->addresses[index];
}

static size_t start_next(struct dial *dial, clock_us now)
{
    dial->next_start = now + DIAL_DELAY_US;
    dial->open++;
    return dial->started++;
}

enum dial_step dial_next(struct dial *dial, clock_us now, size_t *index, clock_us *until)
{
    bool more = dial->started < dial->count;

    if (dial->winner < dial->count) {
        *index = dial->winner;
        return DIAL_WON;
    }
    if (!more && dial->open == 0)
        return DIAL_FAILED;
    if (now >= dial->deadline)
        return DIAL_EXPIRED;
    if (more && now >= dial->next_start) {
        *index = start_next(dial, now);
        return DIAL_START;
    }
    *until = more && dial->next_start < dial->deadline ? dial->next_start : dial->deadline;
    return DIAL_WAIT;
}

void dial_ended(struct dial *dial, size_t index, int error)
{
    dial->open--;
    if (error)
        dial->next_start = 0;
    else if (dial->winner == dial->count)
        dial->winner = index;
}
