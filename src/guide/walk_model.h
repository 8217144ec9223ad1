/* Inside the guide room: what a walkthrough holds. */
#ifndef GUIDE_WALK_MODEL_H
#define GUIDE_WALK_MODEL_H

#include "guide/place.h"
#include "guide/undo.h"
#include "guide/walk.h"

/* Of one step on one platform. Strings are owned. */
struct walk_progress {
    enum walk_state state;
    size_t choice;
    char *edited;  /* the command instead of the article's, or NULL */
    char *outcome; /* one line, or NULL */
    bool went_well;
    char *output;
    struct undo undo; /* path NULL: none */
};

struct walk {
    struct session *session;
    struct journal *journal;
    char *directory;
    const struct check *check;
    struct article *article;
    struct place place;
    enum platform platform;
    struct steps steps[PLATFORMS];
    struct walk_progress *progress[PLATFORMS];
    struct answers answers;
    char *id; /* for the journal */
    size_t at; /* the step that is shown */
    size_t changed; /* the step that changed a file last, from 1; 0: none */
    enum platform changed_on;
    struct walk_page page;
    struct walk_proof proof;
    size_t causes_tried; /* verifications that did not help */
    char *note;
};

/* The progress of the step that is shown. */
struct walk_progress *walk_progress(const struct walk *walk);

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
