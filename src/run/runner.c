#include "run/runner.h"

#include "base/mem.h"
#include "probe/deep.h"
#include "probe/tcp.h"
#include "run/hide.h"
#include "settings/proxy.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct run {
    struct run *next;
    struct runner *runner;
    struct tcp_probe *probe; /* NULL while queued, and from the verdict on */
    struct deep_probe *deep; /* after the verdict, if it digs deeper */
    bool dig;
    struct result *result;
};

struct runner {
    uv_loop_t *loop;
    struct settings *settings;
    struct runner_options options;
    struct runner_observer observer;
    struct resolver *resolver;
    struct run *runs, **tail; /* running ones and queued ones, oldest first */
    struct run *queued;       /* the first that is queued */
    size_t count, running;
    bool pumping;
};

/* Each connection is a descriptor; the soft limit is often 1,024. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

struct runner *runner_new(uv_loop_t *loop, struct settings *settings,
                          const struct runner_options *options,
                          const struct runner_observer *observer)
{
    struct runner *runner = mem_zalloc(sizeof *runner);

    runner->loop = loop;
    runner->settings = settings;
    runner->options = *options;
    runner->observer = *observer;
    runner->resolver = resolver_new(loop);
    runner->tail = &runner->runs;
    if (runner->options.concurrency == 0)
        runner->options.concurrency = RUNNER_CONCURRENCY;
    if (runner->options.concurrency > RUNNER_CONCURRENCY)
        raise_descriptor_limit();
    return runner;
}

static struct run *find_run(const struct runner *runner, const struct check *check)
{
    struct run *run = runner->runs;

    while (run && run->result->check != check)
        run = run->next;
    return run;
}

static void unlink_run(struct runner *runner, struct run *run)
{
    struct run **at = &runner->runs;

    while (*at != run)
        at = &(*at)->next;
    *at = run->next;
    if (runner->tail == &run->next)
        runner->tail = at;
    if (runner->queued == run)
        runner->queued = run->next;
    runner->count--;
}

static void finish(struct run *run)
{
    struct runner *runner = run->runner;
    struct result *result = run->result;

    unlink_run(runner, run);
    free(run);
    result_hide(result, runner->settings);
    result_conclude(result);
    runner->observer.finished(runner->observer.context, result);
}

static void on_probe_changed(void *context)
{
    const struct run *run = context;
    const struct runner_observer *observer = &run->runner->observer;

    result_hide(run->result, run->runner->settings);
    if (observer->changed)
        observer->changed(observer->context, run->result);
}

static void pump(struct runner *runner);

static void on_deep_done(void *context)
{
    struct run *run = context;
    struct runner *runner = run->runner;

    runner->running--;
    finish(run);
    pump(runner);
}

static bool is_elsewhere(const struct target *target, const struct target *mine)
{
    return target->port != mine->port || strcmp(target->host, mine->host) != 0;
}

/* The hosts and ports that the check's other keys name, which the platform does not use. */
static size_t find_others(const struct run *run, struct target *targets, struct deep_host *others)
{
    const struct check *check = run->result->check;
    const struct target *mine = &run->result->target;
    size_t count = 0;

    for (size_t i = 0; i < check->nkeys && count < DEEP_HOSTS; i++) {
        struct target *target = &targets[count];
        struct check alone = *check;
        alone.keys = &check->keys[i];
        alone.nkeys = 1;
        check_target(&alone, run->runner->settings, target);
        if (target->state == TARGET_OK && is_elsewhere(target, mine))
            others[count++] = (struct deep_host){target->host_key, target->host, target->port};
        else
            target_clear(target);
    }
    return count;
}

static enum talk_ssl ssl_of(const struct target *target)
{
    if (target->tls == TARGET_TLS_UNSET)
        return TALK_SSL_UNSET;
    return target->tls == TARGET_TLS_TRUE ? TALK_SSL_TRUE : TALK_SSL_FALSE;
}

static void add_settings_findings(struct result *result)
{
    const struct target *target = &result->target;

    if (result->proxy)
        findings_add(&result->findings, FINDING_PROXY_UNTESTED, "%s: not tested", result->proxy);
    if (target->tls_problem)
        findings_add(&result->findings, FINDING_USESSL_NOT_BOOLEAN, "%s", target->tls_problem);
    if (result->check->probe == PROBE_TCP_URL && target->tls == TARGET_TLS_FALSE)
        findings_add(&result->findings, FINDING_WEBHOOK_PLAINTEXT,
                     "the URL of %s begins with http://: nothing encrypts what is sent to it",
                     target->host_key);
}

static void dig(struct run *run)
{
    struct result *result = run->result;
    const struct check *check = result->check;
    struct target targets[DEEP_HOSTS];
    struct deep_host others[DEEP_HOSTS];
    const struct deep_target target = {.host = result->target.host,
                                       .port = result->target.port,
                                       .smtp = check->smtp,
                                       .tls = result->target.tls == TARGET_TLS_TRUE,
                                       .ssl_key = result->target.tls_key,
                                       .ssl = ssl_of(&result->target),
                                       .ports = check->contrast_ports,
                                       .nports = check->ncontrast_ports,
                                       .others = others,
                                       .nothers = find_others(run, targets, others),
                                       .budget_us = DEEP_US,
                                       .changed = on_probe_changed};

    add_settings_findings(result);
    result->deeper.started = clock_now_us();
    result_conclude(result);
    run->deep = deep_start(run->runner->loop, run->runner->resolver, &target, &result->evidence,
                           &result->deeper, &result->findings, on_deep_done, run);
    for (size_t i = 0; i < target.nothers; i++)
        target_clear(&targets[i]);
    on_probe_changed(run);
}

static void tell_verdict(const struct run *run)
{
    const struct runner_observer *observer = &run->runner->observer;

    result_hide(run->result, run->runner->settings);
    result_conclude(run->result);
    if (observer->verdict)
        observer->verdict(observer->context, run->result);
}

static void on_probe_done(void *context)
{
    struct run *run = context;

    run->probe = NULL;
    if (run->dig && run->result->evidence.failure != FAILURE_CANCELLED) {
        tell_verdict(run);
        dig(run);
    } else {
        on_deep_done(run);
    }
}

/* A run that ends without a probe ends at the moment it begins. */
static void finish_unprobed(struct run *run, enum failure_kind failure)
{
    struct evidence *evidence = &run->result->evidence;

    evidence->started = evidence->ended = clock_now_us();
    evidence->failure = failure;
    finish(run);
}

static void begin(struct run *run)
{
    struct runner *runner = run->runner;
    struct result *result = run->result;
    const struct tcp_observer observer = {on_probe_changed, on_probe_done, run};

    runner->queued = run->next;
    if (check_is_wired(result->check))
        check_target(result->check, runner->settings, &result->target);
    if (result->check->probe == PROBE_TCP_URL && result->target.tls == TARGET_TLS_TRUE)
        result->proxy = proxy_describe(runner->settings, result->target.host);
    if (!check_is_wired(result->check) || result->target.state == TARGET_UNSET) {
        finish_unprobed(run, FAILURE_NONE);
    } else if (result->target.state != TARGET_OK) {
        finish_unprobed(run, FAILURE_CONFIGURATION);
    } else {
        const struct tcp_target target = {.host = result->target.host,
                                          .port = result->target.port,
                                          .budget_us = result->budget_us,
                                          .contrast_ports = result->check->contrast_ports,
                                          .ncontrast_ports = result->check->ncontrast_ports};
        runner->running++;
        run->probe = tcp_probe_start(runner->loop, runner->resolver, &target, &result->evidence,
                                     &observer);
        on_probe_changed(run);
    }
}

/* An observer may start or cancel runs from within: the outer call goes on. */
static void pump(struct runner *runner)
{
    if (runner->pumping)
        return;
    runner->pumping = true;
    while (runner->queued && runner->running < runner->options.concurrency)
        begin(runner->queued);
    runner->pumping = false;
}

static bool start(struct runner *runner, const struct check *check, bool deep)
{
    struct run *known = find_run(runner, check);

    if (known) {
        known->dig |= deep;
        return false;
    }
    struct run *run = mem_zalloc(sizeof *run);
    run->runner = runner;
    run->dig = deep;
    run->result = mem_zalloc(sizeof *run->result);
    run->result->check = check;
    run->result->budget_us = runner->options.timeout_us ? runner->options.timeout_us
                                                        : check->timeout_us;
    *runner->tail = run;
    runner->tail = &run->next;
    runner->count++;
    if (!runner->queued)
        runner->queued = run;
    pump(runner);
    return true;
}

bool runner_start(struct runner *runner, const struct check *check)
{
    return start(runner, check, runner->options.deep);
}

bool runner_start_deep(struct runner *runner, const struct check *check)
{
    return start(runner, check, true);
}

static void cancel_deep(struct run *run)
{
    deep_cancel(run->deep);
    on_deep_done(run);
}

static void cancel(struct run *run)
{
    if (run->deep)
        cancel_deep(run);
    else if (run->probe)
        tcp_probe_cancel(run->probe);
    else
        finish_unprobed(run, FAILURE_CANCELLED);
}

bool runner_cancel(struct runner *runner, const struct check *check)
{
    struct run *run = find_run(runner, check);

    if (run)
        cancel(run);
    return run != NULL;
}

/* Nothing may begin while all end: queued ones go first. */
size_t runner_cancel_all(struct runner *runner)
{
    size_t cancelled = 0;

    while (runner->queued) {
        cancel(runner->queued);
        cancelled++;
    }
    for (; runner->runs; cancelled++)
        cancel(runner->runs);
    return cancelled;
}

const struct result *runner_live(const struct runner *runner, const struct check *check)
{
    const struct run *run = find_run(runner, check);
    return run && (run->probe || run->deep) ? run->result : NULL;
}

size_t runner_count(const struct runner *runner)
{
    return runner->count;
}

/* A verdict counts, whatever becomes of digging. */
static void finish_verdicts(struct runner *runner)
{
    struct run *next;

    runner->pumping = true; /* nothing begins any more */
    for (struct run *run = runner->runs; run; run = next) {
        next = run->next;
        if (run->deep)
            cancel_deep(run);
    }
}

static void free_finished(void *context, struct result *result)
{
    (void)context;
    result_free(result);
}

void runner_free(struct runner *runner)
{
    if (!runner)
        return;
    finish_verdicts(runner);
    runner->observer = (struct runner_observer){.finished = free_finished};
    runner_cancel_all(runner);
    resolver_free(runner->resolver);
    free(runner);
}
