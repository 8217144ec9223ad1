/* The page of a walkthrough as rows. */
#ifndef UI_WALK_LAYOUT_H
#define UI_WALK_LAYOUT_H

#include "ui/walk_view.h"

/* Lays the present page out into view->rows, wrapped to cols columns: why this platform,
 * the step, its command whole, where each value came from, what became of it, its output,
 * and what the last proof said. */
void walk_layout(struct walk_view *view, int cols, clock_us now);

#endif
