#include "guide/journal_json.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "guide/mask.h"

#include <stdlib.h>
#include <string.h>

#define MASKED "***"

static const char *const kind_names[JOURNAL_KINDS] = {
    "run",        "walk-began",   "value",       "step-copied", "step-began", "step-ended",
    "step-skipped", "step-edited", "verified", "undone",      "walk-ended"};

const char *journal_kind_name(enum journal_kind kind)
{
    return kind_names[kind];
}

bool journal_event_succeeded(const struct journal_event *event)
{
    return strcmp(event->end, "exit") == 0 && event->status == 0;
}

enum member_type { TIME, NUMBER, FLAG, TEXT, COMMAND, OUTPUT, LIST, CAUSES };

enum {
    RUN = 1 << JOURNAL_RUN,
    BEGAN = 1 << JOURNAL_WALK_BEGAN,
    VALUE = 1 << JOURNAL_VALUE,
    COPIED = 1 << JOURNAL_STEP_COPIED,
    ENDED = 1 << JOURNAL_STEP_ENDED,
    STEPS = COPIED | ENDED | 1 << JOURNAL_STEP_BEGAN | 1 << JOURNAL_STEP_SKIPPED |
            1 << JOURNAL_STEP_EDITED,
    VERIFIED = 1 << JOURNAL_VERIFIED,
    UNDONE = 1 << JOURNAL_UNDONE,
    OVER = 1 << JOURNAL_WALK_ENDED,
    ALL = (1 << JOURNAL_KINDS) - 1
};

#define FIELD(name) offsetof(struct journal_event, name)

/* kinds have the member, needs cannot do without. */
static const struct member {
    const char *name;
    enum member_type type;
    size_t offset;
    int kinds, needs;
} members[] = {
    {"time", TIME, FIELD(time_ms), ALL, ALL},
    {"pid", NUMBER, FIELD(pid), ALL, ALL},
    {"walk", TEXT, FIELD(walk), ALL, ALL & ~RUN},
    {"check", TEXT, FIELD(check), ALL, ALL},
    {"title", TEXT, FIELD(title), RUN | BEGAN | STEPS, 0},
    {"outcome", TEXT, FIELD(outcome), RUN, RUN},
    {"failure", TEXT, FIELD(failure), RUN, 0},
    {"summary", TEXT, FIELD(summary), RUN, RUN},
    {"vantage", TEXT, FIELD(vantage), RUN, 0},
    {"platform", TEXT, FIELD(platform), BEGAN | STEPS | UNDONE, BEGAN},
    {"why", TEXT, FIELD(why), BEGAN | OVER, 0},
    {"variable", TEXT, FIELD(variable), VALUE, VALUE},
    {"value", TEXT, FIELD(value), VALUE, VALUE},
    {"source", TEXT, FIELD(source), VALUE, 0},
    {"step", NUMBER, FIELD(step), STEPS | UNDONE, STEPS},
    {"effect", TEXT, FIELD(effect), STEPS, 0},
    {"command", COMMAND, FIELD(command), STEPS, 0},
    {"altered", FLAG, FIELD(altered), STEPS, 0},
    {"route", TEXT, FIELD(route), COPIED, 0},
    {"end", TEXT, FIELD(end), ENDED, ENDED},
    {"status", NUMBER, FIELD(status), ENDED, 0},
    {"duration_ms", NUMBER, FIELD(duration_ms), RUN | ENDED, 0},
    {"output", OUTPUT, FIELD(output), ENDED, 0},
    {"evidence", LIST, FIELD(evidence), RUN, 0},
    {"findings", LIST, FIELD(findings), RUN, 0},
    {"causes", CAUSES, FIELD(causes), RUN, 0},
    {"passes", NUMBER, FIELD(passes), VERIFIED, VERIFIED},
    {"rounds", NUMBER, FIELD(rounds), VERIFIED, VERIFIED},
    {"verdict", TEXT, FIELD(verdict), VERIFIED, VERIFIED},
    {"before", TEXT, FIELD(before), VERIFIED, 0},
    {"after", TEXT, FIELD(after), VERIFIED, 0},
    {"file", TEXT, FIELD(file), UNDONE, UNDONE},
};
enum { MEMBERS = sizeof members / sizeof *members };

static bool is_inside_character(char c)
{
    return (c & 0xC0) == 0x80;
}

/* Takes the text over. */
static char *cut_end(char *text, size_t limit)
{
    size_t n = limit - 3;

    if (strlen(text) <= limit)
        return text;
    while (n > 0 && is_inside_character(text[n]))
        n--;
    memcpy(text + n, "...", 4);
    return text;
}

/* Takes the text over. What remains begins with a line, where one begins in it. */
static char *cut_beginning(char *text, size_t limit)
{
    size_t n = strlen(text);

    if (n <= limit)
        return text;
    const char *rest = text + n - (limit - 4), *line = strchr(rest, '\n');
    while (is_inside_character(*rest))
        rest++;
    char *tail = line && line[1] ? mem_printf("...\n%s", line + 1) : mem_printf("...%s", rest);
    free(text);
    return tail;
}

/* A command goes on from here another time, where tabs may count. */
static char *sanitise(const char *text, enum member_type type)
{
    static const enum text_keep keeps[] = {
        [TEXT] = TEXT_ONE_LINE, [COMMAND] = TEXT_KEEP_TABS, [OUTPUT] = TEXT_KEEP_LINES};

    return text_sanitise(text, strlen(text), keeps[type]);
}

static char *clean(const char *text, enum member_type type)
{
    char *safe = sanitise(text, type);
    char *masked = journal_mask(safe);

    free(safe);
    if (type == OUTPUT)
        return cut_beginning(masked, JOURNAL_OUTPUT_BYTES);
    return cut_end(masked, type == COMMAND ? JOURNAL_COMMAND_BYTES : JOURNAL_TEXT_BYTES);
}

static json_t *text_json(const char *text, enum member_type type)
{
    char *kept = clean(text, type);
    json_t *json = json_string_nocheck(kept);

    free(kept);
    return json;
}

static json_t *lines_json(const struct journal_lines *lines)
{
    json_t *array = json_array();

    for (size_t i = 0; i < lines->count && i < JOURNAL_LIST_ITEMS; i++)
        json_array_append_new(array, text_json(lines->items[i], TEXT));
    return array;
}

static void put_text(json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new(object, name, text_json(text, TEXT));
}

static json_t *causes_json(const struct journal_event *event)
{
    json_t *array = json_array();

    for (size_t i = 0; i < event->ncauses && i < JOURNAL_CAUSES; i++) {
        const struct journal_cause *cause = &event->causes[i];
        json_t *object = json_object();
        json_object_set_new(object, "rank", json_integer(cause->rank));
        put_text(object, "text", cause->text);
        put_text(object, "because", cause->because);
        put_text(object, "ruled_out", cause->ruled_out);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *time_json(int64_t ms)
{
    char text[25];

    clock_format_utc_ms(ms, text);
    return json_string(text);
}

/* NULL where the event does not have it. */
static json_t *member_json(const struct journal_event *event, const struct member *member)
{
    const void *field = (const char *)event + member->offset;
    const char *text;

    switch (member->type) {
    case TIME:
        return time_json(*(const int64_t *)field);
    case NUMBER:
        return json_integer(*(const int64_t *)field);
    case FLAG:
        return *(const bool *)field ? json_true() : NULL;
    case LIST:
        return lines_json(field);
    case CAUSES:
        return causes_json(event);
    default:
        text = *(const char *const *)field;
        return text ? text_json(text, member->type) : NULL;
    }
}

/* A value that is not kept whole is no value: who goes on would take it for one. */
static void hide_value(json_t *object, const struct journal_event *event)
{
    const char *kept = json_string_value(json_object_get(object, "value"));

    if (journal_is_secret(event->variable) || strcmp(kept, event->value) != 0)
        json_object_set_new(object, "value", json_string(MASKED));
}

static void mark_altered(json_t *object, const struct journal_event *event)
{
    const char *kept = json_string_value(json_object_get(object, "command"));

    if (strcmp(kept, event->command) != 0)
        json_object_set_new(object, "altered", json_true());
}

json_t *journal_event_json(const struct journal_event *event)
{
    json_t *object = json_object();

    json_object_set_new(object, "kind", json_string(journal_kind_name(event->kind)));
    for (size_t i = 0; i < MEMBERS; i++) {
        json_t *value =
            members[i].kinds & 1 << event->kind ? member_json(event, &members[i]) : NULL;
        if (value)
            json_object_set_new(object, members[i].name, value);
    }
    if (event->kind == JOURNAL_VALUE)
        hide_value(object, event);
    else if (event->command && STEPS & 1 << event->kind)
        mark_altered(object, event);
    return object;
}

/* The journal may be anybody's by now: what is shown of it is clean. */
static const char *read_text(json_t *json, enum member_type type)
{
    const char *text = json_string_value(json);

    if (!text)
        return NULL;
    char *safe = sanitise(text, type);
    if (strcmp(safe, text) != 0)
        json_string_set_nocheck(json, safe);
    free(safe);
    return json_string_value(json);
}

static bool read_lines(struct journal_lines *lines, json_t *array)
{
    size_t count = json_array_size(array);
    const char **items = mem_zalloc((count + 1) * sizeof *items);

    lines->items = items;
    for (; lines->count < count; lines->count++)
        if (!(items[lines->count] = read_text(json_array_get(array, lines->count), TEXT)))
            return false;
    return json_is_array(array);
}

static bool read_causes(struct journal_event *event, json_t *array)
{
    size_t count = json_array_size(array);
    struct journal_cause *causes = mem_zalloc((count + 1) * sizeof *causes);

    event->causes = causes;
    for (; event->ncauses < count; event->ncauses++) {
        json_t *object = json_array_get(array, event->ncauses);
        causes[event->ncauses] = (struct journal_cause){
            json_integer_value(json_object_get(object, "rank")),
            read_text(json_object_get(object, "text"), TEXT),
            read_text(json_object_get(object, "because"), TEXT),
            read_text(json_object_get(object, "ruled_out"), TEXT)};
        if (!causes[event->ncauses].text)
            return false;
    }
    return json_is_array(array);
}

static bool read_member(struct journal_event *event, const struct member *member, json_t *json)
{
    void *field = (char *)event + member->offset;

    switch (member->type) {
    case TIME:
        return json_is_string(json) && clock_parse_utc_ms(json_string_value(json), field);
    case NUMBER:
        *(int64_t *)field = json_integer_value(json);
        return json_is_integer(json);
    case FLAG:
        *(bool *)field = json_is_true(json);
        return json_is_boolean(json);
    case LIST:
        return read_lines(field, json);
    case CAUSES:
        return read_causes(event, json);
    default:
        return (*(const char **)field = read_text(json, member->type)) != NULL;
    }
}

static bool read_members(struct journal_event *event, const json_t *object)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        const struct member *member = &members[i];
        json_t *json = json_object_get(object, member->name);
        if (!(member->kinds & 1 << event->kind))
            continue;
        if (json ? !read_member(event, member, json) : member->needs & 1 << event->kind)
            return false;
    }
    return true;
}

static enum journal_reading read_object(struct journal_event *event, const json_t *object)
{
    const char *name = json_string_value(json_object_get(object, "kind"));
    int kind = 0;

    if (!name)
        return JOURNAL_BAD;
    while (kind < JOURNAL_KINDS && strcmp(kind_names[kind], name) != 0)
        kind++;
    if (kind == JOURNAL_KINDS)
        return JOURNAL_UNKNOWN;
    event->kind = (enum journal_kind)kind;
    return read_members(event, object) ? JOURNAL_GOOD : JOURNAL_BAD;
}

enum journal_reading journal_entry_read(struct journal_entry *entry, const char *text, size_t size)
{
    *entry = (struct journal_entry){.texts = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL)};
    return read_object(&entry->event, entry->texts);
}

void journal_entry_clear(struct journal_entry *entry)
{
    free((void *)(uintptr_t)entry->event.evidence.items);
    free((void *)(uintptr_t)entry->event.findings.items);
    free((void *)(uintptr_t)entry->event.causes);
    json_decref(entry->texts);
    *entry = (struct journal_entry){0};
}

void journal_entry_copy(struct journal_entry *entry, const struct journal_event *event)
{
    *entry = (struct journal_entry){.texts = journal_event_json(event)};
    (void)read_object(&entry->event, entry->texts);
}
