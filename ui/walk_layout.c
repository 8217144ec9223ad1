#include "ui/walk_layout.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, LABEL_COLS = 8, PROSE_COLS = 80, TAB_COLS = 4 };

static void put_line(struct walk_view *view, int cols, enum style style, const char *label,
                     const char *text)
{
    int prose = cols < PROSE_COLS ? cols : PROSE_COLS;

    rows_open(&view->rows, prose, 0, label ? LABEL_COLS : 0);
    if (label)
        rows_printf(&view->rows, STYLE_DIM, "%-*s", LABEL_COLS, label);
    rows_text(&view->rows, style, text, strlen(text));
    rows_close(&view->rows);
}

static const char *state_word(const struct walk_page *page)
{
    static const char *const words[] = {[WALK_OPEN] = "open",       [WALK_COPIED] = "copied",
                                        [WALK_RUNNING] = "running", [WALK_RAN] = "ran",
                                        [WALK_SKIPPED] = "skipped",
                                        [WALK_INTERRUPTED] = "interrupted"};
    return words[page->state];
}

static enum style state_style(const struct walk_page *page)
{
    switch (page->state) {
    case WALK_RAN:
        return page->went_well ? STYLE_PASS : STYLE_FAIL;
    case WALK_RUNNING:
        return STYLE_RUN;
    case WALK_INTERRUPTED:
        return STYLE_WARN;
    default:
        return STYLE_DIM;
    }
}

static enum style effect_style(enum effect effect)
{
    static const enum style styles[] = {[EFFECT_READS] = STYLE_PASS,
                                        [EFFECT_CHANGES_CONFIG] = STYLE_WARN,
                                        [EFFECT_RESTARTS] = STYLE_FAIL,
                                        [EFFECT_LOSES_DATA] = STYLE_FAIL};
    return styles[effect];
}

/* "reads   ran   way 1 of 2 (o)": words first, so that colour adds nothing. */
static void put_marks(struct walk_view *view, const struct walk_page *page, int cols)
{
    struct rows *rows = &view->rows;

    rows_open(rows, cols, 0, 0);
    rows_printf(rows, effect_style(page->effect), "%s", effect_name(page->effect));
    rows_printf(rows, STYLE_DIM, "   ");
    rows_printf(rows, state_style(page), "%s", state_word(page));
    if (page->step->ncommands > 1)
        rows_printf(rows, STYLE_DIM, "   way %zu of %zu (o)", page->choice + 1,
                    page->step->ncommands);
    if (page->command->terminal)
        rows_printf(rows, STYLE_DIM, "   takes the terminal");
    if (!page->step->runnable)
        rows_printf(rows, STYLE_DIM, "   a text for a file");
    if (page->edited)
        rows_printf(rows, STYLE_WARN, "   edited");
    rows_close(rows);
}

static bool is_in_value(const struct walk_page *page, size_t at)
{
    for (size_t i = 0; i < page->nspans; i++)
        if (at >= page->spans[i].start && at < page->spans[i].start + page->spans[i].len)
            return true;
    return false;
}

/* Adds n bytes of one style, clean, and begins a new row wherever one is full: what will
 * run has to be seen whole. A tab is blanks up to its stop, on the screen alone. */
static void put_piece(struct rows *rows, int cols, int *used, enum style style, const char *text,
                      size_t n)
{
    char *clean = text_sanitise(text, n, TEXT_KEEP_TABS);
    size_t len = strlen(clean);

    for (size_t at = 0, step; at < len; at += step) {
        uint32_t c;
        step = text_decode(clean + at, len - at, &c);
        bool tab = c == '\t';
        int width = tab ? TAB_COLS - *used % TAB_COLS : text_char_cols(c);
        if (*used + width > cols) {
            rows_close_code(rows);
            rows_open(rows, cols + INDENT, INDENT, 0);
            rows_text(rows, STYLE_DIM, "  ", 2);
            *used = 2;
        }
        rows_text(rows, style, tab ? "    " : clean + at, tab ? (size_t)width : step);
        *used += width;
    }
    free(clean);
}

static void put_code_line(struct walk_view *view, const struct walk_page *page, size_t start,
                          size_t end, int cols)
{
    bool comment = page->step->runnable && page->text[start] == '#';
    int used = 0;

    rows_open(&view->rows, cols, INDENT, 0);
    for (size_t from = start, to; from < end; from = to) {
        bool value = is_in_value(page, from);
        for (to = from + 1; to < end && is_in_value(page, to) == value; to++)
            continue;
        put_piece(&view->rows, cols - INDENT, &used,
                  value ? STYLE_STRONG : comment ? STYLE_COMMENT : STYLE_CODE,
                  page->text + from, to - from);
    }
    rows_close_code(&view->rows);
}

static void put_command(struct walk_view *view, const struct walk_page *page, int cols)
{
    size_t len = strlen(page->text);

    rows_blank(&view->rows);
    for (size_t start = 0; start < len;) {
        const char *feed = memchr(page->text + start, '\n', len - start);
        size_t end = feed ? (size_t)(feed - page->text) : len;
        put_code_line(view, page, start, end, cols);
        start = end + 1;
    }
    rows_blank(&view->rows);
}

static void put_values(struct walk_view *view, const struct walk_page *page, int cols)
{
    struct rows *rows = &view->rows;

    for (size_t i = 0; i < page->nvalues; i++) {
        const struct walk_value *value = &page->values[i];
        rows_open(rows, cols, 0, LABEL_COLS);
        rows_printf(rows, STYLE_DIM, "%-*s", LABEL_COLS, value->name);
        if (value->value)
            rows_printf(rows, STYLE_STRONG, "%s  ", value->value);
        rows_printf(rows, value->value ? STYLE_DIM : STYLE_WARN, "%s", value->from);
        if (page->asks && strcmp(page->asks, value->name) == 0)
            rows_printf(rows, STYLE_WARN, "  (a chooses it)");
        rows_close(rows);
    }
    if (page->blocked && !page->asks)
        put_line(view, cols, STYLE_WARN, "Blocked", page->blocked);
    else if (page->withheld)
        put_line(view, cols, STYLE_WARN, "Not run", page->withheld);
}

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
        put_line(view, cols, STYLE_RUN, "Running", "^C interrupts it");
    else if (page->outcome)
        put_line(view, cols, page->state == WALK_RAN ? state_style(page) : STYLE_PLAIN, "Result",
                 page->outcome);
}

static void put_output(struct walk_view *view, const struct walk_page *page)
{
    const struct capture *live = perform_output(view->perform);

    if (live && page->state == WALK_RUNNING) {
        capture_rows(live, WALK_OUTPUT_LINES, &view->rows);
        view->follow = true;
    } else if (page->output) {
        put_output_lines(view, page->output);
    }
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
    put_line(view, cols, STYLE_RUN, "Verify", text);
    free(text);
}

static void put_verdict(struct walk_view *view, const struct walk_proof *proof, int cols)
{
    static const char *const words[] = {[WALK_FIXED] = "FIXED", [WALK_FLAKY] = "FLAKY",
                                        [WALK_FAILING] = "STILL FAILING"};
    char *text = mem_printf("%s: %d of %d runs passed", words[proof->verdict], proof->passes,
                            proof->rounds);

    put_line(view, cols, proof->verdict == WALK_FIXED ? STYLE_PASS : STYLE_FAIL, "Verify", text);
    free(text);
    if (proof->before)
        put_line(view, cols, STYLE_PLAIN, "Before", proof->before);
    if (proof->after)
        put_line(view, cols, STYLE_PLAIN, "After", proof->after);
    if (proof->verdict == WALK_FIXED)
        return;
    if (walk_undoable(view->walk)) {
        text = mem_printf("%s was changed; u puts it back as it was", walk_undoable(view->walk));
        put_line(view, cols, STYLE_WARN, "Undo", text);
        free(text);
    }
    if (proof->next)
        put_line(view, cols, STYLE_WARN, "Next", proof->next);
}

static void put_proof(struct walk_view *view, int cols, clock_us now)
{
    const struct walk_proof *proof = walk_proof(view->walk);

    if (proof->verdict == WALK_VERIFYING)
        put_round(view, proof, cols, now);
    else if (proof->verdict != WALK_UNPROVEN)
        put_verdict(view, proof, cols);
    if (proof->verdict != WALK_UNPROVEN)
        rows_blank(&view->rows);
}

void walk_layout(struct walk_view *view, int cols, clock_us now)
{
    const struct walk_page *page = walk_page(view->walk);

    put_line(view, cols, STYLE_DIM, NULL, walk_why(view->walk));
    rows_blank(&view->rows);
    put_proof(view, cols, now);
    rows_open(&view->rows, cols, 0, 0);
    rows_printf(&view->rows, STYLE_HEADING, "%zu/%zu  %s", page->number, page->total,
                page->command->title);
    rows_close(&view->rows);
    put_marks(view, page, cols);
    if (page->step->note) {
        rows_blank(&view->rows);
        put_line(view, cols, STYLE_DIM, NULL, page->step->note);
    }
    put_command(view, page, cols);
    put_values(view, page, cols);
    put_output(view, page);
    put_outcome(view, page, cols);
}
