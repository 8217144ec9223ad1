#include "guide/journal_keep.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/output.h"
#include "guide/journal_log.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum worth { WORTH_RUN, WORTH_ENDED, WORTH_MOST, WORTHS };

/* A line, and what becomes of it. */
struct unit {
    const struct journal_line *line;
    enum worth worth;
    bool gone;     /* left out, or counted by a later one */
    bool repeats;  /* it says what the run before said */
    int64_t count; /* events that it stands for; the first of them was at first */
    struct journal_word first;
    char *again;        /* what is written instead of the line, or NULL */
    struct unit *rest;  /* of a run, the one that counts those that said the same, or NULL */
};

/* The last run of a check. */
struct last_run {
    struct journal_word check;
    struct unit *run; /* or one that refers to it, where it is not there any more */
};

struct keep {
    struct journal_log log;
    struct unit *units; /* one a line */
    struct last_run *last;
    size_t nlast;
    struct journal_word *ended; /* walkthroughs, sorted */
    size_t nended;
};

static int compare(const void *a, const void *b)
{
    const struct journal_word *one = a, *other = b;
    size_t n = one->size < other->size ? one->size : other->size;
    int order = memcmp(one->text, other->text, n);

    return order ? order : (one->size > other->size) - (one->size < other->size);
}

static void find_ended(struct keep *keep)
{
    for (size_t i = 0; i < keep->log.count; i++) {
        const struct journal_line *line = &keep->log.lines[i];
        if (line->kind != JOURNAL_WALK_ENDED || !line->walk.text)
            continue;
        keep->ended = mem_grow(keep->ended, keep->nended, sizeof *keep->ended);
        keep->ended[keep->nended++] = line->walk;
    }
    if (keep->nended > 0)
        qsort(keep->ended, keep->nended, sizeof *keep->ended, compare);
}

static enum worth find_worth(const struct keep *keep, const struct journal_line *line,
                             const char *recent)
{
    if (journal_line_is_run(line))
        return WORTH_RUN;
    if (memcmp(line->time.text, recent, JOURNAL_TIME_BYTES) >= 0)
        return WORTH_MOST;
    bool ended = keep->nended > 0 && line->walk.text &&
                 bsearch(&line->walk, keep->ended, keep->nended, sizeof line->walk, compare);
    return ended ? WORTH_ENDED : WORTH_MOST;
}

static struct last_run *find_last(struct keep *keep, struct journal_word check)
{
    for (size_t i = 0; i < keep->nlast; i++)
        if (journal_word_equals(keep->last[i].check, check))
            return &keep->last[i];
    keep->last = mem_grow(keep->last, keep->nlast, sizeof *keep->last);
    keep->last[keep->nlast] = (struct last_run){.check = check};
    return &keep->last[keep->nlast++];
}

static char *write_again(const struct unit *unit)
{
    struct journal_entry entry;
    char *text = NULL;

    if (journal_entry_read(&entry, unit->line->text, unit->line->size) == JOURNAL_GOOD) {
        entry.event.kind = JOURNAL_RUN_AGAIN;
        entry.event.count = unit->count;
        entry.event.first_ms = journal_word_ms(unit->first);
        json_t *json = journal_event_json(&entry.event, NULL);
        text = json_dumps(json, JSON_COMPACT);
        json_decref(json);
    }
    journal_entry_clear(&entry);
    return text;
}

static bool says_the_same(const struct last_run *last, const struct journal_line *line)
{
    return last->run && journal_line_repeats(line, last->run->line);
}

/* Of runs that say the same the first stays whole, and the last one counts the rest. */
static void take_run(struct keep *keep, struct unit *unit)
{
    struct last_run *last = find_last(keep, unit->line->check);

    unit->count = journal_line_count(unit->line, &unit->first);
    if (!says_the_same(last, unit->line)) {
        last->run = unit;
        return;
    }
    struct unit *before = last->run->rest;
    if (before) {
        before->gone = true;
        unit->count += before->count;
        unit->first = before->first;
    }
    unit->repeats = true;
    last->run->rest = unit;
}

static void take_lines(struct keep *keep, int64_t now_ms)
{
    char recent[JOURNAL_TIME_BYTES + 1];

    clock_format_utc_ms(now_ms - JOURNAL_KEPT_DAYS * INT64_C(86400000), recent);
    keep->units = mem_zalloc((keep->log.count + 1) * sizeof *keep->units);
    find_ended(keep);
    for (size_t i = 0; i < keep->log.count; i++) {
        struct unit *unit = &keep->units[i];
        *unit = (struct unit){.line = &keep->log.lines[i], .count = 1};
        unit->worth = find_worth(keep, unit->line, recent);
        if (unit->worth == WORTH_RUN)
            take_run(keep, unit);
    }
}

static size_t size_of(const struct unit *unit)
{
    return unit->gone ? 0 : (unit->again ? strlen(unit->again) : unit->line->size) + 1;
}

/* Returns the bytes of all. */
static size_t write_lines(struct keep *keep)
{
    size_t bytes = 0;

    for (size_t i = 0; i < keep->log.count; i++) {
        struct unit *unit = &keep->units[i];
        if (!unit->gone && unit->repeats && (unit->count > 1 || unit->line->kind == JOURNAL_RUN))
            unit->again = write_again(unit);
        bytes += size_of(unit);
    }
    return bytes;
}

/* Returns the bytes that this saves. */
static size_t leave_out(struct unit *unit, struct journal_left_out *left_out)
{
    int64_t ms = journal_word_ms(unit->line->time);
    size_t bytes = size_of(unit);

    if (unit->worth == WORTH_RUN)
        left_out->runs += unit->count;
    else
        left_out->others++;
    if (ms > left_out->until_ms)
        left_out->until_ms = ms;
    unit->gone = true;
    return bytes;
}

/* A run takes those with it that refer to it. */
static size_t leave_out_all(struct unit *unit, struct journal_left_out *left_out)
{
    size_t rest = unit->rest ? leave_out(unit->rest, left_out) : 0;

    return rest + leave_out(unit, left_out);
}

static void make_room(struct keep *keep, size_t bytes)
{
    for (int worth = WORTH_RUN; worth < WORTHS; worth++)
        for (size_t i = 0; i < keep->log.count && bytes > JOURNAL_KEPT_BYTES; i++)
            if (!keep->units[i].gone && keep->units[i].worth == (enum worth)worth)
                bytes -= leave_out_all(&keep->units[i], &keep->log.left_out);
}

static void print_units(const struct keep *keep, FILE *out)
{
    char *head = journal_head(&keep->log.left_out, journal_digest(&keep->log.files[JOURNAL_BEFORE]));

    fprintf(out, "%s\n", head);
    for (size_t i = 0; i < keep->log.count; i++) {
        const struct unit *unit = &keep->units[i];
        if (!unit->gone && unit->again)
            fprintf(out, "%s\n", unit->again);
        else if (!unit->gone)
            fprintf(out, "%.*s\n", (int)unit->line->size, unit->line->text);
    }
    free(head);
}

static bool write_file(const struct keep *keep, const char *directory, struct error *err)
{
    const struct stat like = {.st_mode = 0600, .st_uid = geteuid(), .st_gid = getegid()};
    char *path = journal_file_path(directory, JOURNAL_KEPT);
    struct output *output = output_open_like(path, &like, err);

    free(path);
    if (!output)
        return false;
    print_units(keep, output_stream(output));
    return output_commit(output, err);
}

static void clear(struct keep *keep)
{
    for (size_t i = 0; i < keep->log.count && keep->units; i++)
        free(keep->units[i].again);
    free(keep->units);
    free(keep->last);
    free(keep->ended);
    journal_log_clear(&keep->log);
}

bool journal_keep(const char *directory, int64_t now_ms, struct error *err)
{
    struct keep keep = {0};
    bool ok = journal_log_read(&keep.log, directory, false, err);

    if (ok) {
        take_lines(&keep, now_ms);
        make_room(&keep, write_lines(&keep));
        ok = write_file(&keep, directory, err);
    }
    clear(&keep);
    return ok;
}
