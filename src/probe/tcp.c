#include "probe/tcp.h"

#include "base/mem.h"
#include "probe/attempts.h"
#include "probe/contrast.h"
#include "probe/nameserver.h"

#include <stdlib.h>
#include <string.h>

/* Each callback of the loop ends with notify(), after which the probe is not
 * touched: the observer may cancel it. */
struct tcp_probe {
    uv_loop_t *loop;
    uv_timer_t timer;
    struct tcp_observer observer;
    struct evidence *evidence;
    struct lookup *lookup; /* while it is pending */
    struct dial *dial;     /* from then on */
    struct attempts *attempts; /* of the dial, by its indexes */
    struct nameservers *nameservers; /* asked beside the lookup, or NULL */
    struct contrast *contrast;       /* tried beside a silence, or NULL */
    uint16_t contrast_ports[TCP_CONTRAST_PORTS];
    size_t ncontrast_ports;
    clock_us silence_at; /* when the silence has lasted long enough; 0: it has */
    bool last_look; /* the deadline passed; judged when the timer fires again */
};

static void notify(struct tcp_probe *probe)
{
    const struct tcp_observer *observer = &probe->observer;

    if (probe->evidence->ended)
        observer->done(observer->context);
    else
        observer->changed(observer->context);
}

/* Phases follow each other: the last one is the one that runs. */
static struct phase *last_phase(struct evidence *evidence)
{
    return &evidence->phases[evidence->nphases - 1];
}

static char *attempt_target(const struct attempt *attempt)
{
    bool ipv6 = strchr(attempt->address, ':');
    return mem_printf("%s%s%s:%u", ipv6 ? "[" : "", attempt->address, ipv6 ? "]" : "",
                      attempt->port);
}

static void free_probe(uv_handle_t *timer)
{
    free(timer->data);
}

/* Ends the running phase, and with it the probe. */
static void finish(struct tcp_probe *probe, enum step_status status, enum failure_kind failure)
{
    struct evidence *evidence = probe->evidence;

    attempts_free(probe->attempts, status == STEP_TIMEOUT ? STEP_TIMEOUT : STEP_CANCELLED);
    contrast_stop(probe->contrast);
    nameservers_stop(probe->nameservers);
    evidence_end_phase(evidence, status, clock_now_us());
    evidence->failure = failure;
    evidence->failed_phase = last_phase(evidence)->kind;
    evidence->ended = last_phase(evidence)->ended;
    if (probe->lookup)
        lookup_abandon(probe->lookup);
    dial_free(probe->dial);
    uv_close((uv_handle_t *)&probe->timer, free_probe);
}

static void finish_connected(struct tcp_probe *probe, size_t index)
{
    struct evidence *evidence = probe->evidence;

    last_phase(evidence)->detail = attempt_target(&evidence->attempts[index]);
    finish(probe, STEP_OK, FAILURE_NONE);
}

static void finish_unconnected(struct tcp_probe *probe)
{
    struct evidence *evidence = probe->evidence;
    const struct attempt *decisive = evidence_decisive(evidence);

    last_phase(evidence)->detail = attempt_target(decisive);
    evidence->error = decisive->error;
    finish(probe, STEP_FAILED, failure_of_attempt(decisive));
}

static void step(struct tcp_probe *probe);

static void on_attempt(void *context, size_t index)
{
    struct tcp_probe *probe = context;

    dial_ended(probe->dial, index, probe->evidence->attempts[index].error);
    step(probe);
    notify(probe);
}

static void start_attempt(struct tcp_probe *probe, size_t index)
{
    int error = attempts_start(probe->attempts, dial_address(probe->dial, index));

    if (error)
        dial_ended(probe->dial, index, error);
}

static void on_timer(uv_timer_t *timer)
{
    struct tcp_probe *probe = timer->data;

    if (probe->last_look)
        finish(probe, STEP_TIMEOUT, FAILURE_TIMEOUT);
    else
        step(probe);
    notify(probe);
}

/* libuv counts from its own idea of now, which may be old: a timer that fires
 * early is armed again by step(). */
static void wait_until(struct tcp_probe *probe, clock_us until)
{
    clock_us left = until - clock_now_us();
    uint64_t ms = left > 0 ? (uint64_t)(left + CLOCK_MS - 1) / CLOCK_MS : 0;
    uv_timer_start(&probe->timer, on_timer, ms, 0);
}

/* libuv runs timers before it polls. After a process was stopped the answer
 * may be there already: judge when the loop has polled once more. */
static void look_once_more(struct tcp_probe *probe)
{
    if (probe->last_look)
        return;
    probe->last_look = true;
    uv_timer_start(&probe->timer, on_timer, 1, 0);
}

static void step_lookup(struct tcp_probe *probe)
{
    clock_us deadline = probe->evidence->deadline;

    if (clock_now_us() < deadline)
        wait_until(probe, deadline);
    else
        look_once_more(probe);
}

/* Only now is it worth to look further: most connections are answered before. */
static void note_silence(struct tcp_probe *probe)
{
    struct dial_address addresses[CONTRAST_ATTEMPTS];
    size_t count = dial_count(probe->dial);

    if (count > CONTRAST_ATTEMPTS)
        count = CONTRAST_ATTEMPTS;
    for (size_t i = 0; i < count; i++)
        addresses[i] = *dial_address(probe->dial, i);
    probe->silence_at = 0;
    probe->contrast = contrast_start(probe->loop, addresses, count, probe->contrast_ports,
                                     probe->ncontrast_ports, probe->evidence, NULL, NULL);
}

static void step_dial(struct tcp_probe *probe)
{
    enum dial_step next;
    size_t index;
    clock_us until;

    if (probe->silence_at && clock_now_us() >= probe->silence_at)
        note_silence(probe);
    while ((next = dial_next(probe->dial, clock_now_us(), &index, &until)) == DIAL_START)
        start_attempt(probe, index);
    if (next == DIAL_WAIT)
        wait_until(probe, probe->silence_at && probe->silence_at < until ? probe->silence_at
                                                                         : until);
    else if (next == DIAL_WON)
        finish_connected(probe, index);
    else if (next == DIAL_FAILED)
        finish_unconnected(probe);
    else
        look_once_more(probe);
}

/* Goes on with whatever is possible now. */
static void step(struct tcp_probe *probe)
{
    if (probe->lookup)
        step_lookup(probe);
    else
        step_dial(probe);
}

static clock_us silence_after(clock_us budget)
{
    clock_us share = budget * 2 / 5;
    return share < TCP_SILENCE_US ? share : TCP_SILENCE_US;
}

static void start_dial(struct tcp_probe *probe, const struct addrinfo *list)
{
    struct evidence *evidence = probe->evidence;

    probe->dial = dial_new(list, evidence->deadline);
    probe->attempts = attempts_new(
        probe->loop, (struct attempt_list){&evidence->attempts, &evidence->nattempts}, on_attempt,
        probe);
    size_t count = dial_count(probe->dial);
    last_phase(evidence)->detail = mem_printf("%zu address%s", count, count == 1 ? "" : "es");
    evidence_end_phase(evidence, STEP_OK, clock_now_us());
    evidence_begin_phase(evidence, PHASE_CONNECT, clock_now_us());
    clock_us now = clock_now_us();
    probe->silence_at = now + silence_after(evidence->deadline - now);
    step(probe);
}

static void on_lookup(void *context, int error, struct addrinfo *list)
{
    struct tcp_probe *probe = context;

    probe->lookup = NULL;
    probe->evidence->lookup_error = error;
    nameservers_stop(probe->nameservers);
    probe->nameservers = NULL;
    if (error)
        finish(probe, STEP_FAILED, failure_of_lookup(probe->evidence, clock_now_us()));
    else if (clock_now_us() >= probe->evidence->deadline)
        finish(probe, STEP_TIMEOUT, FAILURE_TIMEOUT);
    else
        start_dial(probe, list);
    if (list)
        freeaddrinfo(list);
    notify(probe);
}

static void keep_contrast_ports(struct tcp_probe *probe, const struct tcp_target *target)
{
    for (size_t i = 0; i < target->ncontrast_ports; i++)
        if (target->contrast_ports[i] != target->port &&
            probe->ncontrast_ports < TCP_CONTRAST_PORTS)
            probe->contrast_ports[probe->ncontrast_ports++] = target->contrast_ports[i];
}

/* Of a name that libc takes from /etc/hosts the answers are simply not waited for. */
struct tcp_probe *tcp_probe_start(uv_loop_t *loop, struct resolver *resolver,
                                  const struct tcp_target *target, struct evidence *evidence,
                                  const struct tcp_observer *observer)
{
    struct tcp_probe *probe = mem_zalloc(sizeof *probe);

    probe->loop = loop;
    probe->observer = *observer;
    probe->evidence = evidence;
    keep_contrast_ports(probe, target);
    uv_timer_init(loop, &probe->timer);
    probe->timer.data = probe;
    evidence->started = clock_now_us();
    evidence->deadline = evidence->started + target->budget_us;
    evidence_begin_phase(evidence, PHASE_LOOKUP, clock_now_us());
    probe->nameservers = nameservers_ask(loop, target->host, evidence, NULL, NULL);
    probe->lookup = resolver_lookup(resolver, target->host, target->port, on_lookup, probe);
    step(probe);
    return probe;
}

void tcp_probe_cancel(struct tcp_probe *probe)
{
    finish(probe, STEP_CANCELLED, FAILURE_CANCELLED);
    notify(probe);
}
