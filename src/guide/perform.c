#include "guide/perform.h"

#include "base/mem.h"
#include "guide/child.h"
#include "guide/foreground.h"
#include "settings/mask.h"

#include <stdlib.h>
#include <string.h>

struct perform {
    struct session *session;
    struct walk *walk;
    struct perform_observer observer;
    struct child *child;           /* that runs, or NULL */
    struct child **ended;          /* those that ran: what they left running may still write */
    size_t nended;
    struct foreground *foreground; /* likewise */
    struct runner *runner;
    uv_timer_t timer; /* to the next round */
    clock_us started; /* the command */
    bool verifying;
};

static void free_perform(uv_handle_t *timer)
{
    free(timer->data);
}

static void tell_changed(const struct perform *perform)
{
    if (perform->observer.changed)
        perform->observer.changed(perform->observer.context);
}

static void on_output(void *context)
{
    tell_changed(context);
}

static void on_child_ended(void *context, const struct child_end *end)
{
    struct perform *perform = context;
    char *output = perform_output(perform);

    walk_run_ended(perform->walk, end, output);
    free(output);
    perform->ended = mem_grow(perform->ended, perform->nended, sizeof *perform->ended);
    perform->ended[perform->nended++] = perform->child;
    perform->child = NULL;
    perform->observer.ended(perform->observer.context);
}

static void on_foreground_ended(void *context, const struct child_end *end)
{
    struct perform *perform = context;

    foreground_free(perform->foreground);
    perform->foreground = NULL;
    walk_run_ended(perform->walk, end, NULL);
    if (perform->observer.gave_back)
        perform->observer.gave_back(perform->observer.context);
    perform->observer.ended(perform->observer.context);
}

static bool start_captured(struct perform *perform, struct error *err)
{
    const struct walk_page *page = walk_page(perform->walk);
    const struct child_options options = {
        .text = page->text,
        .directory = page->directory,
        .limit_us = page->effect == EFFECT_READS ? CHILD_LIMIT_US : 0,
    };
    const struct child_observer observer = {on_output, on_child_ended, perform};

    perform->child = child_start(perform->session->loop, &options, &observer, err);
    return perform->child != NULL;
}

bool perform_run(struct perform *perform, int terminal)
{
    const struct walk_page *page = walk_page(perform->walk);
    struct error err = {0};
    bool ok;

    if (page->blocked || page->withheld) {
        error_set(&err, "%s", page->blocked ? page->blocked : page->withheld);
        walk_run_failed(perform->walk, err.text);
        return false;
    }
    walk_run_begins(perform->walk);
    perform->started = clock_now_us();
    if (page->terminal) {
        perform->foreground = foreground_start(perform->session->loop, terminal, page->text,
                                               page->directory, on_foreground_ended, perform,
                                               &err);
        ok = perform->foreground != NULL;
    } else {
        ok = start_captured(perform, &err);
    }
    if (!ok)
        walk_run_failed(perform->walk, err.text);
    return ok;
}

static void start_round(struct perform *perform)
{
    runner_start(perform->runner, walk_check(perform->walk));
}

static void on_pause_over(uv_timer_t *timer)
{
    start_round(timer->data);
}

static void on_round_changed(void *context, const struct result *live)
{
    (void)live;
    tell_changed(context);
}

static void on_round_finished(void *context, struct result *result)
{
    struct perform *perform = context;

    if (result->evidence.failure == FAILURE_CANCELLED)
        walk_verify_stop(perform->walk);
    /* The journal has the round before the verdict that follows from it. */
    perform->observer.verified(perform->observer.context, result);
    enum walk_verdict verdict = walk_verify_take(perform->walk, result);
    perform->verifying = verdict == WALK_VERIFYING;
    if (!perform->verifying)
        perform->observer.ended(perform->observer.context);
    else
        uv_timer_start(&perform->timer, on_pause_over, PERFORM_PAUSE_US / CLOCK_MS, 0);
}

/* A check that needs no probe ends within runner_start: the round begins on the loop, so
 * that no observer is called from within. */
void perform_verify(struct perform *perform)
{
    walk_verify(perform->walk);
    perform->verifying = true;
    uv_timer_start(&perform->timer, on_pause_over, 0, 0);
}

bool perform_cancel(struct perform *perform)
{
    if (perform->child) {
        child_interrupt(perform->child);
        return true;
    }
    if (!perform->verifying)
        return false;
    uv_timer_stop(&perform->timer);
    if (runner_cancel_all(perform->runner) == 0) {
        walk_verify_stop(perform->walk);
        perform->verifying = false;
        perform->observer.ended(perform->observer.context);
    }
    return true;
}

void perform_terminate(struct perform *perform)
{
    if (perform->child)
        child_terminate(perform->child);
    else if (perform->foreground)
        foreground_terminate(perform->foreground);
    else
        perform_cancel(perform);
}

bool perform_is_busy(const struct perform *perform)
{
    return perform_is_running(perform) || perform->verifying;
}

bool perform_is_running(const struct perform *perform)
{
    return perform->child || perform->foreground;
}

bool perform_was_interrupted(const struct perform *perform)
{
    return perform->child && child_was_interrupted(perform->child);
}

clock_us perform_elapsed(const struct perform *perform, clock_us now)
{
    return now - perform->started;
}

char *perform_output(const struct perform *perform)
{
    if (!perform->child)
        return NULL;
    char *text = capture_text(child_output(perform->child), WALK_OUTPUT_LINES);
    char *masked = mask_foreign(perform->session->settings, text);
    free(text);
    return masked;
}

char *perform_lines(const struct perform *perform)
{
    char *text = perform_output(perform);

    if (!text || capture_ends_line(child_output(perform->child)))
        return text;
    char *end = strrchr(text, '\n');
    while (end > text && end[-1] != '\n')
        end--;
    if (end)
        *end = '\0';
    return text;
}

const struct result *perform_live(const struct perform *perform)
{
    return runner_live(perform->runner, walk_check(perform->walk));
}

struct perform *perform_new(struct session *session, struct walk *walk,
                            const struct perform_observer *observer)
{
    struct perform *perform = mem_zalloc(sizeof *perform);
    const struct runner_observer rounds = {
        .changed = on_round_changed, .finished = on_round_finished, .context = perform};
    const struct runner_options options = {0};

    perform->session = session;
    perform->walk = walk;
    perform->observer = *observer;
    perform->runner = runner_new(session->loop, session->settings, &options, &rounds);
    uv_timer_init(session->loop, &perform->timer);
    perform->timer.data = perform;
    return perform;
}

void perform_free(struct perform *perform)
{
    if (!perform)
        return;
    runner_free(perform->runner);
    child_free(perform->child);
    for (size_t i = 0; i < perform->nended; i++)
        child_free(perform->ended[i]);
    free(perform->ended);
    foreground_free(perform->foreground);
    uv_close((uv_handle_t *)&perform->timer, free_perform);
}
