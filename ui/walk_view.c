#include "ui/walk_view.h"

#include "base/mem.h"
#include "base/text.h"
#include "ui/walk_layout.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { FAR = INT_MAX / 4, PAGE_ROWS = 10 };

void walk_view_open(struct walk_view *view, struct walk *walk, struct perform *perform,
                    bool read_only, bool ascii)
{
    *view = (struct walk_view){.walk = walk, .perform = perform, .read_only = read_only};
    view->rows.ascii = ascii;
}

void walk_view_close(struct walk_view *view)
{
    rows_clear(&view->rows);
    free(view->note);
    *view = (struct walk_view){0};
}

void walk_view_say(struct walk_view *view, char *text, bool bad)
{
    free(view->note);
    view->note = text;
    view->bad = bad;
}

static void enter(struct walk_view *view, enum walk_mode mode)
{
    view->mode = mode;
    view->typed[0] = '\0';
    view->shown = 0;
    view->armed = false;
}

static void ask(struct walk_view *view, const char *name, enum walk_request after)
{
    const char *proposal = walk_proposal(view->walk, name);

    enter(view, WALK_MODE_ASK);
    view->asked = name;
    view->after = after;
    if (proposal && strlen(proposal) <= WALK_VIEW_TYPED_BYTES)
        strcpy(view->typed, proposal);
}

/* The value in the step that comes after name, or with NULL the first, which can be
 * chosen; NULL where there is none. */
static const char *next_value(const struct walk_view *view, const char *name)
{
    const struct walk_page *page = walk_page(view->walk);
    size_t i = 0;

    while (name && i < page->nvalues && strcmp(page->values[i].name, name) != 0)
        i++;
    i += name != NULL;
    return i < page->nvalues && walk_can_answer(view->walk, page->values[i].name)
               ? page->values[i].name
               : NULL;
}

static void begin_answers(struct walk_view *view)
{
    const struct walk_page *page = walk_page(view->walk);
    const char *name = page->asks ? page->asks : next_value(view, NULL);

    if (page->effect == EFFECT_READS && name)
        walk_view_say(view, mem_strdup("this step only looks: it takes the values in force"), false);
    else if (name)
        ask(view, name, WALK_REQUEST_NONE);
    else
        walk_view_say(view, mem_strdup("no value of this step can be chosen"), false);
}

static void want_run(struct walk_view *view)
{
    const struct walk_page *page = walk_page(view->walk);

    if (view->read_only)
        walk_view_say(view, mem_strdup("read-only: nothing is run; c copies it"), true);
    else if (!page->step->runnable)
        walk_view_say(view, mem_strdup("a text for a file: c copies it"), false);
    else
        enter(view, WALK_MODE_CONSENT);
}

/* What can be neither copied nor run says why, and can be edited; what needs values asks for
 * them first. */
static void want(struct walk_view *view, enum walk_request request)
{
    const struct walk_page *page = walk_page(view->walk);

    if (page->asks)
        ask(view, page->asks, request);
    else if (page->blocked && request != WALK_REQUEST_EDIT)
        walk_view_say(view, mem_printf("not possible: %s", page->blocked), true);
    else if (page->withheld && request == WALK_REQUEST_RUN)
        walk_view_say(view, mem_printf("not run: %s", page->withheld), true);
    else if (request == WALK_REQUEST_RUN)
        want_run(view);
    else
        view->request = request;
}

static void end_ask(struct walk_view *view)
{
    struct error err = {0};
    enum walk_request after = view->after;
    const char *asked = view->asked;

    if (!walk_answer(view->walk, asked, view->typed, &err)) {
        walk_view_say(view, mem_strdup(err.text), true);
        return;
    }
    enter(view, WALK_MODE_PAGE);
    const char *next = walk_page(view->walk)->asks;
    if (!next && after == WALK_REQUEST_NONE)
        next = next_value(view, asked);
    if (next)
        ask(view, next, after);
    else if (after != WALK_REQUEST_NONE)
        want(view, after);
}

static void type(struct walk_view *view, uint32_t c)
{
    char bytes[5];
    size_t n = text_encode(c, bytes), len = strlen(view->typed);

    if (len + n <= WALK_VIEW_TYPED_BYTES)
        memcpy(view->typed + len, bytes, n + 1);
}

static void ask_key(struct walk_view *view, const struct key *key, bool pasted)
{
    if (key->code == INPUT_CHAR)
        type(view, key->character);
    else if (key->code == INPUT_BACKSPACE)
        text_chop(view->typed);
    else if (key->code == INPUT_CTRL && key->character == 'u')
        view->typed[0] = '\0';
    else if (key->code == INPUT_ENTER && !pasted)
        end_ask(view);
    else if (key->code == INPUT_ESCAPE || (key->code == INPUT_CTRL && key->character == 'c'))
        enter(view, WALK_MODE_PAGE);
}

static void undo(struct walk_view *view)
{
    const char *file = walk_undoable(view->walk);
    char *path = file ? mem_strdup(file) : NULL, *lost = NULL;
    struct error err = {0};

    if (!walk_undo(view->walk, true, &lost, &err))
        walk_view_say(view, mem_printf("not undone: %s", err.text), true);
    else
        walk_view_say(view, lost ? mem_printf("%s is as it was, but %s", path, lost)
                                 : mem_printf("%s is as it was; v verifies", path), lost != NULL);
    free(path);
    free(lost);
}

static const char *wanted_word(const struct walk_view *view)
{
    return view->mode == WALK_MODE_UNDO ? "y" : walk_consent(walk_page(view->walk)->effect);
}

/* Any key that does not go on with the word takes the question back: Enter never means
 * yes, and neither does what was pasted, or came before the question could be read. */
static void consent_key(struct walk_view *view, const struct key *key, bool pasted)
{
    const char *word = wanted_word(view);
    size_t len = strlen(view->typed);
    bool fits = key->code == INPUT_CHAR && (uint32_t)(unsigned char)word[len] == key->character;
    enum walk_mode mode = view->mode;

    if (pasted || !view->armed || !fits) {
        enter(view, WALK_MODE_PAGE);
        walk_view_say(view, mem_strdup("not run"), false);
        return;
    }
    type(view, key->character);
    if (word[len + 1])
        return;
    enter(view, WALK_MODE_PAGE);
    if (mode == WALK_MODE_UNDO)
        undo(view);
    else
        view->request = WALK_REQUEST_RUN;
}

static void turn(struct walk_view *view, int delta)
{
    view->top = 0;
    view->follow = false;
    if (!walk_turn(view->walk, delta) && delta > 0)
        walk_view_say(view, mem_strdup("that was the last step: v verifies"), false);
}

static void turn_platform(struct walk_view *view, int step)
{
    int platform = ((int)walk_platform(view->walk) + step + PLATFORMS) % PLATFORMS;

    walk_set_platform(view->walk, (enum platform)platform);
    view->top = 0;
}

static void act_on_page(struct walk_view *view, enum walk_action action)
{
    switch (action) {
    case WALK_ACTION_NEXT:
        turn(view, 1);
        break;
    case WALK_ACTION_BACK:
        turn(view, -1);
        break;
    case WALK_ACTION_RUN:
        want(view, WALK_REQUEST_RUN);
        break;
    case WALK_ACTION_COPY:
        want(view, WALK_REQUEST_COPY);
        break;
    case WALK_ACTION_EDIT:
        want(view, WALK_REQUEST_EDIT);
        break;
    case WALK_ACTION_VERIFY:
        view->request = WALK_REQUEST_VERIFY;
        view->top = 0;
        break;
    case WALK_ACTION_SKIP:
        walk_skip(view->walk);
        turn(view, 1);
        break;
    case WALK_ACTION_ANSWER:
        begin_answers(view);
        break;
    case WALK_ACTION_OTHER:
        walk_choose(view->walk);
        break;
    case WALK_ACTION_UNDO:
        if (walk_undoable(view->walk))
            enter(view, WALK_MODE_UNDO);
        else
            walk_view_say(view, mem_strdup("no step has changed a file that is kept"), false);
        break;
    case WALK_ACTION_PLATFORM_PREVIOUS:
        turn_platform(view, -1);
        break;
    case WALK_ACTION_PLATFORM_NEXT:
        turn_platform(view, 1);
        break;
    default:
        break;
    }
}

/* What works while something runs, too. */
static bool act_anywhere(struct walk_view *view, enum walk_action action)
{
    switch (action) {
    case WALK_ACTION_UP:
        view->top--;
        break;
    case WALK_ACTION_DOWN:
        view->top++;
        break;
    case WALK_ACTION_PAGE_UP:
        view->top -= PAGE_ROWS;
        break;
    case WALK_ACTION_PAGE_DOWN:
        view->top += PAGE_ROWS;
        break;
    case WALK_ACTION_CANCEL:
        view->request = WALK_REQUEST_CANCEL;
        break;
    case WALK_ACTION_LEAVE:
        view->request = WALK_REQUEST_LEAVE;
        break;
    default:
        return false;
    }
    view->follow = false;
    return true;
}

void walk_view_key(struct walk_view *view, const struct key *key, bool pasted)
{
    walk_view_say(view, NULL, false);
    if (view->mode == WALK_MODE_ASK) {
        ask_key(view, key, pasted);
        return;
    }
    if (view->mode != WALK_MODE_PAGE) {
        consent_key(view, key, pasted);
        return;
    }
    enum walk_action action = pasted ? WALK_ACTION_NONE : walk_action_of_key(key);
    if (!act_anywhere(view, action) && !perform_is_busy(view->perform))
        act_on_page(view, action);
}

void walk_view_settle(struct walk_view *view, int rows, int cols, clock_us now)
{
    rows_clear(&view->rows);
    walk_layout(view, cols, now);
    int most = (int)view->rows.count - rows;
    if (view->follow || view->top > most)
        view->top = most;
    if (view->top < 0)
        view->top = 0;
    if (view->mode != WALK_MODE_PAGE && !view->shown)
        view->shown = now;
    view->armed |= view->shown && now - view->shown >= WALK_VIEW_ARM_US;
}

bool walk_view_is_arming(const struct walk_view *view)
{
    return (view->mode == WALK_MODE_CONSENT || view->mode == WALK_MODE_UNDO) && !view->armed;
}

char *walk_view_question(const struct walk_view *view)
{
    const struct walk_page *page = walk_page(view->walk);
    const char *word = wanted_word(view);

    if (walk_view_is_arming(view))
        return mem_strdup("read what would be done first ...");
    switch (view->mode) {
    case WALK_MODE_ASK:
        return mem_printf("%s: %s", view->asked, view->typed);
    case WALK_MODE_CONSENT:
        return mem_printf("%s: type %s to run the command above, any other key not to: %s",
                          effect_name(page->effect), word, view->typed);
    case WALK_MODE_UNDO:
        return mem_printf("y puts %s back as it was, any other key does not",
                          walk_undoable(view->walk));
    case WALK_MODE_PAGE:
        break;
    }
    return NULL;
}
