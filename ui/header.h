/* The top lines: what is configured, where this is seen from, counts. */
#ifndef UI_HEADER_H
#define UI_HEADER_H

#include "ui/model.h"
#include "ui/term.h"

/* Draws layout.header. */
void header_paint(struct term *term, const struct model *model);

#endif
