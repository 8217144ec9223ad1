/* The incident note as JSON: what the note for people says, and the events behind it. */
#include "base/mem.h"
#include "guide/incident_note.h"
#include "guide/incident_story.h"

#include <stdlib.h>

static json_t *item_json(const struct incident_item *item, size_t *skipped)
{
    struct journal_entry entry;
    json_t *json = NULL;

    if (journal_entry_read(&entry, item->line->text, item->line->size) == JOURNAL_GOOD)
        json = journal_event_json(&entry.event, NULL);
    else
        ++*skipped;
    if (json && item->repeats > 0)
        json_object_set_new(json, "repeated",
                            json_pack("{s:I, s:o}", "count", (json_int_t)item->repeats, "last",
                                      journal_time_json(journal_word_ms(item->last))));
    journal_entry_clear(&entry);
    return json;
}

static json_t *events_json(const struct incident *incident, size_t *skipped)
{
    json_t *events = json_array();

    for (size_t i = 0; i < incident->count; i++) {
        json_t *json = incident->items[i].shown ? item_json(&incident->items[i], skipped) : NULL;
        if (json)
            json_array_append_new(events, json);
    }
    return events;
}

static json_t *left_out_json(const struct journal_left_out *left_out)
{
    return json_pack("{s:o, s:I, s:I}", "until", journal_time_json(left_out->until_ms), "runs",
                     (json_int_t)left_out->runs, "others", (json_int_t)left_out->others);
}

static void put_text(json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new(object, name, json_string(text));
}

static void put_time(json_t *object, const char *name, struct journal_word time)
{
    json_object_set_new(object, name, json_stringn(time.text, time.size));
}

static void put_number(json_t *object, const char *name, int64_t number)
{
    json_object_set_new(object, name, json_integer((json_int_t)number));
}

static json_t *lines_json(const struct journal_lines *lines, bool warnings_alone)
{
    json_t *array = json_array();

    for (size_t i = 0; i < lines->count; i++)
        if (!warnings_alone || incident_is_warning(lines->items[i]))
            json_array_append_new(array, json_string(lines->items[i]));
    return array;
}

static json_t *proof_json(const struct incident_story *story)
{
    const struct journal_event *proved = story->proved;
    json_t *object = json_object();

    put_time(object, "time", story->proof->first);
    put_text(object, "verdict", proved->verdict);
    put_number(object, "passes", proved->passes);
    put_number(object, "rounds", proved->rounds);
    put_text(object, "before", proved->before);
    put_text(object, "after", proved->after);
    if (story->later)
        put_time(object, "changed_since", story->later->first);
    return object;
}

static void put_failure(json_t *object, const struct incident_story *story)
{
    const struct journal_event *failed = story->failed;

    put_time(object, "first_failed", story->first->first);
    put_time(object, "last_failed", story->last->last);
    put_number(object, "failed_runs", story->runs);
    put_number(object, "failures", (int64_t)story->failures);
    if (story->passed)
        put_time(object, "passes_since", story->passed->first);
    if (failed) {
        put_text(object, "failed_target", failed->target);
        json_object_set_new(object, "evidence", lines_json(&failed->evidence, false));
        json_object_set_new(object, "findings", lines_json(&failed->findings, false));
        json_object_set_new(object, "causes", journal_causes_json(failed, NULL));
    }
    if (story->proved)
        json_object_set_new(object, "proof", proof_json(story));
}

static json_t *story_line_json(const struct incident_story *story)
{
    char *title = incident_story_title(story), *text = incident_story_text(story);
    char *line = mem_printf("%s  %.*s: %s", title, (int)story->check.size, story->check.text, text);
    json_t *json = json_string(line);

    free(title);
    free(text);
    free(line);
    return json;
}

static json_t *story_json(const struct incident_story *story)
{
    char *title = incident_story_title(story), *text = incident_story_text(story);
    json_t *object = json_object();

    json_object_set_new(object, "check", json_stringn(story->check.text, story->check.size));
    put_text(object, "state", incident_state_name(story->state));
    put_text(object, "title", title);
    put_text(object, "summary", text);
    if (story->failures > 0)
        put_failure(object, story);
    if (story->passes)
        put_text(object, "passes_target", story->passes->target);
    if (story->warned)
        json_object_set_new(object, "warnings", lines_json(&story->warned->findings, true));
    free(title);
    free(text);
    return object;
}

static json_t *checks_json(const struct incident *incident, const struct incident_stories *stories)
{
    json_t *array = json_array();

    for (size_t i = 0; i < stories->count; i++)
        if (incident->checks[i].shown > 0)
            json_array_append_new(array, story_json(&stories->items[i]));
    return array;
}

/* The lines that the note begins with. */
static json_t *headline_json(const struct incident *incident,
                             const struct incident_stories *stories)
{
    json_t *array = json_array();
    char *counts = incident_is_empty(incident) ? mem_strdup("Nothing was run in that time.")
                                               : incident_counts_text(incident, stories);

    for (size_t i = 0; i < stories->count; i++)
        if (incident_story_counts(&stories->items[i]))
            json_array_append_new(array, story_line_json(&stories->items[i]));
    if (counts)
        json_array_append_new(array, json_string(counts));
    free(counts);
    return array;
}

void incident_print_json(const struct incident *incident, const char *version, FILE *out)
{
    size_t skipped = incident->log.skipped;
    json_t *note = json_object(), *events = events_json(incident, &skipped);
    char *vantage = incident_vantage(incident);
    struct incident_stories stories;

    incident_stories_tell(&stories, incident);
    json_object_set_new(note, "schema_version", json_integer(1));
    json_object_set_new(note, "tool_version", json_string(version));
    json_object_set_new(note, "since", journal_time_json(incident->since_ms));
    json_object_set_new(note, "until", journal_time_json(incident->until_ms));
    if (incident->trouble)
        json_object_set_new(note, "journal", json_string(incident->trouble));
    json_object_set_new(note, "skipped", json_integer((json_int_t)skipped));
    json_object_set_new(note, "cut", json_boolean(incident_is_cut(incident)));
    if (incident_is_cut(incident))
        json_object_set_new(note, "left_out", left_out_json(&incident->log.left_out));
    put_text(note, "vantage", vantage);
    json_object_set_new(note, "headline", headline_json(incident, &stories));
    json_object_set_new(note, "checks", checks_json(incident, &stories));
    incident_put_actions(incident, note);
    json_object_set_new(note, "events", events);
    json_dumpf(note, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fputc('\n', out);
    json_decref(note);
    incident_stories_clear(&stories);
    free(vantage);
}

