#include "base/mem.h"
#include "guide/walk_model.h"

#include <stdlib.h>
#include <string.h>

static void set_state(struct walk *walk, enum walk_state state, char *outcome)
{
    struct walk_progress *progress = walk_progress(walk);

    progress->state = state;
    progress->went_well = false;
    free(progress->outcome);
    progress->outcome = outcome;
    walk_refresh(walk);
}

void walk_edit(struct walk *walk, const char *text)
{
    struct walk_progress *progress = walk_progress(walk);

    walk_say(walk, NULL);
    if (text && strcmp(text, walk->page.text) == 0)
        return;
    free(progress->edited);
    progress->edited = text ? mem_strdup(text) : NULL;
    walk_refresh(walk);
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_EDITED);
    journal_add(walk->journal, &event);
}

void walk_skip(struct walk *walk)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_SKIPPED);

    walk_say(walk, NULL);
    journal_add(walk->journal, &event);
    set_state(walk, WALK_SKIPPED, mem_strdup("skipped"));
}

void walk_copied(struct walk *walk, const char *note)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_COPIED);

    walk_say(walk, NULL);
    event.route = note;
    journal_add(walk->journal, &event);
    set_state(walk, WALK_COPIED, mem_strdup(note));
}

const char *walk_consent(enum effect effect)
{
    return effect <= EFFECT_CHANGES_CONFIG ? "y" : effect_name(effect);
}

static bool keep_copy(struct walk *walk, const char *file, struct error *err)
{
    struct undo *undo = &walk_progress(walk)->undo;

    undo_clear(undo);
    if (!walk->directory) {
        error_set(err, "there is no directory for it");
        return false;
    }
    char *directory = mem_printf("%s/undo", walk->directory);
    bool kept = undo_keep(undo, file, directory, err);
    free(directory);
    return kept;
}

void walk_run_begins(struct walk *walk)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_BEGAN);
    const char *file = walk->page.command->file;
    struct error err = {0};

    walk_say(walk, NULL);
    if (file && !keep_copy(walk, file, &err))
        walk_say(walk, mem_printf("no copy of %s is kept: %s", file, err.text));
    journal_add(walk->journal, &event);
    set_state(walk, WALK_RUNNING, mem_strdup("running"));
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
        return mem_printf("stopped, and ended by us, after %.1f s", seconds);
    if (end->signal)
        return mem_printf("ended by signal %d (%s) after %.1f s", end->signal,
                          sigabbrev_np(end->signal) ? sigabbrev_np(end->signal) : "unknown",
                          seconds);
    return mem_printf("exit status %d after %.1f s", end->status, seconds);
}

static void end_copy(struct walk *walk)
{
    struct undo *undo = &walk_progress(walk)->undo;
    struct error err = {0};

    if (!undo->path)
        return;
    if (!undo_end(undo, &err))
        walk_say(walk, mem_printf("the copy of %s: %s", undo->path, err.text));
    if (undo_look(undo) == UNDO_CHANGED) {
        walk->changed = walk->at + 1;
        walk->changed_on = walk->platform;
    }
}

void walk_run_ended(struct walk *walk, const struct child_end *end, const char *output)
{
    struct walk_progress *progress = walk_progress(walk);
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_ENDED);
    bool may_have_changed = walk->page.effect != EFFECT_READS;

    event.end = how(end);
    event.status = end->signal ? end->signal : end->status;
    event.duration_ms = end->took_us / CLOCK_MS;
    event.output = output;
    journal_add(walk->journal, &event);
    end_copy(walk);
    free(progress->output);
    progress->output = output ? mem_strdup(output) : NULL;
    if (may_have_changed)
        walk_reload(walk);
    set_state(walk, WALK_RAN, describe_end(end));
    progress->went_well = journal_event_succeeded(&event);
    walk_refresh(walk);
}

void walk_run_failed(struct walk *walk, const char *why)
{
    struct journal_event event = walk_step_event(walk, JOURNAL_STEP_ENDED);

    event.end = "not-started";
    event.output = why;
    journal_add(walk->journal, &event);
    set_state(walk, WALK_OPEN, mem_printf("not started: %s", why));
}

static struct undo *latest_copy(const struct walk *walk)
{
    return walk->changed ? &walk->progress[walk->changed_on][walk->changed - 1].undo : NULL;
}

const char *walk_undoable(const struct walk *walk)
{
    const struct undo *undo = latest_copy(walk);

    return undo && undo_look(undo) != UNDO_SAME ? undo->path : NULL;
}

bool walk_undo(struct walk *walk, bool forced, char **lost, struct error *err)
{
    struct undo *undo = latest_copy(walk);
    struct journal_event event = walk_event(walk, JOURNAL_UNDONE);

    walk_say(walk, NULL);
    if (!undo) {
        error_set(err, "no step has changed a file of which a copy was kept");
        return false;
    }
    if (!undo_restore(undo, forced, lost, err))
        return false;
    event.file = undo->path;
    event.step = (int64_t)walk->changed;
    journal_add(walk->journal, &event);
    walk->changed = 0;
    walk_reload(walk);
    walk_refresh(walk);
    return true;
}
