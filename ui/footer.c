#include "ui/footer.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABELS = 14 };

/* Most wanted first: what does not fit is left out. The way out and the help
 * come before what can be found there. */
static const enum action *labels_here(const struct model *model)
{
    static const enum action list[LABELS] = {ACTION_RUN,    ACTION_RUN_ALL, ACTION_CLOSE,
                                             ACTION_HELP,   ACTION_OPEN,    ACTION_FILTER,
                                             ACTION_DEEP,   ACTION_SETTINGS, ACTION_GROUP,
                                             ACTION_WALK,   ACTION_FAILING, ACTION_ZOOM,
                                             ACTION_PANE};
    static const enum action running[LABELS] = {ACTION_CANCEL, ACTION_RUN_ALL, ACTION_CLOSE,
                                                ACTION_HELP,   ACTION_OPEN,    ACTION_FILTER,
                                                ACTION_GROUP,  ACTION_ZOOM,    ACTION_PANE};
    static const enum action detail[LABELS] = {ACTION_RUN,   ACTION_WALK,
                                               ACTION_TAB_PREVIOUS, ACTION_CLOSE,
                                               ACTION_PANE,  ACTION_HELP,
                                               ACTION_OPEN,  ACTION_BACK,
                                               ACTION_SETTINGS, ACTION_ZOOM,
                                               ACTION_DEEP};
    static const enum action overlay[LABELS] = {ACTION_CLOSE};
    static const enum action incident[LABELS] = {ACTION_CLOSE, ACTION_COPY};

    if (model->overlay == OVERLAY_INCIDENT)
        return incident;
    if (model->overlay != OVERLAY_NONE)
        return overlay;
    if (model->focus == FOCUS_DETAIL)
        return detail;
    return runner_count(model->runner) > 0 ? running : list;
}

/* In the details Enter follows a link, and q goes back to the list. */
static const char *label_of(const struct model *model, enum action action)
{
    bool on_top = model->overlay != OVERLAY_NONE || model->focus == FOCUS_DETAIL ||
                  model->filter[0] || model->failing_only || model->zoomed;

    if (action == ACTION_CLOSE && on_top)
        return "q back";
    if (action == ACTION_OPEN && model->focus == FOCUS_DETAIL)
        return detail_link(&model->detail) ? "Enter go" : NULL;
    if (action == ACTION_BACK && model->nhistory == 0)
        return NULL;
    return action_row(action)->label;
}

/* The labels that fit. The way out is one that always does: those before it leave it its
 * place. NULL among them stands for one that makes no sense now. */
static void paint_labels(struct term *term, int row, int at, const char *const *labels,
                         size_t count, size_t way_out)
{
    int limit = term_cols(term) - 1;

    for (size_t i = 0; i < count; i++) {
        bool before = i < way_out && way_out < count && labels[way_out];
        int kept = before ? text_cols(labels[way_out]) + 2 : 0;
        if (labels[i] && at + text_cols(labels[i]) + kept <= limit)
            at += term_put(term, row, at, limit + 1 - at, STYLE_PLAIN, labels[i]) + 2;
    }
}

/* The end of what is typed stays in view, and how to leave. */
static void paint_prompt(struct term *term, const struct model *model, int row)
{
    static const char way_out[] = "   Esc clears";
    const char *filter = model->filter;
    char note[48];

    while (text_cols(filter) > model->cols - 3 - (int)sizeof way_out) {
        uint32_t c;
        filter += text_decode(filter, strlen(filter), &c);
    }
    int used = 1 + term_put(term, row, 1, model->cols - 2, STYLE_STRONG, "/");
    used += term_put(term, row, used, model->cols - used - 1, STYLE_PLAIN, filter);
    snprintf(note, sizeof note, "%s, Enter keeps, %zu match", way_out, model->tree.matching);
    term_put(term, row, used, model->cols - used, STYLE_DIM, note);
    term_cursor(term, row, used);
}

/* A value must be seen to its end, so it is cut at its start; the others hold what has to
 * be typed there. */
static void paint_question(struct term *term, const struct model *model, int row, char *question)
{
    const char *text = question, *hint = walk_view_hint(model->walk);

    while (model->walk->mode == WALK_MODE_ASK && text_cols(text) > model->cols - 3) {
        uint32_t c;
        text += text_decode(text, strlen(text), &c);
    }
    int used = 1 + term_put(term, row, 1, model->cols - 3, STYLE_STRONG, text);
    if (hint && used + 3 + text_cols(hint) < model->cols)
        term_put(term, row, used + 3, model->cols - used - 3, STYLE_DIM, hint);
    term_cursor(term, row, used);
    free(question);
}

/* What makes no sense now gives its place to what does. The help names all. */
static const char *walk_label(const struct walk_view *view, enum walk_action action)
{
    if (action == WALK_ACTION_NONE)
        return action_row(ACTION_HELP)->label;
    return walk_view_offers(view, action) ? walk_action_row(action)->label : NULL;
}

/* WALK_ACTION_NONE stands for the help, WALK_ACTIONS for the end. */
static const enum walk_action *walk_labels(const struct perform *perform)
{
    static const enum walk_action page[] = {
        WALK_ACTION_RUN,   WALK_ACTION_COPY, WALK_ACTION_NEXT, WALK_ACTION_VERIFY,
        WALK_ACTION_LEAVE, WALK_ACTION_NONE, WALK_ACTION_UNDO, WALK_ACTION_ANSWER,
        WALK_ACTION_OTHER, WALK_ACTION_EDIT, WALK_ACTION_SKIP, WALK_ACTION_BACK,
        WALK_ACTION_PLATFORM_NEXT, WALK_ACTIONS};
    static const enum walk_action running[] = {WALK_ACTION_CANCEL, WALK_ACTION_NONE,
                                               WALK_ACTIONS};
    static const enum walk_action verifying[] = {WALK_ACTION_CANCEL, WALK_ACTION_LEAVE,
                                                 WALK_ACTION_NONE, WALK_ACTIONS};

    if (perform_is_running(perform))
        return running;
    return perform_is_busy(perform) ? verifying : page;
}

static void paint_walk_labels(struct term *term, const struct model *model, int row)
{
    const enum walk_action *actions = walk_labels(model->walk->perform);
    const char *labels[LABELS];
    size_t count = 0, way_out = 0;

    for (; actions[count] != WALK_ACTIONS; count++) {
        labels[count] = walk_label(model->walk, actions[count]);
        if (actions[count] == WALK_ACTION_LEAVE)
            way_out = count;
    }
    paint_labels(term, row, 1, labels, count, way_out);
}

static enum style note_style(const struct walk_view *view)
{
    return view->bad ? STYLE_WARN : STYLE_STRONG;
}

/* A note stands whole in the rows above row: why an answer was refused quotes what was
 * typed, however long that is, before it says what is wrong with it. */
static void paint_note_above(struct term *term, const struct model *model, int row,
                             const char *note)
{
    int width = model->cols - 2, end = row;

    row -= walk_view_note_rows(note, width);
    if (row < 1)
        row = 1;
    for (; *note && row < end; row++) {
        size_t n = text_fit(note, width, NULL);
        for (int col = 0; col < model->cols; col++)
            term_put(term, row, col, 1, STYLE_PLAIN, " ");
        term_put_n(term, row, 1, width, note_style(model->walk), note, n);
        note += n;
    }
}

static void paint_walk(struct term *term, const struct model *model, int row)
{
    const struct walk_view *view = model->walk;
    char *question = walk_view_question(view);
    const char *note = walk_view_note(view);

    if (question && note)
        paint_note_above(term, model, row, note);
    if (question)
        paint_question(term, model, row, question);
    else if (note)
        paint_note_above(term, model, row + 1, note);
    else
        paint_walk_labels(term, model, row);
}

static void paint_action_labels(struct term *term, const struct model *model, int row, int at)
{
    const enum action *actions = labels_here(model);
    const char *labels[LABELS];
    size_t count = 0, way_out = 0;

    for (; count < LABELS && actions[count] != ACTION_NONE; count++) {
        labels[count] = label_of(model, actions[count]);
        if (actions[count] == ACTION_CLOSE)
            way_out = count;
    }
    paint_labels(term, row, at, labels, count, way_out);
}

void footer_paint(struct term *term, const struct model *model)
{
    int row = model->rows - 1, at = 1;

    if (model->walk && model->overlay == OVERLAY_NONE) {
        paint_walk(term, model, row);
        return;
    }
    if (model->note) {
        term_put(term, row, 1, model->cols - 2, STYLE_WARN, model->note);
        return;
    }
    if (model->prompting) {
        paint_prompt(term, model, row);
        return;
    }
    if (model->filter[0]) {
        at += term_put(term, row, at, model->cols - at, STYLE_STRONG, "/");
        at += term_put(term, row, at, model->cols / 3, STYLE_STRONG, model->filter) + 2;
    }
    paint_action_labels(term, model, row, at);
}
