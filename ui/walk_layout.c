#include "ui/walk_layout.h"

#include "base/mem.h"
#include "guide/walk_rows.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 2 };

static void put_output_lines(struct walk_view *view, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        rows_code(&view->rows, STYLE_PLAIN, INDENT, text, n);
        text += n + (text[n] == '\n');
    }
}

/* Below the output, where it is seen when that is long. */
static void put_outcome(struct walk_view *view, const struct walk_page *page, int cols)
{
    if (page->state == WALK_RUNNING)
        walk_rows_line(&view->rows, cols, STYLE_RUN, "Running", "^C interrupts it");
    else
        walk_rows_result(&view->rows, page, cols);
}

static void put_output(struct walk_view *view, const struct walk_page *page)
{
    char *live = page->state == WALK_RUNNING ? perform_output(view->perform) : NULL;

    if (live) {
        put_output_lines(view, live);
        view->follow = true;
    } else if (page->output) {
        put_output_lines(view, page->output);
    }
    free(live);
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
    rows_open(&view->rows, cols, 0, 0);
    rows_printf(&view->rows, STYLE_HEADING, "%zu/%zu  %s", page->number, page->total,
                page->command->title);
    rows_close(&view->rows);
    walk_rows_marks(&view->rows, page, cols);
    if (page->step->note) {
        rows_blank(&view->rows);
        walk_rows_line(&view->rows, cols, STYLE_DIM, NULL, page->step->note);
    }
    walk_rows_command(&view->rows, page, cols);
    walk_rows_values(&view->rows, page, cols);
    put_output(view, page);
    put_outcome(view, page, cols);
}
