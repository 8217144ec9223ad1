#include "guide/journal_json.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/mask.h"
#include "settings/secrets.h"

#include <stdlib.h>
#include <string.h>

#define MASKED "***"

static const char *const kind_names[JOURNAL_KINDS] = {
    "run",        "walk-began",   "value",       "step-copied", "step-began", "step-ended",
    "step-skipped", "step-edited", "verified", "undone",      "walk-ended", "run-again", "walk-left",
    "run-deeper", "deeper-again"};

const char *journal_kind_name(enum journal_kind kind)
{
    return kind_names[kind];
}

bool journal_event_succeeded(const struct journal_event *event)
{
    return strcmp(event->end, "exit") == 0 && event->status == 0;
}

/* A WORD, by which something is found again, or that an article has, is not masked; it is
 * one of those that are listed, if any are. */
enum member_type { TIME, NUMBER, FLAG, WORD, TEXT, COMMAND, OUTPUT, LIST, CAUSES };

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
    AGAIN = 1 << JOURNAL_RUN_AGAIN,
    RUNS = RUN | AGAIN,
    DEEPER = 1 << JOURNAL_RUN_DEEPER,
    DEEPERS = DEEPER | 1 << JOURNAL_DEEPER_AGAIN,
    WHOLE = RUN | DEEPER,
    LEFT = 1 << JOURNAL_WALK_LEFT,
    ALL = (1 << JOURNAL_KINDS) - 1
};

#define FIELD(name) offsetof(struct journal_event, name)

/* kinds have the member, needs cannot do without. The first ones, up to deeper, are read
 * without the rest (guide/journal_log.c). */
static const struct member {
    const char *name;
    enum member_type type;
    size_t offset;
    int kinds, needs;
    bool positive;     /* a number, a time, or how many lines: 0 is none */
    const char *words; /* " one other ", or NULL */
} members[] = {
    {"time", TIME, FIELD(time_ms), ALL, ALL, false, NULL},
    {"pid", NUMBER, FIELD(pid), ALL, ALL, true, NULL},
    {"walk", WORD, FIELD(walk), ALL, ALL & ~(RUNS | DEEPERS), false, NULL},
    {"check", WORD, FIELD(check), ALL, ALL, false, NULL},
    {"same", WORD, FIELD(same), RUNS, AGAIN, false, NULL},
    {"deeper", WORD, FIELD(deeper), RUN | DEEPERS, DEEPERS, false, NULL},
    {"title", WORD, FIELD(title), WHOLE | BEGAN | STEPS | UNDONE | LEFT, 0, false, NULL},
    {"outcome", WORD, FIELD(outcome), RUNS | DEEPER, RUNS | DEEPER, false, " pass fail skip error "},
    {"count", NUMBER, FIELD(count), AGAIN, 0, true, NULL},
    {"first", TIME, FIELD(first_ms), AGAIN, 0, true, NULL},
    {"failure", WORD, FIELD(failure), WHOLE, 0, false, NULL},
    {"summary", TEXT, FIELD(summary), WHOLE, WHOLE, false, NULL},
    {"vantage", TEXT, FIELD(vantage), WHOLE, 0, false, NULL},
    {"target", TEXT, FIELD(target), WHOLE, 0, false, NULL},
    {"platform", WORD, FIELD(platform), BEGAN | STEPS | UNDONE | LEFT, BEGAN, false,
     " compose systemd helm "},
    {"why", TEXT, FIELD(why), BEGAN | OVER, 0, false, NULL},
    {"variable", WORD, FIELD(variable), VALUE, VALUE, false, NULL},
    {"value", TEXT, FIELD(value), VALUE, VALUE, false, NULL},
    {"source", TEXT, FIELD(source), VALUE, 0, false, NULL},
    {"step", NUMBER, FIELD(step), STEPS | UNDONE | LEFT, STEPS | LEFT, true, NULL},
    {"effect", WORD, FIELD(effect), STEPS, 0, false, " reads changes-config restarts loses-data "},
    {"command", COMMAND, FIELD(command), STEPS, 0, false, NULL},
    {"altered", FLAG, FIELD(altered), STEPS, 0, false, NULL},
    {"copy", WORD, FIELD(copy), 1 << JOURNAL_STEP_BEGAN | UNDONE, 0, false, NULL},
    {"copies", LIST, FIELD(copies), 1 << JOURNAL_STEP_BEGAN, 0, true, NULL},
    {"route", TEXT, FIELD(route), COPIED, 0, false, NULL},
    {"end", WORD, FIELD(end), ENDED, ENDED, false, NULL},
    {"status", NUMBER, FIELD(status), ENDED, 0, false, NULL},
    {"duration_ms", NUMBER, FIELD(duration_ms), WHOLE | ENDED, 0, false, NULL},
    {"output", OUTPUT, FIELD(output), ENDED, 0, false, NULL},
    {"evidence", LIST, FIELD(evidence), WHOLE, 0, false, NULL},
    {"findings", LIST, FIELD(findings), WHOLE, 0, false, NULL},
    {"causes", CAUSES, FIELD(causes), WHOLE, 0, false, NULL},
    {"passes", NUMBER, FIELD(passes), VERIFIED, VERIFIED, false, NULL},
    {"rounds", NUMBER, FIELD(rounds), VERIFIED, VERIFIED, false, NULL},
    {"verdict", WORD, FIELD(verdict), VERIFIED, VERIFIED, false, 
     " fixed passing flaky failing not-judged "},
    {"before", TEXT, FIELD(before), VERIFIED | BEGAN, 0, false, NULL},
    {"after", TEXT, FIELD(after), VERIFIED, 0, false, NULL},
    {"file", TEXT, FIELD(file), UNDONE, UNDONE, false, NULL},
    {"replaced", TEXT, FIELD(replaced), UNDONE, 0, false, NULL},
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
    enum text_keep keep = type == COMMAND  ? TEXT_KEEP_TABS
                          : type == OUTPUT ? TEXT_KEEP_LINES
                                           : TEXT_ONE_LINE;

    return text_sanitise(text, strlen(text), keep);
}

static size_t limit_of(enum member_type type)
{
    return type == COMMAND ? JOURNAL_COMMAND_BYTES
           : type == OUTPUT ? JOURNAL_OUTPUT_BYTES
                            : JOURNAL_TEXT_BYTES;
}

/* Takes the text over. */
static char *mask(char *text, struct settings *settings)
{
    char *masked = mask_foreign(settings, text);

    free(text);
    return masked;
}

static char *clean(const char *text, enum member_type type, struct settings *settings)
{
    char *safe = sanitise(text, type);
    char *kept = type == WORD ? safe : mask(safe, settings);

    return type == OUTPUT ? cut_beginning(kept, limit_of(type)) : cut_end(kept, limit_of(type));
}

static json_t *text_json(const char *text, enum member_type type, struct settings *settings)
{
    char *kept = clean(text, type, settings);
    json_t *json = json_string_nocheck(kept);

    free(kept);
    return json;
}

static json_t *lines_json(const struct journal_lines *lines, struct settings *settings)
{
    json_t *array = json_array();

    for (size_t i = 0; i < lines->count && i < JOURNAL_LIST_ITEMS; i++)
        json_array_append_new(array, text_json(lines->items[i], TEXT, settings));
    return array;
}

static void put_text(json_t *object, const char *name, const char *text,
                     struct settings *settings)
{
    if (text)
        json_object_set_new(object, name, text_json(text, TEXT, settings));
}

json_t *journal_causes_json(const struct journal_event *event, struct settings *settings)
{
    json_t *array = json_array();

    for (size_t i = 0; i < event->ncauses && i < JOURNAL_CAUSES; i++) {
        const struct journal_cause *cause = &event->causes[i];
        json_t *object = json_object();
        json_object_set_new(object, "rank", json_integer(cause->rank));
        put_text(object, "text", cause->text, settings);
        put_text(object, "because", cause->because, settings);
        put_text(object, "ruled_out", cause->ruled_out, settings);
        json_array_append_new(array, object);
    }
    return array;
}

json_t *journal_time_json(int64_t ms)
{
    char text[25];

    clock_format_utc_ms(ms, text);
    return json_string(text);
}

/* NULL where the event does not have it. */
static json_t *member_json(const struct journal_event *event, const struct member *member,
                           struct settings *settings)
{
    const void *field = (const char *)event + member->offset;
    bool none = member->positive && *(const int64_t *)field <= 0;
    const char *text;

    switch (member->type) {
    case TIME:
        return none ? NULL : journal_time_json(*(const int64_t *)field);
    case NUMBER:
        return none ? NULL : json_integer(*(const int64_t *)field);
    case FLAG:
        return *(const bool *)field ? json_true() : NULL;
    case LIST:
        return member->positive && ((const struct journal_lines *)field)->count == 0
                   ? NULL : lines_json(field, settings);
    case CAUSES:
        return journal_causes_json(event, settings);
    default:
        text = *(const char *const *)field;
        return text ? text_json(text, member->type, settings) : NULL;
    }
}

/* A value that is not kept whole is no value: who goes on would take it for one. */
static void hide_value(json_t *object, const struct journal_event *event)
{
    const char *kept = json_string_value(json_object_get(object, "value"));

    if (mask_is_secret(event->variable) || strcmp(kept, event->value) != 0)
        json_object_set_new(object, "value", json_string(MASKED));
}

static void mark_altered(json_t *object, const struct journal_event *event)
{
    const char *kept = json_string_value(json_object_get(object, "command"));

    if (strcmp(kept, event->command) != 0)
        json_object_set_new(object, "altered", json_true());
}

json_t *journal_event_json(const struct journal_event *event, struct settings *settings)
{
    json_t *object = json_object();

    json_object_set_new(object, "kind", json_string(journal_kind_name(event->kind)));
    for (size_t i = 0; i < MEMBERS; i++) {
        bool has = members[i].kinds & 1 << event->kind;
        json_t *value = has ? member_json(event, &members[i], settings) : NULL;
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

static bool is_listed(const char *words, const char *word)
{
    size_t n = strlen(word);
    const char *found = n > 0 && !strchr(word, ' ') ? strstr(words, word) : NULL;

    while (found && (found[-1] != ' ' || found[n] != ' '))
        found = strstr(found + 1, word);
    return found != NULL;
}

static bool read_word(const char **field, const struct member *member, json_t *json)
{
    *field = read_text(json, member->type);
    return *field && (!member->words || is_listed(member->words, *field));
}

static bool read_number(int64_t *field, const struct member *member, const json_t *json)
{
    *field = json_integer_value(json);
    return json_is_integer(json) && (!member->positive || *field > 0);
}

static bool read_member(struct journal_event *event, const struct member *member, json_t *json)
{
    void *field = (char *)event + member->offset;

    switch (member->type) {
    case TIME:
        return json_is_string(json) && clock_parse_utc_ms(json_string_value(json), field);
    case NUMBER:
        return read_number(field, member, json);
    case FLAG:
        *(bool *)field = json_is_true(json);
        return json_is_boolean(json);
    case LIST:
        return read_lines(field, json);
    case CAUSES:
        return read_causes(event, json);
    default:
        return read_word(field, member, json);
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
    free((void *)(uintptr_t)entry->event.copies.items);
    free((void *)(uintptr_t)entry->event.causes);
    json_decref(entry->texts);
    *entry = (struct journal_entry){0};
}
