/* Inside the walkthrough's view: how far the question that is open has been read, and answered.
 * What it says is in ui/walk_view.h. */
#ifndef UI_WALK_QUESTION_H
#define UI_WALK_QUESTION_H

#include "ui/walk_view.h"

/* What has to be typed in the present mode. */
const char *walk_question_word(const struct walk_view *view);

/* At each layout, at the monotonic time now. Rows count that were shown without a gap. */
void walk_question_read(struct walk_view *view, clock_us now);

#endif
