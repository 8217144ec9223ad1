#include "cli/progress.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/width.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct progress {
    uv_timer_t timer;
    const struct runner *runner;
    const struct sheet *sheet;
    clock_us started;
    int shown; /* columns on the screen now */
    bool ascii;
};

static size_t count_done(const struct sheet *sheet)
{
    size_t done = 0;

    for (int i = 0; i < OUTCOMES; i++)
        done += sheet->tally.outcomes[i];
    return done;
}

/* ": check.integration.smtp greeting 1.2 s": what it does, and for how long. */
static void put_live(struct buf *line, const char *lead, const struct result *live, clock_us now)
{
    const struct phase *phase = evidence_running(result_current(live));

    buf_printf(line, "%s%s", lead, live->check->id);
    if (phase)
        buf_printf(line, " %s %.1f s", phase_name(phase->kind),
                   (double)(now - phase->started) / CLOCK_SECOND);
    else if (live->evidence.ended)
        buf_puts(line, " digging deeper");
}

/* As many as fit into cols columns. */
static void put_running(struct buf *line, const struct progress *progress, clock_us now, int cols)
{
    const struct sheet *sheet = progress->sheet;
    const char *lead = ": ";

    for (size_t i = 0; i < sheet->count && text_cols(line->data) < cols; i++) {
        const struct result *live =
            sheet->results[i] ? NULL : runner_live(progress->runner, sheet->checks[i]);
        if (!live)
            continue;
        put_live(line, lead, live, now);
        lead = ", ";
    }
}

static char *compose(const struct progress *progress, int cols)
{
    const struct sheet *sheet = progress->sheet;
    clock_us now = clock_now_us();
    struct buf line = {0};

    if (sheet->options->until_pass)
        buf_printf(&line, "round %zu, ", sheet->rounds + 1);
    if (runner_count(progress->runner) == 0)
        buf_puts(&line, "waiting, ");
    else
        buf_printf(&line, "%zu of %zu done, ", count_done(sheet), sheet->count);
    buf_printf(&line, "%.1f s", (double)(now - progress->started) / CLOCK_SECOND);
    put_running(&line, progress, now, cols);
    char *text = buf_take(&line);
    if (!progress->ascii)
        return text;
    char *ascii = text_ascii(text);
    free(text);
    return ascii;
}

/* Blanks, since not every terminal knows a sequence that erases; the last column
 * stays free, since some wrap when it is written. */
static void on_timer(uv_timer_t *timer)
{
    struct progress *progress = timer->data;
    int cols = width_of(STDERR_FILENO) - 1, used;
    char *line = compose(progress, cols);
    int bytes = (int)text_fit(line, cols, &used);

    fprintf(stderr, "\r%.*s%*s", bytes, line, progress->shown > used ? progress->shown - used : 0,
            "");
    fflush(stderr);
    progress->shown = used;
    free(line);
}

struct progress *progress_start(uv_loop_t *loop, const struct runner *runner,
                                const struct sheet *sheet)
{
    if (sheet->options->quiet || !isatty(STDERR_FILENO))
        return NULL;
    struct progress *progress = mem_zalloc(sizeof *progress);
    progress->runner = runner;
    progress->sheet = sheet;
    progress->started = clock_now_us();
    progress->ascii = sheet->options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    uv_timer_init(loop, &progress->timer);
    progress->timer.data = progress;
    uv_timer_start(&progress->timer, on_timer, PROGRESS_MS, PROGRESS_MS);
    uv_unref((uv_handle_t *)&progress->timer);
    return progress;
}

void progress_hide(struct progress *progress)
{
    if (!progress || progress->shown == 0)
        return;
    fprintf(stderr, "\r%*s\r", progress->shown, "");
    fflush(stderr);
    progress->shown = 0;
}

void progress_say(struct progress *progress, const char *format, ...)
{
    va_list args;

    if (!progress)
        return;
    progress_hide(progress);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static void free_progress(uv_handle_t *timer)
{
    free(timer->data);
}

void progress_stop(struct progress *progress)
{
    if (!progress)
        return;
    progress_hide(progress);
    uv_close((uv_handle_t *)&progress->timer, free_progress);
}
