/* What ui/term.c (the session) and ui/term_draw.c (the screen) share. */
#ifndef UI_TERM_STATE_H
#define UI_TERM_STATE_H

#include "ui/style.h"

#include <curses.h>
#include <stdbool.h>
#include <stdio.h>
#include <termios.h>

struct term {
    FILE *in;  /* its descriptor is polled and nonblocking */
    FILE *out; /* an open description of its own, so that this one blocks */
    SCREEN *screen;
    enum style_depth depth;
    struct termios modes; /* as they were found */
    const char *paste_on, *paste_off;
    bool ascii, suspended;
    int cursor_row, cursor_col;
};

#endif
