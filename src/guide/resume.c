#include "guide/resume.h"

#include "base/mem.h"
#include "guide/journal.h"

#include <stdlib.h>
#include <string.h>

/* What the visits share. */
struct search {
    struct resume *resume;
    const char *check;
};

static void step_clear(struct resume_step *step)
{
    free(step->platform);
    free(step->end);
    free(step->command);
}

static void value_clear(struct resume_value *value)
{
    free(value->variable);
    free(value->value);
    free(value->source);
}

void resume_clear(struct resume *resume)
{
    for (size_t i = 0; i < resume->nsteps; i++)
        step_clear(&resume->steps[i]);
    for (size_t i = 0; i < resume->nvalues; i++)
        value_clear(&resume->values[i]);
    free(resume->steps);
    free(resume->values);
    free(resume->walk);
    free(resume->check);
    free(resume->platform);
    free(resume->why);
    free(resume->verdict);
    *resume = (struct resume){0};
}

static void replace(char **text, const char *with)
{
    free(*text);
    *text = mem_strdup(with);
}

static struct resume_step *find_step(const struct resume *resume, const char *platform,
                                     int64_t number)
{
    for (size_t i = 0; i < resume->nsteps; i++)
        if (resume->steps[i].step == number && strcmp(resume->steps[i].platform, platform) == 0)
            return &resume->steps[i];
    return NULL;
}

const struct resume_step *resume_step(const struct resume *resume, const char *platform,
                                      int64_t step)
{
    return find_step(resume, platform, step);
}

/* The step of an event, a new one where nothing was done with it yet. */
static struct resume_step *take_step(struct resume *resume, const struct journal_event *event)
{
    const char *platform = event->platform ? event->platform : resume->platform;
    struct resume_step *step = find_step(resume, platform, event->step);

    if (step)
        return step;
    resume->steps = mem_grow(resume->steps, resume->nsteps, sizeof *resume->steps);
    step = &resume->steps[resume->nsteps++];
    *step = (struct resume_step){.platform = mem_strdup(platform), .step = event->step};
    return step;
}

static void set_state(struct resume *resume, const struct journal_event *event,
                      enum resume_state state)
{
    struct resume_step *step = take_step(resume, event);

    step->state = state;
    step->status = event->status;
    replace(&step->end, event->end);
}

static void set_command(struct resume *resume, const struct journal_event *event)
{
    struct resume_step *step = take_step(resume, event);

    replace(&step->command, event->altered ? NULL : event->command);
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
}

static void follow(struct resume *resume, const struct journal_event *event)
{
    switch (event->kind) {
    case JOURNAL_VALUE:
        set_value(resume, event);
        break;
    case JOURNAL_STEP_COPIED:
        set_state(resume, event, RESUME_COPIED);
        break;
    case JOURNAL_STEP_BEGAN:
        set_state(resume, event, RESUME_INTERRUPTED);
        break;
    case JOURNAL_STEP_ENDED:
        set_state(resume, event, RESUME_RAN);
        break;
    case JOURNAL_STEP_SKIPPED:
        set_state(resume, event, RESUME_SKIPPED);
        break;
    case JOURNAL_STEP_EDITED:
        set_command(resume, event);
        break;
    case JOURNAL_VERIFIED:
        replace(&resume->verdict, event->verdict);
        break;
    case JOURNAL_UNDONE:
        if (event->step)
            set_state(resume, event, RESUME_OPEN);
        break;
    case JOURNAL_WALK_ENDED:
        resume_clear(resume);
        break;
    default:
        break;
    }
}

static void visit(void *context, const struct journal_event *event)
{
    struct search *search = context;

    if (event->kind == JOURNAL_WALK_BEGAN)
        begin(search, event);
    if (!is_ours(search->resume, event))
        return;
    search->resume->last_ms = event->time_ms;
    follow(search->resume, event);
}

bool resume_find(struct resume *resume, const char *directory, const char *check,
                 size_t *skipped, struct error *err)
{
    struct search search = {resume, check};

    *resume = (struct resume){0};
    return journal_read_walk(directory, check, visit, &search, skipped, err) && resume->walk;
}
