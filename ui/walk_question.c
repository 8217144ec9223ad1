#include "ui/walk_question.h"

#include "base/mem.h"
#include "guide/walk_offer.h"

#include <string.h>

const char *walk_question_word(const struct walk_view *view)
{
    return view->mode == WALK_MODE_CONSENT ? walk_consent(walk_page(view->walk)->effect) : "y";
}

static bool is_unread(const struct walk_view *view)
{
    return view->mode == WALK_MODE_CONSENT && view->seen < view->command_end;
}

/* Whether a word was typed, which takes an Enter. */
static bool is_whole(const struct walk_view *view)
{
    return view->mode == WALK_MODE_CONSENT && strcmp(view->typed, walk_question_word(view)) == 0;
}

/* Rows count that were shown without a gap. */
void walk_question_read(struct walk_view *view, clock_us now)
{
    int end = view->top + view->height;

    if (view->mode == WALK_MODE_PAGE)
        return;
    if (view->top <= view->seen && end > view->seen)
        view->seen = end;
    if (is_unread(view))
        return;
    if (!view->shown)
        view->shown = now;
    view->armed |= now - view->shown >= WALK_ARM_US;
    view->ripe = is_whole(view) && now - view->lettered >= WALK_VIEW_APART_US;
}

static bool is_arming(const struct walk_view *view)
{
    return view->mode > WALK_MODE_ASK && view->shown && !view->armed;
}

bool walk_view_is_arming(const struct walk_view *view)
{
    return is_arming(view) || (is_whole(view) && !view->ripe);
}

char *walk_view_question(const struct walk_view *view)
{
    const char *word = walk_question_word(view);

    if (is_unread(view))
        return mem_strdup("read it to its end: PgDn");
    if (is_arming(view))
        return mem_strdup("read what would be done first ...");
    switch (view->mode) {
    case WALK_MODE_ASK:
        return mem_printf("%s: %s", view->asked, view->typed);
    case WALK_MODE_CONSENT:
        if (view->ripe)
            return mem_printf("Enter runs it: %s", view->typed);
        return mem_printf("type %s to run it: %s", word, view->typed);
    case WALK_MODE_UNDO:
        return walk_undo_question(view->walk);
    case WALK_MODE_ANEW:
        return walk_anew_question();
    case WALK_MODE_PAGE:
        break;
    }
    return NULL;
}

const char *walk_view_hint(const struct walk_view *view)
{
    if (view->mode == WALK_MODE_ASK)
        return "Enter takes it, Esc leaves, ^U clears";
    return is_unread(view) || (view->mode != WALK_MODE_PAGE && view->armed)
               ? "any other key leaves it be" : NULL;
}
