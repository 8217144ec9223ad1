/* The head of the right pane: what is known of a check before its article. */
#ifndef UI_HEAD_H
#define UI_HEAD_H

#include "ui/detail.h"

/* Appends the head's rows for a pane of cols columns. */
void head_layout(struct rows *rows, const struct detail_source *source, int cols);

#endif
