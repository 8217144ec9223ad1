#include "ui/layout.h"

enum { STACKED_ROWS = 18, TALL_ROWS = 16, LIST_MIN_ROWS = 4 };

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static enum layout_mode choose_mode(int rows, int cols, bool zoomed)
{
    if (rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS)
        return LAYOUT_TOO_SMALL;
    if (zoomed)
        return LAYOUT_SINGLE;
    if (cols >= LAYOUT_SIDE_COLS)
        return LAYOUT_SIDE;
    return rows >= STACKED_ROWS ? LAYOUT_STACKED : LAYOUT_SINGLE;
}

/* A title line with the pane under it. */
static void place(struct rect *title, struct rect *pane, struct rect area)
{
    *title = (struct rect){area.row, area.col, 1, area.cols};
    *pane = (struct rect){area.row + 1, area.col, area.rows - 1, area.cols};
}

static void place_side(struct layout *layout, struct rect body)
{
    struct rect left = body, right = body;

    left.cols = clamp(body.cols * 2 / 5, 40, 64);
    layout->divider = left.cols;
    right.col = left.cols + 1;
    right.cols = body.cols - right.col;
    place(&layout->list_title, &layout->list, left);
    place(&layout->detail_title, &layout->detail, right);
}

static void place_stacked(struct layout *layout, struct rect body, int list_rows)
{
    struct rect upper = body, lower = body;
    int limit = body.rows / 3;

    upper.rows = 1 + clamp(list_rows, LIST_MIN_ROWS, limit < LIST_MIN_ROWS ? LIST_MIN_ROWS : limit);
    lower.row += upper.rows;
    lower.rows -= upper.rows;
    place(&layout->list_title, &layout->list, upper);
    place(&layout->detail_title, &layout->detail, lower);
}

struct layout layout_compute(int rows, int cols, int list_rows, bool detail_focused, bool zoomed)
{
    struct layout layout = {.mode = choose_mode(rows, cols, zoomed)};
    int header = rows >= TALL_ROWS ? 2 : 1;
    struct rect body = {header, 0, rows - header - 1, cols};

    if (layout.mode == LAYOUT_TOO_SMALL)
        return layout;
    layout.header = (struct rect){0, 0, header, cols};
    layout.footer = (struct rect){rows - 1, 0, 1, cols};
    if (layout.mode == LAYOUT_SIDE)
        place_side(&layout, body);
    else if (layout.mode == LAYOUT_STACKED)
        place_stacked(&layout, body, list_rows);
    else if (detail_focused)
        place(&layout.detail_title, &layout.detail, body);
    else
        place(&layout.list_title, &layout.list, body);
    return layout;
}
