/* The pager that a terminal's user reads long texts with. */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether stdout is a terminal that a pager can draw on. */
bool pager_is_useful(void);

/* Shows the text with $PAGER, else with less, which leaves again at once where it
 * fits the window (LESS=FRX, unless the environment sets it). Returns when it has
 * ended; a reader who leaves early is no error. False where it could not start:
 * then nothing was shown. */
bool pager_show(const char *text, size_t len);

/* Shows the source of a man page with man(1), which pages it. As pager_show; false also
 * where there is no man. */
bool pager_show_man(const char *text, size_t len);

#endif
