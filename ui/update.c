#include "ui/model.h"

#include "base/mem.h"
#include "base/text.h"
#include "ui/list.h"
#include "ui/overlay.h"

#include <limits.h>
#include <string.h>

enum { FAR = INT_MAX / 4, CODE_STEP_COLS = 8 };

static void move(struct model *model, int rows)
{
    if (model->focus == FOCUS_DETAIL)
        detail_scroll(&model->detail, rows, model->layout.detail.rows);
    else
        list_move(model, rows);
}

static int page(const struct model *model)
{
    const struct rect *pane =
        model->focus == FOCUS_DETAIL ? &model->layout.detail : &model->layout.list;
    return pane->rows > 1 ? pane->rows - 1 : 1;
}

static void go_left(struct model *model)
{
    if (model->focus == FOCUS_DETAIL)
        detail_scroll_code(&model->detail, -CODE_STEP_COLS);
    else
        list_fold_or_leave(model);
}

static void go_right(struct model *model)
{
    if (model->focus == FOCUS_DETAIL)
        detail_scroll_code(&model->detail, CODE_STEP_COLS);
    else if (!list_unfold(model))
        model->focus = FOCUS_DETAIL;
}

static void select_check(struct model *model, size_t check)
{
    list_select_check(model, check);
    model->focus = FOCUS_DETAIL;
}

static void remember(struct model *model, size_t check)
{
    if (model->nhistory == MODEL_HISTORY) {
        model->nhistory--;
        memmove(model->history, model->history + 1, model->nhistory * sizeof *model->history);
    }
    model->history[model->nhistory++] = check;
}

static void follow_link(struct model *model)
{
    const char *link = detail_link(&model->detail);
    const struct check *check = link ? catalog_find(model->session->catalog, link) : NULL;

    if (!check)
        return;
    remember(model, model_selected_check(model));
    select_check(model, model_index(model, check));
}

static void open_selected(struct model *model)
{
    if (model->focus == FOCUS_DETAIL)
        follow_link(model);
    else if (model_selected_check(model) < catalog_count(model->session->catalog))
        model->focus = FOCUS_DETAIL;
    else
        list_toggle_fold(model);
}

static void go_back(struct model *model)
{
    if (model->nhistory > 0)
        select_check(model, model->history[--model->nhistory]);
    else
        model->focus = FOCUS_LIST;
}

/* The selected check first: with several running that is the one meant. */
static void cancel_or_quit(struct model *model)
{
    const struct catalog *catalog = model->session->catalog;
    size_t index = model_selected_check(model);

    if (index < catalog_count(catalog) &&
        runner_cancel(model->runner, catalog_at(catalog, index)))
        return;
    if (runner_cancel_all(model->runner) == 0)
        model->quit = true;
}

static void turn_platform(struct model *model, int step)
{
    int next = ((int)model->detail.platform + step + PLATFORMS) % PLATFORMS;
    detail_open_fix(&model->detail, (enum platform)next);
}

static void close_top(struct model *model, bool may_quit)
{
    if (model->overlay != OVERLAY_NONE)
        overlay_close(model);
    else if (model->zoomed)
        model->zoomed = false;
    else if (model->focus == FOCUS_DETAIL)
        model->focus = FOCUS_LIST;
    else if (model->filter[0] || model->failing_only)
        list_show_all(model);
    else if (may_quit)
        model->quit = true;
}

static void walk_through(struct model *model)
{
    size_t index = model_selected_check(model);

    if (index == catalog_count(model->session->catalog))
        model_say(model, mem_strdup("w walks through the fix of a check: select one"));
    else if (runner_count(model->runner) > 0)
        model_say(model, mem_strdup("w once nothing runs: Ctrl-C cancels"));
    else
        model->walks = catalog_at(model->session->catalog, index);
}

static void act_on_list(struct model *model, enum action action)
{
    switch (action) {
    case ACTION_RUN:
        list_run_selected(model, false);
        break;
    case ACTION_DEEP:
        list_run_selected(model, true);
        break;
    case ACTION_RUN_ALL:
        list_run_all(model);
        break;
    case ACTION_GROUP:
        model->grouping = (model->grouping + 1) % GROUPINGS;
        model->tree_stale = true;
        break;
    case ACTION_FILTER:
        model->prompting = true;
        model->focus = FOCUS_LIST;
        break;
    case ACTION_WALK:
        walk_through(model);
        break;
    case ACTION_NEXT:
        list_step_check(model, 1);
        break;
    case ACTION_PREVIOUS:
        list_step_check(model, -1);
        break;
    case ACTION_FAILING:
        model->failing_only = !model->failing_only;
        model->tree_stale = true;
        break;
    default:
        break;
    }
}

static void act_on_panes(struct model *model, enum action action)
{
    switch (action) {
    case ACTION_UP:
        move(model, -1);
        break;
    case ACTION_DOWN:
        move(model, 1);
        break;
    case ACTION_LEFT:
        go_left(model);
        break;
    case ACTION_RIGHT:
        go_right(model);
        break;
    case ACTION_TOP:
        move(model, -FAR);
        break;
    case ACTION_BOTTOM:
        move(model, FAR);
        break;
    case ACTION_PAGE_UP:
        move(model, -page(model));
        break;
    case ACTION_PAGE_DOWN:
        move(model, page(model));
        break;
    case ACTION_PANE:
        model->focus = model->focus == FOCUS_LIST ? FOCUS_DETAIL : FOCUS_LIST;
        break;
    case ACTION_OPEN:
        open_selected(model);
        break;
    case ACTION_BACK:
        go_back(model);
        break;
    case ACTION_ZOOM:
        model->zoomed = !model->zoomed;
        break;
    case ACTION_TAB_PREVIOUS:
        turn_platform(model, -1);
        break;
    case ACTION_TAB_NEXT:
        turn_platform(model, 1);
        break;
    case ACTION_TAB_1:
    case ACTION_TAB_2:
    case ACTION_TAB_3:
        detail_open_fix(&model->detail, (enum platform)(action - ACTION_TAB_1));
        break;
    default:
        act_on_list(model, action);
    }
}

/* What works whatever is open. */
static bool act_anywhere(struct model *model, enum action action)
{
    switch (action) {
    case ACTION_CANCEL:
        cancel_or_quit(model);
        return true;
    case ACTION_REDRAW:
        model->redraw = true;
        return true;
    case ACTION_SUSPEND:
        model->suspend = true;
        return true;
    case ACTION_CLOSE:
        close_top(model, true);
        return true;
    case ACTION_ESCAPE:
        close_top(model, false);
        return true;
    case ACTION_HELP:
        overlay_toggle(model, OVERLAY_HELP);
        return true;
    case ACTION_SETTINGS:
        overlay_toggle(model, OVERLAY_SETTINGS);
        return true;
    case ACTION_INCIDENT:
        overlay_toggle(model, OVERLAY_INCIDENT);
        return true;
    case ACTION_PROBLEMS:
        overlay_toggle(model, OVERLAY_PROBLEMS);
        return true;
    default:
        return false;
    }
}

static void end_prompt(struct model *model, bool keep)
{
    model->prompting = false;
    if (!keep)
        model->filter[0] = '\0';
    model->tree_stale = true;
    list_settle(model);
    if (keep && model_selected_check(model) == catalog_count(model->session->catalog))
        list_step_check(model, 1);
}

static void type_character(struct model *model, uint32_t c)
{
    char bytes[5];
    size_t n = text_encode(c, bytes), len = strlen(model->filter);

    if (len + n <= MODEL_FILTER_BYTES)
        memcpy(model->filter + len, bytes, n + 1);
    model->tree_stale = true;
}

static void prompt_key(struct model *model, const struct key *key)
{
    switch (key->code) {
    case INPUT_CHAR:
        type_character(model, key->character);
        break;
    case INPUT_BACKSPACE:
        if (!model->filter[0])
            end_prompt(model, false);
        text_chop(model->filter);
        model->tree_stale = true;
        break;
    case INPUT_ENTER:
        if (!model->pasting)
            end_prompt(model, true);
        break;
    case INPUT_CTRL:
        if (key->character == 'u')
            model->filter[0] = '\0';
        else if (key->character == 'c' || key->character == 'g')
            end_prompt(model, false);
        else if (key->character == 'l' || key->character == 'z')
            act_anywhere(model, action_of_key(key));
        model->tree_stale = true;
        break;
    case INPUT_UP:
    case INPUT_DOWN:
        list_move(model, key->code == INPUT_UP ? -1 : 1);
        break;
    case INPUT_ESCAPE:
    case INPUT_F10:
        end_prompt(model, false);
        break;
    default:
        break;
    }
}

static bool is_scrolling(enum action action)
{
    return action >= ACTION_UP && action <= ACTION_PAGE_DOWN;
}

/* A walkthrough has keys of its own, but for what works whatever is open. */
static void walk_key(struct model *model, const struct key *key)
{
    bool pasted = model->pasting || model->burst;
    enum walk_typed typed = pasted            ? WALK_TYPED_PASTED
                            : model->together ? WALK_TYPED_TOGETHER
                                              : WALK_TYPED_ALONE;
    enum action action = pasted ? ACTION_NONE : action_of_key(key);

    if (action == ACTION_REDRAW || action == ACTION_SUSPEND ||
        (action == ACTION_HELP && model->walk->mode == WALK_MODE_PAGE))
        act_anywhere(model, action);
    else
        walk_view_key(model->walk, key, typed);
}

void model_key(struct model *model, const struct key *key)
{
    if (key->code == INPUT_PASTE_BEGIN || key->code == INPUT_PASTE_END) {
        model->pasting = key->code == INPUT_PASTE_BEGIN;
        return;
    }
    model_say(model, NULL);
    if (model->prompting) {
        prompt_key(model, key);
        return;
    }
    if (model->walk && model->overlay == OVERLAY_NONE) {
        walk_key(model, key);
        return;
    }
    enum action action = action_of_key(key);
    /* What is pasted is text, never commands. */
    if (model->pasting || action == ACTION_NONE)
        return;
    /* Keys may come many at once, before a paint: the details must be those of
     * the selection when they are acted on, and only then are worth the work. */
    if (model->unsettled && model->focus == FOCUS_DETAIL)
        model_settle(model, model->rows, model->cols, clock_now_us());
    model->unsettled |= model->focus == FOCUS_LIST || !is_scrolling(action);
    if (model->walk && action == ACTION_CANCEL)
        overlay_close(model);
    else if (act_anywhere(model, action))
        return;
    if (model->overlay != OVERLAY_NONE)
        overlay_act(model, action);
    else
        act_on_panes(model, action);
    list_settle(model);
}
