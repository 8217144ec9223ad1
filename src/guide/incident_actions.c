#include "base/mem.h"
#include "guide/incident_note.h"
#include "guide/incident_story.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What was done, the last NOTE_ACTIONS of it, read. */
struct actions {
    struct journal_entry *entries;
    const struct incident_item **items;
    size_t count, left_out;
};

static bool is_action(const struct incident_item *item)
{
    switch (item->line->kind) {
    case JOURNAL_WALK_BEGAN:
    case JOURNAL_VALUE:
    case JOURNAL_STEP_COPIED:
    case JOURNAL_STEP_BEGAN:
    case JOURNAL_STEP_ENDED:
    case JOURNAL_STEP_SKIPPED:
    case JOURNAL_STEP_EDITED:
    case JOURNAL_VERIFIED:
    case JOURNAL_UNDONE:
    case JOURNAL_WALK_ENDED:
        return true;
    default:
        return false;
    }
}

static void add(struct actions *actions, const struct incident_item *item)
{
    struct journal_entry *entry = &actions->entries[actions->count];

    if (journal_entry_read(entry, item->line->text, item->line->size) == JOURNAL_GOOD)
        actions->items[actions->count++] = item;
    else
        journal_entry_clear(entry);
}

static void read_actions(struct actions *actions, const struct incident *incident)
{
    size_t count = 0;

    for (size_t i = 0; i < incident->count; i++)
        count += is_action(&incident->items[i]);
    actions->entries = mem_zalloc((NOTE_ACTIONS + 1) * sizeof *actions->entries);
    actions->items = mem_zalloc((NOTE_ACTIONS + 1) * sizeof *actions->items);
    actions->left_out = count > NOTE_ACTIONS ? count - NOTE_ACTIONS : 0;
    for (size_t i = 0, n = 0; i < incident->count; i++)
        if (is_action(&incident->items[i]) && n++ >= actions->left_out)
            add(actions, &incident->items[i]);
}

static void clear_actions(struct actions *actions)
{
    for (size_t i = 0; i < actions->count; i++)
        journal_entry_clear(&actions->entries[i]);
    free(actions->entries);
    free(actions->items);
}

static const struct journal_event *event_at(const struct actions *actions, size_t index)
{
    return &actions->entries[index].event;
}

static bool is_same_walk(const struct journal_event *one, const struct journal_event *other)
{
    return strcmp(one->walk, other->walk) == 0;
}

static bool is_same_step(const struct journal_event *one, const struct journal_event *other)
{
    const char *a = one->platform ? one->platform : "", *b = other->platform ? other->platform : "";

    return is_same_walk(one, other) && one->step == other->step && strcmp(a, b) == 0;
}

/* The end of the step that began at index, or the beginning of the one that ended there;
 * NULL where there is none. */
static const struct journal_event *find_other_half(const struct actions *actions, size_t index)
{
    const struct journal_event *event = event_at(actions, index);
    size_t delta = event->kind == JOURNAL_STEP_BEGAN ? 1 : SIZE_MAX; /* one back: it wraps */

    for (size_t i = index + delta; i < actions->count; i += delta) {
        const struct journal_event *other = event_at(actions, i);
        bool half = other->kind == JOURNAL_STEP_BEGAN || other->kind == JOURNAL_STEP_ENDED;
        if (half && is_same_step(event, other))
            return other->kind == event->kind ? NULL : other;
    }
    return NULL;
}

/* Opened again, and on the platform where it was left. */
static bool goes_on(const struct actions *actions, size_t index)
{
    const struct journal_event *event = event_at(actions, index);

    for (size_t i = index; i-- > 0;) {
        const struct journal_event *before = event_at(actions, i);
        if (before->kind == JOURNAL_WALK_BEGAN && is_same_walk(event, before))
            return strcmp(before->platform, event->platform) == 0;
    }
    return false;
}

/* Whether more was done in the walkthrough, from index on, than to open it: on that
 * platform. */
static bool was_used(const struct actions *actions, size_t index)
{
    const struct journal_event *event = event_at(actions, index);

    for (size_t i = index + 1; i < actions->count; i++) {
        const struct journal_event *later = event_at(actions, i);
        if (!is_same_walk(event, later))
            continue;
        if (later->kind != JOURNAL_WALK_BEGAN)
            return later->kind != JOURNAL_VERIFIED && later->kind != JOURNAL_WALK_ENDED;
        if (strcmp(later->platform, event->platform) != 0)
            return false;
    }
    return false;
}

/* Whether the walkthrough follows one that was forgotten: its program went on with it. */
static bool begins_anew(const struct actions *actions, size_t index)
{
    const struct journal_event *event = event_at(actions, index);

    for (size_t i = index; i-- > 0;) {
        const struct journal_event *before = event_at(actions, i);
        if (before->pid == event->pid && strcmp(before->check, event->check) == 0 &&
            !is_same_walk(event, before))
            return before->kind == JOURNAL_WALK_ENDED && before->why &&
                   strcmp(before->why, "begun anew") == 0;
    }
    return false;
}

static void print_end(const struct journal_event *event, struct note *note)
{
    double seconds = (double)event->duration_ms / 1000;

    if (strcmp(event->end, "exit") == 0)
        note_detail(note, "ended: exit status %d after %.1f s", (int)event->status, seconds);
    else if (strcmp(event->end, "signal") == 0)
        note_detail(note, "ended: signal %d after %.1f s", (int)event->status, seconds);
    else if (strcmp(event->end, "not-started") == 0)
        note_detail(note, "it could not be started");
    else
        note_detail(note, "ended: %s after %.1f s", event->end, seconds);
    if (event->output && *event->output)
        note_code(note, "output", event->output);
}

static void print_step(const struct actions *actions, size_t index, const char *what,
                       struct note *note)
{
    const struct journal_event *event = event_at(actions, index);

    note_event(note, actions->items[index]->first, "step %d %s: %s%s%s%s", (int)event->step, what,
               event->title ? event->title : "", event->effect ? " (" : "",
               event->effect ? event->effect : "", event->effect ? ")" : "");
    if (event->command)
        note_code(note, "command", event->command);
}

static void print_run_step(const struct actions *actions, size_t index, struct note *note)
{
    const struct journal_event *end = find_other_half(actions, index);

    print_step(actions, index, "ran", note);
    if (end)
        print_end(end, note);
    else
        note_detail(note, "no end was seen");
}

/* Of a step whose beginning is not in the period. */
static void print_orphan(const struct actions *actions, size_t index, struct note *note)
{
    if (find_other_half(actions, index))
        return;
    print_step(actions, index, "ended", note);
    print_end(event_at(actions, index), note);
}

static void print_walk(const struct actions *actions, size_t index, struct note *note)
{
    const struct journal_event *event = event_at(actions, index);

    if (goes_on(actions, index) || !was_used(actions, index))
        return;
    note_event(note, actions->items[index]->first, "walkthrough of %s%s for %s%s%s", event->check,
               begins_anew(actions, index) ? " begun anew" : "", event->platform,
               event->why ? ": " : "", event->why ? event->why : "");
}

static void print_action(const struct actions *actions, size_t index, struct note *note)
{
    const struct journal_event *event = event_at(actions, index);
    struct journal_word time = actions->items[index]->first;

    switch (event->kind) {
    case JOURNAL_WALK_BEGAN:
        print_walk(actions, index, note);
        break;
    case JOURNAL_VALUE:
        note_event(note, time, "%s = %s (%s)", event->variable, event->value,
                   event->source ? event->source : "");
        break;
    case JOURNAL_STEP_COPIED:
        print_step(actions, index, "copied", note);
        if (event->route)
            note_detail(note, "%s", event->route);
        break;
    case JOURNAL_STEP_BEGAN:
        print_run_step(actions, index, note);
        break;
    case JOURNAL_STEP_ENDED:
        print_orphan(actions, index, note);
        break;
    case JOURNAL_STEP_SKIPPED:
        note_event(note, time, "step %d skipped: %s", (int)event->step,
                   event->title ? event->title : "");
        break;
    case JOURNAL_STEP_EDITED:
        print_step(actions, index, "edited", note);
        break;
    case JOURNAL_UNDONE:
        note_event(note, time, "%s was put back as it was", event->file);
        if (event->replaced)
            note_detail(note, "what was there is kept as %s", event->replaced);
        break;
    default:
        break;
    }
}

static bool prints(const struct actions *actions, size_t index)
{
    const struct journal_event *event = event_at(actions, index);

    return event->kind != JOURNAL_VERIFIED && event->kind != JOURNAL_WALK_ENDED &&
           (event->kind != JOURNAL_WALK_BEGAN || was_used(actions, index));
}

/* In JSON it is told of which check what was done. */
static void name_check(const struct note *note, size_t told, const struct journal_event *event)
{
    if (json_array_size(note->told) > told)
        json_object_set_new(json_array_get(note->told, told), "check", json_string(event->check));
}

static void print_done(const struct actions *actions, struct note *note)
{
    bool any = false;

    note_heading(note, "What was done");
    if (actions->left_out > 0)
        note_line(note, "Only the last %d events are here, %zu before them are left out; "
                  "--format json has all.", NOTE_ACTIONS, actions->left_out);
    for (size_t i = 0; i < actions->count; i++) {
        size_t told = json_array_size(note->told);
        any |= prints(actions, i);
        print_action(actions, i, note);
        name_check(note, told, event_at(actions, i));
    }
    if (!any)
        note_line(note, "Nothing.");
}

static void print_proof(const struct actions *actions, struct note *note)
{
    bool any = false;

    note_heading(note, "Proof");
    for (size_t i = 0; i < actions->count; i++) {
        const struct journal_event *event = event_at(actions, i);
        if (event->kind != JOURNAL_VERIFIED)
            continue;
        any = true;
        char *text = incident_proof_text(event);
        size_t told = json_array_size(note->told);
        note_event(note, actions->items[i]->first, "%s: %s", event->check, text);
        name_check(note, told, event);
        free(text);
        if (event->before)
            note_detail(note, "before: %s", event->before);
        if (event->after)
            note_detail(note, "after: %s", event->after);
    }
    if (!any)
        note_line(note, "None: no fix was verified.");
}

void incident_print_actions(const struct incident *incident, struct note *note)
{
    struct actions actions = {0};

    read_actions(&actions, incident);
    print_done(&actions, note);
    print_proof(&actions, note);
    clear_actions(&actions);
}

void incident_put_actions(const struct incident *incident, json_t *object)
{
    struct note done = {.told = json_array()}, proofs = {.told = json_array()};
    struct actions actions = {0};

    read_actions(&actions, incident);
    print_done(&actions, &done);
    print_proof(&actions, &proofs);
    json_object_set_new(object, "done", done.told);
    if (actions.left_out > 0)
        json_object_set_new(object, "done_left_out", json_integer((json_int_t)actions.left_out));
    json_object_set_new(object, "proofs", proofs.told);
    clear_actions(&actions);
}
