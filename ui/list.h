/* The left pane: cursor, folds and selection over the tree. */
#ifndef UI_LIST_H
#define UI_LIST_H

#include "ui/model.h"

/* Builds the tree anew where it is stale, and finds the selected node again. */
void list_settle(struct model *model);

/* Keeps the cursor within the visible part of the list. */
void list_scroll_to_cursor(struct model *model);

/* Moves the cursor by delta rows, as far as the list goes. */
void list_move(struct model *model, long delta);

/* Drops the filter and "failing only". */
void list_show_all(struct model *model);

/* Puts the cursor on the first row of a check, unfolding its groups; filters
 * that hide it are dropped. */
void list_select_check(struct model *model, size_t check);

/* Puts the cursor on the next check in a direction (1, -1), from one end on to the
 * other; nothing where no check is shown. */
void list_step_check(struct model *model, int direction);

/* Folds or unfolds the selected group. */
void list_toggle_fold(struct model *model);

/* Left and right: fold or go to the group; unfold. True if there was something
 * to do. */
bool list_fold_or_leave(struct model *model);
bool list_unfold(struct model *model);

/* Runs the selected check or the checks of the selected group, digging deeper or
 * not; all that are shown. */
void list_run_selected(struct model *model, bool deep);
void list_run_all(struct model *model);

/* The tree's view of the model. */
struct tree_view list_view(const struct model *model);

#endif
