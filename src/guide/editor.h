/* The engineer's editor on the real terminal: $VISUAL, $EDITOR or vi, for one text. */
#ifndef GUIDE_EDITOR_H
#define GUIDE_EDITOR_H

#include "base/error.h"

#include <uv.h>

struct editor;

/* Once, on the loop, never from within editor_start; the terminal is ours again. text is
 * what the editor left, without line feeds at its end, and the callee's to free; NULL where
 * there is nothing to be used, for which flaw is a phrase. The editor may be freed from
 * within. */
typedef void (*editor_ended)(void *context, char *text, const char *flaw);

/* Opens text in a file that only the user can read, which goes again at the end: values
 * in it may be secrets. The terminal as of foreground_start. NULL with err where it cannot
 * be started. */
struct editor *editor_start(uv_loop_t *loop, int terminal, const char *text, editor_ended ended,
                            void *context, struct error *err);

/* For the end of the program: foreground_terminate. */
void editor_terminate(struct editor *editor);

/* Frees it and its file; one that runs is killed, as of foreground_free. NULL is allowed. */
void editor_free(struct editor *editor);

#endif
