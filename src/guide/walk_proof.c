#include "base/mem.h"
#include "guide/walk_model.h"

#include <stdlib.h>
#include <string.h>

const char *walk_verdict_name(enum walk_verdict verdict)
{
    static const char *const names[] = {[WALK_UNPROVEN] = "",     [WALK_VERIFYING] = "",
                                        [WALK_FIXED] = "fixed",   [WALK_FLAKY] = "flaky",
                                        [WALK_FAILING] = "failing"};
    return names[verdict];
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
    if (result->outcome == OUTCOME_PASS)
        return;
    if (!walk->proof.before)
        walk->proof.before = mem_strdup(result->summary);
    /* What was done before any failure was seen was done against its likeliest cause. */
    if (walk->acted && !walk->offered)
        offer(walk, &result->diagnosis);
    if (walk->acted && walk->offered)
        give_up_offered(walk);
    offer(walk, &result->diagnosis);
    walk->acted = false;
}

void walk_verify(struct walk *walk)
{
    struct walk_proof *proof = &walk->proof;

    walk_say(walk, NULL);
    walk_reload(walk);
    proof->verdict = WALK_VERIFYING;
    proof->rounds = proof->passes = 0;
    proof->dated = false;
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
        proof->verdict = WALK_FIXED;
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
    if (proof->verdict != WALK_FIXED)
        return;
    event = walk_event(walk, JOURNAL_WALK_ENDED);
    event.why = "fixed";
    journal_add(walk->journal, &event);
}

enum walk_verdict walk_verify_take(struct walk *walk, const struct result *result)
{
    struct walk_proof *proof = &walk->proof;

    if (proof->verdict != WALK_VERIFYING)
        return proof->verdict;
    proof->rounds++;
    proof->passes += result->outcome == OUTCOME_PASS;
    /* What failed tells more than a pass beside it. */
    if (result->outcome != OUTCOME_PASS || proof->passes == proof->rounds)
        keep(&proof->after, mem_strdup(result->summary));
    walk_take_failure(walk, result);
    if (proof->rounds < proof->wanted)
        return proof->verdict;
    judge(proof);
    journal_proof(walk);
    return proof->verdict;
}
