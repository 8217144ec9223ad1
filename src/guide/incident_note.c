#include "guide/incident_note.h"

#include "base/clock.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The last failure of a check: from the first run that failed up to one that passed. */
struct failure {
    const struct incident_item *first, *last, *passed; /* passed is NULL while it fails */
    int64_t runs;
    size_t number; /* of failures in the period; 0: none */
};

static bool has_outcome(const struct incident_item *item, const char *name)
{
    return journal_word_equals(item->outcome, (struct journal_word){name, strlen(name)});
}

static bool has_failed(const struct incident_item *item)
{
    return has_outcome(item, "fail") || has_outcome(item, "error");
}

static bool is_run_of(const struct incident_item *item, size_t check)
{
    return item->outcome.text && item->check == check;
}

static void take_failed(struct failure *failure, const struct incident_item *item, bool goes_on,
                        bool *counted)
{
    if (!goes_on) {
        *failure = (struct failure){.first = item, .number = failure->number};
        *counted = false;
    }
    failure->last = item;
    failure->runs += 1 + item->repeats;
    failure->number += item->shown && !*counted;
    *counted |= item->shown;
}

/* A check that was skipped is not known to work. */
static struct failure find_failure(const struct incident *incident, size_t check)
{
    struct failure failure = {0};
    bool fails = false, counted = false;

    for (size_t i = 0; i < incident->count; i++) {
        const struct incident_item *item = &incident->items[i];
        if (!is_run_of(item, check))
            continue;
        if (has_failed(item)) {
            take_failed(&failure, item, fails, &counted);
            fails = true;
        } else if (fails && has_outcome(item, "pass")) {
            failure.passed = item;
            fails = false;
        }
    }
    return failure;
}

/* The proof of the check that came last, and after its failure, or NULL. */
static const struct incident_item *find_proof(const struct incident *incident,
                                              const struct failure *failure)
{
    struct journal_word check = failure->last->line->check;

    for (size_t i = incident->count; i-- > 0;) {
        const struct incident_item *item = &incident->items[i];
        if (item->line->kind == JOURNAL_VERIFIED && journal_word_equals(item->line->check, check))
            return memcmp(item->first.text, failure->last->last.text, JOURNAL_TIME_BYTES) >= 0
                       ? item : NULL;
    }
    return NULL;
}

static bool may_change(const struct journal_line *line)
{
    static const struct journal_word reads = {"reads", 5};

    return line->kind == JOURNAL_UNDONE ||
           (line->kind == JOURNAL_STEP_BEGAN &&
            !journal_word_equals(journal_line_member(line, "effect"), reads));
}

/* The last thing that was done in a walkthrough of the check after its proof, other than to
 * look, or NULL. What was proved may be so no more. */
static const struct incident_item *find_later_change(const struct incident *incident,
                                                     const struct incident_item *proof)
{
    const struct incident_item *later = NULL;

    for (const struct incident_item *item = proof; item < incident->items + incident->count; item++)
        if (may_change(item->line) && journal_word_equals(item->line->check, proof->line->check))
            later = item;
    return later;
}

static void print_times(const struct failure *failure, struct note *note)
{
    char from[NOTE_TIME_BYTES], to[NOTE_TIME_BYTES];
    char *took = note_duration(journal_word_ms(failure->last->last) -
                               journal_word_ms(failure->first->first));

    note_time(failure->first->first, from);
    note_time(failure->last->last, to);
    if (failure->runs == 1)
        note_detail(note, "seen to fail at %s, in one run", from);
    else
        note_detail(note, "seen to fail from %s to %s (%s), in %" PRId64 " runs", from, to, took,
                    failure->runs);
    if (failure->number > 1)
        note_detail(note, "this was the last of %zu failures in this period", failure->number);
    free(took);
}

static void print_end(const struct failure *failure, const struct journal_event *proof,
                      struct note *note)
{
    char time[NOTE_TIME_BYTES];

    if (proof) {
        clock_format_utc(proof->time_ms / 1000, time);
        note_detail(note, "%s at %s: %d of %d runs passed", proof->verdict, time,
                    (int)proof->passes, (int)proof->rounds);
    }
    if (failure->passed) {
        note_time(failure->passed->first, time);
        note_detail(note, "passes again since %s", time);
    }
}

static const char *name_state(const struct failure *failure, const struct journal_event *proof,
                              const struct incident_item *later)
{
    if (!failure->passed)
        return "FAILING";
    if (!proof || strcmp(proof->verdict, "fixed") != 0)
        return "PASSES AGAIN";
    return later ? "FIXED, NOT VERIFIED SINCE" : "FIXED";
}

static void print_later(const struct incident_item *later, struct note *note)
{
    char time[NOTE_TIME_BYTES];

    note_time(later->first, time);
    note_detail(note, "after that proof more was done, the last at %s: not verified since", time);
}

static void print_failure(const struct incident *incident, const struct failure *failure,
                          struct note *note)
{
    const struct incident_item *proof = find_proof(incident, failure);
    const struct incident_item *later = proof ? find_later_change(incident, proof) : NULL;
    const struct journal_line *line = failure->last->line;
    struct journal_entry run, proved = {0};
    bool read = journal_entry_read(&run, line->text, line->size) == JOURNAL_GOOD;
    const struct journal_event *proof_event =
        proof && journal_entry_read(&proved, proof->line->text, proof->line->size) == JOURNAL_GOOD
            ? &proved.event : NULL;
    const char *summary = read && run.event.summary ? run.event.summary : "no more is known";

    note_state(note, name_state(failure, proof_event, later), "%.*s: %s", (int)line->check.size,
               line->check.text, summary);
    print_times(failure, note);
    print_end(failure, proof_event, note);
    if (proof_event && later)
        print_later(later, note);
    journal_entry_clear(&run);
    journal_entry_clear(&proved);
}

static void print_failures(const struct incident *incident, struct note *note)
{
    size_t passed = 0, failed = 0;

    for (size_t i = 0; i < incident->nchecks; i++) {
        const struct incident_check *check = &incident->checks[i];
        struct failure failure = find_failure(incident, i);
        if (failure.number > 0)
            print_failure(incident, &failure, note);
        failed += failure.number > 0;
        passed += failure.number == 0 && check->told;
    }
    if (failed == 0)
        note_line(note, passed ? "No check failed; %zu passed." : "No check was run in that time.",
                  passed);
}

/* The place that the last run was seen from, or NULL; the caller frees it. */
static char *find_vantage(const struct incident *incident)
{
    char *vantage = NULL;

    for (size_t i = incident->count; i-- > 0 && !vantage;) {
        const struct journal_line *line = incident->items[i].line;
        struct journal_entry entry;
        if (line->kind != JOURNAL_RUN)
            continue;
        if (journal_entry_read(&entry, line->text, line->size) == JOURNAL_GOOD)
            vantage = mem_strdup(entry.event.vantage);
        journal_entry_clear(&entry);
    }
    return vantage;
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
    char *vantage = find_vantage(incident);
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
        if (before->shown && is_run_of(before, item->check) &&
            journal_line_repeats(item->line, before->line))
            return true;
    return false;
}

/* Of a check that passed only what was found is news. */
static void print_evidence(const struct incident_item *item, const struct journal_event *event,
                           struct note *note)
{
    for (size_t i = 0; i < event->evidence.count && has_failed(item); i++)
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
        else if (has_failed(item) || event->findings.count > 0)
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

/* What is not configured says nothing, unless it was before. */
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

static void print_causes_of(const struct journal_line *line, struct note *note)
{
    struct journal_entry entry;

    if (journal_entry_read(&entry, line->text, line->size) == JOURNAL_GOOD &&
        entry.event.ncauses > 0) {
        note_heading(note, "Causes of %s, the most likely first", entry.event.check);
        for (size_t i = 0; i < entry.event.ncauses; i++)
            print_cause(&entry.event.causes[i], note);
    }
    journal_entry_clear(&entry);
}

/* Of each check that failed, those that its last failed run had. */
static void print_causes(const struct incident *incident, struct note *note)
{
    for (size_t i = 0; i < incident->nchecks; i++) {
        struct failure failure = find_failure(incident, i);
        if (failure.number > 0)
            print_causes_of(failure.last->line, note);
    }
}

static bool is_empty(const struct incident *incident)
{
    for (size_t i = 0; i < incident->count; i++)
        if (incident->items[i].shown)
            return false;
    return true;
}

void incident_print_note(const struct incident *incident, const char *version,
                         struct note *note)
{
    note_title(note, "Incident note of stella doctor %s", version);
    if (incident->trouble)
        note_line(note, "There is %s.", incident->trouble);
    if (is_empty(incident)) {
        note_line(note, "Nothing was run in that time.");
        print_left_out(incident, note);
        return;
    }
    print_failures(incident, note);
    print_period(incident, note);
    print_runs(incident, note);
    print_causes(incident, note);
    incident_print_actions(incident, note);
}
