#include "guide/resume.h"

#include "article/steps.h"
#include "base/mem.h"
#include "guide/journal.h"

#include <stdlib.h>
#include <string.h>

/* What the visits share. */
struct search {
    struct resume *resume;
    const char *check;
    char *failing; /* as in struct resume, whatever becomes of that */
};

static void step_clear(struct resume_step *step)
{
    free(step->platform);
    free(step->title);
    free(step->end);
    free(step->command);
    free(step->output);
}

static void value_clear(struct resume_value *value)
{
    free(value->variable);
    free(value->value);
    free(value->source);
}

static void copy_clear(struct resume_copy *copy)
{
    free(copy->folder);
    free(copy->platform);
    free(copy->title);
}

void resume_clear(struct resume *resume)
{
    for (size_t i = 0; i < resume->nsteps; i++)
        step_clear(&resume->steps[i]);
    for (size_t i = 0; i < resume->nvalues; i++)
        value_clear(&resume->values[i]);
    for (size_t i = 0; i < resume->ncopies; i++)
        copy_clear(&resume->copies[i]);
    free(resume->steps);
    free(resume->values);
    free(resume->copies);
    free(resume->walk);
    free(resume->check);
    free(resume->platform);
    free(resume->why);
    free(resume->at_title);
    free(resume->failing);
    free(resume->before);
    free(resume->verdict);
    free(resume->verified_before);
    free(resume->after);
    *resume = (struct resume){0};
}

static void replace(char **text, const char *with)
{
    free(*text);
    *text = mem_strdup(with);
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *platform_of(const struct resume *resume, const struct journal_event *event)
{
    return event->platform ? event->platform : resume->platform;
}

/* Where the command of an event stands among the steps, or their number. */
static size_t find_step(const struct resume *resume, const struct journal_event *event)
{
    size_t i = 0;

    while (i < resume->nsteps &&
           (resume->steps[i].step != event->step || !is_same(resume->steps[i].title, event->title) ||
            strcmp(resume->steps[i].platform, platform_of(resume, event)) != 0))
        i++;
    return i;
}

/* The command of an event, now the last one that something was done with. */
static struct resume_step *take_step(struct resume *resume, const struct journal_event *event)
{
    size_t i = find_step(resume, event);

    if (i == resume->nsteps) {
        resume->steps = mem_grow(resume->steps, resume->nsteps, sizeof *resume->steps);
        resume->steps[resume->nsteps++] =
            (struct resume_step){.platform = mem_strdup(platform_of(resume, event)),
                                 .title = mem_strdup(event->title),
                                 .step = event->step};
    }
    struct resume_step step = resume->steps[i];
    memmove(&resume->steps[i], &resume->steps[i + 1],
            (resume->nsteps - i - 1) * sizeof *resume->steps);
    resume->steps[resume->nsteps - 1] = step;
    return &resume->steps[resume->nsteps - 1];
}

static void add_copy(struct resume *resume, const struct journal_event *event,
                     const char *folder)
{
    resume->copies = mem_grow(resume->copies, resume->ncopies, sizeof *resume->copies);
    resume->copies[resume->ncopies++] =
        (struct resume_copy){.folder = mem_strdup(folder),
                             .platform = mem_strdup(platform_of(resume, event)),
                             .title = mem_strdup(event->title),
                             .step = event->step};
}

static void add_copies(struct resume *resume, const struct journal_event *event)
{
    if (event->copy)
        add_copy(resume, event, event->copy);
    for (size_t i = 0; i < event->copies.count; i++)
        add_copy(resume, event, event->copies.items[i]);
}

static void drop_copy(struct resume *resume, const char *folder)
{
    size_t i = 0;

    while (i < resume->ncopies && !is_same(resume->copies[i].folder, folder))
        i++;
    if (i == resume->ncopies)
        return;
    copy_clear(&resume->copies[i]);
    resume->ncopies--;
    memmove(&resume->copies[i], &resume->copies[i + 1],
            (resume->ncopies - i) * sizeof *resume->copies);
}

static void set_state(struct resume *resume, const struct journal_event *event,
                      enum resume_state state)
{
    struct resume_step *step = take_step(resume, event);

    step->state = state;
    step->status = event->status;
    replace(&step->end, event->end);
}

/* One that could not be started has not run. */
static void set_end(struct resume *resume, const struct journal_event *event)
{
    bool ran = strcmp(event->end, "not-started") != 0;

    set_state(resume, event, ran ? RESUME_RAN : RESUME_OPEN);
    replace(&resume->steps[resume->nsteps - 1].output, ran ? event->output : NULL);
}

static void set_command(struct resume *resume, const struct journal_event *event)
{
    struct resume_step *step = take_step(resume, event);

    replace(&step->command, event->altered ? NULL : event->command);
    step->altered = event->altered;
}

/* The last value of a variable counts. */
static void set_value(struct resume *resume, const struct journal_event *event)
{
    size_t i = 0;

    while (i < resume->nvalues && strcmp(resume->values[i].variable, event->variable) != 0)
        i++;
    if (i == resume->nvalues) {
        resume->values = mem_grow(resume->values, resume->nvalues, sizeof *resume->values);
        resume->values[resume->nvalues++] =
            (struct resume_value){.variable = mem_strdup(event->variable)};
    }
    replace(&resume->values[i].value, event->value);
    replace(&resume->values[i].source, event->source);
}

static bool is_ours(const struct resume *resume, const struct journal_event *event)
{
    return resume->walk && event->walk && strcmp(resume->walk, event->walk) == 0;
}

/* A walkthrough begins, or goes on for another platform. */
static void begin(struct search *search, const struct journal_event *event)
{
    struct resume *resume = search->resume;

    if (strcmp(event->check, search->check) != 0)
        return;
    if (!is_ours(resume, event)) {
        resume_clear(resume);
        resume->walk = mem_strdup(event->walk);
        resume->check = mem_strdup(event->check);
        resume->began_ms = event->time_ms;
    }
    replace(&resume->platform, event->platform);
    replace(&resume->why, event->why);
    if (!resume->changed)
        replace(&resume->before, event->before);
}

/* Not known of an event without an effect. */
static bool may_change(const struct journal_event *event)
{
    return !event->effect || strcmp(event->effect, effect_name(EFFECT_READS)) != 0;
}

static void set_proof(struct resume *resume, const struct journal_event *event)
{
    bool failed = strcmp(event->verdict, "failing") == 0 || strcmp(event->verdict, "flaky") == 0;

    resume->passes = event->passes;
    resume->rounds = event->rounds;
    resume->dated = false;
    replace(&resume->verdict, event->verdict);
    replace(&resume->verified_before, event->before);
    replace(&resume->after, event->after);
    resume->failed |= failed && resume->changed;
    if (!resume->changed)
        replace(&resume->before, failed ? event->after : NULL);
}

/* Where the engineer was. */
static void set_place(struct resume *resume, const struct journal_event *event)
{
    resume->last_ms = event->time_ms;
    resume->pid = event->pid;
    resume->left = event->kind == JOURNAL_WALK_LEFT;
    if (!event->step)
        return;
    resume->at = event->step;
    replace(&resume->at_title, event->title);
}

static void follow(struct resume *resume, const struct journal_event *event)
{
    set_place(resume, event);
    switch (event->kind) {
    case JOURNAL_VALUE:
        set_value(resume, event);
        break;
    case JOURNAL_STEP_COPIED:
        set_state(resume, event, RESUME_COPIED);
        resume->changed |= may_change(event);
        break;
    case JOURNAL_STEP_BEGAN:
        set_state(resume, event, RESUME_INTERRUPTED);
        replace(&resume->steps[resume->nsteps - 1].output, NULL);
        add_copies(resume, event);
        resume->changed |= may_change(event);
        resume->dated |= may_change(event);
        break;
    case JOURNAL_STEP_ENDED:
        set_end(resume, event);
        break;
    case JOURNAL_STEP_SKIPPED:
        set_state(resume, event, RESUME_SKIPPED);
        break;
    case JOURNAL_STEP_EDITED:
        set_command(resume, event);
        break;
    case JOURNAL_UNDONE:
        if (event->step)
            set_state(resume, event, RESUME_OPEN);
        drop_copy(resume, event->copy);
        resume->dated = true;
        break;
    case JOURNAL_VERIFIED:
        set_proof(resume, event);
        break;
    case JOURNAL_WALK_ENDED:
        /* What was proved may turn out wrong, and its changes be put back. */
        if (!event->why || strcmp(event->why, "fixed") != 0)
            resume_clear(resume);
        break;
    default:
        break;
    }
}

/* A run from before anything was changed. */
static void see(struct search *search, const struct journal_event *event)
{
    bool failed = strcmp(event->outcome, "fail") == 0;

    replace(&search->failing, failed ? event->summary : NULL);
    if (failed || strcmp(event->outcome, "pass") == 0)
        replace(&search->resume->before, search->failing);
}

static void visit(void *context, const struct journal_event *event)
{
    struct search *search = context;

    if (event->kind == JOURNAL_RUN && strcmp(event->check, search->check) == 0 &&
        !search->resume->changed)
        see(search, event);
    if (event->kind == JOURNAL_WALK_BEGAN)
        begin(search, event);
    if (is_ours(search->resume, event))
        follow(search->resume, event);
}

bool resume_find(struct resume *resume, const char *directory, const char *check,
                 size_t *skipped, struct error *err)
{
    struct search search = {.resume = resume, .check = check};

    *resume = (struct resume){0};
    bool ok = journal_read_walk(directory, check, visit, &search, skipped, err);
    resume->failing = search.failing;
    return ok && resume->walk;
}
