#include "probe/deep.h"

#include "base/mem.h"
#include "probe/deep_judge.h"
#include "probe/deep_knock.h"
#include "probe/nameserver.h"

#include <errno.h>
#include <stdlib.h>

/* What the addresses of a host are tried for. */
enum try_kind {
    KNOCK_ADDRESSES, /* the host's own port, beside the address that won */
    KNOCK_PORTS,     /* its other ports: they become contrasts of the run itself */
    KNOCK_HOST,      /* another host */
    KNOCK_AGAIN      /* an address that refused */
};

struct try {
    struct deep_probe *probe;
    enum try_kind kind;
    struct knock *knock; /* NULL once it has ended */
    struct evidence evidence;
    char *key, *host; /* of KNOCK_HOST */
};

/* Of one host's addresses so many are asked again. */
enum { AGAIN_MAX = 8, TRIES = 1 + DEEP_HOSTS + AGAIN_MAX };

/* Each callback of the loop ends with settle(), after which the probe is not
 * touched: it may be over. */
struct deep_probe {
    uv_loop_t *loop;
    struct resolver *resolver;
    uv_timer_t timer; /* for the second try, then for the end of all but the talk */
    clock_us ends;    /* of all but the talk */
    bool again;       /* the second try is to come */
    bool last_look;   /* the end has come; judged when the timer fires once more */
    char *host;
    uint16_t port;
    struct talk *talk;               /* NULL once it has ended */
    struct nameservers *nameservers; /* NULL once all have answered */
    struct try tries[TRIES];
    size_t ntries;
    struct evidence *run; /* the verdict's */
    struct evidence *deeper;
    struct findings *findings;
    void (*changed)(void *context); /* or NULL */
    void (*done)(void *context);
    void *context;
};

static bool has_passed(const struct deep_probe *probe)
{
    return probe->run->failure == FAILURE_NONE;
}

static void free_probe(uv_handle_t *timer)
{
    free(timer->data);
}

static void end_try(struct try *try)
{
    knock_stop(try->knock);
    try->knock = NULL;
}

static void end_nameservers(struct deep_probe *probe)
{
    nameservers_stop(probe->nameservers);
    probe->nameservers = NULL;
}

/* Whatever has not answered by now counts as silent. */
static void end_all(struct deep_probe *probe)
{
    probe->again = false;
    if (probe->nameservers)
        end_nameservers(probe);
    for (size_t i = 0; i < probe->ntries; i++)
        end_try(&probe->tries[i]);
}

static void release(struct deep_probe *probe)
{
    end_all(probe);
    talk_stop(probe->talk);
    probe->deeper->ended = clock_now_us();
    for (size_t i = 0; i < probe->ntries; i++) {
        evidence_clear(&probe->tries[i].evidence);
        free(probe->tries[i].key);
        free(probe->tries[i].host);
    }
    free(probe->host);
    uv_close((uv_handle_t *)&probe->timer, free_probe);
}

/* They tell whether this one host is silent, or mail as such. */
static void keep_contrasts(struct evidence *deeper, const struct evidence *tried)
{
    for (size_t i = 0; i < tried->ncontrasts; i++) {
        deeper->contrasts =
            mem_grow(deeper->contrasts, deeper->ncontrasts, sizeof *deeper->contrasts);
        deeper->contrasts[deeper->ncontrasts++] = tried->contrasts[i];
    }
}

static void judge_try(struct deep_probe *probe, const struct try *try)
{
    switch (try->kind) {
    case KNOCK_ADDRESSES:
        judge_addresses(probe->findings, probe->run, &try->evidence);
        break;
    case KNOCK_PORTS:
        break;
    case KNOCK_HOST:
        judge_host(probe->findings, try->key, try->host, &try->evidence);
        keep_contrasts(probe->deeper, &try->evidence);
        break;
    case KNOCK_AGAIN:
        judge_again(probe->findings, &try->evidence);
        break;
    }
}

/* In one order, whoever answered first. */
static void judge(struct deep_probe *probe)
{
    if (!has_passed(probe))
        judge_ports(probe->findings, probe->host, probe->run);
    for (size_t i = 0; i < probe->ntries; i++)
        judge_try(probe, &probe->tries[i]);
    judge_lookup(probe->findings, probe->host, probe->run);
    judge_nameservers(probe->findings, probe->deeper);
}

static bool is_over(const struct deep_probe *probe)
{
    if (probe->again || probe->talk || probe->nameservers)
        return false;
    for (size_t i = 0; i < probe->ntries; i++)
        if (probe->tries[i].knock)
            return false;
    return true;
}

static void settle(struct deep_probe *probe)
{
    void (*done)(void *) = probe->done;
    void *context = probe->context;

    if (!is_over(probe))
        return;
    judge(probe);
    release(probe);
    done(context);
}

static void on_talk_changed(void *context)
{
    struct deep_probe *probe = context;

    if (probe->changed)
        probe->changed(probe->context);
}

static void on_talk_done(void *context)
{
    struct deep_probe *probe = context;

    probe->talk = NULL;
    settle(probe);
}

static void on_nameservers_done(void *context)
{
    struct deep_probe *probe = context;

    end_nameservers(probe);
    settle(probe);
}

static void on_try_done(void *context)
{
    struct try *try = context;

    end_try(try);
    settle(try->probe);
}

static struct try *start_try(struct deep_probe *probe, enum try_kind kind,
                             const struct knock_target *target)
{
    struct try *try = &probe->tries[probe->ntries++];

    try->probe = probe;
    try->kind = kind;
    try->knock = knock_start(probe->loop, probe->resolver, target,
                             kind == KNOCK_PORTS ? probe->run : &try->evidence, on_try_done, try);
    return try;
}

static const struct attempt *find_winner(const struct evidence *run)
{
    size_t i = 0;

    while (run->attempts[i].status != STEP_OK)
        i++;
    return &run->attempts[i];
}

/* The address that won, and no other: it is the one that the verdict is about. */
static void start_talk(struct deep_probe *probe, const struct deep_target *target,
                       const char *address)
{
    const struct talk_target to = {.host = target->host, .address = address,
                                   .port = target->port, .smtp = target->smtp,
                                   .ssl_key = target->ssl_key, .ssl = target->ssl,
                                   .changed = on_talk_changed};

    if (target->smtp || target->tls)
        probe->talk = talk_start(probe->loop, &to, probe->deeper->deadline, probe->deeper,
                                 probe->findings, on_talk_done, probe);
}

static void look_at_connection(struct deep_probe *probe, const struct deep_target *target)
{
    const struct attempt *winner = find_winner(probe->run);
    const struct knock_target addresses = {.host = probe->host, .ports = &probe->port,
                                           .nports = 1, .except = winner->address};

    start_talk(probe, target, winner->address);
    start_try(probe, KNOCK_ADDRESSES, &addresses);
}

/* Not those that were tried beside a silence already, nor of a name without addresses. */
static void try_ports(struct deep_probe *probe, const struct deep_target *target)
{
    struct knock_target other = {.host = probe->host};
    uint16_t ports[DEEP_PORTS];

    if (probe->run->ncontrasts > 0 || probe->run->nattempts == 0)
        return;
    for (size_t i = 0; i < target->nports && other.nports < DEEP_PORTS; i++)
        if (target->ports[i] != target->port)
            ports[other.nports++] = target->ports[i];
    other.ports = ports;
    if (other.nports > 0)
        start_try(probe, KNOCK_PORTS, &other);
}

static void try_hosts(struct deep_probe *probe, const struct deep_target *target)
{
    for (size_t i = 0; i < target->nothers && i < DEEP_HOSTS; i++) {
        const struct deep_host *other = &target->others[i];
        struct try *try = start_try(probe, KNOCK_HOST, &(struct knock_target){
            .host = other->host, .ports = &other->port, .nports = 1});
        try->key = mem_strdup(other->key);
        try->host = mem_strdup(other->host);
    }
}

static bool has_refused(const struct attempt *attempt)
{
    return attempt->error == ECONNREFUSED;
}

static void try_again(struct deep_probe *probe)
{
    const struct evidence *run = probe->run;
    size_t tried = 0;

    probe->again = false;
    for (size_t i = 0; i < run->nattempts && tried < AGAIN_MAX; i++)
        if (has_refused(&run->attempts[i])) {
            start_try(probe, KNOCK_AGAIN, &(struct knock_target){
                .host = run->attempts[i].address, .ports = &probe->port, .nports = 1});
            tried++;
        }
}

static void look_at_failure(struct deep_probe *probe, const struct deep_target *target)
{
    try_ports(probe, target);
    try_hosts(probe, target);
    for (size_t i = 0; i < probe->run->nattempts; i++)
        probe->again |= has_refused(&probe->run->attempts[i]);
}

static void on_timer(uv_timer_t *timer);

static void wait_until(struct deep_probe *probe, clock_us until)
{
    clock_us left = until - clock_now_us();

    uv_timer_start(&probe->timer, on_timer,
                   left > 0 ? (uint64_t)(left + CLOCK_MS - 1) / CLOCK_MS : 0, 0);
}

/* libuv runs timers before it polls: after a process was stopped an answer may be
 * there already, so judge when the loop has polled once more. */
static void on_timer(uv_timer_t *timer)
{
    struct deep_probe *probe = timer->data;

    if (probe->again) {
        try_again(probe);
        wait_until(probe, probe->ends);
    } else if (!probe->last_look) {
        probe->last_look = true;
        uv_timer_start(timer, on_timer, 1, 0);
    } else {
        end_all(probe);
        settle(probe);
    }
}

struct deep_probe *deep_start(uv_loop_t *loop, struct resolver *resolver,
                              const struct deep_target *target, struct evidence *evidence,
                              struct evidence *deeper, struct findings *findings,
                              void (*done)(void *context), void *context)
{
    struct deep_probe *probe = mem_zalloc(sizeof *probe);
    clock_us now = clock_now_us();

    *probe = (struct deep_probe){.loop = loop, .resolver = resolver, .port = target->port,
                                 .run = evidence, .deeper = deeper, .findings = findings,
                                 .changed = target->changed, .done = done,
                                 .context = context};
    deeper->started = now;
    deeper->deadline = now + target->budget_us;
    probe->ends = now + (target->budget_us < DEEP_CONTRAST_US ? target->budget_us
                                                               : DEEP_CONTRAST_US);
    probe->host = mem_strdup(target->host);
    uv_update_time(loop); /* its now may be from before the verdict */
    uv_timer_init(loop, &probe->timer);
    probe->timer.data = probe;
    probe->nameservers =
        nameservers_ask(loop, target->host, deeper, on_nameservers_done, probe);
    if (has_passed(probe))
        look_at_connection(probe, target);
    else
        look_at_failure(probe, target);
    wait_until(probe, probe->again ? now + DEEP_AGAIN_US : is_over(probe) ? now : probe->ends);
    return probe;
}

void deep_cancel(struct deep_probe *probe)
{
    if (!probe)
        return;
    probe->deeper->failure = FAILURE_CANCELLED;
    release(probe);
}
