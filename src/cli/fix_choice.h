/* What can be answered in a walkthrough on a plain terminal: one table, with the letters
 * that are the keys on the dashboard's screen. */
#ifndef CLI_FIX_CHOICE_H
#define CLI_FIX_CHOICE_H

#include "guide/walk.h"

enum fix_choice {
    FIX_CHOICE_RUN,
    FIX_CHOICE_COPY,
    FIX_CHOICE_NEXT,
    FIX_CHOICE_BACK,
    FIX_CHOICE_VERIFY,
    FIX_CHOICE_SKIP,
    FIX_CHOICE_EDIT,
    FIX_CHOICE_VALUES,
    FIX_CHOICE_OTHER,
    FIX_CHOICE_UNDO,
    FIX_CHOICE_ANEW,
    FIX_CHOICE_PLATFORM,
    FIX_CHOICE_QUIT,
    FIX_CHOICE_HELP,
    FIX_CHOICES /* none of them */
};

struct fix_choice_row {
    char letter;
    const char *word; /* that can be answered instead */
    const char *help;
};

/* choice is below FIX_CHOICES. */
const struct fix_choice_row *fix_choice_row(enum fix_choice choice);

/* The choice with that letter or word, or FIX_CHOICES. */
enum fix_choice fix_choice_find(const char *answer);

/* Whether it does something with the step that is shown. */
bool fix_choice_is_open(enum fix_choice choice, const struct walk *walk, bool read_only);

#endif
