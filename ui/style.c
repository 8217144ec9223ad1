#include "ui/style.h"

#include <curses.h>

enum { DEFAULT = -1, DEPTHS = STYLE_DEPTH_256 + 1 };

struct look {
    attr_t attributes;
    short color;
};

/* Of 256 colours those that have a contrast of about 4.5 to both white and
 * black (WCAG 2.1, 1.4.3); of 8, yellow and cyan are lost on white. */
static const struct look looks[][DEPTHS] = {
    [STYLE_PLAIN] = {{A_NORMAL, DEFAULT}, {A_NORMAL, DEFAULT}, {A_NORMAL, DEFAULT}},
    [STYLE_DIM] = {{A_DIM, DEFAULT}, {A_DIM, DEFAULT}, {A_NORMAL, 243}},
    [STYLE_STRONG] = {{A_BOLD, DEFAULT}, {A_BOLD, DEFAULT}, {A_BOLD, DEFAULT}},
    [STYLE_EMPHASIS] = {{A_UNDERLINE, DEFAULT}, {A_UNDERLINE, DEFAULT}, {A_UNDERLINE, DEFAULT}},
    [STYLE_HEADING] = {{A_BOLD, DEFAULT}, {A_BOLD, DEFAULT}, {A_BOLD, DEFAULT}},
    [STYLE_CODE] = {{A_NORMAL, DEFAULT}, {A_NORMAL, DEFAULT}, {A_NORMAL, 30}},
    [STYLE_COMMENT] = {{A_DIM, DEFAULT}, {A_DIM, DEFAULT}, {A_NORMAL, 243}},
    [STYLE_LINK] = {{A_UNDERLINE, DEFAULT}, {A_UNDERLINE, DEFAULT}, {A_UNDERLINE, 32}},
    [STYLE_TAB] = {{A_NORMAL, DEFAULT}, {A_NORMAL, DEFAULT}, {A_NORMAL, DEFAULT}},
    [STYLE_TAB_CURRENT] = {{A_REVERSE, DEFAULT}, {A_REVERSE, DEFAULT}, {A_REVERSE, DEFAULT}},
    [STYLE_PASS] = {{A_NORMAL, DEFAULT}, {A_NORMAL, COLOR_GREEN}, {A_NORMAL, 28}},
    [STYLE_FAIL] = {{A_BOLD, DEFAULT}, {A_BOLD, COLOR_RED}, {A_BOLD, 160}},
    [STYLE_WARN] = {{A_BOLD, DEFAULT}, {A_NORMAL, COLOR_MAGENTA}, {A_BOLD, 130}},
    [STYLE_SKIP] = {{A_DIM, DEFAULT}, {A_DIM, DEFAULT}, {A_NORMAL, 243}},
    [STYLE_RUN] = {{A_BOLD, DEFAULT}, {A_BOLD, COLOR_BLUE}, {A_BOLD, 32}},
};

/* Pair 0 is the terminal's own. */
static short pair_of(enum style_depth depth, enum style style)
{
    return looks[style][depth].color == DEFAULT ? 0 : (short)(style + 1);
}

enum style_depth style_start(bool color)
{
    if (!color || !has_colors() || start_color() == ERR || use_default_colors() == ERR)
        return STYLE_DEPTH_MONO;
    enum style_depth depth = COLORS >= 256 ? STYLE_DEPTH_256 : STYLE_DEPTH_8;
    for (enum style style = STYLE_PLAIN; style <= STYLE_RUN; style++)
        if (pair_of(depth, style))
            init_pair(pair_of(depth, style), looks[style][depth].color, DEFAULT);
    return depth;
}

void style_set(enum style_depth depth, enum style style)
{
    attr_set(looks[style][depth].attributes, pair_of(depth, style), NULL);
}
