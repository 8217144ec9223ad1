/* The state of the dashboard, and what changes it: actions, results, sizes.
 * No curses here, and nothing waits: a prompt, a help page and a running check
 * are states. */
#ifndef UI_MODEL_H
#define UI_MODEL_H

#include "run/runner.h"
#include "run/session.h"
#include "ui/action.h"
#include "ui/detail.h"
#include "ui/layout.h"
#include "ui/tree.h"
#include "ui/walk_view.h"

enum focus { FOCUS_LIST, FOCUS_DETAIL };
enum overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_SETTINGS, OVERLAY_PROBLEMS,
               OVERLAY_INCIDENT };

enum { MODEL_HISTORY = 32, MODEL_FILTER_BYTES = 64 };

struct model {
    struct session *session;
    struct runner *runner; /* the dashboard's */
    char *configured;      /* what the first check connects to, for the header */
    struct check_state *states; /* one a check of the catalog; owns the results */

    /* The list. */
    struct tree tree;
    bool tree_stale;
    enum grouping grouping;
    char filter[MODEL_FILTER_BYTES + 1];
    bool failing_only;
    char **folds;
    size_t nfolds;
    char *selected; /* path of the node under the cursor */
    size_t cursor;
    int list_top;

    struct detail detail;
    size_t history[MODEL_HISTORY]; /* checks that links were followed from */
    size_t nhistory;

    /* The screen. */
    enum focus focus;
    bool zoomed;
    enum overlay overlay;
    struct rows overlay_rows;
    int overlay_top;
    char *incident; /* the text of the incident note that is open, or NULL */
    struct walk_view *walk; /* the walkthrough that is open, the dashboard's, or NULL */
    char *note; /* something to say until the next key, or NULL */
    bool prompting; /* the filter is being typed */
    bool pasting;
    bool together; /* the key came with others, in one read */
    bool burst; /* keys come faster than anybody types: a walkthrough takes them for a paste */
    bool unsettled; /* an action changed what the details show since they were laid out */
    int rows, cols;
    struct layout layout;

    /* What the dashboard has to do; it resets them. */
    bool quit, suspend, redraw;
    bool copies; /* the incident note */
    const struct check *walks; /* a walkthrough of it is to be opened, or NULL */
};

/* Starts with the tree open and the cursor on the first check. The session must
 * outlive the model. */
void model_init(struct model *model, struct session *session, bool ascii);
void model_clear(struct model *model);

/* Says something until the next key; takes the text over. */
void model_say(struct model *model, char *text);

/* Reads the settings anew, unless something runs with them. */
void model_reload(struct model *model);

/* Somebody else, a walkthrough say, has read them anew. */
void model_take_settings(struct model *model);

/* Takes one key. */
void model_key(struct model *model, const struct key *key);

/* A check's run began or went on. */
void model_changed(struct model *model, const struct check *check);

/* A check's verdict is there, and it digs deeper: live counts until model_finished. */
void model_verdict(struct model *model, const struct result *live);

/* A check's run is over; takes the result over. */
void model_finished(struct model *model, struct result *result);

/* Brings tree, layout and details up to date for a screen of that size at the
 * monotonic time now; painting reads what this leaves. */
void model_settle(struct model *model, int rows, int cols, clock_us now);

/* The index in the catalog of one of its checks. */
size_t model_index(const struct model *model, const struct check *check);

/* The selected check's index in the catalog, or catalog_count where a group or
 * nothing is selected. */
size_t model_selected_check(const struct model *model);

/* Checks by status, one a check. */
void model_count(const struct model *model, size_t counts[static STATUSES]);

/* Checks that show their verdict and dig deeper (check_state_digs). */
size_t model_digging(const struct model *model);

/* found_count of all results. */
size_t model_found(const struct model *model);

/* Counts of the verdicts, for the exit status. */
struct tally model_tally(const struct model *model);

#endif
