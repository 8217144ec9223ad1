/* What keys do: one table, of which dispatch, help and footer are views. */
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include "ui/key.h"

#include <stddef.h>

enum action {
    ACTION_NONE,
    ACTION_UP,
    ACTION_DOWN,
    ACTION_LEFT,
    ACTION_RIGHT,
    ACTION_TOP,
    ACTION_BOTTOM,
    ACTION_PAGE_UP,
    ACTION_PAGE_DOWN,
    ACTION_PANE,
    ACTION_OPEN,
    ACTION_BACK,
    ACTION_RUN,
    ACTION_DEEP,
    ACTION_RUN_ALL,
    ACTION_CANCEL,
    ACTION_GROUP,
    ACTION_FILTER,
    ACTION_NEXT,
    ACTION_PREVIOUS,
    ACTION_FAILING,
    ACTION_ZOOM,
    ACTION_TAB_PREVIOUS,
    ACTION_TAB_NEXT,
    ACTION_TAB_1,
    ACTION_TAB_2,
    ACTION_TAB_3,
    ACTION_WALK,
    ACTION_INCIDENT,
    ACTION_COPY,
    ACTION_SETTINGS,
    ACTION_PROBLEMS,
    ACTION_HELP,
    ACTION_CLOSE,
    ACTION_ESCAPE,
    ACTION_REDRAW,
    ACTION_SUSPEND,
    ACTIONS
};

enum { ACTION_KEYS = 3 };

struct action_row {
    const char *keys_text; /* "Up, k": for the help */
    const char *label;     /* "r run": for the footer, or NULL */
    const char *help;
    struct key keys[ACTION_KEYS]; /* unused ones are INPUT_NONE */
};

/* The row of an action; action must not be ACTION_NONE. */
const struct action_row *action_row(enum action action);

/* Whether a key is one of the row's. */
bool action_row_has_key(const struct action_row *row, const struct key *key);

/* The action of a key, or ACTION_NONE. */
enum action action_of_key(const struct key *key);

#endif
