/* The last line: the keys that work here, or the filter that is being typed. */
#ifndef UI_FOOTER_H
#define UI_FOOTER_H

#include "ui/model.h"
#include "ui/term.h"

/* Draws the last row of the screen. */
void footer_paint(struct term *term, const struct model *model);

#endif
