#include "base/mem.h"
#include "guide/walk_model.h"
#include "guide/written_files.h"

#include <stdlib.h>
#include <string.h>

void walk_set_state(struct walk *walk, enum walk_state state, char *outcome)
{
    struct walk_way *way = walk_way(walk);

    way->state = state;
    way->went_well = false;
    free(way->outcome);
    free(way->earlier);
    way->earlier = NULL;
    way->outcome = outcome;
    walk_refresh(walk);
}

void walk_edit(struct walk *walk, const char *text)
{
    struct walk_way *way = walk_way(walk);

    walk_say(walk, NULL);
    if (text && strcmp(text, walk->page.text) == 0)
        return;
    free(way->edited);
    way->edited = mem_strdup(text);
    walk_refresh(walk);
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_EDITED);
    journal_add(walk->journal, &event);
}

void walk_skip(struct walk *walk)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_SKIPPED);

    walk_say(walk, NULL);
    journal_add(walk->journal, &event);
    walk_set_state(walk, WALK_SKIPPED, mem_strdup("skipped"));
}

/* What became of the step stays readable, however often it is copied. */
void walk_copied(struct walk *walk, const char *note)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_COPIED);
    struct walk_way *way = walk_way(walk);
    const char *where = walk->page.where;
    char *earlier = mem_strdup(way->state == WALK_COPIED ? way->earlier : way->outcome);

    walk_say(walk, NULL);
    event.route = note;
    walk->acted = true;
    walk->changed |= walk->page.effect != EFFECT_READS;
    journal_add(walk->journal, &event);
    walk_set_state(walk, WALK_COPIED,
                   mem_printf("%s%s%s%s%s", note, where ? "; to be run " : "", where ? where : "",
                              earlier ? "; before that: " : "", earlier ? earlier : ""));
    way->earlier = earlier;
}

const char *walk_consent(enum effect effect)
{
    return effect <= EFFECT_CHANGES_CONFIG ? "y" : effect_name(effect);
}

static const char *copy_folder(const struct walk *walk, size_t i)
{
    return walk->copies[i].undo.folder;
}

/* The first of the copies stands by itself, the others in a list. */
void walk_run_begins(struct walk *walk)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_BEGAN);
    const char *others[WRITTEN_FILES];

    walk_say(walk, NULL);
    size_t ncopies = walk_keep_copies(walk), first = walk->ncopies - ncopies;
    if (ncopies > 0)
        event.copy = copy_folder(walk, first);
    for (size_t i = 1; i < ncopies; i++)
        others[event.copies.count++] = copy_folder(walk, first + i);
    event.copies.items = others;
    walk->changed |= walk->page.effect != EFFECT_READS;
    journal_add(walk->journal, &event);
    walk_set_state(walk, WALK_RUNNING, mem_strdup("running"));
}

/* The words are the journal's too. */
static const char *how(const struct child_end *end)
{
    if (end->alive)
        return "still-running";
    if (end->timed_out)
        return "time-limit";
    if (end->interrupted)
        return "interrupted";
    if (end->stopped)
        return "stopped";
    return end->signal ? "signal" : "exit";
}

static char *describe_end(const struct child_end *end)
{
    double seconds = (double)end->took_us / CLOCK_SECOND;

    if (end->alive)
        return mem_printf("left running after %.1f s: it could not be ended", seconds);
    if (end->timed_out)
        return mem_printf("ended by us at its time limit, after %.1f s", seconds);
    if (end->interrupted)
        return mem_printf("interrupted after %.1f s", seconds);
    if (end->stopped)
        return mem_printf("stopped over and over, and ended by us, after %.1f s", seconds);
    if (end->signal)
        return mem_printf("ended by signal %d (%s) after %.1f s", end->signal,
                          sigabbrev_np(end->signal) ? sigabbrev_np(end->signal) : "unknown",
                          seconds);
    return mem_printf("exit status %d after %.1f s%s", end->status, seconds,
                      end->left ? "; what it started runs on, also when you leave" : "");
}

void walk_run_ended(struct walk *walk, const struct child_end *end, const char *output)
{
    struct walk_way *way = walk_way(walk);
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_ENDED);
    bool may_have_changed = walk->page.effect != EFFECT_READS;

    event.end = how(end);
    event.status = end->signal ? end->signal : end->status;
    event.duration_ms = end->took_us / CLOCK_MS;
    event.output = output;
    journal_add(walk->journal, &event);
    walk_end_copies(walk);
    free(way->output);
    way->output = mem_strdup(output);
    walk->acted |= may_have_changed;
    walk->proof.dated |= may_have_changed;
    if (may_have_changed)
        walk_reload(walk);
    walk_set_state(walk, WALK_RAN, describe_end(end));
    way->went_well = journal_event_succeeded(&event);
    way->status = strcmp(event.end, "exit") == 0 ? end->status : 0;
    walk_refresh(walk);
}

void walk_run_failed(struct walk *walk, const char *why)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_ENDED);

    event.end = "not-started";
    event.output = why;
    journal_add(walk->journal, &event);
    walk_set_state(walk, WALK_OPEN, mem_printf("not started: %s", why));
}
