/* What keys do in a walkthrough: one table, as ui/action.h is for the rest. */
#ifndef UI_WALK_ACTION_H
#define UI_WALK_ACTION_H

#include "ui/action.h"

enum walk_action {
    WALK_ACTION_NONE,
    WALK_ACTION_RUN,
    WALK_ACTION_COPY,
    WALK_ACTION_NEXT,
    WALK_ACTION_BACK,
    WALK_ACTION_VERIFY,
    WALK_ACTION_SKIP,
    WALK_ACTION_EDIT,
    WALK_ACTION_ANSWER,
    WALK_ACTION_OTHER,
    WALK_ACTION_UNDO,
    WALK_ACTION_ANEW,
    WALK_ACTION_PLATFORM_PREVIOUS,
    WALK_ACTION_PLATFORM_NEXT,
    WALK_ACTION_UP,
    WALK_ACTION_DOWN,
    WALK_ACTION_PAGE_UP,
    WALK_ACTION_PAGE_DOWN,
    WALK_ACTION_TOP,
    WALK_ACTION_BOTTOM,
    WALK_ACTION_CANCEL,
    WALK_ACTION_LEAVE,
    WALK_ACTION_CLOSE,
    WALK_ACTIONS
};

/* The row of an action, which must not be WALK_ACTION_NONE. */
const struct action_row *walk_action_row(enum walk_action action);

/* The action of a key, or WALK_ACTION_NONE. */
enum walk_action walk_action_of_key(const struct key *key);

#endif
