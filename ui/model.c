#include "ui/model.h"

#include "base/mem.h"
#include "ui/list.h"
#include "ui/overlay.h"

#include <stdlib.h>
#include <string.h>

/* The target of the check that everything starts from, the first one. */
static char *describe_target(const struct session *session)
{
    const struct catalog *catalog = session->catalog;
    struct target target = {0};
    char *text;

    if (catalog_count(catalog) == 0 || !check_is_wired(catalog_at(catalog, 0)))
        return mem_strdup("no check is wired");
    check_target(catalog_at(catalog, 0), session->settings, &target);
    if (target.state == TARGET_INVALID || target.state == TARGET_UNKNOWN)
        text = mem_strdup("configuration error");
    else if (target.ntried == 0)
        text = mem_printf("%s is not set", catalog_at(catalog, 0)->keys[0]);
    else
        text = mem_printf(strchr(target.host, ':') ? "%s = [%s]:%u" : "%s = %s:%u",
                          target.tried[0].key, target.host, target.port);
    target_clear(&target);
    return text;
}

void model_init(struct model *model, struct session *session, bool ascii)
{
    size_t count = catalog_count(session->catalog);

    *model = (struct model){.session = session, .tree_stale = true};
    model->configured = describe_target(session);
    model->detail.ascii = model->overlay_rows.ascii = ascii;
    model->states = mem_zalloc((count + 1) * sizeof *model->states);
    for (size_t i = 0; i < count; i++)
        model->states[i].status = STATUS_NOT_RUN;
    list_settle(model);
    if (count > 0)
        list_select_check(model, 0);
}

void model_clear(struct model *model)
{
    for (size_t i = 0; i < catalog_count(model->session->catalog); i++)
        result_free(model->states[i].result);
    for (size_t i = 0; i < model->nfolds; i++)
        free(model->folds[i]);
    free(model->states);
    free(model->folds);
    free(model->selected);
    free(model->configured);
    free(model->note);
    free(model->incident);
    tree_clear(&model->tree);
    detail_clear(&model->detail);
    rows_clear(&model->overlay_rows);
    *model = (struct model){0};
}

void model_say(struct model *model, char *text)
{
    free(model->note);
    model->note = text;
}

void model_take_settings(struct model *model)
{
    free(model->configured);
    model->configured = describe_target(model->session);
}

void model_reload(struct model *model)
{
    struct error err = {0};

    if (runner_count(model->runner) > 0)
        return;
    if (!session_reload(model->session, &err))
        model_say(model, mem_printf("the settings are those of before: %s", err.text));
    model_take_settings(model);
}

size_t model_index(const struct model *model, const struct check *check)
{
    size_t i = 0;
    while (catalog_at(model->session->catalog, i) != check)
        i++;
    return i;
}

void model_changed(struct model *model, const struct check *check)
{
    struct check_state *state = &model->states[model_index(model, check)];

    if (state->status == STATUS_RUNNING || check_state_digs(state))
        return;
    state->status = STATUS_RUNNING;
    model->tree_stale = true;
}

void model_verdict(struct model *model, const struct result *live)
{
    struct check_state *state = &model->states[model_index(model, live->check)];

    state->digging = live;
    state->closer = false;
    state->status = status_of_outcome(live->outcome);
    model->tree_stale = true;
}

void model_finished(struct model *model, struct result *result)
{
    struct check_state *state = &model->states[model_index(model, result->check)];

    result_free(state->result);
    state->result = result;
    state->digging = NULL;
    state->closer = false;
    state->status = status_of_outcome(result->outcome);
    model->tree_stale = true;
}

size_t model_selected_check(const struct model *model)
{
    const struct tree *tree = &model->tree;

    if (model->cursor < tree->count && tree->nodes[model->cursor].kind == NODE_CHECK)
        return tree->nodes[model->cursor].check;
    return catalog_count(model->session->catalog);
}

static void settle_detail(struct model *model, clock_us now)
{
    const struct catalog *catalog = model->session->catalog;
    size_t index = model_selected_check(model);
    struct detail_source source = {.session = model->session, .now = now};

    if (index < catalog_count(catalog)) {
        source.check = catalog_at(catalog, index);
        source.state = &model->states[index];
        source.live = runner_live(model->runner, source.check);
    } else if (model->cursor < model->tree.count) {
        source.group = &model->tree.nodes[model->cursor];
    }
    detail_update(&model->detail, &source, model->layout.detail.cols - 2);
    detail_settle(&model->detail, model->layout.detail.rows);
}

void model_settle(struct model *model, int rows, int cols, clock_us now)
{
    model->rows = rows;
    model->cols = cols;
    model->unsettled = false;
    list_settle(model);
    model->layout = layout_compute(rows, cols, (int)model->tree.count,
                                   model->focus == FOCUS_DETAIL, model->zoomed);
    list_scroll_to_cursor(model);
    if (model->layout.detail.rows > 0)
        settle_detail(model, now);
    if (model->walk && (model->layout.mode == LAYOUT_TOO_SMALL || model->overlay != OVERLAY_NONE))
        walk_view_hide(model->walk);
    else if (model->walk)
        walk_view_settle(model->walk, rows - 2, cols - 2, now);
    overlay_settle(model);
}

void model_count(const struct model *model, size_t counts[static STATUSES])
{
    memset(counts, 0, STATUSES * sizeof *counts);
    for (size_t i = 0; i < catalog_count(model->session->catalog); i++)
        counts[model->states[i].status]++;
}

size_t model_digging(const struct model *model)
{
    size_t digging = 0;

    for (size_t i = 0; i < catalog_count(model->session->catalog); i++)
        digging += check_state_digs(&model->states[i]);
    return digging;
}

size_t model_found(const struct model *model)
{
    size_t found = 0;

    for (size_t i = 0; i < catalog_count(model->session->catalog); i++) {
        const struct result *result = check_state_verdict(&model->states[i]);
        found += result ? found_count(&result->findings) : 0;
    }
    return found;
}

struct tally model_tally(const struct model *model)
{
    struct tally tally = {0};

    for (size_t i = 0; i < catalog_count(model->session->catalog); i++)
        if (check_state_verdict(&model->states[i]))
            tally_add(&tally, check_state_verdict(&model->states[i]));
    return tally;
}
