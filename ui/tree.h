/* The list: checks grouped under plugin and tag, as the rows that are visible
 * with the folds, the filter and the grouping of the moment. Pure data. */
#ifndef UI_TREE_H
#define UI_TREE_H

#include "catalog/catalog.h"
#include "ui/status.h"

#include <stdbool.h>
#include <stddef.h>

enum grouping { GROUP_PLUGIN_TAG, GROUP_PLUGIN, GROUP_TAG, GROUP_OUTCOME, GROUPINGS };

/* "plugin and tag", "plugin", "tag", "outcome". */
const char *grouping_name(enum grouping grouping);

/* What the list knows of a check. */
struct check_state {
    enum status status;    /* while it digs deeper that of the verdict, and until there is a
                            * new one that of the last */
    struct result *result; /* the last finished one, or NULL */
    const struct result *digging; /* the runner's, from its verdict to its end; or NULL */
    bool closer; /* it is run again to be looked at closer, and has no new verdict yet */
};

/* Whether it digs deeper, or is on its way to that with its last verdict shown. */
bool check_state_digs(const struct check_state *state);

/* The last verdict, digging deeper or not; NULL where there is none. */
const struct result *check_state_verdict(const struct check_state *state);

enum node_kind { NODE_GROUP, NODE_CHECK };

struct node {
    enum node_kind kind;
    int depth;
    char *path;        /* unique in the tree, the same after every build */
    const char *label; /* of a group; owned by the catalog */
    size_t check;      /* of a check: its index in the catalog */
    bool folded;       /* of a group */
    size_t count;      /* of a group: distinct checks in it */
    size_t failing;    /* of those, how many failed when last run */
    size_t warned;     /* and how many passed with warnings (result_warns) */
};

/* Zeroed is empty. */
struct tree {
    struct node *nodes; /* visible ones, top down */
    size_t count;
    size_t matching; /* distinct checks that pass the filter, folded or not */
};

struct tree_view {
    const struct catalog *catalog;
    const struct check_state *states; /* one a check of the catalog */
    enum grouping grouping;
    const char *filter; /* part of an id, a title or a tag; "" for all */
    bool failing_only;
    char *const *folds; /* paths of folded groups */
    size_t nfolds;
};

/* Builds the tree anew. */
void tree_build(struct tree *tree, const struct tree_view *view);
void tree_clear(struct tree *tree);

/* The node with that path; else one of the same check; else tree->count. */
size_t tree_find(const struct tree *tree, const char *path);

/* The first node of the check, or tree->count where it is not visible. */
size_t tree_find_check(const struct tree *tree, size_t check);

/* The group that the node stands in, or index itself for a node at the top. */
size_t tree_parent(const struct tree *tree, size_t index);

/* Whether a check passes the filter and, where wanted, has failed or
 * passed with warnings. */
bool tree_matches(const struct tree_view *view, size_t check);

#endif
