#include "ui/list.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct tree_view list_view(const struct model *model)
{
    return (struct tree_view){
        .catalog = model->session->catalog,
        .states = model->states,
        .grouping = model->grouping,
        .filter = model->filter,
        .failing_only = model->failing_only,
        .folds = model->folds,
        .nfolds = model->nfolds,
    };
}

static void set_cursor(struct model *model, size_t index)
{
    model->cursor = index;
    free(model->selected);
    model->selected = index < model->tree.count ? mem_strdup(model->tree.nodes[index].path) : NULL;
}

void list_settle(struct model *model)
{
    const struct tree_view view = list_view(model);
    size_t last = model->cursor;

    if (!model->tree_stale)
        return;
    model->tree_stale = false;
    tree_build(&model->tree, &view);
    size_t found = model->selected ? tree_find(&model->tree, model->selected) : model->tree.count;
    if (found < model->tree.count)
        model->cursor = found;
    else if (model->tree.count > 0)
        set_cursor(model, last < model->tree.count ? last : model->tree.count - 1);
    else
        model->cursor = 0;
}

void list_scroll_to_cursor(struct model *model)
{
    int height = model->layout.list.rows, cursor = (int)model->cursor;
    int most = (int)model->tree.count - height;

    if (height <= 0)
        return;
    if (model->list_top > cursor)
        model->list_top = cursor;
    if (model->list_top < cursor - height + 1)
        model->list_top = cursor - height + 1;
    if (model->list_top > most)
        model->list_top = most;
    if (model->list_top < 0)
        model->list_top = 0;
}

void list_move(struct model *model, long delta)
{
    long last = (long)model->tree.count - 1;
    long index = (long)model->cursor;

    if (last < 0)
        return;
    index = delta > last - index ? last : index + delta;
    set_cursor(model, index < 0 ? 0 : (size_t)index);
}

static size_t find_fold(const struct model *model, const char *path)
{
    size_t i = 0;
    while (i < model->nfolds && strcmp(model->folds[i], path) != 0)
        i++;
    return i;
}

static void set_fold(struct model *model, const char *path, bool fold)
{
    size_t i = find_fold(model, path);

    if (fold == (i < model->nfolds))
        return;
    if (fold) {
        model->folds = mem_grow(model->folds, model->nfolds, sizeof *model->folds);
        model->folds[model->nfolds++] = mem_strdup(path);
    } else {
        free(model->folds[i]);
        model->folds[i] = model->folds[--model->nfolds];
    }
    model->tree_stale = true;
    list_settle(model);
}

static void unfold_all(struct model *model)
{
    while (model->nfolds > 0)
        set_fold(model, model->folds[0], false);
}

void list_show_all(struct model *model)
{
    model->filter[0] = '\0';
    model->failing_only = false;
    model->tree_stale = true;
}

void list_select_check(struct model *model, size_t check)
{
    const struct tree_view view = list_view(model);

    if (!tree_matches(&view, check)) {
        list_show_all(model);
        list_settle(model);
    }
    if (tree_find_check(&model->tree, check) == model->tree.count)
        unfold_all(model);
    size_t found = tree_find_check(&model->tree, check);
    if (found < model->tree.count)
        set_cursor(model, found);
}

void list_step_check(struct model *model, int direction)
{
    size_t count = model->tree.count;

    for (size_t i = 1; i <= count; i++) {
        size_t step = direction > 0 ? i : count - i;
        size_t index = (model->cursor + step) % count;
        if (model->tree.nodes[index].kind == NODE_CHECK) {
            set_cursor(model, index);
            return;
        }
    }
}

static const struct node *selected_node(const struct model *model)
{
    return model->cursor < model->tree.count ? &model->tree.nodes[model->cursor] : NULL;
}

void list_toggle_fold(struct model *model)
{
    const struct node *node = selected_node(model);

    if (node && node->kind == NODE_GROUP)
        set_fold(model, model->selected, !node->folded);
}

bool list_fold_or_leave(struct model *model)
{
    const struct node *node = selected_node(model);

    if (!node)
        return false;
    if (node->kind == NODE_GROUP && !node->folded)
        set_fold(model, model->selected, true);
    else
        set_cursor(model, tree_parent(&model->tree, model->cursor));
    return true;
}

bool list_unfold(struct model *model)
{
    const struct node *node = selected_node(model);

    if (!node || node->kind != NODE_GROUP)
        return false;
    if (node->folded)
        set_fold(model, model->selected, false);
    else
        list_move(model, 1);
    return true;
}

/* One that runs already is only told to dig deeper; one that digs goes on with that. What is
 * looked at closer keeps its verdict until there is another one. */
static void run_check(struct model *model, size_t index, bool deep)
{
    const struct check *check = catalog_at(model->session->catalog, index);
    struct check_state *state = &model->states[index];

    if (state->status != STATUS_RUNNING && state->status != STATUS_QUEUED && !check_state_digs(state)) {
        state->closer = deep && state->result;
        state->status = state->closer ? state->status : STATUS_QUEUED;
        model->tree_stale = true;
    }
    if (deep)
        runner_start_deep(model->runner, check);
    else
        runner_start(model->runner, check);
}

/* A tree without folds shows what a folded group holds. */
static void run_group(struct model *model, const char *path, bool deep)
{
    struct tree_view view = list_view(model);
    struct tree tree = {0};

    view.nfolds = 0;
    tree_build(&tree, &view);
    size_t group = tree_find(&tree, path);
    for (size_t i = group + 1; i < tree.count && tree.nodes[i].depth > tree.nodes[group].depth; i++)
        if (tree.nodes[i].kind == NODE_CHECK)
            run_check(model, tree.nodes[i].check, deep);
    tree_clear(&tree);
}

void list_run_selected(struct model *model, bool deep)
{
    const struct node *node = selected_node(model);

    model_reload(model);
    if (node && node->kind == NODE_CHECK)
        run_check(model, node->check, deep);
    else if (node)
        run_group(model, model->selected, deep);
}

void list_run_all(struct model *model)
{
    const struct tree_view view = list_view(model);

    model_reload(model);
    for (size_t i = 0; i < catalog_count(model->session->catalog); i++)
        if (tree_matches(&view, i))
            run_check(model, i, false);
}
