/* Where the parts of the screen are, for every size. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include <stdbool.h>

struct rect {
    int row, col, rows, cols;
};

enum layout_mode {
    LAYOUT_TOO_SMALL, /* under 40x10: a note, and the keys still work */
    LAYOUT_SINGLE,    /* one pane at a time */
    LAYOUT_STACKED,   /* the list over the details */
    LAYOUT_SIDE       /* side by side, from 100 columns */
};

/* Panes hold what is under their title line; a hidden one has no rows. */
struct layout {
    enum layout_mode mode;
    struct rect header, footer;
    struct rect list_title, list;
    struct rect detail_title, detail;
    int divider; /* column of the line between the panes, with LAYOUT_SIDE */
};

enum { LAYOUT_MIN_COLS = 40, LAYOUT_MIN_ROWS = 10, LAYOUT_SIDE_COLS = 100 };

/* list_rows: how many rows the list could fill. detail_focused: which pane is
 * shown where one is; zoomed: show only that one. */
struct layout layout_compute(int rows, int cols, int list_rows, bool detail_focused, bool zoomed);

#endif
