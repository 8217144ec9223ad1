/* How the meanings of base/rows.h look: attributes, and colours that read on
 * a light and on a dark background, which itself is never painted. */
#ifndef UI_STYLE_H
#define UI_STYLE_H

#include "base/rows.h"

#include <stdbool.h>

enum style_depth { STYLE_DEPTH_MONO, STYLE_DEPTH_8, STYLE_DEPTH_256 };

/* Sets up the colours of the terminal that curses has open, where they are
 * wanted and there is a default background to keep. */
enum style_depth style_start(bool color);

/* Makes what curses draws next look like style. */
void style_set(enum style_depth depth, enum style style);

#endif
