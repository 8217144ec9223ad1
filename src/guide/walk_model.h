/* Inside the guide room: what a walkthrough holds. */
#ifndef GUIDE_WALK_MODEL_H
#define GUIDE_WALK_MODEL_H

#include "guide/place.h"
#include "guide/walk.h"

/* Of one of a step's commands. Strings are owned. */
struct walk_way {
    enum walk_state state;
    char *edited;  /* the command instead of the article's, or NULL */
    char *outcome; /* one line, or NULL */
    char *earlier; /* the outcome of what was done before it was copied, or NULL */
    bool went_well;
    int status; /* as in struct walk_page */
    char *output;
};

/* Of one step on one platform. */
struct walk_progress {
    size_t choice; /* of the ways, one a command */
    struct walk_way *ways;
};

/* What was kept of a file before a command ran. */
struct walk_copy {
    struct undo undo;
    enum platform platform;
    size_t step, way; /* from 0 */
};

struct walk {
    struct session *session;
    struct journal *journal;
    char *directory;
    const struct check *check;
    struct article *article;
    struct place place;
    enum platform platform;
    char *why; /* this platform, where it is not the one of place; NULL: place.because */
    struct steps steps[PLATFORMS];
    struct walk_progress *progress[PLATFORMS];
    struct answers answers;
    char *id; /* for the journal */
    size_t at; /* the step that is shown */
    struct walk_copy *copies; /* the latest last */
    size_t ncopies;
    struct walk_page page;
    struct walk_proof proof;
    bool changed;  /* a step that may change something was run or copied */
    bool failed;   /* a run failed after that */
    char *seen;    /* summary of the run that failed last before that, or NULL */
    bool acted;    /* something was done since the last proof */
    char *offered; /* the cause that is being worked on, or NULL */
    char **tried;  /* causes whose fix did not help */
    size_t ntried;
    char *note;
    char *notes; /* that and the journal's trouble, as they were asked for last */
};

/* Of the command that is shown. */
struct walk_way *walk_way(const struct walk *walk);

/* The state of the command that is shown, with what became of it, one line or NULL, which
 * it takes over. */
void walk_set_state(struct walk *walk, enum walk_state state, char *outcome);

/* "compose", ..., and back; PLATFORMS for another name. */
const char *walk_platform_name(enum platform platform);
enum platform walk_find_platform(const char *name);

/* Whether nothing was done with the step, or nobody saw the end of it. */
bool walk_is_open(const struct walk *walk, enum platform platform, size_t step);

/* Takes over what the journal has of the check's last walkthrough: its name, what was done,
 * values, copies of files, proof, platform and step. False where there is none to go on with. In
 * either case walk_note says what there is to say, and what failed is seen. */
bool walk_resume(struct walk *walk, enum platform *platform, size_t *at);

/* Takes from a run that failed which cause is to be worked on next; any other is none. */
void walk_take_failure(struct walk *walk, const struct result *result);

/* What the check said: the summary of its failure, or NULL where it passed. */
void walk_see(struct walk *walk, const char *failure);

/* The same of a run. */
void walk_see_result(struct walk *walk, const struct result *result);

/* WALK_UNPROVEN for another name. */
enum walk_verdict walk_find_verdict(const char *name);

/* Begins copies of the files that the command changes, the latest of copies; how many.
 * walk_note says which could not be kept. */
size_t walk_keep_copies(struct walk *walk);

/* The command has ended: copies of what it did not change go. */
void walk_end_copies(struct walk *walk);

/* Forgets all copies; what they hold stays. */
void walk_clear_copies(struct walk *walk);

/* Makes the page anew. */
void walk_refresh(struct walk *walk);
void walk_page_clear(struct walk_page *page);

/* Sets, or with NULL drops, what the call has to say; takes the text over. */
void walk_say(struct walk *walk, char *text);

/* Takes the settings' values, which may be new. */
void walk_reload(struct walk *walk);

/* An event of this walk, with what all have. */
struct journal_event walk_event(const struct walk *walk, enum journal_kind kind);

/* An event of the step that is shown. */
struct journal_event walk_step_event(const struct walk *walk, enum journal_kind kind);

#endif
