/* What can be done with the step that is shown, and in what words it is refused: the same
 * on every front end, whose letters are the same too. */
#ifndef GUIDE_WALK_OFFER_H
#define GUIDE_WALK_OFFER_H

#include "guide/walk.h"

/* So long a question for consent has to be there before an answer counts. What comes faster
 * was typed, or pasted, before it could be read. */
enum { WALK_ARM_US = 250 * CLOCK_MS };

/* Why the step can be neither copied nor run though all that it asks for is known, or
 * NULL; to_edit: always, since an edit can mend it. The caller frees it. */
char *walk_refuse_use(const struct walk *walk, bool to_edit);

/* Why nothing is run of a step that can be used, or NULL where consent is all that it
 * takes. */
const char *walk_refuse_run(const struct walk *walk, bool read_only);

/* Why no value can be chosen here, or NULL. */
const char *walk_refuse_answers(const struct walk *walk);

/* The value to be asked for after name (NULL: the first one), or NULL: all of the step's
 * that can be chosen. */
const char *walk_next_value(const struct walk *walk, const char *name);

/* An edit of the step goes, and where there is none the next of its alternatives comes: where
 * there is one command alone there is no other way back to the article's. */
void walk_other_way(struct walk *walk);

/* What is asked before walk_put_back and walk_begin_anew, to be followed by what another
 * answer than y means. The caller frees it. */
char *walk_undo_question(const struct walk *walk);
char *walk_anew_question(void);

/* Puts back what walk_undoable names, as the engineer has agreed to; says how that went.
 * *whole: all of it is as it was. The caller frees the text. */
char *walk_put_back(struct walk *walk, bool *whole);

#endif
