#include "guide/incident_story.h"

#include "base/buf.h"
#include "base/mem.h"
#include "probe/finding.h"

#include <stdlib.h>
#include <string.h>

const char *incident_state_name(enum incident_state state)
{
    static const char *const names[] = {
        [INCIDENT_FAILING] = "failing",
        [INCIDENT_FLAKY] = "flaky",
        [INCIDENT_PASSES_AGAIN] = "passes-again",
        [INCIDENT_PASSES_ELSEWHERE] = "passes-elsewhere",
        [INCIDENT_FIXED] = "fixed",
        [INCIDENT_NOT_VERIFIED] = "fixed-not-verified-since",
        [INCIDENT_PASSED] = "passed",
        [INCIDENT_SKIPPED] = "skipped",
    };
    return names[state];
}

static const char *title_of(enum incident_state state)
{
    static const char *const titles[] = {
        [INCIDENT_FAILING] = "FAILING",
        [INCIDENT_FLAKY] = "FLAKY",
        [INCIDENT_PASSES_AGAIN] = "PASSES AGAIN",
        [INCIDENT_PASSES_ELSEWHERE] = "PASSES, ANOTHER TARGET",
        [INCIDENT_FIXED] = "FIXED",
        [INCIDENT_NOT_VERIFIED] = "FIXED, NOT VERIFIED SINCE",
        [INCIDENT_PASSED] = "PASSED",
        [INCIDENT_SKIPPED] = "SKIPPED",
    };
    return titles[state];
}

bool incident_has_outcome(const struct incident_item *item, const char *name)
{
    return journal_word_equals(item->outcome, (struct journal_word){name, strlen(name)});
}

bool incident_has_failed(const struct incident_item *item)
{
    return incident_has_outcome(item, "fail") || incident_has_outcome(item, "error");
}

/* The id that a finding's line begins with; FINDINGS where it is none of ours. */
static enum finding_id id_of(const char *finding)
{
    size_t n = strcspn(finding, ":");
    int id = 0;

    while (id < FINDINGS && (strlen(finding_name((enum finding_id)id)) != n ||
                             strncmp(finding_name((enum finding_id)id), finding, n) != 0))
        id++;
    return (enum finding_id)id;
}

bool incident_is_warning(const char *finding)
{
    enum finding_id id = id_of(finding);

    return (int)id < FINDINGS && finding_is_warning(id);
}

/* What the item says; NULL where that cannot be read. */
static const struct journal_event *read_item(struct incident_story *story,
                                             const struct incident_item *item)
{
    struct journal_entry *entry = &story->entries[story->nentries];

    if (!item)
        return NULL;
    if (journal_entry_read(entry, item->line->text, item->line->size) == JOURNAL_GOOD) {
        story->nentries++;
        return &entry->event;
    }
    journal_entry_clear(entry);
    return NULL;
}

static void take_failed(struct incident_story *story, const struct incident_item *item,
                        bool goes_on, bool *counted)
{
    if (!goes_on) {
        story->first = item;
        story->passed = NULL;
        story->runs = 0;
        *counted = false;
    }
    story->last = item;
    story->runs += 1 + item->repeats;
    story->failures += item->shown && !*counted;
    *counted |= item->shown;
}

bool incident_is_run_of(const struct incident_item *item, size_t check)
{
    return item->outcome.text && item->check == check;
}

/* A check that was skipped is not known to work. */
static void find_failure(struct incident_story *story, const struct incident *incident,
                         size_t check)
{
    bool fails = false, counted = false;

    for (size_t i = 0; i < incident->count; i++) {
        const struct incident_item *item = &incident->items[i];
        if (!incident_is_run_of(item, check))
            continue;
        if (incident_has_failed(item)) {
            take_failed(story, item, fails, &counted);
            fails = true;
        } else if (fails && incident_has_outcome(item, "pass")) {
            story->passed = item;
            fails = false;
        }
    }
}

static void find_proof(struct incident_story *story, const struct incident *incident)
{
    for (size_t i = incident->count; i-- > 0 && story->last;) {
        const struct incident_item *item = &incident->items[i];
        if (item->line->kind != JOURNAL_VERIFIED ||
            !journal_word_equals(item->line->check, story->check))
            continue;
        if (memcmp(item->first.text, story->last->last.text, JOURNAL_TIME_BYTES) >= 0)
            story->proof = item;
        return;
    }
}

static bool may_change(const struct journal_line *line)
{
    static const struct journal_word reads = {"reads", 5};

    return line->kind == JOURNAL_UNDONE ||
           (line->kind == JOURNAL_STEP_BEGAN &&
            !journal_word_equals(journal_line_member(line, "effect"), reads));
}

/* What was proved may be so no more. */
static void find_later_change(struct incident_story *story, const struct incident *incident)
{
    const struct incident_item *end = incident->items + incident->count;

    for (const struct incident_item *item = story->proof; item && item < end; item++)
        if (may_change(item->line) && journal_word_equals(item->line->check, story->check))
            story->later = item;
}

/* Where one of them is not known, as in older journals, they are not known to differ. */
static bool differ(const struct journal_event *one, const struct journal_event *other)
{
    return one && other && one->target && other->target && strcmp(one->target, other->target) != 0;
}

static bool has_warning(const struct journal_event *event)
{
    for (size_t i = 0; i < event->findings.count; i++)
        if (incident_is_warning(event->findings.items[i]))
            return true;
    return false;
}

/* A run that did not look closer finds nothing, which takes nothing back; one that did, does. */
static bool found_anything(const struct incident_story *story, const struct incident_item *item,
                           bool *warns)
{
    struct journal_entry entry;
    bool found = journal_entry_read(&entry, item->line->text, item->line->size) == JOURNAL_GOOD &&
                 (item->line->deeper.text || entry.event.findings.count > 0) &&
                 !differ(&entry.event, story->passes);

    *warns = found && has_warning(&entry.event);
    journal_entry_clear(&entry);
    return found;
}

/* Of the runs that passed after the failure: the last one, and what was found. */
static void find_passes(struct incident_story *story, const struct incident *incident,
                        size_t check)
{
    const struct incident_item *begin = story->last ? story->passed : incident->items;
    const struct incident_item *end = incident->items + incident->count;
    bool warns = false;

    for (const struct incident_item *item = end; begin && item-- > begin;) {
        if (!item->shown || !incident_is_run_of(item, check) || !incident_has_outcome(item, "pass"))
            continue;
        if (!story->passes)
            story->passes = read_item(story, item);
        if (!found_anything(story, item, &warns))
            continue;
        story->warned = warns ? read_item(story, item) : NULL;
        return;
    }
}

static bool is_proved(const struct incident_story *story, const char *verdict)
{
    return story->proved && strcmp(story->proved->verdict, verdict) == 0;
}

static enum incident_state judge(const struct incident_story *story)
{
    if (story->skipped)
        return INCIDENT_SKIPPED;
    if (story->failures == 0)
        return INCIDENT_PASSED;
    if (is_proved(story, "flaky"))
        return INCIDENT_FLAKY;
    if (!story->passed)
        return INCIDENT_FAILING;
    if (is_proved(story, "fixed"))
        return story->later ? INCIDENT_NOT_VERIFIED : INCIDENT_FIXED;
    return differ(story->failed, story->passes) ? INCIDENT_PASSES_ELSEWHERE
                                                : INCIDENT_PASSES_AGAIN;
}

static void tell(struct incident_story *story, const struct incident *incident, size_t check)
{
    const struct incident_check *of = &incident->checks[check];

    story->check = of->name;
    find_failure(story, incident, check);
    find_proof(story, incident);
    find_later_change(story, incident);
    story->failed = read_item(story, story->last);
    story->proved = read_item(story, story->proof);
    find_passes(story, incident, check);
    if (of->shown > 0 && !of->told && story->failures == 0)
        story->skipped = read_item(story, &incident->items[of->last]);
    story->state = judge(story);
}

void incident_stories_tell(struct incident_stories *stories, const struct incident *incident)
{
    stories->count = incident->nchecks;
    stories->items = mem_zalloc((stories->count + 1) * sizeof *stories->items);
    for (size_t i = 0; i < stories->count; i++)
        tell(&stories->items[i], incident, i);
}

void incident_stories_clear(struct incident_stories *stories)
{
    for (size_t i = 0; i < stories->count; i++) {
        struct incident_story *story = &stories->items[i];
        while (story->nentries > 0)
            journal_entry_clear(&story->entries[--story->nentries]);
    }
    free(stories->items);
    *stories = (struct incident_stories){0};
}

bool incident_story_counts(const struct incident_story *story)
{
    return story->failures > 0 || story->skipped || story->warned;
}

static bool was_named(const struct journal_lines *findings, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (id_of(findings->items[i]) == id_of(findings->items[index]))
            return true;
    return false;
}

char *incident_story_title(const struct incident_story *story)
{
    const char *lead = ", WITH ";
    struct buf title = {0};

    buf_puts(&title, title_of(story->state));
    for (size_t i = 0; story->warned && i < story->warned->findings.count; i++) {
        const char *finding = story->warned->findings.items[i];
        if (!incident_is_warning(finding) || was_named(&story->warned->findings, i))
            continue;
        buf_printf(&title, "%s%s", lead, finding_name(id_of(finding)));
        lead = ", ";
    }
    return buf_take(&title);
}

char *incident_story_text(const struct incident_story *story)
{
    const struct journal_event *told = story->failures > 0 ? story->failed
                                       : story->skipped    ? story->skipped
                                       : story->warned     ? story->warned
                                                           : story->passes;
    struct buf text = {0};

    if (story->failures > 0 && differ(story->failed, story->passes))
        buf_printf(&text, "failed at %s, passes at %s: ", story->failed->target,
                   story->passes->target);
    buf_puts(&text, told && told->summary ? told->summary : "no more is known");
    return buf_take(&text);
}

char *incident_proof_text(const struct journal_event *proof)
{
    if (strcmp(proof->verdict, "not-judged") == 0)
        return mem_printf("not judged, the check was skipped or could not judge in %d runs",
                          (int)proof->rounds);
    return mem_printf("%s, %d of %d runs passed", proof->verdict, (int)proof->passes,
                      (int)proof->rounds);
}

char *incident_counts_text(const struct incident *incident,
                           const struct incident_stories *stories)
{
    size_t passed = 0, skipped = 0;

    for (size_t i = 0; i < stories->count; i++) {
        if (stories->items[i].failures > 0)
            return NULL;
        passed += incident->checks[i].told;
        skipped += stories->items[i].skipped != NULL;
    }
    if (passed + skipped == 0)
        return mem_strdup("No check was run in that time.");
    return skipped ? mem_printf("No check failed; %zu passed, %zu skipped.", passed, skipped)
                   : mem_printf("No check failed; %zu passed.", passed);
}

char *incident_vantage(const struct incident *incident)
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
