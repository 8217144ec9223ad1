#include "ui/action.h"

#define CHAR(c) {INPUT_CHAR, c}
#define CTRL(c) {INPUT_CTRL, c}
#define NAMED(code) {code, 0}

const struct action_row *action_row(enum action action)
{
    static const struct action_row rows[ACTIONS] = {
        [ACTION_UP] = {"Up, k", NULL, "one row up; in the details: scroll, then the link before",
                       {NAMED(INPUT_UP), CHAR('k')}},
        [ACTION_DOWN] = {"Down, j", NULL, "one row down; in the details: scroll, then the next link",
                         {NAMED(INPUT_DOWN), CHAR('j')}},
        [ACTION_LEFT] = {"Left, h", NULL, "fold, or go to the group; in the details: scroll code left",
                         {NAMED(INPUT_LEFT), CHAR('h')}},
        [ACTION_RIGHT] = {"Right, l", NULL, "unfold, or open; in the details: scroll code right",
                          {NAMED(INPUT_RIGHT), CHAR('l')}},
        [ACTION_TOP] = {"Home, g", NULL, "the first row", {NAMED(INPUT_HOME), CHAR('g')}},
        [ACTION_BOTTOM] = {"End, G", NULL, "the last row", {NAMED(INPUT_END), CHAR('G')}},
        [ACTION_PAGE_UP] = {"PgUp, Ctrl-B", NULL, "one page up",
                            {NAMED(INPUT_PAGE_UP), CTRL('b')}},
        [ACTION_PAGE_DOWN] = {"PgDn, Ctrl-F, Space", NULL, "one page down",
                              {NAMED(INPUT_PAGE_DOWN), CTRL('f'), CHAR(' ')}},
        [ACTION_PANE] = {"Tab", "Tab pane", "the other pane",
                         {NAMED(INPUT_TAB), NAMED(INPUT_BACKTAB)}},
        [ACTION_OPEN] = {"Enter", "Enter open", "open the check, fold the group, follow the link",
                         {NAMED(INPUT_ENTER)}},
        [ACTION_BACK] = {"Backspace", "Bksp back", "back to the check before the link",
                         {NAMED(INPUT_BACKSPACE)}},
        [ACTION_RUN] = {"r", "r run", "run the selected check, or the checks of the group",
                        {CHAR('r')}},
        [ACTION_DEEP] = {"d", "d deep",
                         "run them and look closer: what the server says, other ports and hosts",
                         {CHAR('d')}},
        [ACTION_RUN_ALL] = {"R", "R all", "run all checks that are shown", {CHAR('R')}},
        [ACTION_CANCEL] = {"Ctrl-C", "^C cancel", "cancel what runs; quit when nothing runs",
                           {CTRL('c')}},
        [ACTION_GROUP] = {"t", "t group", "group by plugin and tag, plugin, tag, outcome",
                          {CHAR('t')}},
        [ACTION_FILTER] = {"/", "/ filter", "show only ids, titles and tags that contain a text",
                           {CHAR('/')}},
        [ACTION_NEXT] = {"n", NULL, "the next check", {CHAR('n')}},
        [ACTION_PREVIOUS] = {"N", NULL, "the check before", {CHAR('N')}},
        [ACTION_FAILING] = {"f", "f failing", "show only checks that failed or have warnings", {CHAR('f')}},
        [ACTION_ZOOM] = {"z", "z zoom", "one pane alone, or both", {CHAR('z')}},
        [ACTION_TAB_PREVIOUS] = {"[", "[ ] fix for", "the fix for the platform before", {CHAR('[')}},
        [ACTION_TAB_NEXT] = {"]", NULL, "the fix for the next platform", {CHAR(']')}},
        [ACTION_TAB_1] = {"1", NULL, "the fix for Docker Compose", {CHAR('1')}},
        [ACTION_TAB_2] = {"2", NULL, "the fix for bare metal with systemd", {CHAR('2')}},
        [ACTION_TAB_3] = {"3", NULL, "the fix for Kubernetes with Helm", {CHAR('3')}},
        [ACTION_WALK] = {"w", "w walk through",
                         "walk through the fix, step by step: copy, run, verify", {CHAR('w')}},
        [ACTION_INCIDENT] = {"e", "e incident",
                             "the incident note: what was seen, done and proved in 24 hours",
                             {CHAR('e')}},
        [ACTION_COPY] = {"c", "c copy", "copy the incident note that is open, as Markdown",
                         {CHAR('c')}},
        [ACTION_SETTINGS] = {"s", "s settings",
                             "the settings: what decides, from where, what it hides, warnings",
                             {CHAR('s')}},
        [ACTION_PROBLEMS] = {"!", "! problems", "files that could not be loaded, and why",
                             {CHAR('!')}},
        [ACTION_HELP] = {"?, F1", "? help", "this help", {CHAR('?'), NAMED(INPUT_F1)}},
        [ACTION_CLOSE] = {"q, F10", "q quit", "close what is open on top, else quit",
                          {CHAR('q'), NAMED(INPUT_F10)}},
        [ACTION_ESCAPE] = {"Esc", NULL, "close what is open on top", {NAMED(INPUT_ESCAPE)}},
        [ACTION_REDRAW] = {"Ctrl-L", NULL, "paint the screen anew", {CTRL('l')}},
        [ACTION_SUSPEND] = {"Ctrl-Z", NULL, "suspend; fg comes back", {CTRL('z')}},
    };
    return &rows[action];
}

bool action_row_has_key(const struct action_row *row, const struct key *key)
{
    for (int i = 0; i < ACTION_KEYS; i++)
        if (row->keys[i].code != INPUT_NONE && row->keys[i].code == key->code &&
            row->keys[i].character == key->character)
            return true;
    return false;
}

enum action action_of_key(const struct key *key)
{
    for (int action = ACTION_NONE + 1; action < ACTIONS; action++)
        if (action_row_has_key(action_row((enum action)action), key))
            return (enum action)action;
    return ACTION_NONE;
}
