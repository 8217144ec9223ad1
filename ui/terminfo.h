/* The terminal's description (terminfo(5)). Apart from ui/term.c because
 * <term.h> has a struct term too. */
#ifndef UI_TERMINFO_H
#define UI_TERMINFO_H

#include "base/buf.h"

/* What keeps the terminal type name (TERM, may be NULL) from showing a screen,
 * as a phrase, or NULL. */
const char *terminfo_flaw(const char *name);

/* A string capability of the open terminal, or NULL. Stays terminfo's. */
const char *terminfo_string(const char *name);

/* What moves the cursor there. Valid until the next call. */
const char *terminfo_move(int row, int col);

/* Appends a capability (NULL is none) without its padding, the $<5>. */
void terminfo_add(struct buf *text, const char *value);

#endif
