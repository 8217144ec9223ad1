#include "guide/walk.h"

#include "base/mem.h"
#include "guide/resume.h"
#include "guide/walk_model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const platform_names[PLATFORMS] = {"compose", "systemd", "helm"};

void walk_say(struct walk *walk, char *text)
{
    free(walk->note);
    walk->note = text;
}

struct walk_progress *walk_progress(const struct walk *walk)
{
    return &walk->progress[walk->platform][walk->at];
}

struct journal_event walk_event(const struct walk *walk, enum journal_kind kind)
{
    return (struct journal_event){.kind = kind, .walk = walk->id, .check = walk->check->id,
                                  .platform = platform_names[walk->platform]};
}

struct journal_event walk_step_event(const struct walk *walk, enum journal_kind kind)
{
    const struct walk_page *page = &walk->page;
    struct journal_event event = walk_event(walk, kind);

    event.title = page->command->title;
    event.step = (int64_t)page->number;
    event.effect = effect_name(page->effect);
    event.command = page->text;
    return event;
}

static void journal_begin(struct walk *walk)
{
    struct journal_event event = walk_event(walk, JOURNAL_WALK_BEGAN);

    event.title = walk->check->head.title;
    event.why = walk_why(walk);
    journal_add(walk->journal, &event);
}

void walk_reload(struct walk *walk)
{
    struct target target = {0};
    struct error err = {0};

    if (!session_reload(walk->session, &err))
        walk_say(walk, mem_printf("the settings could not be read anew: %s", err.text));
    if (check_is_wired(walk->check))
        check_target(walk->check, walk->session->settings, &target);
    answers_take_present(&walk->answers, &target);
    target_clear(&target);
}

static bool begin_answers(struct walk *walk, struct error *err)
{
    const struct check *check = walk->check;
    struct variable_spec *specs = mem_zalloc((check->nplaceholders + 1) * sizeof *specs);

    for (size_t i = 0; i < check->nplaceholders; i++)
        specs[i] = (struct variable_spec){check->placeholders[i].text,
                                          check->placeholders[i].variable};
    bool ok = answers_init(&walk->answers, specs, check->nplaceholders, err);
    free(specs);
    return ok;
}

static void choose_place(struct walk *walk)
{
    char *directory = getcwd(NULL, 0);
    struct target target = {0};

    if (check_is_wired(walk->check))
        check_target(walk->check, walk->session->settings, &target);
    place_choose(&walk->place, &(struct place_options){
        .root = "/", .directory = directory ? directory : "/", .environment = environ,
        .settings = walk->session->settings, .target = target.host ? &target : NULL});
    target_clear(&target);
    free(directory);
}

/* The nearest platform that the article has steps for. */
static bool settle_platform(struct walk *walk, enum platform wanted, struct error *err)
{
    for (int i = 0; i < PLATFORMS; i++) {
        walk->platform = (wanted + (unsigned)i) % PLATFORMS;
        if (walk->steps[walk->platform].count > 0)
            return true;
    }
    error_set(err, "%s: its article has no steps to follow", walk->check->id);
    return false;
}

static void read_steps(struct walk *walk)
{
    for (int i = 0; i < PLATFORMS; i++) {
        article_steps(walk->article, (enum platform)i, &walk->steps[i]);
        walk->progress[i] = mem_zalloc((walk->steps[i].count + 1) * sizeof **walk->progress);
    }
}

static enum platform find_platform(const char *name)
{
    int i = 0;

    while (i < PLATFORMS && strcmp(platform_names[i], name) != 0)
        i++;
    return (enum platform)i;
}

static void take_step(struct walk *walk, const struct resume_step *was)
{
    static const enum walk_state states[] = {
        [RESUME_OPEN] = WALK_OPEN,       [RESUME_COPIED] = WALK_COPIED,
        [RESUME_RAN] = WALK_RAN,         [RESUME_SKIPPED] = WALK_SKIPPED,
        [RESUME_INTERRUPTED] = WALK_INTERRUPTED};
    enum platform platform = find_platform(was->platform);

    if (platform == PLATFORMS || was->step < 1 ||
        (size_t)was->step > walk->steps[platform].count)
        return;
    struct walk_progress *progress = &walk->progress[platform][was->step - 1];
    progress->state = states[was->state];
    progress->edited = was->command ? mem_strdup(was->command) : NULL;
    progress->went_well = was->end && strcmp(was->end, "exit") == 0 && was->status == 0;
    if (was->state == RESUME_INTERRUPTED)
        progress->outcome = mem_strdup("it began, and nobody saw it end: look before you repeat it");
    else if (was->end)
        progress->outcome = mem_printf("%s %lld, earlier", was->end, (long long)was->status);
}

static void take_values(struct walk *walk, const struct resume *resume)
{
    for (size_t i = 0; i < resume->nvalues; i++)
        answers_set(&walk->answers, resume->values[i].variable, resume->values[i].value, NULL);
}

/* The first step that nothing was done with. */
static size_t first_open(const struct walk *walk)
{
    const struct walk_progress *progress = walk->progress[walk->platform];
    size_t i = 0;

    while (i < walk->steps[walk->platform].count && progress[i].state != WALK_OPEN &&
           progress[i].state != WALK_INTERRUPTED)
        i++;
    return i < walk->steps[walk->platform].count ? i : 0;
}

/* False where there is none to go on with. */
static bool resume(struct walk *walk, enum platform *platform)
{
    struct resume was = {0};
    struct error err = {0};
    size_t skipped = 0;
    bool found = resume_find(&was, walk->directory, walk->check->id, &skipped, &err);

    if (found) {
        walk->id = mem_strdup(was.walk);
        for (size_t i = 0; i < was.nsteps; i++)
            take_step(walk, &was.steps[i]);
        take_values(walk, &was);
        if (*platform == PLATFORMS)
            *platform = find_platform(was.platform);
        walk_say(walk, mem_strdup("going on where this walkthrough was left"));
    } else if (err.text[0]) {
        walk_say(walk, mem_printf("the journal cannot be read: %s", err.text));
    } else if (skipped > 0) {
        walk_say(walk, mem_printf("%zu broken lines of the journal were passed over", skipped));
    }
    resume_clear(&was);
    return found;
}

static void keep_result(struct walk *walk, const struct result *result)
{
    walk->proof.wanted = WALK_ROUNDS;
    if (result && result->summary)
        walk->proof.before = mem_strdup(result->summary);
}

static bool begin(struct walk *walk, const struct walk_options *options, struct error *err)
{
    enum platform platform = options->platform;

    walk->article = check_open_article(walk->check, err);
    if (!walk->article || !begin_answers(walk, err))
        return false;
    read_steps(walk);
    choose_place(walk);
    walk_reload(walk);
    keep_result(walk, options->result);
    bool goes_on = walk->directory && !options->starts_anew && resume(walk, &platform);
    if (!settle_platform(walk, platform < PLATFORMS ? platform : walk->place.platform, err))
        return false;
    walk->at = goes_on ? first_open(walk) : 0;
    if (!goes_on)
        walk->id = journal_new_walk();
    journal_begin(walk);
    walk_refresh(walk);
    return true;
}

struct walk *walk_open(const struct walk_options *options, struct error *err)
{
    struct walk *walk = mem_zalloc(sizeof *walk);

    walk->session = options->session;
    walk->journal = options->journal;
    walk->check = options->check;
    walk->directory = options->directory ? mem_strdup(options->directory) : NULL;
    if (begin(walk, options, err))
        return walk;
    walk_close(walk);
    return NULL;
}

static void clear_progress(struct walk_progress *progress)
{
    free(progress->edited);
    free(progress->outcome);
    free(progress->output);
    undo_clear(&progress->undo);
}

void walk_close(struct walk *walk)
{
    if (!walk)
        return;
    walk_page_clear(&walk->page);
    for (int i = 0; i < PLATFORMS; i++) {
        for (size_t step = 0; step < walk->steps[i].count; step++)
            clear_progress(&walk->progress[i][step]);
        free(walk->progress[i]);
        steps_clear(&walk->steps[i]);
    }
    answers_clear(&walk->answers);
    place_clear(&walk->place);
    article_free(walk->article);
    free(walk->proof.before);
    free(walk->proof.after);
    free(walk->proof.next);
    free(walk->directory);
    free(walk->note);
    free(walk->id);
    free(walk);
}

const struct walk_page *walk_page(const struct walk *walk)
{
    return &walk->page;
}

const struct check *walk_check(const struct walk *walk)
{
    return walk->check;
}

enum platform walk_platform(const struct walk *walk)
{
    return walk->platform;
}

const char *walk_why(const struct walk *walk)
{
    return walk->platform == walk->place.platform ? walk->place.because : "chosen by hand";
}

const char *walk_note(const struct walk *walk)
{
    return walk->note ? walk->note : walk->journal ? journal_trouble(walk->journal) : NULL;
}

bool walk_turn(struct walk *walk, int delta)
{
    size_t count = walk->steps[walk->platform].count, was = walk->at;
    long long at = (long long)walk->at + delta;

    walk->at = at < 0 ? 0 : (size_t)at < count ? (size_t)at : count - 1;
    walk_say(walk, NULL);
    walk_refresh(walk);
    return walk->at != was;
}

void walk_set_platform(struct walk *walk, enum platform platform)
{
    walk_say(walk, NULL);
    if (platform == walk->platform)
        return;
    if (walk->steps[platform].count == 0) {
        walk_say(walk, mem_printf("the article has no steps for %s", platform_title(platform)));
        return;
    }
    walk->platform = platform;
    walk->at = first_open(walk);
    journal_begin(walk);
    walk_refresh(walk);
}

void walk_choose(struct walk *walk)
{
    struct walk_progress *progress = walk_progress(walk);
    size_t count = walk->page.step->ncommands;

    walk_say(walk, NULL);
    if (count < 2)
        return;
    progress->choice = (progress->choice + 1) % count;
    free(progress->edited);
    progress->edited = NULL;
    walk_refresh(walk);
}

/* What is in force was proposed: nobody typed it. */
static char *describe_source(const struct answer *answer)
{
    bool kept = answer->present && strcmp(answer->present, answer->wanted) == 0;

    return kept ? mem_printf("kept: %s", answer->present_from) : mem_strdup("typed");
}

bool walk_answer(struct walk *walk, const char *name, const char *text, struct error *err)
{
    if (!answers_set(&walk->answers, name, text, err))
        return false;
    const struct answer *answer = answers_find(&walk->answers, name);
    char *from = describe_source(answer);
    struct journal_event event = walk_event(walk, JOURNAL_VALUE);
    event.variable = name;
    event.value = answer->wanted;
    event.source = from;
    journal_add(walk->journal, &event);
    free(from);
    walk_refresh(walk);
    return true;
}

bool walk_can_answer(const struct walk *walk, const char *name)
{
    const struct answer *answer = answers_find(&walk->answers, name);

    return answer && !answer->secret;
}

const char *walk_proposal(const struct walk *walk, const char *name)
{
    const struct answer *answer = answers_find(&walk->answers, name);

    return answer->wanted ? answer->wanted : answer->present;
}
