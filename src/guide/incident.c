#include "guide/incident.h"

#include "base/clock.h"
#include "base/mem.h"
#include "guide/incident_print.h"
#include "guide/journal.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct incident *incident;
    int64_t since_ms;
};

/* Half of them at once: one by one would take as long as the square of their number. */
static void drop_oldest(struct incident *incident)
{
    size_t dropped = incident->count / 2;

    for (size_t i = 0; i < dropped; i++)
        journal_entry_clear(&incident->entries[i]);
    incident->count -= dropped;
    memmove(incident->entries, incident->entries + dropped,
            incident->count * sizeof *incident->entries);
    incident->cut = true;
}

static void take(void *context, const struct journal_event *event)
{
    struct reading *reading = context;
    struct incident *incident = reading->incident;

    if (event->time_ms < reading->since_ms)
        return;
    if (incident->count == INCIDENT_EVENTS)
        drop_oldest(incident);
    incident->entries = mem_grow(incident->entries, incident->count, sizeof *incident->entries);
    journal_entry_copy(&incident->entries[incident->count++], event);
}

bool incident_read(struct incident *incident, const char *directory, int64_t since_ms,
                   struct error *err)
{
    struct reading reading = {incident, since_ms};
    char *found = directory ? mem_strdup(directory) : journal_directory(err);

    *incident = (struct incident){0};
    bool ok = found && journal_read(found, take, &reading, &incident->skipped, err);
    free(found);
    return ok;
}

void incident_clear(struct incident *incident)
{
    for (size_t i = 0; i < incident->count; i++)
        journal_entry_clear(&incident->entries[i]);
    free(incident->entries);
    *incident = (struct incident){0};
}

static const struct journal_event *last_run(const struct incident *incident, const char *outcome)
{
    for (size_t i = incident->count; i-- > 0;) {
        const struct journal_event *event = &incident->entries[i].event;
        if (event->kind == JOURNAL_RUN && strcmp(event->outcome, outcome) == 0)
            return event;
    }
    return NULL;
}

static void print_range(const struct incident *incident, struct note *note)
{
    const struct journal_event *run = NULL;
    char from[25], to[25];

    for (size_t i = 0; i < incident->count && !run; i++)
        if (incident->entries[i].event.vantage)
            run = &incident->entries[i].event;
    clock_format_utc_ms(incident->entries[0].event.time_ms, from);
    clock_format_utc_ms(incident->entries[incident->count - 1].event.time_ms, to);
    note_line(note, "From %s to %s%s%s.", from, to, run ? ", seen from " : "",
              run ? run->vantage : "");
    if (incident->cut)
        note_line(note, "Only the last %zu events are here.", incident->count);
    if (incident->skipped)
        note_line(note, "%zu lines of the journal could not be read.", incident->skipped);
}

/* One failure after the other that says the same is one, and so is one pass after the
 * other, which differ in their milliseconds. */
static bool is_repeated(const struct incident *incident, size_t index)
{
    const struct journal_event *event = &incident->entries[index].event;

    for (size_t i = index; i-- > 0;) {
        const struct journal_event *before = &incident->entries[i].event;
        if (before->kind == JOURNAL_RUN && strcmp(before->check, event->check) == 0)
            return strcmp(before->outcome, event->outcome) == 0 &&
                   (strcmp(event->outcome, "pass") == 0 ||
                    strcmp(before->summary, event->summary) == 0);
    }
    return false;
}

static void print_run(const struct journal_event *event, struct note *note)
{
    note_event(note, event, "%s %s: %s", event->outcome, event->check, event->summary);
    for (size_t i = 0; i < event->evidence.count; i++)
        note_detail(note, "%s", event->evidence.items[i]);
    for (size_t i = 0; i < event->findings.count; i++)
        note_detail(note, "found: %s", event->findings.items[i]);
}

static void print_runs(const struct incident *incident, struct note *note)
{
    note_heading(note, "What was seen");
    for (size_t i = 0; i < incident->count; i++)
        if (incident->entries[i].event.kind == JOURNAL_RUN && !is_repeated(incident, i))
            print_run(&incident->entries[i].event, note);
}

static void print_causes(const struct incident *incident, struct note *note)
{
    const struct journal_event *failed = last_run(incident, "fail");

    if (!failed || failed->ncauses == 0)
        return;
    note_heading(note, "Causes, the most likely first");
    for (size_t i = 0; i < failed->ncauses; i++) {
        const struct journal_cause *cause = &failed->causes[i];
        if (cause->ruled_out)
            note_detail(note, "ruled out: %s (%s)", cause->text, cause->ruled_out);
        else if (cause->because)
            note_detail(note, "%d. %s Because %s.", (int)cause->rank, cause->text, cause->because);
        else
            note_detail(note, "%d. %s", (int)cause->rank, cause->text);
    }
}

static void print_end(const struct journal_event *event, struct note *note)
{
    double seconds = (double)event->duration_ms / 1000;

    if (strcmp(event->end, "exit") == 0)
        note_detail(note, "ended: exit status %d after %.1f s", (int)event->status, seconds);
    else if (strcmp(event->end, "signal") == 0)
        note_detail(note, "ended: signal %d after %.1f s", (int)event->status, seconds);
    else
        note_detail(note, "ended: %s after %.1f s", event->end, seconds);
    if (event->output && *event->output)
        note_code(note, event->output);
}

static void print_step(const struct journal_event *event, const char *what, struct note *note)
{
    note_event(note, event, "step %d %s: %s (%s)", (int)event->step, what,
               event->title ? event->title : "", event->effect ? event->effect : "");
    if (event->command)
        note_code(note, event->command);
}

static void print_action(const struct journal_event *event, struct note *note)
{
    switch (event->kind) {
    case JOURNAL_WALK_BEGAN:
        note_event(note, event, "walkthrough for %s: %s", event->platform,
                   event->why ? event->why : "");
        break;
    case JOURNAL_VALUE:
        note_event(note, event, "%s = %s (%s)", event->variable, event->value,
                   event->source ? event->source : "");
        break;
    case JOURNAL_STEP_COPIED:
        print_step(event, "copied", note);
        if (event->route)
            note_detail(note, "%s", event->route);
        break;
    case JOURNAL_STEP_BEGAN:
        print_step(event, "ran", note);
        break;
    case JOURNAL_STEP_ENDED:
        print_end(event, note);
        break;
    case JOURNAL_STEP_SKIPPED:
        note_event(note, event, "step %d skipped: %s", (int)event->step,
                   event->title ? event->title : "");
        break;
    case JOURNAL_STEP_EDITED:
        print_step(event, "edited", note);
        break;
    case JOURNAL_UNDONE:
        note_event(note, event, "%s was put back as it was", event->file);
        break;
    default:
        break;
    }
}

static bool is_action(const struct journal_event *event)
{
    return event->kind != JOURNAL_RUN && event->kind != JOURNAL_VERIFIED &&
           event->kind != JOURNAL_WALK_ENDED && event->kind != JOURNAL_WALK_LEFT;
}

static void print_actions(const struct incident *incident, struct note *note)
{
    bool any = false;

    for (size_t i = 0; i < incident->count; i++) {
        const struct journal_event *event = &incident->entries[i].event;
        if (!is_action(event))
            continue;
        if (!any)
            note_heading(note, "What was done");
        any = true;
        print_action(event, note);
    }
}

static void print_proof(const struct incident *incident, struct note *note)
{
    bool any = false;

    note_heading(note, "Proof");
    for (size_t i = 0; i < incident->count; i++) {
        const struct journal_event *event = &incident->entries[i].event;
        if (event->kind != JOURNAL_VERIFIED)
            continue;
        any = true;
        note_event(note, event, "%s: %s, %d of %d runs passed", event->check, event->verdict,
                   (int)event->passes, (int)event->rounds);
        if (event->before)
            note_detail(note, "before: %s", event->before);
        if (event->after)
            note_detail(note, "after: %s", event->after);
    }
    if (!any)
        note_line(note, "None: no fix was verified.");
}

static void print_json(const struct incident *incident, FILE *out)
{
    json_t *events = json_array(), *note = json_object();

    for (size_t i = 0; i < incident->count; i++)
        json_array_append_new(events, journal_event_json(&incident->entries[i].event));
    json_object_set_new(note, "schema_version", json_integer(1));
    json_object_set_new(note, "skipped", json_integer((json_int_t)incident->skipped));
    json_object_set_new(note, "cut", json_boolean(incident->cut));
    json_object_set_new(note, "events", events);
    json_dumpf(note, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fputc('\n', out);
    json_decref(note);
}

void incident_print(const struct incident *incident, enum incident_format format, FILE *out)
{
    struct note note = {.out = out, .markdown = format == INCIDENT_MARKDOWN};

    if (format == INCIDENT_JSON) {
        print_json(incident, out);
        return;
    }
    note_title(&note, "Incident note of stella doctor");
    if (incident->count == 0) {
        note_line(&note, "Nothing was run in that time.");
        return;
    }
    print_range(incident, &note);
    print_runs(incident, &note);
    print_causes(incident, &note);
    print_actions(incident, &note);
    print_proof(incident, &note);
}
