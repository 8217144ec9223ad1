#include "ui/walk_view.h"

#include "base/mem.h"
#include "base/text.h"
#include "guide/walk_offer.h"
#include "ui/walk_layout.h"
#include "ui/walk_question.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { FAR = INT_MAX / 4 };

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
    free(view->output);
    *view = (struct walk_view){0};
}

void walk_view_say(struct walk_view *view, char *text, bool bad)
{
    free(view->note);
    view->note = text;
    view->bad = bad;
}

void walk_view_hide(struct walk_view *view)
{
    view->shown = 0;
    view->armed = false;
    view->seen = 0;
    view->seeks |= view->mode == WALK_MODE_CONSENT;
}

static void enter(struct walk_view *view, enum walk_mode mode)
{
    view->mode = mode;
    view->typed[0] = '\0';
    view->proposed = view->ripe = false;
    walk_view_hide(view);
}

static void ask(struct walk_view *view, const char *name, enum walk_request after)
{
    const char *proposal = walk_proposal(view->walk, name);

    enter(view, WALK_MODE_ASK);
    view->asked = name;
    view->after = after;
    if (proposal && strlen(proposal) <= WALK_VIEW_TYPED_BYTES)
        strcpy(view->typed, proposal);
    view->proposed = true;
}

static void begin_answers(struct walk_view *view)
{
    const struct walk_page *page = walk_page(view->walk);
    const char *refusal = walk_refuse_answers(view->walk);

    if (refusal)
        walk_view_say(view, mem_strdup(refusal), false);
    else
        ask(view, page->asks ? page->asks : walk_next_value(view->walk, NULL), WALK_REQUEST_NONE);
}

static void want_run(struct walk_view *view)
{
    const char *refusal = walk_refuse_run(view->walk, view->read_only);

    if (refusal)
        walk_view_say(view, mem_strdup(refusal), view->read_only);
    else
        enter(view, WALK_MODE_CONSENT);
}

/* What can be neither copied nor run says why, and can be edited; what needs values asks for
 * them first. */
static void want(struct walk_view *view, enum walk_request request)
{
    const char *asks = walk_page(view->walk)->asks;
    char *refusal = asks ? NULL : walk_refuse_use(view->walk, request == WALK_REQUEST_EDIT);

    if (asks)
        ask(view, asks, request);
    else if (refusal)
        walk_view_say(view, refusal, true);
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
        next = walk_next_value(view->walk, asked);
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
    /* Who pastes a value means it instead of the one that is proposed. */
    if (view->proposed && pasted && key->code == INPUT_CHAR)
        view->typed[0] = '\0';
    view->proposed = false;
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
    bool whole;
    char *told = walk_put_back(view->walk, &whole);

    walk_view_say(view, told, !whole);
}

static void begin_anew(struct walk_view *view)
{
    walk_begin_anew(view->walk);
    view->top = 0;
    view->follow = false;
}

static bool scroll(struct walk_view *view, enum walk_action action)
{
    int page = view->height > 1 ? view->height - 1 : 1, was = view->top;

    switch (action) {
    case WALK_ACTION_UP:
        view->top--;
        break;
    case WALK_ACTION_DOWN:
        view->top++;
        break;
    case WALK_ACTION_PAGE_UP:
        view->top -= page;
        break;
    case WALK_ACTION_PAGE_DOWN:
        view->top += page;
        break;
    case WALK_ACTION_TOP:
        view->top = 0;
        break;
    case WALK_ACTION_BOTTOM:
        view->top = FAR;
        break;
    default:
        return false;
    }
    view->follow = view->top >= view->bottom && view->top >= was;
    return true;
}

static void refuse_answer(struct walk_view *view, const char *why)
{
    enter(view, WALK_MODE_PAGE);
    walk_view_say(view, why ? mem_printf("not run: %s", why) : mem_strdup("not run"), false);
}

static void consent(struct walk_view *view)
{
    enum walk_mode mode = view->mode;

    enter(view, WALK_MODE_PAGE);
    if (mode == WALK_MODE_UNDO) {
        undo(view);
        return;
    }
    if (mode == WALK_MODE_ANEW) {
        begin_anew(view);
        return;
    }
    view->request = WALK_REQUEST_RUN;
    view->follow = true;
}

/* Behind the whole word: it was typed once somebody has read it and presses Enter. */
static void end_word(struct walk_view *view, enum walk_typed typed)
{
    bool apart = clock_now_us() - view->lettered >= WALK_VIEW_APART_US;

    if (typed == WALK_TYPED_ALONE && apart)
        consent(view);
    else
        walk_view_say(view, mem_strdup("it came in one go, as a paste does: press Enter again"),
                      false);
}

/* The question stays: what came with the answer is nobody's change of mind. */
static void ask_again(struct walk_view *view)
{
    walk_view_say(view, mem_printf("more came with it, as in a paste: press %s again, by itself",
                                   walk_question_word(view)), false);
}

static void take_letter(struct walk_view *view, const struct key *key, enum walk_typed typed)
{
    const char *word = walk_question_word(view);

    if (word[1]) {
        type(view, key->character);
        view->lettered = clock_now_us();
    } else if (typed == WALK_TYPED_ALONE) {
        consent(view);
    } else {
        ask_again(view);
    }
}

/* Any key that neither scrolls nor goes on with the word takes the question back: Enter
 * alone never means yes, and neither does what was pasted, or came before the question could
 * be read. */
static void consent_key(struct walk_view *view, const struct key *key, enum walk_typed typed)
{
    const char *word = walk_question_word(view);
    size_t len = strlen(view->typed);
    bool fits = word[len] && key->code == INPUT_CHAR &&
                (uint32_t)(unsigned char)word[len] == key->character;
    bool ends = !word[len] && key->code == INPUT_ENTER;

    if (typed != WALK_TYPED_PASTED && !fits && scroll(view, walk_action_of_key(key)))
        return;
    if (typed == WALK_TYPED_PASTED)
        refuse_answer(view, "it was pasted");
    else if (!view->armed)
        refuse_answer(view, "it came before the question");
    else if (ends)
        end_word(view, typed);
    else if (fits)
        take_letter(view, key, typed);
    else if (typed == WALK_TYPED_TOGETHER && !word[1])
        ask_again(view);
    else
        refuse_answer(view, NULL);
}

/* What the last proof said stands above it, and may fill the screen. */
static void show_step(struct walk_view *view)
{
    view->turned = true;
    view->follow = false;
}

static void turn(struct walk_view *view, int delta)
{
    show_step(view);
    if (!walk_turn(view->walk, delta) && delta > 0)
        walk_view_say(view, mem_strdup("that was the last step: v verifies"), false);
}

static void turn_platform(struct walk_view *view, int step)
{
    int platform = ((int)walk_platform(view->walk) + step + PLATFORMS) % PLATFORMS;

    walk_set_platform(view->walk, (enum platform)platform);
    show_step(view);
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
        view->follow = false;
        break;
    case WALK_ACTION_SKIP:
        walk_skip(view->walk);
        turn(view, 1);
        break;
    case WALK_ACTION_ANSWER:
        begin_answers(view);
        break;
    case WALK_ACTION_OTHER:
        walk_other_way(view->walk);
        break;
    case WALK_ACTION_UNDO:
        if (walk_undoable(view->walk))
            enter(view, WALK_MODE_UNDO);
        else
            walk_view_say(view, mem_strdup("no step has changed a file that is kept"), false);
        break;
    case WALK_ACTION_ANEW:
        enter(view, WALK_MODE_ANEW);
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

static void leave(struct walk_view *view, enum walk_request request)
{
    if (perform_is_running(view->perform))
        walk_view_say(view, mem_strdup("a step runs: Ctrl-C interrupts it"), true);
    else
        view->request = request;
}

/* What works while something runs, too. */
static bool act_anywhere(struct walk_view *view, enum walk_action action)
{
    if (action == WALK_ACTION_CANCEL)
        view->request = WALK_REQUEST_CANCEL;
    else if (action == WALK_ACTION_LEAVE)
        leave(view, WALK_REQUEST_LEAVE);
    else if (action == WALK_ACTION_CLOSE)
        leave(view, WALK_REQUEST_CLOSE);
    else
        return scroll(view, action);
    return true;
}

void walk_view_key(struct walk_view *view, const struct key *key, enum walk_typed typed)
{
    bool pasted = typed == WALK_TYPED_PASTED;

    /* What came right behind the key that asked for it must not turn the page under it. */
    if (view->request != WALK_REQUEST_NONE)
        return;
    walk_view_say(view, NULL, false);
    if (view->mode == WALK_MODE_ASK) {
        ask_key(view, key, pasted);
        return;
    }
    if (view->mode != WALK_MODE_PAGE) {
        consent_key(view, key, typed);
        return;
    }
    enum walk_action action = pasted ? WALK_ACTION_NONE : walk_action_of_key(key);
    if (!act_anywhere(view, action) && !perform_is_busy(view->perform))
        act_on_page(view, action);
}

/* Where a question is about a command, from its title on if that fits, and from its first
 * row on if not. */
static void place(struct walk_view *view)
{
    view->bottom = (int)view->rows.count - view->height;
    if (view->bottom < 0)
        view->bottom = 0;
    if (view->seeks) {
        view->follow = false;
        view->top = view->command_end - view->title <= view->height ? view->title : view->command;
        view->seen = view->command;
    }
    if (view->turned)
        view->top = walk_proof(view->walk)->verdict == WALK_UNPROVEN ? 0 : view->title;
    view->seeks = view->turned = false;
    if (view->follow || view->top > view->bottom)
        view->top = view->bottom;
    if (view->top < 0)
        view->top = 0;
}

const char *walk_view_note(const struct walk_view *view)
{
    if (view->mode != WALK_MODE_PAGE)
        return view->note;
    return view->note ? view->note : walk_note(view->walk);
}

int walk_view_note_rows(const char *note, int cols)
{
    return (text_cols(note) + cols - 1) / cols;
}

/* The last row of the screen is the question's, or else the note's. Half of the page stays. */
static int note_height(const struct walk_view *view)
{
    const char *note = walk_view_note(view);
    int rows = note ? walk_view_note_rows(note, view->cols) : 0;

    rows -= rows > 0 && view->mode == WALK_MODE_PAGE;
    return rows < view->rows_here / 2 ? rows : view->rows_here / 2;
}

void walk_view_settle(struct walk_view *view, int rows, int cols, clock_us now)
{
    bool resized = view->rows_here != rows || view->cols != cols;

    view->rows_here = rows;
    view->cols = cols;
    view->height = rows - note_height(view);
    if (resized)
        walk_view_hide(view);
    rows_clear(&view->rows);
    walk_layout(view, cols, now);
    place(view);
    walk_question_read(view, now);
}

bool walk_view_offers(const struct walk_view *view, enum walk_action action)
{
    const struct walk_page *page = walk_page(view->walk);

    switch (action) {
    case WALK_ACTION_RUN:
        return !walk_refuse_run(view->walk, view->read_only);
    case WALK_ACTION_BACK:
        return page->number > 1;
    case WALK_ACTION_ANSWER:
        return !walk_refuse_answers(view->walk);
    case WALK_ACTION_OTHER:
        return page->edited || page->step->ncommands > 1;
    case WALK_ACTION_UNDO:
        return walk_undoable(view->walk) != NULL;
    default:
        return true;
    }
}
