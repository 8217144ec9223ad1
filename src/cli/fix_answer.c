#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/fix_model.h"
#include "guide/walk_offer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void fix_say(const struct plain *plain, enum style style, const char *text)
{
    fix_print_line(&plain->report, style, text);
}

void fix_leave(struct plain *plain, int status)
{
    plain->status = status;
    uv_stop(plain->session->loop);
}

/* What the walkthrough has to say beside, once. */
static void tell_note(struct plain *plain)
{
    const char *note = walk_note(plain->walk);

    if (note && (!plain->told || strcmp(note, plain->told) != 0))
        fix_say(plain, STYLE_WARN, note);
    free(plain->told);
    plain->told = mem_strdup(note);
}

/* Names of files may hold anything. */
static void put(struct plain *plain, enum question question, char *text, clock_us arm)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);
    char *ascii = plain->report.ascii ? text_ascii(clean) : NULL;

    plain->question = question;
    ask_put(plain->ask, ascii ? ascii : clean, (uint64_t)arm / CLOCK_MS);
    free(ascii);
    free(clean);
    free(text);
}

void fix_ask_choice(struct plain *plain)
{
    tell_note(plain);
    fix_print_choices(&plain->report, plain->walk, plain->options->read_only);
    put(plain, QUESTION_CHOICE, mem_strdup("Choice: "), 0);
}

/* Nothing is done, for a reason. */
static void refuse(struct plain *plain, const char *text)
{
    fix_say(plain, STYLE_STRONG, text);
    fix_ask_choice(plain);
}

void fix_show(struct plain *plain)
{
    fix_print_page(&plain->report, plain->walk);
    fix_ask_choice(plain);
}

static void ask_value(struct plain *plain, const char *name, enum fix_choice after)
{
    const char *proposal = walk_proposal(plain->walk, name);

    plain->asked = name;
    plain->after = after;
    put(plain, QUESTION_VALUE,
        proposal ? mem_printf("%s (Enter alone takes %s, - goes back): ", name, proposal)
                 : mem_printf("%s (- goes back): ", name), 0);
}

/* The whole command stands directly above the question, as it would be run. */
static void ask_consent(struct plain *plain)
{
    enum effect effect = walk_page(plain->walk)->effect;

    fix_print_command(&plain->report, plain->walk);
    put(plain, QUESTION_RUN,
        mem_printf("%s: type %s to run the command above, anything else not to: ",
                   effect_name(effect), walk_consent(effect)), WALK_ARM_US);
}

/* Nobody can tell one line that is pasted from one that is typed: what came before this
 * question does not answer it. */
static void ask_sure(struct plain *plain)
{
    put(plain, QUESTION_SURE, mem_strdup("y runs it now, anything else does not: "), WALK_ARM_US);
}

/* Takes the text over. */
static char *ending(char *text, const char *end)
{
    char *whole = mem_printf("%s%s", text, end);

    free(text);
    return whole;
}

static void ask_undo(struct plain *plain)
{
    put(plain, QUESTION_UNDO,
        ending(walk_undo_question(plain->walk), ", anything else does not: "), WALK_ARM_US);
}

static void ask_anew(struct plain *plain)
{
    put(plain, QUESTION_ANEW, ending(walk_anew_question(), ", anything else does not: "),
        WALK_ARM_US);
}

/* The descriptor is the command's own: the one that answers come from is nonblocking. */
static bool lend(struct plain *plain)
{
    plain->tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (plain->tty >= 0)
        return true;
    char *text = mem_printf("the terminal cannot be lent: %s", errno_name(errno));
    fix_say(plain, STYLE_WARN, text);
    free(text);
    return false;
}

void fix_take_back(struct plain *plain)
{
    if (plain->tty >= 0)
        close(plain->tty);
    plain->tty = -1;
}

static void run(struct plain *plain)
{
    bool terminal = walk_page(plain->walk)->terminal;

    if (terminal && !lend(plain)) {
        fix_ask_choice(plain);
        return;
    }
    if (!terminal)
        fix_say(plain, STYLE_DIM, "Running; Ctrl-C interrupts it.");
    plain->shown = (struct fix_shown){0};
    plain->verifying = false;
    if (perform_run(plain->perform, plain->tty))
        return;
    fix_take_back(plain);
    refuse(plain, walk_page(plain->walk)->outcome);
}

static void on_copied(void *context, const struct clipboard_result *result)
{
    struct plain *plain = context;

    if (result->sequence)
        fputs(result->sequence, stdout);
    if (result->route != CLIPBOARD_NOWHERE)
        walk_copied(plain->walk, result->note);
    fix_say(plain, result->route == CLIPBOARD_NOWHERE ? STYLE_WARN : STYLE_STRONG, result->note);
    clipboard_free(plain->clipboard);
    plain->clipboard = NULL;
    fix_ask_choice(plain);
}

static void copy(struct plain *plain)
{
    struct clipboard_options options = {.place = clipboard_place_here(true)};

    if (!plain->capable)
        options.place.term = NULL;
    plain->clipboard = clipboard_copy(plain->session->loop, &options,
                                      walk_page(plain->walk)->text, on_copied, plain);
}

static void on_edited(void *context, char *text, const char *flaw)
{
    struct plain *plain = context;

    editor_free(plain->editor);
    plain->editor = NULL;
    fix_take_back(plain);
    if (text) {
        walk_edit(plain->walk, text);
        fix_show(plain);
    } else {
        char *told = mem_printf("%s: the command stays as it was", flaw);
        refuse(plain, told);
        free(told);
    }
    free(text);
}

static void edit(struct plain *plain)
{
    struct error err = {0};

    if (lend(plain))
        plain->editor = editor_start(plain->session->loop, plain->tty,
                                     walk_page(plain->walk)->text, on_edited, plain, &err);
    if (plain->editor)
        return;
    fix_take_back(plain);
    if (err.text[0])
        fix_say(plain, STYLE_WARN, err.text);
    fix_ask_choice(plain);
}

/* What cannot be done says why; what needs values asks for them first. */
static void use(struct plain *plain, enum fix_choice choice)
{
    const char *asks = walk_page(plain->walk)->asks;
    const char *refusal = choice == FIX_CHOICE_RUN
                              ? walk_refuse_run(plain->walk, plain->options->read_only) : NULL;
    char *blocked = asks || refusal ? NULL : walk_refuse_use(plain->walk, choice == FIX_CHOICE_EDIT);

    if (refusal || blocked) {
        refuse(plain, refusal ? refusal : blocked);
    } else if (asks) {
        ask_value(plain, asks, choice);
    } else if (choice == FIX_CHOICE_RUN) {
        ask_consent(plain);
    } else if (choice == FIX_CHOICE_COPY) {
        copy(plain);
    } else {
        edit(plain);
    }
    free(blocked);
}

static void turn(struct plain *plain, int delta)
{
    if (walk_turn(plain->walk, delta)) {
        fix_show(plain);
        return;
    }
    refuse(plain, delta > 0 ? "that was the last step: v verifies" : "this is the first step");
}

static void choose_values(struct plain *plain)
{
    const char *refusal = walk_refuse_answers(plain->walk);

    if (refusal)
        refuse(plain, refusal);
    else
        ask_value(plain, walk_next_value(plain->walk, NULL), FIX_CHOICES);
}

/* The next platform that the article has steps for. */
static void turn_platform(struct plain *plain)
{
    enum platform was = walk_platform(plain->walk);

    for (unsigned i = 1; i < PLATFORMS && walk_platform(plain->walk) == was; i++)
        walk_set_platform(plain->walk, (was + i) % PLATFORMS);
    if (walk_platform(plain->walk) != was)
        fix_say(plain, STYLE_DIM, walk_why(plain->walk));
    fix_show(plain);
}

static void choose_other(struct plain *plain)
{
    const struct walk_page *page = walk_page(plain->walk);

    if (page->step->ncommands < 2 && !page->edited)
        fix_say(plain, STYLE_STRONG, "there is no other way to do this step");
    walk_other_way(plain->walk);
    fix_show(plain);
}

static void undo(struct plain *plain)
{
    if (walk_undoable(plain->walk))
        ask_undo(plain);
    else
        refuse(plain, "no step has changed a file that is kept");
}

static void verify(struct plain *plain)
{
    char *text = mem_printf("The check runs %d times, a second apart; Ctrl-C gives up.",
                            walk_proof(plain->walk)->wanted);

    fix_say(plain, STYLE_DIM, text);
    free(text);
    plain->verifying = true;
    perform_verify(plain->perform);
}

static void explain(struct plain *plain, const char *answer)
{
    char *text = mem_printf("\"%s\" is none of the choices", answer);

    refuse(plain, text);
    free(text);
}

static void choose(struct plain *plain, const char *answer)
{
    enum fix_choice choice = fix_choice_find(answer);

    switch (choice) {
    case FIX_CHOICE_RUN:
    case FIX_CHOICE_COPY:
    case FIX_CHOICE_EDIT:
        use(plain, choice);
        break;
    case FIX_CHOICE_NEXT:
        turn(plain, 1);
        break;
    case FIX_CHOICE_BACK:
        turn(plain, -1);
        break;
    case FIX_CHOICE_VERIFY:
        verify(plain);
        break;
    case FIX_CHOICE_SKIP:
        walk_skip(plain->walk);
        turn(plain, 1);
        break;
    case FIX_CHOICE_VALUES:
        choose_values(plain);
        break;
    case FIX_CHOICE_OTHER:
        choose_other(plain);
        break;
    case FIX_CHOICE_UNDO:
        undo(plain);
        break;
    case FIX_CHOICE_ANEW:
        ask_anew(plain);
        break;
    case FIX_CHOICE_PLATFORM:
        turn_platform(plain);
        break;
    case FIX_CHOICE_QUIT:
        fix_leave(plain, EXIT_STATUS_OK);
        break;
    case FIX_CHOICE_HELP:
        fix_print_help(&plain->report);
        fix_ask_choice(plain);
        break;
    case FIX_CHOICES:
        if (*answer)
            explain(plain, answer);
        else
            fix_show(plain);
        break;
    }
}

/* Once all values are known what asked for them goes on. */
static void take_value(struct plain *plain, const char *answer)
{
    const char *asked = plain->asked, *proposal = walk_proposal(plain->walk, asked);
    struct error err = {0};

    if (strcmp(answer, "-") == 0) {
        fix_ask_choice(plain);
        return;
    }
    if (!walk_answer(plain->walk, asked, *answer || !proposal ? answer : proposal, &err)) {
        fix_say(plain, STYLE_WARN, err.text);
        ask_value(plain, asked, plain->after);
        return;
    }
    const char *next = walk_page(plain->walk)->asks;
    if (!next && plain->after == FIX_CHOICES)
        next = walk_next_value(plain->walk, asked);
    if (next)
        ask_value(plain, next, plain->after);
    else if (plain->after == FIX_CHOICES)
        fix_show(plain);
    else
        use(plain, plain->after);
}

static void put_back(struct plain *plain)
{
    bool whole;
    char *told = walk_put_back(plain->walk, &whole);

    fix_say(plain, whole ? STYLE_STRONG : STYLE_WARN, told);
    free(told);
    fix_ask_choice(plain);
}

static void begin_anew(struct plain *plain)
{
    walk_begin_anew(plain->walk);
    fix_show(plain);
}

static void take_consent(struct plain *plain, const char *answer)
{
    const char *word = walk_consent(walk_page(plain->walk)->effect);

    if (strcmp(answer, word) != 0)
        refuse(plain, "not run");
    else if (word[1])
        ask_sure(plain);
    else
        run(plain);
}

/* An answer without the blanks around it; the caller frees it. */
static char *trim(const char *line)
{
    size_t n = strlen(line += strspn(line, " "));

    while (n > 0 && line[n - 1] == ' ')
        n--;
    return mem_strndup(line, n);
}

void fix_answered(void *context, const char *line)
{
    struct plain *plain = context;
    char *answer = trim(line);

    switch (plain->question) {
    case QUESTION_CHOICE:
        choose(plain, answer);
        break;
    case QUESTION_VALUE:
        take_value(plain, answer);
        break;
    case QUESTION_RUN:
        take_consent(plain, answer);
        break;
    case QUESTION_SURE:
        if (strcmp(answer, "y") == 0)
            run(plain);
        else
            refuse(plain, "not run");
        break;
    case QUESTION_UNDO:
        if (strcmp(answer, "y") == 0)
            put_back(plain);
        else
            refuse(plain, "not put back");
        break;
    case QUESTION_ANEW:
        if (strcmp(answer, "y") == 0)
            begin_anew(plain);
        else
            refuse(plain, "nothing is forgotten");
        break;
    }
    free(answer);
}

void fix_refused(void *context, const char *why)
{
    struct plain *plain = context;

    putchar('\n');
    refuse(plain, why);
}
