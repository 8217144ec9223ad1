#include "ui/terminfo.h"

#include <curses.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

const char *terminfo_flaw(const char *name)
{
    int result;

    if (!name || !*name)
        return "TERM is not set";
    if (strcmp(name, "dumb") == 0)
        return "TERM is dumb";
    if (setupterm(name, STDOUT_FILENO, &result) != OK)
        return "TERM names an unknown terminal";
    bool can_move = terminfo_string("cup") != NULL;
    del_curterm(cur_term);
    return can_move ? NULL : "TERM names a terminal that cannot move its cursor";
}

const char *terminfo_string(const char *name)
{
    const char *value = tigetstr(name);
    /* -1: the name is not one of a string */
    return value == (const char *)-1 ? NULL : value;
}

const char *terminfo_move(int row, int col)
{
    return tparm(terminfo_string("cup"), row, col);
}

void terminfo_add(struct buf *text, const char *value)
{
    while (value && *value) {
        const char *end = strncmp(value, "$<", 2) == 0 ? strchr(value, '>') : NULL;
        if (end)
            value = end + 1;
        else
            buf_putc(text, *value++);
    }
}
