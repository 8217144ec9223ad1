#include "ui/tree.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Parts the components of a path; it cannot occur in a name that was sanitised. */
#define PATH_SEPARATOR '\x1f'

/* A check under its groups; the numbers are those of their first appearance. */
struct place {
    size_t outer, inner, check;
    const char *outer_name, *inner_name; /* inner_name NULL: one level only */
};

struct places {
    struct place *items;
    size_t count;
    const char **names;
    size_t nnames;
};

const char *grouping_name(enum grouping grouping)
{
    static const char *const names[GROUPINGS] = {"plugin and tag", "plugin", "tag", "outcome"};
    return names[grouping];
}

const struct result *check_state_verdict(const struct check_state *state)
{
    return state->digging ? state->digging : state->result;
}

bool check_state_digs(const struct check_state *state)
{
    return state->digging || state->closer;
}

static bool has_failed(const struct check_state *state)
{
    const struct result *verdict = check_state_verdict(state);

    return verdict && verdict->outcome == OUTCOME_FAIL;
}

static bool warns(const struct check_state *state)
{
    return state->result && result_warns(state->result);
}

bool tree_matches(const struct tree_view *view, size_t index)
{
    const struct check *check = catalog_at(view->catalog, index);

    if (view->failing_only && !has_failed(&view->states[index]) && !warns(&view->states[index]))
        return false;
    if (text_fold_contains(check->id, view->filter) ||
        text_fold_contains(check->head.title, view->filter))
        return true;
    for (size_t i = 0; i < check->head.ntags; i++)
        if (text_fold_contains(check->head.tags[i], view->filter))
            return true;
    return false;
}

static size_t number_of(struct places *places, const char *name)
{
    for (size_t i = 0; i < places->nnames; i++)
        if (strcmp(places->names[i], name) == 0)
            return i;
    places->names = mem_grow(places->names, places->nnames, sizeof *places->names);
    places->names[places->nnames] = name;
    return places->nnames++;
}

static void add_place(struct places *places, const char *outer, const char *inner, size_t check)
{
    places->items = mem_grow(places->items, places->count, sizeof *places->items);
    struct place *place = &places->items[places->count++];
    place->check = check;
    place->outer = number_of(places, outer);
    place->outer_name = outer;
    place->inner = inner ? number_of(places, inner) : 0;
    place->inner_name = inner;
}

static void place_check(struct places *places, const struct tree_view *view, size_t index)
{
    const struct check *check = catalog_at(view->catalog, index);

    switch (view->grouping) {
    case GROUP_PLUGIN_TAG:
        for (size_t i = 0; i < check->head.ntags; i++)
            add_place(places, check->head.plugin, check->head.tags[i], index);
        break;
    case GROUP_TAG:
        for (size_t i = 0; i < check->head.ntags; i++)
            add_place(places, check->head.tags[i], NULL, index);
        break;
    case GROUP_OUTCOME:
        add_place(places, status_look(view->states[index].status)->word, NULL, index);
        break;
    default:
        add_place(places, check->head.plugin, NULL, index);
    }
}

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->outer != y->outer)
        return x->outer < y->outer ? -1 : 1;
    if (x->inner != y->inner)
        return x->inner < y->inner ? -1 : 1;
    return x->check < y->check ? -1 : x->check > y->check;
}

static bool is_folded(const struct tree_view *view, const char *path)
{
    for (size_t i = 0; i < view->nfolds; i++)
        if (strcmp(view->folds[i], path) == 0)
            return true;
    return false;
}

static struct node *add_node(struct tree *tree)
{
    tree->nodes = mem_grow(tree->nodes, tree->count, sizeof *tree->nodes);
    tree->nodes[tree->count] = (struct node){0};
    return &tree->nodes[tree->count++];
}

static bool same_group(const struct place *a, const struct place *b, int depth)
{
    return a->outer == b->outer && (depth == 0 || a->inner == b->inner);
}

/* Counts the distinct checks of the group that begins at the place. stamps has
 * one entry a check: the group that counted it last. */
static void count_group(struct node *node, const struct tree_view *view,
                        const struct places *places, size_t first, size_t *stamps)
{
    size_t mark = 2 * first + (size_t)node->depth + 1;

    for (size_t i = first; i < places->count; i++) {
        const struct place *place = &places->items[i];
        if (!same_group(place, &places->items[first], node->depth))
            break;
        if (stamps[place->check] == mark)
            continue;
        stamps[place->check] = mark;
        node->count++;
        node->failing += has_failed(&view->states[place->check]);
        node->warned += warns(&view->states[place->check]);
    }
}

/* Adds the group at depth that the place begins; true if it is folded. */
static bool add_group(struct tree *tree, const struct tree_view *view, const struct places *places,
                      size_t first, int depth, size_t *stamps)
{
    const struct place *place = &places->items[first];
    struct node *node = add_node(tree);

    node->depth = depth;
    node->label = depth == 0 ? place->outer_name : place->inner_name;
    node->path = depth == 0 ? mem_strdup(place->outer_name)
                            : mem_printf("%s%c%s", place->outer_name, PATH_SEPARATOR,
                                         place->inner_name);
    node->folded = is_folded(view, node->path);
    count_group(node, view, places, first, stamps);
    return node->folded;
}

static void add_check(struct tree *tree, const struct tree_view *view, const struct place *place)
{
    const char *inner = place->inner_name;
    struct node *node = add_node(tree);

    node->kind = NODE_CHECK;
    node->depth = inner ? 2 : 1;
    node->check = place->check;
    node->path = mem_printf("%s%c%s%c%s", place->outer_name, PATH_SEPARATOR, inner ? inner : "",
                            PATH_SEPARATOR, catalog_at(view->catalog, place->check)->id);
}

static void add_nodes(struct tree *tree, const struct tree_view *view, const struct places *places,
                      size_t *stamps)
{
    bool outer_folded = false, inner_folded = false;

    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->items[i];
        bool new_outer = i == 0 || !same_group(place, place - 1, 0);
        if (new_outer)
            outer_folded = add_group(tree, view, places, i, 0, stamps);
        if (outer_folded)
            continue;
        if (place->inner_name && (new_outer || !same_group(place, place - 1, 1)))
            inner_folded = add_group(tree, view, places, i, 1, stamps);
        if (!inner_folded)
            add_check(tree, view, place);
    }
}

void tree_clear(struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        free(tree->nodes[i].path);
    free(tree->nodes);
    *tree = (struct tree){0};
}

void tree_build(struct tree *tree, const struct tree_view *view)
{
    size_t checks = catalog_count(view->catalog);
    struct places places = {0};

    tree_clear(tree);
    /* Groups by outcome stand in the order of the statuses. */
    for (int i = 0; view->grouping == GROUP_OUTCOME && i < STATUSES; i++)
        number_of(&places, status_look((enum status)i)->word);
    for (size_t i = 0; i < checks; i++)
        if (tree_matches(view, i)) {
            place_check(&places, view, i);
            tree->matching++;
        }
    if (places.count > 0)
        qsort(places.items, places.count, sizeof *places.items, compare_places);
    size_t *stamps = mem_zalloc((checks + 1) * sizeof *stamps);
    add_nodes(tree, view, &places, stamps);
    free(stamps);
    free(places.items);
    free(places.names);
}

size_t tree_find(const struct tree *tree, const char *path)
{
    const char *last = strrchr(path, PATH_SEPARATOR);

    for (size_t i = 0; i < tree->count; i++)
        if (strcmp(tree->nodes[i].path, path) == 0)
            return i;
    for (size_t i = 0; i < tree->count && last; i++) {
        const struct node *node = &tree->nodes[i];
        if (node->kind == NODE_CHECK && strcmp(strrchr(node->path, PATH_SEPARATOR), last) == 0)
            return i;
    }
    return tree->count;
}

size_t tree_find_check(const struct tree *tree, size_t check)
{
    size_t i = 0;

    while (i < tree->count &&
           (tree->nodes[i].kind != NODE_CHECK || tree->nodes[i].check != check))
        i++;
    return i;
}

size_t tree_parent(const struct tree *tree, size_t index)
{
    size_t i = index;

    while (i > 0 && tree->nodes[i].depth >= tree->nodes[index].depth)
        i--;
    return tree->nodes[i].depth < tree->nodes[index].depth ? i : index;
}
