#include "base/buf.h"
#include "base/mem.h"
#include "guide/walk_model.h"

#include <stdlib.h>
#include <string.h>

const char *walk_verdict_name(enum walk_verdict verdict)
{
    static const char *const names[WALK_VERDICTS] = {
        [WALK_UNPROVEN] = "",        [WALK_VERIFYING] = "", [WALK_FIXED] = "fixed",
        [WALK_PASSING] = "passing",  [WALK_FLAKY] = "flaky", [WALK_FAILING] = "failing",
        [WALK_UNJUDGED] = "not-judged"};
    return names[verdict];
}

enum walk_verdict walk_find_verdict(const char *name)
{
    int i = WALK_FIXED;

    while (i < WALK_VERDICTS && strcmp(walk_verdict_name((enum walk_verdict)i), name) != 0)
        i++;
    return i < WALK_VERDICTS ? (enum walk_verdict)i : WALK_UNPROVEN;
}

const struct walk_proof *walk_proof(const struct walk *walk)
{
    return &walk->proof;
}

static void keep(char **kept, char *text)
{
    free(*kept);
    *kept = text;
}

static bool was_tried(const struct walk *walk, const char *name)
{
    for (size_t i = 0; i < walk->ntried; i++)
        if (strcmp(walk->tried[i], name) == 0)
            return true;
    return false;
}

/* Other people's articles may name no ids. */
static const char *name_of(const struct cause *cause)
{
    return cause->id ? cause->id : cause->text;
}

/* The likeliest cause whose fix was not tried, or NULL. */
static const struct cause *likeliest(const struct walk *walk, const struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->ncauses; i++)
        if (!diagnosis->causes[i].ruled_out && !was_tried(walk, name_of(&diagnosis->causes[i])))
            return &diagnosis->causes[i];
    return NULL;
}

static char *describe_cause(const struct cause *cause)
{
    return cause->because ? mem_printf("%s Because %s.", cause->text, cause->because)
                          : mem_strdup(cause->text);
}

/* What was done since the last proof was done against the cause that was offered. */
static void give_up_offered(struct walk *walk)
{
    walk->tried = mem_grow(walk->tried, walk->ntried, sizeof *walk->tried);
    walk->tried[walk->ntried++] = walk->offered;
    walk->offered = NULL;
}

static void offer(struct walk *walk, const struct diagnosis *diagnosis)
{
    const struct cause *cause = likeliest(walk, diagnosis);

    keep(&walk->offered, cause ? mem_strdup(name_of(cause)) : NULL);
    if (cause)
        keep(&walk->proof.next, describe_cause(cause));
    else if (diagnosis->ncauses > 0)
        keep(&walk->proof.next, mem_strdup("a fix for each cause was tried: what is seen from "
                                           "another host, or by the mail server's own log?"));
    else
        keep(&walk->proof.next, NULL);
}

void walk_take_failure(struct walk *walk, const struct result *result)
{
    if (result->outcome != OUTCOME_FAIL)
        return;
    /* What was done before any failure was seen was done against its likeliest cause. */
    if (walk->acted && !walk->offered)
        offer(walk, &result->diagnosis);
    if (walk->acted && walk->offered)
        give_up_offered(walk);
    offer(walk, &result->diagnosis);
    walk->acted = false;
}

void walk_see(struct walk *walk, const char *failure)
{
    if (walk->changed)
        walk->failed |= failure != NULL;
    else
        keep(&walk->seen, mem_strdup(failure));
}

/* That nothing is configured is a failure too, once something is to be mended. */
void walk_see_result(struct walk *walk, const struct result *result)
{
    if (result->outcome != OUTCOME_ERROR)
        walk_see(walk, result->outcome == OUTCOME_PASS ? NULL : result->summary);
}

void walk_verify(struct walk *walk)
{
    struct walk_proof *proof = &walk->proof;

    walk_say(walk, NULL);
    walk_reload(walk);
    proof->verdict = WALK_VERIFYING;
    proof->rounds = proof->passes = proof->failures = 0;
    proof->dated = proof->earlier = false;
    proof->changed = walk->changed;
    proof->failed = walk->failed || walk->seen;
    keep(&proof->before, mem_strdup(walk->seen));
    keep(&proof->after, NULL);
    walk_refresh(walk);
}

void walk_verify_stop(struct walk *walk)
{
    if (walk->proof.verdict == WALK_VERIFYING)
        walk->proof.verdict = WALK_UNPROVEN;
}

static void judge(struct walk_proof *proof)
{
    if (proof->passes == proof->rounds) {
        proof->verdict = proof->failed ? WALK_FIXED : WALK_PASSING;
    } else if (proof->failures == 0) {
        proof->verdict = WALK_UNJUDGED;
    } else if (proof->passes == 0) {
        proof->verdict = WALK_FAILING;
    } else {
        proof->verdict = WALK_FLAKY;
        keep(&proof->after, mem_printf("passed in %d of %d runs; the last that failed: %s",
                                       proof->passes, proof->rounds, proof->after));
    }
}

static void journal_proof(struct walk *walk)
{
    const struct walk_proof *proof = &walk->proof;
    struct journal_event event = walk_event(walk, JOURNAL_VERIFIED);

    event.passes = proof->passes;
    event.rounds = proof->rounds;
    event.verdict = walk_verdict_name(proof->verdict);
    event.before = proof->before;
    event.after = proof->after;
    journal_add(walk->journal, &event);
}

enum walk_verdict walk_verify_take(struct walk *walk, const struct result *result)
{
    struct walk_proof *proof = &walk->proof;

    if (proof->verdict != WALK_VERIFYING)
        return proof->verdict;
    proof->rounds++;
    proof->passes += result->outcome == OUTCOME_PASS;
    proof->failures += result->outcome == OUTCOME_FAIL;
    /* What failed tells more than a pass beside it. */
    if (result->outcome != OUTCOME_PASS || proof->passes == proof->rounds)
        keep(&proof->after, mem_strdup(result->summary));
    walk_take_failure(walk, result);
    if (proof->rounds < proof->wanted)
        return proof->verdict;
    judge(proof);
    if (proof->verdict != WALK_UNJUDGED)
        walk_see(walk, proof->failures > 0 ? proof->after : NULL);
    journal_proof(walk);
    return proof->verdict;
}

/* Run or handed out, in one of its ways. */
static bool was_done(const struct walk *walk, size_t step)
{
    const struct walk_way *ways = walk->progress[walk->platform][step].ways;

    for (size_t i = 0; i < walk->steps[walk->platform].items[step].ncommands; i++)
        if (ways[i].state == WALK_RAN || ways[i].state == WALK_COPIED)
            return true;
    return false;
}

/* The last step that has changed what the platform is given; the number of steps: none. */
static size_t last_change(const struct walk *walk)
{
    const struct steps *steps = &walk->steps[walk->platform];

    for (size_t i = steps->count; i-- > 0;)
        if (steps->items[i].commands->effect == EFFECT_CHANGES_CONFIG && was_done(walk, i))
            return i;
    return steps->count;
}

char *walk_left_open(const struct walk *walk)
{
    const struct steps *steps = &walk->steps[walk->platform];
    size_t changed = last_change(walk), reads = 0;
    struct buf text = {0};

    for (size_t i = 0; i < steps->count && changed < steps->count; i++) {
        enum effect effect = steps->items[i].commands->effect;
        if (effect == EFFECT_READS || !walk_is_open(walk, walk->platform, i))
            continue;
        buf_printf(&text, "%sstep %zu %s", text.len ? ", " : "", i + 1, effect_name(effect));
        if (effect == EFFECT_RESTARTS && i > changed && !reads)
            reads = i + 1;
    }
    if (reads)
        buf_printf(&text, "; as a rule the platform reads the change only after step %zu", reads);
    return text.len ? buf_take(&text) : NULL;
}
