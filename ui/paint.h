/* The one painter: draws the whole model; the terminal sends the difference. */
#ifndef UI_PAINT_H
#define UI_PAINT_H

#include "ui/model.h"
#include "ui/term.h"

/* Draws and flushes. The model must have been settled for term's size. */
void paint(struct term *term, const struct model *model);

#endif
