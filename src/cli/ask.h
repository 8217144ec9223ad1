/* Questions on a plain terminal, answered by lines. The terminal edits them itself, and
 * the loop waits for them. What counts is a whole line that was typed after the question
 * could be read, and came alone: text that is pasted or was typed ahead answers nothing. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "base/error.h"

#include <stdbool.h>
#include <uv.h>

enum { ASK_ALONE_MS = 50, /* so long nothing may follow a line that is to count */
       ASK_QUIET_MS = 250 /* so long nothing may come before another question is put */ };

struct ask;

/* Each ends the question, and is told on the loop, never from within ask_put. answered: the
 * line, clean, without its line feed. refused: what came is no answer, for the reason why;
 * it is gone by now, all of it. ended: there are no answers any more, because of Ctrl-D or
 * because the terminal is gone. */
struct ask_observer {
    void (*answered)(void *context, const char *line);
    void (*refused)(void *context, const char *why);
    void (*ended)(void *context);
    void *context;
};

/* Opens our controlling terminal anew, so that no flag of the standard streams changes, and
 * has it edit lines until ask_free, whatever it was left to do. NULL with err where there is
 * none. */
struct ask *ask_new(uv_loop_t *loop, const struct ask_observer *observer, struct error *err);

/* Frees it; the loop must run once more. NULL is allowed. */
void ask_free(struct ask *ask);

/* Prints the question, which should end in a blank, to standard output and waits for its
 * answer. With arm_ms, for what must be read first, it is printed that much later, and
 * whatever comes before is refused. */
void ask_put(struct ask *ask, const char *question, uint64_t arm_ms);

/* Puts the question that is open once more, as after a stop; nothing where none is. */
void ask_again(struct ask *ask);

#endif
