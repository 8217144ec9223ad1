#include "ui/walk_layout.h"

#include "base/mem.h"
#include "guide/walk_rows.h"

#include <stdlib.h>
#include <string.h>

/* Below the output, where it is seen when that is long. */
static void put_outcome(struct walk_view *view, const struct walk_page *page, int cols,
                        clock_us now)
{
    if (page->state != WALK_RUNNING) {
        walk_rows_result(&view->rows, page, cols);
        return;
    }
    bool interrupted = perform_was_interrupted(view->perform);
    char *text = mem_printf("%.1f s; %s",
                            (double)perform_elapsed(view->perform, now) / CLOCK_SECOND,
                            interrupted ? "it was interrupted, and goes on: ^C kills it"
                                        : "^C interrupts it");
    walk_rows_line(&view->rows, cols, interrupted ? STYLE_WARN : STYLE_RUN, "Running", text);
    free(text);
}

/* What is being read stays as it is, however much comes behind it. */
static const char *output_now(struct walk_view *view, const struct walk_page *page)
{
    bool running = page->state == WALK_RUNNING;

    if (!running || view->follow) {
        free(view->output);
        view->output = NULL;
    }
    if (running && !view->output)
        view->output = perform_output(view->perform);
    return running ? view->output : page->output;
}

static void put_output(struct walk_view *view, const struct walk_page *page, int cols)
{
    const char *output = output_now(view, page);

    if (output)
        walk_rows_output(&view->rows, output, cols);
}

/* Said before consent: what cannot be taken back is consented to otherwise. */
static void put_refused_copy(struct walk_view *view, int cols)
{
    char *refusal = walk_refuse_copy(view->walk);

    if (refusal)
        walk_rows_line(&view->rows, cols, STYLE_WARN, "Undo", refusal);
    free(refusal);
}

static void put_round(struct walk_view *view, const struct walk_proof *proof, int cols,
                      clock_us now)
{
    const struct result *live = perform_live(view->perform);
    char *text;

    if (live && live->evidence.started)
        text = mem_printf("round %d of %d, %.1f s, %d passed so far; ^C gives up",
                          proof->rounds + 1, proof->wanted,
                          (double)(now - live->evidence.started) / CLOCK_SECOND, proof->passes);
    else
        text = mem_printf("round %d of %d in a moment, %d passed so far; ^C gives up",
                          proof->rounds + 1, proof->wanted, proof->passes);
    walk_rows_line(&view->rows, cols, STYLE_RUN, "Verify", text);
    free(text);
}

static void put_proof(struct walk_view *view, int cols, clock_us now)
{
    const struct walk_proof *proof = walk_proof(view->walk);

    if (proof->verdict == WALK_VERIFYING)
        put_round(view, proof, cols, now);
    else if (proof->verdict != WALK_UNPROVEN)
        walk_rows_verdict(&view->rows, view->walk, cols);
    if (proof->verdict != WALK_UNPROVEN)
        rows_blank(&view->rows);
}

void walk_layout(struct walk_view *view, int cols, clock_us now)
{
    const struct walk_page *page = walk_page(view->walk);

    walk_rows_line(&view->rows, cols, STYLE_DIM, NULL, walk_why(view->walk));
    rows_blank(&view->rows);
    put_proof(view, cols, now);
    view->title = (int)view->rows.count;
    rows_open(&view->rows, cols, 0, 0);
    rows_printf(&view->rows, STYLE_HEADING, "%zu/%zu  %s", page->number, page->total,
                page->command->title);
    rows_close(&view->rows);
    walk_rows_marks(&view->rows, page, cols);
    put_refused_copy(view, cols);
    if (page->step->note) {
        rows_blank(&view->rows);
        walk_rows_line(&view->rows, cols, STYLE_DIM, NULL, page->step->note);
    }
    rows_blank(&view->rows);
    view->command = (int)view->rows.count;
    walk_rows_command(&view->rows, page, cols);
    /* Behind its last row stands a blank one. */
    view->command_end = (int)view->rows.count - 1;
    walk_rows_values(&view->rows, page, cols);
    put_output(view, page, cols);
    put_outcome(view, page, cols, now);
}
