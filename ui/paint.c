#include "ui/paint.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/footer.h"
#include "ui/header.h"
#include "ui/overlay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *pick(const struct term *term, const char *sign, const char *ascii)
{
    return term_is_ascii(term) ? ascii : sign;
}

/* A title set into a line; the pane that has the focus is told by its style. */
static void paint_title(struct term *term, const struct rect *area, const char *title,
                        const char *note, bool focused)
{
    int end = area->col + area->cols, note_cols = text_cols(note);

    term_hline(term, area->row, area->col, area->cols);
    int used = term_put(term, area->row, area->col + 1, area->cols - 2, STYLE_PLAIN,
                        focused ? pick(term, "▶ ", "> ") : " ");
    used += term_put(term, area->row, area->col + 1 + used, area->cols - 3 - used,
                     focused ? STYLE_HEADING : STYLE_PLAIN, title);
    term_put(term, area->row, area->col + 1 + used, 1, STYLE_PLAIN, " ");
    if (note_cols > 0 && used + note_cols + 6 < area->cols) {
        term_put(term, area->row, end - note_cols - 3, 1, STYLE_PLAIN, " ");
        term_put(term, area->row, end - note_cols - 2, note_cols, STYLE_DIM, note);
        term_put(term, area->row, end - 2, 1, STYLE_PLAIN, " ");
    }
}

static int paint_group(struct term *term, const struct node *node, int row, int col, int cols)
{
    char count[32];
    int used = 0;

    used += term_put(term, row, col, cols, STYLE_PLAIN,
                     node->folded ? pick(term, "▸ ", "+ ") : pick(term, "▾ ", "- "));
    used += term_put(term, row, col + used, cols - used, STYLE_PLAIN, node->label);
    snprintf(count, sizeof count, "  %zu", node->count);
    used += term_put(term, row, col + used, cols - used, STYLE_DIM, count);
    if (node->failing) {
        snprintf(count, sizeof count, "  %s %zu",
                 status_sign(STATUS_FAIL, term_is_ascii(term)), node->failing);
        used += term_put(term, row, col + used, cols - used, STYLE_FAIL, count);
    }
    if (node->warned) {
        snprintf(count, sizeof count, "  %s %zu", warning_sign(term_is_ascii(term)), node->warned);
        used += term_put(term, row, col + used, cols - used, STYLE_WARN, count);
    }
    return used;
}

/* A pass with a warning is not all well. */
static int paint_findings(struct term *term, const struct result *result, int row, int col,
                          int cols)
{
    char *text =
        result ? found_text(found_count(&result->findings), term_is_ascii(term)) : NULL;
    int used = text ? term_put(term, row, col, cols, STYLE_PLAIN, "  ") : 0;

    if (text)
        used += term_put(term, row, col + used, cols - used, STYLE_WARN, text);
    free(text);
    return used;
}

static int paint_check(struct term *term, const struct model *model, const struct node *node,
                       int row, int col, int cols)
{
    const struct check *check = catalog_at(model->session->catalog, node->check);
    enum status status = model->states[node->check].status;
    const struct status_look *look = status_look(status);
    char word[32];

    snprintf(word, sizeof word, "%s %-*s", status_sign(status, term_is_ascii(term)),
             STATUS_WORD_COLS, look->word);
    int used = term_put(term, row, col, cols, look->style, word);
    used += term_put(term, row, col + used, cols - used, STYLE_PLAIN, "  ");
    used += term_put(term, row, col + used, cols - used, STYLE_PLAIN, check->head.title);
    if (check_state_digs(&model->states[node->check])) {
        snprintf(word, sizeof word, "  %s digging", status_sign(STATUS_RUNNING, term_is_ascii(term)));
        used += term_put(term, row, col + used, cols - used, STYLE_RUN, word);
    }
    used += paint_findings(term, check_state_verdict(&model->states[node->check]), row, col + used,
                           cols - used);
    if (used + 2 + text_cols(check->id) <= cols)
        term_put(term, row, col + used + 2, cols - used - 2, STYLE_DIM, check->id);
    return used;
}

static void paint_node(struct term *term, const struct model *model, size_t index, int row)
{
    const struct node *node = &model->tree.nodes[index];
    const struct rect *pane = &model->layout.list;
    int col = pane->col + 1 + 2 * node->depth, cols = pane->cols - 2 - 2 * node->depth;

    int used = node->kind == NODE_GROUP ? paint_group(term, node, row, col, cols)
                                        : paint_check(term, model, node, row, col, cols);
    if (index != model->cursor)
        return;
    bool focused = model->focus == FOCUS_LIST;
    term_highlight(term, row, col, used, focused ? TERM_REVERSE : TERM_BOLD);
    if (focused)
        term_cursor(term, row, col);
}

/* Esc clears also while the filter is typed, but goes back to the list first. */
static const char *why_no_checks(const struct model *model)
{
    bool at_once = model->prompting || (model->focus == FOCUS_LIST && !model->zoomed);

    if (!model->filter[0])
        return model->failing_only ? "No failure, no warning (f shows all)." : "There are no checks.";
    if (model->failing_only)
        return at_once ? "No failed check matches (Esc clears)." : "No failed check matches.";
    return at_once ? "No check matches (Esc clears)." : "No check matches.";
}

static void paint_list(struct term *term, const struct model *model)
{
    const struct rect *pane = &model->layout.list;
    char title[64], note[32];

    snprintf(title, sizeof title, "Checks by %s", grouping_name(model->grouping));
    snprintf(note, sizeof note, "%zu of %zu", model->tree.matching,
             catalog_count(model->session->catalog));
    paint_title(term, &model->layout.list_title, title, note, model->focus == FOCUS_LIST);
    if (model->focus == FOCUS_LIST)
        term_cursor(term, pane->row, pane->col);
    for (int i = 0; i < pane->rows && model->list_top + i < (int)model->tree.count; i++)
        paint_node(term, model, (size_t)(model->list_top + i), pane->row + i);
    if (model->tree.count == 0)
        term_put(term, pane->row, pane->col + 1, pane->cols - 2, STYLE_DIM, why_no_checks(model));
}

/* Draws a row from left on; a cut at either edge of code is marked. */
static void paint_row(struct term *term, const struct rows *rows, const struct row *row, int at,
                      int col, int cols, int left)
{
    int skip = row->code ? left : 0, used = 0;

    for (size_t i = 0; i < row->count && used < cols; i++) {
        const struct span *span = &rows->spans[row->first + i];
        const char *text = rows->text.data + span->start;
        size_t n = span->len;
        while (skip > 0 && n > 0) {
            uint32_t c;
            size_t step = text_decode(text, n, &c);
            skip -= text_char_cols(c);
            text += step;
            n -= step;
        }
        used += term_put_n(term, at, col + used, cols - used, span->style, text, n);
    }
    if (!row->code)
        return;
    if (left > 0 && rows_row_cols(rows, row) > 0)
        term_put(term, at, col - 1, 1, STYLE_WARN, pick(term, "«", "<"));
    if (rows_row_cols(rows, row) - left > cols)
        term_put(term, at, col + cols, 1, STYLE_WARN, pick(term, "»", ">"));
}

static const char *detail_title(const struct model *model)
{
    const struct check *check = model->detail.check;

    if (check)
        return check->head.title;
    return detail_rows(&model->detail) > 0 ? "Group" : "Nothing selected";
}

static void paint_detail(struct term *term, const struct model *model)
{
    const struct detail *detail = &model->detail;
    const struct rect *pane = &model->layout.detail;
    bool focused = model->focus == FOCUS_DETAIL;
    int total = detail_rows(detail);
    int last = detail->top + pane->rows < total ? detail->top + pane->rows : total;
    char note[48] = "";

    if (total > 0)
        snprintf(note, sizeof note, "%d-%d of %d", detail->top + 1, last, total);
    paint_title(term, &model->layout.detail_title, detail_title(model), note, focused);
    if (focused)
        term_cursor(term, pane->row, pane->col + 1);
    for (int i = detail->top; i < last; i++) {
        const struct rows *rows;
        const struct row *row = detail_row(detail, i, &rows);
        int at = pane->row + i - detail->top;
        paint_row(term, rows, row, at, pane->col + 1, pane->cols - 2, detail->left);
        if (focused && i == detail->link) {
            term_highlight(term, at, pane->col + 1, rows_row_cols(rows, row), TERM_REVERSE);
            term_cursor(term, at, pane->col + 1);
        }
    }
}

static void paint_overlay(struct term *term, const struct model *model)
{
    const struct rows *rows = &model->overlay_rows;
    struct rect title = {0, 0, 1, model->cols};
    int height = model->rows - 2, total = (int)rows->count;
    int last = model->overlay_top + height < total ? model->overlay_top + height : total;
    char note[48];

    snprintf(note, sizeof note, "%d-%d of %d", model->overlay_top + 1, last, total);
    paint_title(term, &title, overlay_title(model->overlay), note, true);
    for (int i = model->overlay_top; i < last; i++)
        paint_row(term, rows, &rows->rows[i], 1 + i - model->overlay_top, 1, model->cols - 2, 0);
    term_cursor(term, 1, 0);
}

/* Columns of a title line that neither its title nor its note can have. */
enum { TITLE_EDGE_COLS = 9, TITLE_MIN_COLS = 8 };

/* What runs nothing, and for which platform, has to be seen on the smallest screen: there its
 * name is cut, and that of the check. */
static void paint_walk_title(struct term *term, const struct walk_view *view, int cols)
{
    struct rect area = {0, 0, 1, cols};
    const char *platform = platform_title(walk_platform(view->walk));
    const char *last = strrchr(platform, ' '), *state = view->read_only ? "read-only, " : "";
    char *text = mem_printf("Fix %s", walk_check(view->walk)->head.title);
    char *note = mem_printf("%s[ %s ]", state, platform);

    if (text_cols(text) + text_cols(note) + TITLE_EDGE_COLS > cols && last) {
        free(note);
        note = mem_printf("%s%s", state, last + 1);
    }
    int left = cols - text_cols(note) - TITLE_EDGE_COLS;
    if (left >= TITLE_MIN_COLS)
        text[text_fit(text, left, NULL)] = '\0';
    paint_title(term, &area, text, note, true);
    free(text);
    free(note);
}

static void paint_walk(struct term *term, const struct model *model)
{
    const struct walk_view *view = model->walk;
    const struct rows *rows = &view->rows;
    int height = view->height, total = (int)rows->count;
    int last = view->top + height < total ? view->top + height : total;

    paint_walk_title(term, view, model->cols);
    for (int i = view->top; i < last; i++)
        paint_row(term, rows, &rows->rows[i], 1 + i - view->top, 1, model->cols - 2, 0);
    if (last < total)
        term_put(term, height, model->cols - 1, 1, STYLE_WARN, pick(term, "▼", "v"));
    term_cursor(term, 1, 0);
}

static void paint_too_small(struct term *term, const struct model *model)
{
    char text[64];

    snprintf(text, sizeof text, "%dx%d is too small, q quits", model->cols, model->rows);
    term_put(term, 0, 0, model->cols, STYLE_PLAIN, text);
    term_put(term, 1, 0, model->cols, STYLE_PLAIN, "40x10 is needed");
    term_cursor(term, 0, 0);
}

static void paint_panes(struct term *term, const struct model *model)
{
    const struct layout *layout = &model->layout;

    header_paint(term, model);
    if (layout->list.rows > 0)
        paint_list(term, model);
    if (layout->detail.rows > 0)
        paint_detail(term, model);
    if (layout->mode == LAYOUT_SIDE) {
        term_vline(term, layout->list.row, layout->divider, layout->list.rows);
        term_line(term, layout->list_title.row, layout->divider, TERM_TEE_DOWN);
    }
}

void paint(struct term *term, const struct model *model)
{
    term_erase(term);
    if (model->layout.mode == LAYOUT_TOO_SMALL) {
        paint_too_small(term, model);
    } else {
        if (model->overlay != OVERLAY_NONE)
            paint_overlay(term, model);
        else if (model->walk)
            paint_walk(term, model);
        else
            paint_panes(term, model);
        footer_paint(term, model);
    }
    term_flush(term);
}
