#include "ui/dashboard.h"

#include "base/mem.h"
#include "ui/list.h"
#include "ui/model.h"
#include "ui/overlay.h"
#include "ui/paint.h"
#include "ui/term.h"
#include "ui/walk_stage.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Five frames a second: the bar gains ten characters in each, and a line of
 * 400 bytes a second carries it. */
enum { FRAME_MS = 200, SIGNALS = 10 };

/* Nobody types so many characters between two rounds: it is a paste, also where the
 * terminal does not say so. It lasts until nothing came for a while. */
enum { BURST_BYTES = 16, BURST_US = 100 * CLOCK_MS };

struct dashboard {
    struct session *session;
    struct term *term;
    struct runner *runner;
    struct model model;
    struct key_decoder keys;
    struct journal *journal;
    struct walk_stage *stage;
    enum platform platform; /* of the first walkthrough; PLATFORMS: by evidence */
    const struct check *run_first; /* the check was run before its walkthrough opens, or NULL */
    bool walks_alone;       /* the program was started for the walkthrough that is open */
    bool dirty;
    bool away; /* the terminal is lent to a command */
    bool troubled; /* the journal's trouble was said */
    bool unsaved;  /* a verdict is not on the disk yet */
    int signal;
    clock_us burst_until;
    uv_poll_t input;
    uv_timer_t escape, frames;
    uv_prepare_t painter;
    uv_signal_t signals[SIGNALS];
};

static void quit(struct dashboard *dashboard)
{
    uv_stop(dashboard->session->loop);
}

/* What a step has begun is ended, and written down, before we go. */
static void leave(struct dashboard *dashboard, int number)
{
    if (dashboard->signal)
        return;
    dashboard->signal = number;
    uv_poll_stop(&dashboard->input);
    if (!walk_stage_terminate(dashboard->stage))
        quit(dashboard);
}

static void on_frame(uv_timer_t *timer)
{
    struct dashboard *dashboard = timer->data;
    dashboard->dirty = true;
}

/* Frames only while something moves; idle, no timer is left. */
static void settle_frames(struct dashboard *dashboard)
{
    bool moving = runner_count(dashboard->runner) > 0 || walk_stage_is_busy(dashboard->stage);
    bool ticking = uv_is_active((uv_handle_t *)&dashboard->frames);

    if (moving && !ticking)
        uv_timer_start(&dashboard->frames, on_frame, FRAME_MS, FRAME_MS);
    else if (!moving && ticking)
        uv_timer_stop(&dashboard->frames);
}

/* What is to be mended has to be seen first: the proof is held against it. True while the
 * check runs for that, once. */
static bool runs_first(struct dashboard *dashboard)
{
    struct model *model = &dashboard->model;
    const struct check *check = model->walks;
    bool seen = model->states[model_index(model, check)].result || !check_is_wired(check);

    if (!seen && dashboard->run_first != check) {
        dashboard->run_first = check;
        list_select_check(model, model_index(model, check));
        list_run_selected(model, false);
        dashboard->dirty = true;
    }
    return runner_count(dashboard->runner) > 0;
}

/* The last result goes along. */
static void open_walk(struct dashboard *dashboard)
{
    struct model *model = &dashboard->model;
    const struct check *check = model->walks;
    struct error err = {0};

    model->walks = NULL;
    dashboard->run_first = NULL;
    model->walk = walk_stage_open(dashboard->stage, check, dashboard->platform,
                                  model->states[model_index(model, check)].result, &err);
    dashboard->platform = PLATFORMS;
    if (!model->walk) {
        dashboard->walks_alone = false;
        model_say(model, mem_strdup(err.text));
        return;
    }
    list_select_check(model, model_index(model, check));
    if (model->note && !dashboard->journal)
        walk_view_say(model->walk, mem_strdup(model->note), true);
}

static void serve_walk(struct dashboard *dashboard)
{
    enum walk_stage_end end = walk_stage_serve(dashboard->stage);

    if (end == WALK_STAGE_OPEN)
        return;
    model_take_settings(&dashboard->model);
    dashboard->model.walk = NULL;
    dashboard->model.quit |= end == WALK_STAGE_LEFT && dashboard->walks_alone;
    dashboard->walks_alone = false;
}

static void stop(struct dashboard *dashboard)
{
    if (dashboard->model.walk)
        walk_view_hide(dashboard->model.walk);
    term_stop(dashboard->term);
}

static void do_requests(struct dashboard *dashboard)
{
    struct model *model = &dashboard->model;

    if (model->walks && !runs_first(dashboard))
        open_walk(dashboard);
    if (model->walk)
        serve_walk(dashboard);
    if (model->copies) {
        char *text = overlay_incident(INCIDENT_MARKDOWN);
        walk_stage_copy(dashboard->stage, text);
        free(text);
    }
    if (model->suspend)
        stop(dashboard);
    if (model->redraw)
        term_redraw(dashboard->term);
    if (model->quit)
        quit(dashboard);
    model->suspend = model->redraw = model->copies = false;
}

static void paint_model(struct dashboard *dashboard)
{
    dashboard->dirty = false;
    model_settle(&dashboard->model, term_rows(dashboard->term), term_cols(dashboard->term),
                 clock_now_us());
    paint(dashboard->term, &dashboard->model);
}

/* Once, until it is over: a note per check would hide the others. */
static void tell_trouble(struct dashboard *dashboard)
{
    const char *trouble = journal_trouble(dashboard->journal);

    if (trouble && !dashboard->troubled)
        model_say(&dashboard->model, mem_strdup(trouble));
    dashboard->troubled = trouble != NULL;
}

/* Verdicts that came together cost the disk once. */
static void save_verdicts(struct dashboard *dashboard)
{
    if (!dashboard->unsaved)
        return;
    dashboard->unsaved = false;
    journal_save(dashboard->journal);
    tell_trouble(dashboard);
}

/* Just before the loop waits: all that has come in is in the model. */
static void on_prepare(uv_prepare_t *prepare)
{
    struct dashboard *dashboard = prepare->data;

    save_verdicts(dashboard);
    do_requests(dashboard);
    if (dashboard->signal && !walk_stage_is_ending(dashboard->stage))
        quit(dashboard);
    if (dashboard->dirty && !dashboard->away && !dashboard->model.quit && !dashboard->signal)
        paint_model(dashboard);
    settle_frames(dashboard);
}

static void on_escape(uv_timer_t *timer);

static void take_keys(struct dashboard *dashboard)
{
    struct key key;

    while (key_next(&dashboard->keys, &key)) {
        model_key(&dashboard->model, &key);
        dashboard->dirty = true;
    }
    if (key_pending(&dashboard->keys))
        uv_timer_start(&dashboard->escape, on_escape, KEY_ESCAPE_MS, 0);
    else
        uv_timer_stop(&dashboard->escape);
}

static void on_escape(uv_timer_t *timer)
{
    struct dashboard *dashboard = timer->data;

    key_flush(&dashboard->keys);
    take_keys(dashboard);
}

/* Keys that repeat are sequences, which begin with ESC. */
static void look_for_paste(struct dashboard *dashboard, const char *bytes, size_t n)
{
    clock_us now = clock_now_us();
    bool goes_on = now < dashboard->burst_until;

    dashboard->model.together = n > 1 && bytes[0] != '\033';
    dashboard->model.burst = goes_on || (n >= BURST_BYTES && !memchr(bytes, '\033', n));
    if (dashboard->model.burst)
        dashboard->burst_until = now + BURST_US;
}

/* Drains all that waits before the next paint. */
static void on_input(uv_poll_t *poll, int status, int events)
{
    struct dashboard *dashboard = poll->data;
    char bytes[4096];
    ssize_t n;

    (void)status;
    (void)events;
    while ((n = term_read(dashboard->term, bytes, sizeof bytes)) > 0) {
        look_for_paste(dashboard, bytes, (size_t)n);
        key_feed(&dashboard->keys, bytes, (size_t)n);
        take_keys(dashboard);
    }
    if (n < 0)
        leave(dashboard, SIGHUP);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct dashboard *dashboard = handle->data;

    dashboard->dirty = true;
    switch (number) {
    case SIGWINCH:
        if (!dashboard->away)
            term_resize(dashboard->term);
        break;
    case SIGTSTP:
        if (!dashboard->away)
            stop(dashboard);
        break;
    case SIGCONT:
        if (!dashboard->away)
            term_resume(dashboard->term);
        break;
    case SIGINT:
    case SIGQUIT:
        /* A key, meant for the command or for what it left behind. */
        if (!dashboard->away)
            leave(dashboard, number);
        break;
    default:
        leave(dashboard, number);
    }
}

static void on_changed(void *context, const struct result *live)
{
    struct dashboard *dashboard = context;

    model_changed(&dashboard->model, live->check);
    dashboard->dirty = true;
}

/* Whoever ends us while we dig loses what is found, not the verdict. */
static void on_verdict(void *context, const struct result *live)
{
    struct dashboard *dashboard = context;

    journal_add_result(dashboard->journal, live, dashboard->session->vantage);
    dashboard->unsaved = true;
    model_verdict(&dashboard->model, live);
    dashboard->dirty = true;
}

static void on_finished(void *context, struct result *result)
{
    struct dashboard *dashboard = context;

    journal_add_result(dashboard->journal, result, dashboard->session->vantage);
    tell_trouble(dashboard);
    model_finished(&dashboard->model, result);
    dashboard->dirty = true;
}

static void on_stage_changed(void *context)
{
    struct dashboard *dashboard = context;
    dashboard->dirty = true;
}

static void on_said(void *context, const char *note)
{
    struct dashboard *dashboard = context;

    model_say(&dashboard->model, mem_strdup(note));
    dashboard->dirty = true;
}

/* Keys are the command's while it has the terminal. */
static void on_away(void *context, bool away)
{
    struct dashboard *dashboard = context;

    dashboard->away = away;
    dashboard->dirty = true;
    /* The rest of what had begun is the command's, or thrown away. */
    key_init(&dashboard->keys, term_lookup);
    dashboard->model.pasting = false;
    uv_timer_stop(&dashboard->escape);
    if (away)
        uv_poll_stop(&dashboard->input);
    else
        uv_poll_start(&dashboard->input, UV_READABLE | UV_DISCONNECT, on_input);
}

static void start_signals(struct dashboard *dashboard)
{
    /* All that would end the program, so that none leaves the terminal raw. */
    static const int numbers[SIGNALS] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP,
                                         SIGINT,   SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM};

    for (int i = 0; i < SIGNALS; i++) {
        uv_signal_init(dashboard->session->loop, &dashboard->signals[i]);
        dashboard->signals[i].data = dashboard;
        uv_signal_start(&dashboard->signals[i], on_signal, numbers[i]);
    }
}

static void start_handles(struct dashboard *dashboard)
{
    uv_loop_t *loop = dashboard->session->loop;

    uv_timer_init(loop, &dashboard->escape);
    uv_timer_init(loop, &dashboard->frames);
    uv_prepare_init(loop, &dashboard->painter);
    uv_poll_init(loop, &dashboard->input, term_fd(dashboard->term));
    dashboard->escape.data = dashboard->frames.data = dashboard;
    dashboard->painter.data = dashboard->input.data = dashboard;
    uv_prepare_start(&dashboard->painter, on_prepare);
    uv_poll_start(&dashboard->input, UV_READABLE | UV_DISCONNECT, on_input);
    start_signals(dashboard);
}

static void close_handles(struct dashboard *dashboard)
{
    uv_close((uv_handle_t *)&dashboard->escape, NULL);
    uv_close((uv_handle_t *)&dashboard->frames, NULL);
    uv_close((uv_handle_t *)&dashboard->painter, NULL);
    uv_close((uv_handle_t *)&dashboard->input, NULL);
    for (int i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&dashboard->signals[i], NULL);
}

/* The handles are part of the dashboard: let the loop close them, but not wait
 * for anything else. */
static void run_loop(struct dashboard *dashboard)
{
    uv_loop_t *loop = dashboard->session->loop;

    start_handles(dashboard);
    uv_run(loop, UV_RUN_DEFAULT);
    walk_stage_free(dashboard->stage);
    dashboard->model.walk = NULL;
    runner_free(dashboard->runner);
    close_handles(dashboard);
    uv_run(loop, UV_RUN_NOWAIT);
}

struct dashboard *dashboard_run(struct session *session, const struct dashboard_options *options,
                                struct error *err)
{
    const struct term_options term_options = {.color = options->color, .ascii = options->ascii};
    struct dashboard *dashboard = mem_zalloc(sizeof *dashboard);
    const struct runner_observer observer = {on_changed, on_verdict, on_finished, dashboard};

    dashboard->term = term_open(&term_options, err);
    if (!dashboard->term) {
        free(dashboard);
        return NULL;
    }
    term_crash_guard(dashboard->term);
    dashboard->session = session;
    dashboard->journal = options->journal;
    dashboard->dirty = true;
    key_init(&dashboard->keys, term_lookup);
    model_init(&dashboard->model, session, term_is_ascii(dashboard->term));
    dashboard->runner = runner_new(session->loop, session->settings, &options->runner, &observer);
    dashboard->model.runner = dashboard->runner;
    dashboard->model.walks = options->walk;
    dashboard->platform = options->platform;
    dashboard->walks_alone = options->walk != NULL;
    if (options->note)
        model_say(&dashboard->model, mem_strdup(options->note));
    dashboard->stage = walk_stage_new(
        &(struct walk_stage_options){session, dashboard->term, options->journal,
                                     options->read_only, options->rounds},
        &(struct walk_stage_observer){on_away, on_stage_changed, on_finished, on_said,
                                      dashboard});
    run_loop(dashboard);
    term_close(dashboard->term);
    return dashboard;
}

int dashboard_signal(const struct dashboard *dashboard)
{
    return dashboard->signal;
}

const struct result *dashboard_result(const struct dashboard *dashboard, size_t check)
{
    return dashboard->model.states[check].result;
}

struct tally dashboard_tally(const struct dashboard *dashboard)
{
    return model_tally(&dashboard->model);
}

void dashboard_free(struct dashboard *dashboard)
{
    if (!dashboard)
        return;
    model_clear(&dashboard->model);
    free(dashboard);
}
