#include "ui/walk_action.h"

#define CHAR(c) {INPUT_CHAR, c}
#define CTRL(c) {INPUT_CTRL, c}
#define NAMED(code) {code, 0}

const struct action_row *walk_action_row(enum walk_action action)
{
    static const struct action_row rows[WALK_ACTIONS] = {
        [WALK_ACTION_RUN] = {"x", "x run", "run the command, once you have said yes to it",
                             {CHAR('x')}},
        [WALK_ACTION_COPY] = {"c", "c copy", "copy the command as it is shown", {CHAR('c')}},
        [WALK_ACTION_NEXT] = {"n, Right", "n next", "the next step",
                              {CHAR('n'), NAMED(INPUT_RIGHT)}},
        [WALK_ACTION_BACK] = {"b, Left", "b back", "the step before",
                              {CHAR('b'), NAMED(INPUT_LEFT), NAMED(INPUT_BACKSPACE)}},
        [WALK_ACTION_VERIFY] = {"v", "v verify", "run the check three times (--passes), and compare",
                                {CHAR('v')}},
        [WALK_ACTION_SKIP] = {"s", "s skip", "leave the step out, and go on", {CHAR('s')}},
        [WALK_ACTION_EDIT] = {"e", "e edit", "change the command in $EDITOR before you use it",
                              {CHAR('e')}},
        [WALK_ACTION_ANSWER] = {"a", "a values", "choose the values that changing steps write",
                                {CHAR('a')}},
        [WALK_ACTION_OTHER] = {"o", "o other way",
                               "the next of the step's alternatives; what was edited as it was",
                               {CHAR('o')}},
        [WALK_ACTION_UNDO] = {"u", "u undo", "put the file back that a step changed last",
                              {CHAR('u')}},
        [WALK_ACTION_ANEW] = {"0", "0 anew", "begin this walkthrough anew", {CHAR('0')}},
        [WALK_ACTION_PLATFORM_PREVIOUS] = {"[", NULL, "the steps for the platform before",
                                           {CHAR('[')}},
        [WALK_ACTION_PLATFORM_NEXT] = {"]", "[ ] platform", "the steps for the next platform",
                                       {CHAR(']')}},
        [WALK_ACTION_UP] = {"Up, k", NULL, "scroll up", {NAMED(INPUT_UP), CHAR('k')}},
        [WALK_ACTION_DOWN] = {"Down, j", NULL, "scroll down", {NAMED(INPUT_DOWN), CHAR('j')}},
        [WALK_ACTION_PAGE_UP] = {"PgUp", NULL, "one page up", {NAMED(INPUT_PAGE_UP)}},
        [WALK_ACTION_PAGE_DOWN] = {"PgDn, Space", NULL, "one page down",
                                   {NAMED(INPUT_PAGE_DOWN), CHAR(' ')}},
        [WALK_ACTION_TOP] = {"Home, g", NULL, "the top of the page", {NAMED(INPUT_HOME), CHAR('g')}},
        [WALK_ACTION_BOTTOM] = {"End, G", NULL, "the end of the output, as it grows",
                                {NAMED(INPUT_END), CHAR('G')}},
        [WALK_ACTION_CANCEL] = {"Ctrl-C", "^C cancel", "interrupt what runs, the second time kill it",
                                {CTRL('c')}},
        [WALK_ACTION_LEAVE] = {"q, F10", "q leave",
                               "leave (begun by fix: the program); it goes on from here",
                               {CHAR('q'), NAMED(INPUT_F10)}},
        [WALK_ACTION_CLOSE] = {"Esc", NULL, "to the list of checks; it goes on from here",
                               {NAMED(INPUT_ESCAPE)}},
    };
    return &rows[action];
}

enum walk_action walk_action_of_key(const struct key *key)
{
    for (int action = WALK_ACTION_NONE + 1; action < WALK_ACTIONS; action++)
        if (action_row_has_key(walk_action_row((enum walk_action)action), key))
            return (enum walk_action)action;
    return WALK_ACTION_NONE;
}
