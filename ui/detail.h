/* The right pane: one check, or one group, as rows. The head (outcome, bar,
 * what was tried, phases) is laid out for every paint, the article only when
 * the check, its outcome, the platform or the width changes. */
#ifndef UI_DETAIL_H
#define UI_DETAIL_H

#include "base/rows.h"
#include "run/session.h"
#include "ui/tree.h"

enum { DETAIL_NO_LINK = -1 };

/* Zeroed is empty. */
struct detail {
    bool ascii;
    struct rows head, body;
    enum platform platform; /* whose fix is open */
    /* What the body was laid out for. */
    const struct check *check;
    struct article *article;
    enum status status;
    int cols;
    enum platform laid_out;
    const struct diagnosis *diagnosis; /* of the last result, or NULL; read in the update alone */
    clock_us run;                      /* when that began */
    /* How it is looked at. */
    int top;  /* first visible row of head and body together */
    int left; /* columns that code is scrolled by */
    int link; /* row of the selected link, or DETAIL_NO_LINK */
    int fix;  /* row of the body where the fixes start, or -1 without any */
    bool show_fix; /* the next update scrolls there */
};

/* What the head is made of. */
struct detail_source {
    const struct session *session;
    const struct check *check; /* NULL for a group */
    const struct check_state *state;
    const struct result *live; /* while it runs, else NULL */
    clock_us now;
    const struct node *group; /* without a check; NULL where nothing is selected */
};

/* Brings head and body up to date for a pane of cols columns. A new check is
 * looked at from its top. */
void detail_update(struct detail *detail, const struct detail_source *source, int cols);

/* Opens the fix for a platform and has the next update scroll to it. */
void detail_open_fix(struct detail *detail, enum platform platform);

/* Frees everything. */
void detail_clear(struct detail *detail);

/* Rows in all, and one of them with the rows that hold its text. */
int detail_rows(const struct detail *detail);
const struct row *detail_row(const struct detail *detail, int index, const struct rows **rows);

/* Scrolls by delta rows (or to the ends, with a large one) in a pane of height
 * rows; where it cannot, the selected link moves instead. */
void detail_scroll(struct detail *detail, int delta, int height);

/* Scrolls code sideways by delta columns. */
void detail_scroll_code(struct detail *detail, int delta);

/* The check that the selected link leads to, or NULL. */
const char *detail_link(const struct detail *detail);

/* Keeps top within the rows, and the selected link within what a pane of
 * height rows shows. */
void detail_settle(struct detail *detail, int height);

#endif
