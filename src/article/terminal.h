/* Which commands need a terminal of their own. */
#ifndef ARTICLE_TERMINAL_H
#define ARTICLE_TERMINAL_H

#include <stdbool.h>

/* Whether a shell text runs what asks on the terminal or takes it over: sudo, ssh, an
 * editor, a pager, read -s, docker exec -it, ... Known by the names of the commands;
 * what stands inside quotes, such as bash -c '...', is not looked into. */
bool shell_needs_terminal(const char *text);

#endif
