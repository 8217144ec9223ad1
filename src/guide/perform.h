/* Carries out, on the loop, what a walkthrough is told to do: runs a step's command, and
 * runs the check as proof. One thing at a time. */
#ifndef GUIDE_PERFORM_H
#define GUIDE_PERFORM_H

#include "guide/walk.h"
#include "run/runner.h"

struct perform;

enum { PERFORM_PAUSE_US = CLOCK_SECOND }; /* between two rounds of the proof */

/* changed: output came, or a round of the proof goes on, as often as it does: a front end
 * that paints by a clock needs no telling; may be NULL. gave_back: a command
 * that had the terminal has ended; may be NULL where none is ever given it. verified: a
 * round is over, and the walk is about to take it; the callee owns the result, and keeps it
 * until the next round is over. ended: what was begun is over, and the walk
 * knows. All on the loop, never from within a call that begins something. */
struct perform_observer {
    void (*changed)(void *context);
    void (*gave_back)(void *context);
    void (*verified)(void *context, struct result *result);
    void (*ended)(void *context);
    void *context;
};

/* The session and the walk must outlive it. */
struct perform *perform_new(struct session *session, struct walk *walk,
                            const struct perform_observer *observer);

/* Ends what is under way, without telling the observer; the loop must run on for its
 * handles to close (child_free). NULL is allowed. */
void perform_free(struct perform *perform);

/* Runs the command of the page that is shown, with the engineer's consent: captured, and
 * where it only looks for CHILD_LIMIT_US at most; or, where it needs one, on terminal
 * (foreground.h), which the caller has given back by then. False where it could not be
 * started, or must not as it stands (walk_page's blocked and withheld): the walk knows why. */
bool perform_run(struct perform *perform, int terminal);

/* Runs the check until walk_verify_take is content. */
void perform_verify(struct perform *perform);

/* Ctrl-C: interrupts the command (child_interrupt), or gives the proof up. False where
 * nothing is under way. */
bool perform_cancel(struct perform *perform);

/* The program ends: the command gets SIGTERM, and if need be SIGKILL (child_terminate,
 * foreground_terminate); the proof is given up. What is under way then is over, and
 * written down, when perform_is_busy says no. */
void perform_terminate(struct perform *perform);

bool perform_is_busy(const struct perform *perform);

/* Whether a command runs. */
bool perform_is_running(const struct perform *perform);

/* Whether the command that runs was interrupted, and goes on: the next time kills it. */
bool perform_was_interrupted(const struct perform *perform);

/* How long the command has been running at the monotonic time now. */
clock_us perform_elapsed(const struct perform *perform, clock_us now);

/* Output so far of the command that runs captured: clean lines, WALK_OUTPUT_LINES at most,
 * with secrets masked. The caller frees it; NULL where none runs. */
char *perform_output(const struct perform *perform);

/* The same without a last line that has not come whole: for those who print lines as they
 * come. */
char *perform_lines(const struct perform *perform);

/* The round that runs, or NULL. */
const struct result *perform_live(const struct perform *perform);

#endif
