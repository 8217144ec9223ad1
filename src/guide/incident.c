#include "guide/incident.h"

#include "base/clock.h"
#include "base/mem.h"
#include "guide/incident_note.h"
#include "guide/journal.h"

#include <stdlib.h>
#include <string.h>

/* The bounds of the period, as the times of lines. */
struct reading {
    struct incident *incident;
    char since[JOURNAL_TIME_BYTES + 1], until[JOURNAL_TIME_BYTES + 1];
};

static bool is_before(struct journal_word time, const char *moment)
{
    return memcmp(time.text, moment, JOURNAL_TIME_BYTES) < 0;
}

static struct incident_item *add_item(struct incident *incident, const struct journal_line *line,
                                      bool shown)
{
    incident->items = mem_grow(incident->items, incident->count, sizeof *incident->items);
    struct incident_item *item = &incident->items[incident->count++];
    *item = (struct incident_item){
        .line = line, .first = line->time, .last = line->time, .shown = shown};
    return item;
}

static size_t find_check(struct incident *incident, struct journal_word name, bool *known)
{
    size_t i = 0;

    while (i < incident->nchecks && !journal_word_equals(incident->checks[i].name, name))
        i++;
    *known = i < incident->nchecks;
    if (*known)
        return i;
    incident->checks = mem_grow(incident->checks, i, sizeof *incident->checks);
    incident->checks[incident->nchecks++] = (struct incident_check){.name = name};
    return i;
}

static void take_run(struct incident *incident, const struct journal_line *line, bool shown)
{
    bool known;
    size_t index = find_check(incident, line->check, &known);
    struct incident_check *check = &incident->checks[index];
    struct journal_word first;
    int64_t count = journal_line_count(line, &first);

    if (known && journal_line_repeats(line, incident->items[check->last].line)) {
        struct incident_item *item = &incident->items[check->last];
        item->repeats += count;
        item->last = line->time;
        item->shown |= shown;
        return;
    }
    check->last = incident->count;
    struct incident_item *item = add_item(incident, line, shown);
    item->first = first;
    item->repeats = count - 1;
    item->check = index;
    item->outcome = journal_line_member(line, "outcome");
}

/* What is shown is known once all was read. */
static void number_runs(struct incident *incident)
{
    static const struct journal_word skip = {"skip", 4};

    for (size_t i = 0; i < incident->count; i++) {
        struct incident_item *item = &incident->items[i];
        if (!item->shown || !item->outcome.text)
            continue;
        struct incident_check *check = &incident->checks[item->check];
        item->number = check->shown++;
        check->told |= !journal_word_equals(item->outcome, skip);
    }
}

static void take_lines(struct reading *reading)
{
    const struct journal_log *log = &reading->incident->log;

    for (size_t i = 0; i < log->count; i++) {
        const struct journal_line *line = &log->lines[i];
        bool shown = !is_before(line->time, reading->since);
        if (!is_before(line->time, reading->until))
            continue;
        if (journal_line_is_run(line))
            take_run(reading->incident, line, shown);
        else if (shown)
            add_item(reading->incident, line, true);
    }
    number_runs(reading->incident);
}

bool incident_read(struct incident *incident, const char *directory, int64_t since_ms,
                   int64_t until_ms, struct error *err)
{
    struct reading reading = {.incident = incident, .until = "9999-12-31T23:59:59.999Z"};
    struct error none = {0};
    char *found = directory ? mem_strdup(directory) : journal_directory(&none);

    *incident = (struct incident){.since_ms = since_ms,
                                  .until_ms = until_ms ? until_ms : clock_wall_ms()};
    if (!found) {
        incident->trouble = mem_strdup(none.text);
        return true;
    }
    bool ok = journal_log_read(&incident->log, found, true, err);
    if (ok) {
        clock_format_utc_ms(since_ms, reading.since);
        if (until_ms)
            clock_format_utc_ms(until_ms, reading.until);
        take_lines(&reading);
    }
    free(found);
    return ok;
}

void incident_clear(struct incident *incident)
{
    journal_log_clear(&incident->log);
    free(incident->items);
    free(incident->checks);
    free(incident->trouble);
    *incident = (struct incident){0};
}

bool incident_is_cut(const struct incident *incident)
{
    const struct journal_left_out *left_out = &incident->log.left_out;

    return left_out->until_ms > 0 && left_out->until_ms >= incident->since_ms;
}

bool incident_is_empty(const struct incident *incident)
{
    for (size_t i = 0; i < incident->count; i++)
        if (incident->items[i].shown)
            return false;
    return true;
}

void incident_print(const struct incident *incident, enum incident_format format,
                    const char *version, FILE *out)
{
    struct note note = {.out = out, .markdown = format == INCIDENT_MARKDOWN};

    if (format == INCIDENT_JSON)
        incident_print_json(incident, version, out);
    else
        incident_print_note(incident, version, &note);
}
