/* The walkthrough on the screen: one step a page. What keys change, as a state; what has
 * to be done with a terminal, a child or a clipboard is a request to the dashboard. */
#ifndef UI_WALK_VIEW_H
#define UI_WALK_VIEW_H

#include "base/clock.h"
#include "guide/perform.h"
#include "ui/walk_action.h"

enum walk_mode {
    WALK_MODE_PAGE,
    WALK_MODE_ASK,     /* a value is being typed */
    WALK_MODE_CONSENT, /* to run the command */
    WALK_MODE_UNDO,    /* consent to put a file back */
    WALK_MODE_ANEW     /* consent to begin anew */
};

enum walk_request { WALK_REQUEST_NONE, WALK_REQUEST_RUN, WALK_REQUEST_COPY, WALK_REQUEST_EDIT,
                    WALK_REQUEST_VERIFY, WALK_REQUEST_CANCEL, WALK_REQUEST_LEAVE,
                    WALK_REQUEST_CLOSE };

/* How a key came. Text and Enter that come in one go cannot be told from a paste. */
enum walk_typed { WALK_TYPED_ALONE, WALK_TYPED_TOGETHER, WALK_TYPED_PASTED };

/* WALK_VIEW_APART_US: so long after the last letter of a word comes an Enter that somebody
 * pressed. */
enum { WALK_VIEW_TYPED_BYTES = 256, WALK_VIEW_APART_US = 50 * CLOCK_MS };

struct walk_view {
    struct walk *walk;
    struct perform *perform;
    bool read_only; /* nothing is run */
    enum walk_mode mode;
    enum walk_request request, /* for the dashboard, which resets it */
        after;                 /* what asked for the values, to be gone on with */
    const char *asked;         /* the variable, in WALK_MODE_ASK */
    char typed[WALK_VIEW_TYPED_BYTES + 1];
    char *note;                /* the last thing to say, or NULL */
    bool bad;                  /* it is an error */
    bool proposed;             /* what is typed is the proposal still, untouched */
    clock_us shown;            /* since when the question is on the screen, and all that it is
                                  about was; 0: not yet */
    bool armed;                /* for WALK_ARM_US: an answer counts */
    clock_us lettered;         /* when the last letter of a word was typed */
    bool ripe;                 /* WALK_VIEW_APART_US after the whole word, and shown so */
    struct rows rows;
    int title, command, command_end; /* rows: of the step's title, of its command, and behind it */
    int seen;                  /* in WALK_MODE_CONSENT: the command was shown up to here */
    bool seeks;                /* the next layout goes to them */
    int top, bottom;           /* bottom: the greatest top that makes sense */
    int rows_here, cols;       /* of the part of the screen */
    int height;                /* of that, without what a note takes of it */
    bool turned;               /* the next layout shows the step from its title on */
    bool follow;               /* the end of the output is looked at, as it grows */
    char *output;              /* of what runs, as it stands while no end is followed; or NULL */
};

/* Opens on a walk; both are the caller's. */
void walk_view_open(struct walk_view *view, struct walk *walk, struct perform *perform,
                    bool read_only, bool ascii);
void walk_view_close(struct walk_view *view);

/* Takes one key. */
void walk_view_key(struct walk_view *view, const struct key *key, enum walk_typed typed);

/* Says something until the next key; takes the text over. */
void walk_view_say(struct walk_view *view, char *text, bool bad);

/* Lays the page out for a part of the screen, at the monotonic time now, and keeps top
 * within the rows. An answer to a question about a command counts once its last row has
 * been on the screen. */
void walk_view_settle(struct walk_view *view, int rows, int cols, clock_us now);

/* The page is not on the screen: a question has to be read anew. */
void walk_view_hide(struct walk_view *view);

/* What there is to say below the page, or NULL. */
const char *walk_view_note(const struct walk_view *view);

/* Rows that a text takes at the foot of a screen of so many columns. */
int walk_view_note_rows(const char *note, int cols);

/* Whether a question is on the screen that no answer counts for yet, or a word that waits
 * for its Enter: paint soon again. */
bool walk_view_is_arming(const struct walk_view *view);

/* The question that is open, what has to be typed first in it and what was typed last, or
 * NULL: for the last row of the screen. It fits in 37 columns but for a value and a file.
 * The caller frees it. */
char *walk_view_question(const struct walk_view *view);

/* What else there is to say of it where there is room, or NULL. */
const char *walk_view_hint(const struct walk_view *view);

/* Whether a key makes sense with the page as it is. */
bool walk_view_offers(const struct walk_view *view, enum walk_action action);

#endif
