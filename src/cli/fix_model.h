/* Inside the cli room: a walkthrough on a plain terminal, as fix_plain.c begins and ends it
 * and fix_answer.c goes on with it after each answer. */
#ifndef CLI_FIX_MODEL_H
#define CLI_FIX_MODEL_H

#include "cli/ask.h"
#include "cli/fix_choice.h"
#include "cli/fix_page.h"
#include "cli/options.h"
#include "guide/clipboard.h"
#include "guide/editor.h"
#include "guide/perform.h"

enum { FIX_SIGNALS = 5 };

/* What the answer is to. */
enum question { QUESTION_CHOICE, QUESTION_VALUE, QUESTION_RUN, QUESTION_SURE, QUESTION_UNDO,
                QUESTION_ANEW };

/* So long after a Ctrl-C that ended something another one does not leave. */
enum { FIX_TWICE_US = 2 * CLOCK_SECOND };

struct plain {
    struct session *session;
    const struct options *options;
    const struct check *check;
    bool capable;
    struct report report;
    struct journal *journal; /* or NULL */
    struct runner *runner;   /* of the first run */
    struct walk *walk;       /* NULL until that is over */
    struct perform *perform;
    struct ask *ask;
    struct clipboard *clipboard; /* while it copies, or NULL */
    struct editor *editor;       /* while it runs, or NULL */
    int tty;                     /* while the terminal is lent, else -1 */
    enum question question;
    const char *asked;           /* the variable, with QUESTION_VALUE */
    enum fix_choice after;       /* what asked for the values, to be gone on with */
    struct result *round;        /* the last one of the proof, or NULL */
    bool verifying;              /* what is under way is the proof, else a command */
    struct fix_shown shown;      /* of the command's output */
    char *told;                  /* the note that was printed last, or NULL */
    clock_us cancelled;          /* when Ctrl-C last ended something */
    int status;                  /* to leave with */
    uv_signal_t signals[FIX_SIGNALS];
};

/* A paragraph of ours. */
void fix_say(const struct plain *plain, enum style style, const char *text);

/* Shows the step, and asks what to do with it. */
void fix_show(struct plain *plain);

/* Asks what to do with the step, after what the walkthrough has to say. */
void fix_ask_choice(struct plain *plain);

/* The terminal is ours again. */
void fix_take_back(struct plain *plain);

/* Ends the loop; what is under way is ended by whoever runs it. */
void fix_leave(struct plain *plain, int status);

/* As struct ask_observer has them; the context is the struct plain. */
void fix_answered(void *context, const char *line);
void fix_refused(void *context, const char *why);

#endif
