/* Inside the article room: what the mark of a block says, one entry a command. */
#ifndef ARTICLE_STEP_MARK_H
#define ARTICLE_STEP_MARK_H

#include "article/steps.h"

struct step_mark {
    enum effect effect; /* changes-config where none is named */
    bool has_effect;
    bool terminal;
    bool has_embeds;
    enum step_text embeds;
    char *file;    /* owned, or NULL */
    char *problem; /* owned: what is wrong with the entry, or NULL */
};

/* Takes the next entry off *text ("reads terminal; restarts") and moves it behind
 * that. False at the end; else clear the mark with step_mark_clear. */
bool step_mark_next(const char **text, struct step_mark *mark);
void step_mark_clear(struct step_mark *mark);

#endif
