#include "cli/run.h"

#include "base/mem.h"
#include "base/output.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/writer.h"
#include "run/runner.h"
#include "run/vantage.h"

#include <signal.h>
#include <stdlib.h>

/* That end the run, with a report. */
static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING = sizeof ending / sizeof *ending };

enum { DEFAULT_FOR_US = 600 * CLOCK_SECOND, DEFAULT_INTERVAL_US = 15 * CLOCK_SECOND };

/* One `run` command on its way. */
struct batch {
    struct sheet sheet;
    const struct writer *writer;
    struct runner *runner;
    struct journal *journal; /* or NULL */
    struct progress *progress;
    size_t finished; /* checks in this round */
    size_t written;  /* of them, in their order: those that the report has */
    clock_us started, round_started;
    bool cut; /* something was under way when it was stopped, digging deeper included */
    int signal;   /* that ended it, or 0 */
    bool stopped; /* by a signal or the deadline: no further round */
    uv_signal_t signals[ENDING];
    uv_timer_t deadline, pause;
    uv_prepare_t saving; /* of verdicts that came in this round of the loop */
};

static bool is_reached(const struct sheet *sheet)
{
    return sheet->passes >= sheet->options->until_pass;
}

static void write_ready(struct batch *batch)
{
    struct sheet *sheet = &batch->sheet;

    for (; batch->written < sheet->count && sheet->results[batch->written]; batch->written++) {
        const struct result *result = sheet->results[batch->written];
        if (!batch->writer->result || !sheet_shows(sheet, result))
            continue;
        progress_hide(batch->progress);
        batch->writer->result(sheet, result);
    }
}

/* Where the check stands; what is written is done. */
static size_t find_check(const struct batch *batch, const struct check *check)
{
    size_t i = batch->written;

    while (batch->sheet.checks[i] != check)
        i++;
    return i;
}

static void on_changed(void *context, const struct result *live)
{
    struct batch *batch = context;

    if (batch->writer->event)
        batch->writer->event(&batch->sheet, find_check(batch, live->check), live);
}

static clock_us or_default(clock_us asked, clock_us otherwise)
{
    return asked ? asked : otherwise;
}

static void begin_round(struct batch *batch);

static void on_pause_over(uv_timer_t *timer)
{
    begin_round(timer->data);
}

/* Waits for the time of the next round, unless there is none. */
static void plan_round(struct batch *batch)
{
    const struct options *options = batch->sheet.options;
    clock_us last = batch->started + or_default(options->for_us, DEFAULT_FOR_US);
    clock_us next = batch->round_started + or_default(options->interval_us, DEFAULT_INTERVAL_US);
    clock_us now = clock_now_us();

    if (next < now)
        next = now;
    if (batch->stopped || is_reached(&batch->sheet) || next >= last)
        return;
    uv_update_time(batch->pause.loop); /* its now may be from before the round */
    uv_timer_start(&batch->pause, on_pause_over, (uint64_t)(next - now + CLOCK_MS - 1) / CLOCK_MS,
                   0);
}

static void end_round(struct batch *batch)
{
    struct sheet *sheet = &batch->sheet;
    const size_t *outcomes = sheet->tally.outcomes;

    if (!sheet->options->until_pass)
        return;
    sheet->rounds++;
    sheet->passes = outcomes[OUTCOME_FAIL] + outcomes[OUTCOME_ERROR] ? 0 : sheet->passes + 1;
    char *counts = tally_text(&sheet->tally);
    progress_say(batch->progress, "round %zu: %s; %zu of %zu passed in a row", sheet->rounds,
                 counts, sheet->passes, sheet->options->until_pass);
    free(counts);
    plan_round(batch);
}

/* The first trouble is told, once: the rest is likely to be the same. */
static void tell_trouble(struct batch *batch, const char *text)
{
    struct sheet *sheet = &batch->sheet;

    if (!text || !*text || sheet->journal.text[0])
        return;
    error_set(&sheet->journal, "%s", text);
    progress_hide(batch->progress);
    command_warn(sheet->options, text);
}

static void put_down(struct batch *batch, const struct result *result)
{
    journal_add_result(batch->journal, result, batch->sheet.session->vantage);
    tell_trouble(batch, journal_trouble(batch->journal));
}

/* Verdicts that came together cost the disk once. */
static void on_saving(uv_prepare_t *saving)
{
    struct batch *batch = saving->data;

    uv_prepare_stop(saving);
    journal_save(batch->journal);
    tell_trouble(batch, journal_trouble(batch->journal));
}

/* Whoever ends us while we dig loses what is found, not the verdict. */
static void on_verdict(void *context, const struct result *live)
{
    struct batch *batch = context;

    put_down(batch, live);
    uv_prepare_start(&batch->saving, on_saving);
}

static void on_finished(void *context, struct result *result)
{
    struct batch *batch = context;
    struct sheet *sheet = &batch->sheet;

    on_changed(batch, result);
    put_down(batch, result);
    sheet->results[find_check(batch, result->check)] = result;
    tally_add(&sheet->tally, result);
    if (!sheet->options->until_pass)
        write_ready(batch);
    if (++batch->finished == sheet->count)
        end_round(batch);
}

static void clear_round(struct batch *batch)
{
    struct sheet *sheet = &batch->sheet;

    for (size_t i = 0; i < sheet->count; i++) {
        result_free(sheet->results[i]);
        sheet->results[i] = NULL;
    }
    sheet->tally = (struct tally){0};
    batch->finished = 0;
}

static void begin_round(struct batch *batch)
{
    struct sheet *sheet = &batch->sheet;

    clear_round(batch);
    batch->round_started = clock_now_us();
    if (sheet->options->until_pass && batch->writer->round)
        batch->writer->round(sheet);
    for (size_t i = 0; i < sheet->count; i++)
        runner_start(batch->runner, sheet->checks[i]);
}

static void stop(struct batch *batch)
{
    batch->stopped = true;
    uv_timer_stop(&batch->pause);
    batch->cut |= runner_cancel_all(batch->runner) > 0;
}

static void on_deadline(uv_timer_t *timer)
{
    stop(timer->data);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct batch *batch = handle->data;

    if (!batch->signal)
        batch->signal = number;
    stop(batch);
}

static bool is_ignored(int number)
{
    struct sigaction now;

    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

/* Under nohup(1) a lost line is to end nothing. */
static void watch_signals(struct batch *batch, uv_loop_t *loop)
{
    for (int i = 0; i < ENDING; i++) {
        uv_signal_init(loop, &batch->signals[i]);
        batch->signals[i].data = batch;
        if (ending[i] != SIGHUP || !is_ignored(SIGHUP))
            uv_signal_start(&batch->signals[i], on_signal, ending[i]);
        uv_unref((uv_handle_t *)&batch->signals[i]);
    }
}

/* Only checks and pauses keep the loop going. */
static void open_handles(struct batch *batch, uv_loop_t *loop)
{
    const struct options *options = batch->sheet.options;

    watch_signals(batch, loop);
    uv_timer_init(loop, &batch->pause);
    uv_timer_init(loop, &batch->deadline);
    uv_prepare_init(loop, &batch->saving);
    batch->pause.data = batch->deadline.data = batch->saving.data = batch;
    uv_update_time(loop);
    if (options->deadline_us)
        uv_timer_start(&batch->deadline, on_deadline, (uint64_t)options->deadline_us / CLOCK_MS, 0);
    uv_unref((uv_handle_t *)&batch->deadline);
    uv_unref((uv_handle_t *)&batch->saving);
}

static void close_handles(struct batch *batch)
{
    for (int i = 0; i < ENDING; i++)
        uv_close((uv_handle_t *)&batch->signals[i], NULL);
    uv_close((uv_handle_t *)&batch->pause, NULL);
    uv_close((uv_handle_t *)&batch->deadline, NULL);
    uv_close((uv_handle_t *)&batch->saving, NULL);
}

static void run_rounds(struct batch *batch)
{
    const struct session *session = batch->sheet.session;
    const struct options *options = batch->sheet.options;
    const struct runner_options runner = {options->timeout_us, options->concurrency, options->deep};
    const struct runner_observer observer = {on_changed, on_verdict, on_finished, batch};

    batch->started = clock_now_us();
    open_handles(batch, session->loop);
    batch->runner = runner_new(session->loop, session->settings, &runner, &observer);
    batch->progress = progress_start(session->loop, batch->runner, &batch->sheet);
    begin_round(batch);
    uv_run(session->loop, UV_RUN_DEFAULT);
    progress_stop(batch->progress);
    batch->progress = NULL;
    runner_free(batch->runner);
    close_handles(batch);
    uv_run(session->loop, UV_RUN_DEFAULT);
}

static bool is_forgiven(const struct options *options, int status)
{
    return (status == EXIT_STATUS_WARN && options->fail_on != FAIL_ON_WARN) ||
           (status == EXIT_STATUS_FAIL && options->fail_on == FAIL_ON_NEVER);
}

static int exit_status(const struct batch *batch)
{
    const struct sheet *sheet = &batch->sheet;
    bool reached = is_reached(sheet);
    int status = tally_exit_status(&sheet->tally);

    if (batch->signal && (batch->cut || !reached))
        return EXIT_STATUS_SIGNAL + batch->signal;
    if (sheet->tally.cancelled)
        return EXIT_STATUS_UNKNOWN;
    if (is_forgiven(sheet->options, status))
        status = EXIT_STATUS_OK;
    return status == EXIT_STATUS_OK && (batch->cut || !reached) ? EXIT_STATUS_UNKNOWN : status;
}

/* All verdicts are there, and stand; but nobody knows what digging would have found. */
static void tell_cut(struct batch *batch)
{
    struct sheet *sheet = &batch->sheet;

    if (!batch->cut || sheet->tally.cancelled)
        return;
    error_set(&sheet->cut,
              "digging deeper was cut short by %s: the verdicts stand, warnings may be missing",
              batch->signal ? "a signal" : "the deadline");
    command_warn(sheet->options, sheet->cut.text);
}

static void write_report(struct batch *batch)
{
    struct sheet *sheet = &batch->sheet;

    sheet->started = time(NULL);
    sheet->host = vantage_host_name();
    sheet->results = mem_zalloc(sheet->count * sizeof *sheet->results);
    if (batch->writer->begin)
        batch->writer->begin(sheet);
    run_rounds(batch);
    journal_save(batch->journal);
    tell_trouble(batch, journal_trouble(batch->journal));
    tell_cut(batch);
    write_ready(batch);
    sheet->exit_status = exit_status(batch);
    batch->writer->end(sheet);
    clear_round(batch);
    free(sheet->results);
    free(sheet->host);
}

static int run_checks(struct batch *batch)
{
    const struct options *options = batch->sheet.options;
    struct output *output = NULL;
    struct error err = {0};

    if (options->output && !(output = output_open(options->output, &err)))
        return command_complain(options, err.text);
    batch->sheet.out = output ? output_stream(output) : stdout;
    write_report(batch);
    if (batch->signal == SIGHUP && !output) /* the terminal is gone, and hears no complaint */
        return batch->sheet.exit_status;
    return command_commit_output(options, output, batch->sheet.exit_status);
}

int command_run(struct session *session, const struct options *options)
{
    struct batch batch = {.sheet = {.options = options, .session = session},
                          .writer = writer_find(options->format)};
    struct error err = {0};

    batch.sheet.checks = command_select(session, options, &batch.sheet.count);
    if (!batch.sheet.checks)
        return EXIT_STATUS_UNKNOWN;
    batch.journal = command_open_journal(session, options, &err);
    tell_trouble(&batch, err.text);
    int status = run_checks(&batch);
    journal_close(batch.journal);
    free(batch.sheet.checks);
    return status;
}
