#include "cli/fix_choice.h"

#include "base/text.h"
#include "guide/walk_offer.h"

#include <string.h>

static const struct fix_choice_row rows[FIX_CHOICES] = {
    [FIX_CHOICE_RUN] = {'x', "run", "run the command, once you have said yes to it"},
    [FIX_CHOICE_COPY] = {'c', "copy", "copy the command as it is shown"},
    [FIX_CHOICE_NEXT] = {'n', "next", "the next step"},
    [FIX_CHOICE_BACK] = {'b', "back", "the step before"},
    [FIX_CHOICE_VERIFY] = {'v', "verify", "run the check three times (--passes), and compare"},
    [FIX_CHOICE_SKIP] = {'s', "skip", "leave the step out, and go on"},
    [FIX_CHOICE_EDIT] = {'e', "edit", "change the command in $EDITOR before you use it"},
    [FIX_CHOICE_VALUES] = {'a', "values", "choose the values that changing steps write"},
    [FIX_CHOICE_OTHER] = {'o', "other way",
                          "the next of the step's alternatives; what was edited as it was"},
    [FIX_CHOICE_UNDO] = {'u', "undo", "put the file back that a step changed last"},
    [FIX_CHOICE_ANEW] = {'0', "anew", "begin this walkthrough anew"},
    [FIX_CHOICE_PLATFORM] = {'p', "platform", "the steps for the next platform"},
    [FIX_CHOICE_QUIT] = {'q', "quit", "leave; the walkthrough goes on from here"},
    [FIX_CHOICE_HELP] = {'?', "help", "what can be answered"},
};

const struct fix_choice_row *fix_choice_row(enum fix_choice choice)
{
    return &rows[choice];
}

enum fix_choice fix_choice_find(const char *answer)
{
    int i = 0;

    while (i < FIX_CHOICES && !text_fold_equal(answer, rows[i].word) &&
           !(answer[0] && !answer[1] && text_fold(answer[0]) == rows[i].letter))
        i++;
    return (enum fix_choice)i;
}

bool fix_choice_is_open(enum fix_choice choice, const struct walk *walk, bool read_only)
{
    const struct walk_page *page = walk_page(walk);

    switch (choice) {
    case FIX_CHOICE_RUN:
        return !walk_refuse_run(walk, read_only) && (page->asks || !page->blocked);
    case FIX_CHOICE_COPY:
        return page->asks || !page->blocked;
    case FIX_CHOICE_NEXT:
        return page->number < page->total;
    case FIX_CHOICE_BACK:
        return page->number > 1;
    case FIX_CHOICE_VALUES:
        return !walk_refuse_answers(walk);
    case FIX_CHOICE_OTHER:
        return page->step->ncommands > 1;
    case FIX_CHOICE_UNDO:
        return walk_undoable(walk) != NULL;
    default:
        return true;
    }
}
