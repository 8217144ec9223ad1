#include "base/mem.h"
#include "guide/walk_model.h"

#include <stdlib.h>

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

void walk_verify(struct walk *walk)
{
    struct walk_proof *proof = &walk->proof;

    walk_say(walk, NULL);
    walk_reload(walk);
    proof->verdict = WALK_VERIFYING;
    proof->rounds = proof->passes = 0;
    keep(&proof->next, NULL);
    walk_refresh(walk);
}

void walk_verify_stop(struct walk *walk)
{
    if (walk->proof.verdict == WALK_VERIFYING)
        walk->proof.verdict = WALK_UNPROVEN;
}

/* Each failed proof goes one cause down the list of the newest diagnosis. */
static char *next_cause(struct walk *walk, const struct result *result)
{
    const struct diagnosis *diagnosis = &result->diagnosis;
    size_t index = ++walk->causes_tried;

    if (index >= diagnosis->ncauses || diagnosis->causes[index].ruled_out)
        return NULL;
    const struct cause *cause = &diagnosis->causes[index];
    return cause->because ? mem_printf("%s Because %s.", cause->text, cause->because)
                          : mem_strdup(cause->text);
}

static void conclude(struct walk *walk, const struct result *result)
{
    struct walk_proof *proof = &walk->proof;
    struct journal_event event = walk_event(walk, JOURNAL_VERIFIED);

    proof->verdict = proof->passes == proof->rounds ? WALK_FIXED
                     : proof->passes > 0            ? WALK_FLAKY
                                                    : WALK_FAILING;
    if (proof->verdict != WALK_FIXED)
        keep(&proof->next, next_cause(walk, result));
    event.passes = proof->passes;
    event.rounds = proof->rounds;
    event.verdict = walk_verdict_name(proof->verdict);
    event.before = proof->before;
    event.after = proof->after;
    journal_add(walk->journal, &event);
    if (proof->verdict == WALK_FIXED) {
        event = walk_event(walk, JOURNAL_WALK_ENDED);
        event.why = "fixed";
        journal_add(walk->journal, &event);
    }
}

enum walk_verdict walk_verify_take(struct walk *walk, const struct result *result)
{
    struct walk_proof *proof = &walk->proof;

    if (proof->verdict != WALK_VERIFYING)
        return proof->verdict;
    proof->rounds++;
    proof->passes += result->outcome == OUTCOME_PASS;
    /* What failed tells more than a pass beside it. */
    if (!proof->after || result->outcome != OUTCOME_PASS || proof->passes == proof->rounds)
        keep(&proof->after, mem_strdup(result->summary));
    if (proof->rounds == proof->wanted)
        conclude(walk, result);
    return proof->verdict;
}
