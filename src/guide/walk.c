#include "guide/walk.h"

#include "base/mem.h"
#include "guide/walk_model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const platform_names[PLATFORMS] = {"compose", "systemd", "helm"};

const char *walk_platform_name(enum platform platform)
{
    return platform_names[platform];
}

void walk_say(struct walk *walk, char *text)
{
    free(walk->note);
    walk->note = text;
}

static struct walk_progress *progress_of(const struct walk *walk)
{
    return &walk->progress[walk->platform][walk->at];
}

struct walk_way *walk_way(const struct walk *walk)
{
    const struct walk_progress *progress = progress_of(walk);

    return &progress->ways[progress->choice];
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
    char *why = NULL;

    event.title = walk->check->head.title;
    event.why = walk_why(walk);
    event.before = walk->changed ? NULL : walk->seen;
    if (walk->place.directories[walk->platform])
        event.why = why = mem_printf("%s; steps run in %s", event.why,
                                     walk->place.directories[walk->platform]);
    journal_add(walk->journal, &event);
    free(why);
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

static void give_reason(struct walk *walk, char *why)
{
    free(walk->why);
    walk->why = why;
}

/* The nearest platform that the article has steps for; where that is another one, nobody
 * has chosen it. */
static bool settle_platform(struct walk *walk, enum platform wanted, struct error *err)
{
    for (int i = 0; i < PLATFORMS; i++) {
        walk->platform = (wanted + (unsigned)i) % PLATFORMS;
        if (walk->steps[walk->platform].count == 0)
            continue;
        if (i > 0)
            give_reason(walk, mem_printf("The article has no steps for %s: these are those for %s",
                                         platform_title(wanted), platform_title(walk->platform)));
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
        for (size_t step = 0; step < walk->steps[i].count; step++)
            walk->progress[i][step].ways = mem_zalloc(walk->steps[i].items[step].ncommands *
                                                      sizeof(struct walk_way));
    }
}

enum platform walk_find_platform(const char *name)
{
    int i = 0;

    while (i < PLATFORMS && strcmp(platform_names[i], name) != 0)
        i++;
    return (enum platform)i;
}

bool walk_is_open(const struct walk *walk, enum platform platform, size_t step)
{
    const struct walk_progress *progress = &walk->progress[platform][step];
    bool open = true;

    for (size_t way = 0; way < walk->steps[platform].items[step].ncommands; way++) {
        if (progress->ways[way].state == WALK_INTERRUPTED)
            return true;
        open = open && progress->ways[way].state == WALK_OPEN;
    }
    return open;
}

/* The first step that nothing was done with. */
static size_t first_open(const struct walk *walk)
{
    size_t count = walk->steps[walk->platform].count, i = 0;

    while (i < count && !walk_is_open(walk, walk->platform, i))
        i++;
    return i < count ? i : 0;
}

static bool begin(struct walk *walk, const struct walk_options *options, struct error *err)
{
    enum platform platform = options->platform;
    size_t at = SIZE_MAX;

    walk->article = check_open_article(walk->check, err);
    if (!walk->article || !begin_answers(walk, err))
        return false;
    read_steps(walk);
    choose_place(walk);
    walk_reload(walk);
    if (options->result)
        walk_take_failure(walk, options->result);
    bool goes_on = walk_resume(walk, &platform, &at);
    if (options->result)
        walk_see_result(walk, options->result);
    if (!walk->proof.before)
        walk->proof.before = mem_strdup(walk->seen);
    if (platform < PLATFORMS && platform != walk->place.platform)
        give_reason(walk, mem_strdup(options->platform < PLATFORMS
                                         ? "chosen by hand" : "as this walkthrough was left"));
    if (!settle_platform(walk, platform < PLATFORMS ? platform : walk->place.platform, err))
        return false;
    if (goes_on)
        walk->at = at < walk->steps[walk->platform].count ? at : first_open(walk);
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
    walk->proof.wanted = options->rounds ? options->rounds : WALK_ROUNDS;
    walk->journal = options->journal;
    walk->check = options->check;
    walk->directory = options->directory ? mem_strdup(options->directory) : NULL;
    if (begin(walk, options, err))
        return walk;
    walk_close(walk);
    return NULL;
}

static void clear_way(struct walk_way *way)
{
    free(way->edited);
    free(way->outcome);
    free(way->earlier);
    free(way->output);
    *way = (struct walk_way){0};
}

static void clear_progress(struct walk *walk, enum platform platform, size_t step)
{
    struct walk_progress *progress = &walk->progress[platform][step];

    for (size_t way = 0; way < walk->steps[platform].items[step].ncommands; way++)
        clear_way(&progress->ways[way]);
    progress->choice = 0;
}

static void clear_proof(struct walk *walk)
{
    for (size_t i = 0; i < walk->ntried; i++)
        free(walk->tried[i]);
    free(walk->tried);
    free(walk->offered);
    free(walk->proof.before);
    free(walk->proof.after);
    free(walk->proof.next);
    walk->tried = NULL;
    walk->ntried = 0;
    walk->offered = NULL;
    walk->proof = (struct walk_proof){.wanted = walk->proof.wanted};
    walk->acted = false;
}

static void free_steps(struct walk *walk, enum platform platform)
{
    for (size_t step = 0; step < walk->steps[platform].count; step++) {
        clear_progress(walk, platform, step);
        free(walk->progress[platform][step].ways);
    }
    free(walk->progress[platform]);
    steps_clear(&walk->steps[platform]);
}

/* Where it stands, for who goes on with it. */
static void journal_leave(struct walk *walk)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_WALK_LEFT);

    journal_add(walk->journal, &event);
}

void walk_close(struct walk *walk)
{
    if (!walk)
        return;
    if (walk->page.command)
        journal_leave(walk);
    walk_page_clear(&walk->page);
    for (int i = 0; i < PLATFORMS; i++)
        free_steps(walk, (enum platform)i);
    clear_proof(walk);
    walk_clear_copies(walk);
    answers_clear(&walk->answers);
    place_clear(&walk->place);
    article_free(walk->article);
    free(walk->seen);
    free(walk->directory);
    free(walk->why);
    free(walk->note);
    free(walk->notes);
    free(walk->id);
    free(walk);
}

/* What failed after all that was done is what the next walkthrough begins with. */
static void see_anew(struct walk *walk)
{
    const struct walk_proof *proof = &walk->proof;
    bool fails = proof->failures > 0 && !proof->dated && proof->verdict > WALK_VERIFYING;

    if (walk->changed) {
        free(walk->seen);
        walk->seen = fails ? mem_strdup(proof->after) : NULL;
    }
    walk->changed = walk->failed = false;
}

void walk_begin_anew(struct walk *walk)
{
    struct journal_event event = walk_event(walk, JOURNAL_WALK_ENDED);

    event.why = "begun anew";
    journal_add(walk->journal, &event);
    for (int i = 0; i < PLATFORMS; i++)
        for (size_t step = 0; step < walk->steps[i].count; step++)
            clear_progress(walk, (enum platform)i, step);
    see_anew(walk);
    clear_proof(walk);
    walk->proof.before = mem_strdup(walk->seen);
    answers_forget(&walk->answers);
    free(walk->id);
    walk->id = journal_new_walk();
    walk->at = 0;
    journal_begin(walk);
    walk_say(walk, mem_strdup("this walkthrough begins anew"));
    walk_refresh(walk);
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
    return walk->why ? walk->why : walk->place.because;
}

const char *walk_note(struct walk *walk)
{
    const char *trouble = journal_trouble(walk->journal);

    if (!walk->note || !trouble)
        return walk->note ? walk->note : trouble;
    free(walk->notes);
    walk->notes = mem_printf("%s; %s", walk->note, trouble);
    return walk->notes;
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
    give_reason(walk, platform == walk->place.platform ? NULL : mem_strdup("chosen by hand"));
    walk->at = first_open(walk);
    journal_begin(walk);
    walk_refresh(walk);
}

void walk_choose(struct walk *walk)
{
    struct walk_progress *progress = progress_of(walk);

    walk_say(walk, NULL);
    progress->choice = (progress->choice + 1) % walk->page.step->ncommands;
    walk_refresh(walk);
}

bool walk_answer(struct walk *walk, const char *name, const char *text, struct error *err)
{
    if (!answers_set(&walk->answers, name, text, err))
        return false;
    const struct answer *answer = answers_find(&walk->answers, name);
    struct journal_event event = walk_event(walk, JOURNAL_VALUE);
    event.variable = name;
    event.value = answer->wanted;
    event.source = answer->wanted_from;
    journal_add(walk->journal, &event);
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
