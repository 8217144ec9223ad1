/* Where the dashboard carries out what a walkthrough asks for: it lends the terminal to
 * commands and editors, copies, runs and verifies. */
#ifndef UI_WALK_STAGE_H
#define UI_WALK_STAGE_H

#include "ui/model.h"
#include "ui/term.h"
#include "ui/walk_view.h"

struct walk_stage;

/* WALK_STAGE_QUIET_US: so long nothing may come after the key that ends a lending: what else
 * was pasted or typed ahead there was not meant for us. */
/* WALK_STAGE_TWICE_US: so long after a Ctrl-C that ended something another one does not leave. */
enum { WALK_STAGE_QUIET_US = 100 * CLOCK_MS, WALK_STAGE_TWICE_US = 2 * CLOCK_SECOND };

/* away: the terminal is lent to a command (true) or ours again (false): nothing may be
 * read or painted in between. changed: the screen has to be painted anew. finished: a round
 * of the proof is over; the callee owns the result. said: what became of walk_stage_copy. */
struct walk_stage_observer {
    void (*away)(void *context, bool away);
    void (*changed)(void *context);
    void (*finished)(void *context, struct result *result);
    void (*said)(void *context, const char *note);
    void *context;
};

struct walk_stage_options {
    struct session *session;
    struct term *term;
    struct journal *journal; /* or NULL */
    bool read_only;
    int rounds; /* of a proof; 0: the default */
};

/* Nothing is open yet. What options name must outlive it. */
struct walk_stage *walk_stage_new(const struct walk_stage_options *options,
                                  const struct walk_stage_observer *observer);

/* Closes what is open; the loop must run on for its handles to close. */
void walk_stage_free(struct walk_stage *stage);

/* Opens a walkthrough of the check for a platform (PLATFORMS: by evidence), whose last result may be NULL. Its view stays the
 * stage's; NULL with err where there is none. */
struct walk_view *walk_stage_open(struct walk_stage *stage, const struct check *check,
                                  enum platform platform, const struct result *result,
                                  struct error *err);

/* Does what the view asks for. Once it is to be closed it is gone; WALK_STAGE_LEFT: by who
 * wants to leave what was begun, and not to see what is below. */
enum walk_stage_end { WALK_STAGE_OPEN, WALK_STAGE_CLOSED, WALK_STAGE_LEFT };
enum walk_stage_end walk_stage_serve(struct walk_stage *stage);

/* Copies a text that is no step's. */
void walk_stage_copy(struct walk_stage *stage, const char *text);

/* The program ends: what runs gets SIGTERM, and if need be SIGKILL, and its end is written
 * down. False where nothing runs, or no more: walk_stage_is_ending. */
bool walk_stage_terminate(struct walk_stage *stage);
bool walk_stage_is_ending(const struct walk_stage *stage);

/* Whether something moves that frames are needed for. */
bool walk_stage_is_busy(const struct walk_stage *stage);

#endif
