#include "guide/incident_note.h"

#include "base/clock.h"
#include "base/mem.h"
#include "guide/incident_story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void print_times(const struct incident_story *story, struct note *note)
{
    char from[NOTE_TIME_BYTES], to[NOTE_TIME_BYTES];
    char *took =
        note_duration(journal_word_ms(story->last->last) - journal_word_ms(story->first->first));

    note_time(story->first->first, from);
    note_time(story->last->last, to);
    if (story->runs == 1)
        note_detail(note, "seen to fail at %s, in one run", from);
    else
        note_detail(note, "seen to fail from %s to %s (%s), in %" PRId64 " runs", from, to, took,
                    story->runs);
    if (story->failures > 1)
        note_detail(note, "this was the last of %zu failures in this period", story->failures);
    free(took);
}

static void print_proved(const struct incident_story *story, struct note *note)
{
    char *text = incident_proof_text(story->proved);
    char time[NOTE_TIME_BYTES];

    note_time(story->proof->first, time);
    note_detail(note, "proof at %s: %s", time, text);
    free(text);
    if (!story->later)
        return;
    note_time(story->later->first, time);
    note_detail(note, "after that proof more was done, the last at %s: not verified since", time);
}

static void print_passes(const struct incident_story *story, struct note *note)
{
    char time[NOTE_TIME_BYTES];

    note_time(story->passed->first, time);
    if (story->state == INCIDENT_FLAKY)
        note_detail(note, "passed again at %s", time);
    else if (story->state != INCIDENT_PASSES_ELSEWHERE)
        note_detail(note, "passes again since %s", time);
    else
        note_detail(note, "passes since %s, at another target than the one that failed", time);
}

static void print_warnings(const struct journal_event *warned, struct note *note)
{
    char time[NOTE_TIME_BYTES];

    clock_format_utc(warned->time_ms / 1000, time);
    for (size_t i = 0; i < warned->findings.count; i++)
        if (incident_is_warning(warned->findings.items[i]))
            note_detail(note, "found at %s although it passed: %s", time,
                        warned->findings.items[i]);
}

static void print_story(const struct incident_story *story, struct note *note)
{
    char *title = incident_story_title(story), *text = incident_story_text(story);

    note_state(note, title, "%.*s: %s", (int)story->check.size, story->check.text, text);
    free(title);
    free(text);
    if (story->failures > 0) {
        print_times(story, note);
        if (story->proved)
            print_proved(story, note);
        if (story->passed)
            print_passes(story, note);
    }
    if (story->warned)
        print_warnings(story->warned, note);
}

static void print_stories(const struct incident *incident, const struct incident_stories *stories,
                          struct note *note)
{
    for (size_t i = 0; i < stories->count; i++)
        if (incident_story_counts(&stories->items[i]))
            print_story(&stories->items[i], note);
    char *text = incident_counts_text(incident, stories);
    if (text)
        note_line(note, "%s", text);
    free(text);
}

static void print_left_out(const struct incident *incident, struct note *note)
{
    const struct journal_left_out *left_out = &incident->log.left_out;
    char until[NOTE_TIME_BYTES];

    if (incident->log.skipped)
        note_line(note, "%zu line%s of the journal could not be read.", incident->log.skipped,
                  incident->log.skipped == 1 ? "" : "s");
    if (!incident_is_cut(incident))
        return;
    clock_format_utc(left_out->until_ms / 1000, until);
    note_line(note, "Not all is here: %" PRId64 " runs and %" PRId64
              " other events up to %s were left out of the journal to keep it small.",
              left_out->runs, left_out->others, until);
}

static void print_period(const struct incident *incident, struct note *note)
{
    char *vantage = incident_vantage(incident);
    char from[NOTE_TIME_BYTES], to[NOTE_TIME_BYTES];

    clock_format_utc(incident->since_ms / 1000, from);
    clock_format_utc(incident->until_ms / 1000, to);
    note_line(note, "What the journal has %s%s to %s%s%s. Times are UTC.",
              incident->since_ms > 0 ? "from " : "up", incident->since_ms > 0 ? from : "", to,
              vantage ? ", seen from " : "", vantage ? vantage : "");
    free(vantage);
    print_left_out(incident, note);
}

/* Whether a run that is shown, earlier and of the check, said the same. */
static bool was_said(const struct incident *incident, const struct incident_item *item)
{
    for (const struct incident_item *before = incident->items; before < item; before++)
        if (before->shown && incident_is_run_of(before, item->check) &&
            journal_line_repeats(item->line, before->line))
            return true;
    return false;
}

/* Of a check that passed only what was found is news. */
static void print_evidence(const struct incident_item *item, const struct journal_event *event,
                           struct note *note)
{
    for (size_t i = 0; i < event->evidence.count && incident_has_failed(item); i++)
        note_detail(note, "%s", event->evidence.items[i]);
    for (size_t i = 0; i < event->findings.count; i++)
        note_detail(note, "found: %s", event->findings.items[i]);
}

static void print_run(const struct incident *incident, const struct incident_item *item,
                      struct note *note)
{
    const struct journal_line *line = item->line;
    struct journal_entry entry;
    char last[NOTE_TIME_BYTES];

    if (journal_entry_read(&entry, line->text, line->size) == JOURNAL_GOOD) {
        const struct journal_event *event = &entry.event;
        note_event(note, item->first, "%s %s: %s", event->outcome, event->check,
                   event->summary ? event->summary : "as before");
        note_time(item->last, last);
        if (item->repeats > 0)
            note_detail(note, "the same %" PRId64 " more time%s, until %s", item->repeats,
                        item->repeats == 1 ? "" : "s", last);
        if (!was_said(incident, item))
            print_evidence(item, event, note);
        else if (incident_has_failed(item) || event->findings.count > 0)
            note_detail(note, "in detail as above");
    }
    journal_entry_clear(&entry);
}

/* The first of those that are left out stands for them. */
static void print_run_or_gap(const struct incident *incident, const struct incident_item *item,
                             struct note *note)
{
    const struct incident_check *check = &incident->checks[item->check];

    if (item->number < NOTE_FIRST_RUNS || item->number + NOTE_LAST_RUNS >= check->shown)
        print_run(incident, item, note);
    else if (item->number == NOTE_FIRST_RUNS)
        note_event(note, item->first,
                   "%.*s: %zu changes from here on are left out; --format json has them",
                   (int)check->name.size, check->name.text,
                   check->shown - NOTE_FIRST_RUNS - NOTE_LAST_RUNS);
}

/* What is not configured says no more than its headline, unless it was before. */
static void print_runs(const struct incident *incident, struct note *note)
{
    bool any = false;

    for (size_t i = 0; i < incident->count; i++) {
        const struct incident_item *item = &incident->items[i];
        if (!item->shown || !item->outcome.text || !incident->checks[item->check].told)
            continue;
        if (!any)
            note_heading(note, "What was seen");
        any = true;
        print_run_or_gap(incident, item, note);
    }
}

static void print_cause(const struct journal_cause *cause, struct note *note)
{
    if (cause->ruled_out)
        note_item(note, "ruled out: %s (%s)", cause->text, cause->ruled_out);
    else if (cause->because)
        note_item(note, "%d. %s Because %s.", (int)cause->rank, cause->text, cause->because);
    else
        note_item(note, "%d. %s", (int)cause->rank, cause->text);
}

static void print_causes_of(const struct journal_event *failed, struct note *note)
{
    if (failed->ncauses > 0)
        note_heading(note, "Causes of %s, the most likely first", failed->check);
    for (size_t i = 0; i < failed->ncauses; i++)
        print_cause(&failed->causes[i], note);
}

/* Of each check that failed, those that its last failed run had. */
static void print_causes(const struct incident_stories *stories, struct note *note)
{
    for (size_t i = 0; i < stories->count; i++)
        if (stories->items[i].failures > 0 && stories->items[i].failed)
            print_causes_of(stories->items[i].failed, note);
}

void incident_print_note(const struct incident *incident, const char *version,
                         struct note *note)
{
    struct incident_stories stories;

    note_title(note, "Incident note of stella doctor %s", version);
    if (incident->trouble)
        note_line(note, "There is %s.", incident->trouble);
    if (incident_is_empty(incident)) {
        note_line(note, "Nothing was run in that time.");
        print_left_out(incident, note);
        return;
    }
    incident_stories_tell(&stories, incident);
    print_stories(incident, &stories, note);
    print_period(incident, note);
    print_runs(incident, note);
    print_causes(&stories, note);
    incident_print_actions(incident, note);
    incident_stories_clear(&stories);
}
