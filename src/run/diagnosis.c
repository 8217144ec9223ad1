#include "run/diagnosis.h"

#include "base/mem.h"
#include "run/facts.h"
#include "run/limits.h"
#include "run/result.h"

#include <stdlib.h>
#include <string.h>

/* More causes than this in one rank say nothing. */
enum { SHARED_RANK_MAX = 3 };

void diagnosis_clear(struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        struct cause *cause = &diagnosis->causes[i];
        free(cause->id);
        free(cause->text);
        free(cause->because);
        free(cause->ruled_out);
    }
    for (size_t i = 0; i < diagnosis->nnot_proven; i++)
        free(diagnosis->not_proven[i]);
    free(diagnosis->causes);
    free(diagnosis->separate);
    free(diagnosis->not_proven);
    *diagnosis = (struct diagnosis){0};
}

static void add_cause(void *context, const char *id, const char *text)
{
    struct diagnosis *diagnosis = context;

    diagnosis->causes =
        mem_grow(diagnosis->causes, diagnosis->ncauses, sizeof *diagnosis->causes);
    diagnosis->causes[diagnosis->ncauses++] =
        (struct cause){.id = mem_strdup(id), .text = mem_strdup(text)};
}

static struct cause *find_cause(const struct diagnosis *diagnosis, const char *id)
{
    for (size_t i = 0; i < diagnosis->ncauses; i++)
        if (diagnosis->causes[i].id && strcmp(diagnosis->causes[i].id, id) == 0)
            return &diagnosis->causes[i];
    return NULL;
}

/* The strongest observation for a cause is told; of those against it, the first. */
static void apply(struct diagnosis *diagnosis, const struct rule *rule, const struct facts *facts)
{
    if (rule->kind == RULE_SEPARATE) {
        if (!diagnosis->separate)
            diagnosis->separate = facts_fill(facts, rule->text);
        return;
    }
    struct cause *cause = find_cause(diagnosis, rule->cause);
    if (!cause)
        return;
    if (rule->kind == RULE_EXCLUDE) {
        if (!cause->ruled_out)
            cause->ruled_out = facts_fill(facts, rule->text);
    } else if (rule->weight > cause->weight) {
        cause->weight = rule->weight;
        free(cause->because);
        cause->because = facts_fill(facts, rule->text);
    }
}

/* What speaks for a cause is stronger than what rules it out. */
static void settle_contradictions(struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        struct cause *cause = &diagnosis->causes[i];
        if (!cause->weight)
            continue;
        free(cause->ruled_out);
        cause->ruled_out = NULL;
    }
}

static bool comes_before(const struct cause *a, const struct cause *b)
{
    if (!a->ruled_out != !b->ruled_out)
        return !a->ruled_out;
    return a->weight > b->weight;
}

/* By insertion: stable, and there are half a dozen. */
static void sort(struct diagnosis *diagnosis)
{
    for (size_t i = 1; i < diagnosis->ncauses; i++) {
        struct cause cause = diagnosis->causes[i];
        size_t j = i;
        for (; j > 0 && comes_before(&cause, &diagnosis->causes[j - 1]); j--)
            diagnosis->causes[j] = diagnosis->causes[j - 1];
        diagnosis->causes[j] = cause;
    }
}

/* Equal weights share a rank; without any weight each has its own, as listed. */
static void rank(struct diagnosis *diagnosis)
{
    size_t shared = 0;
    int rank = 0;

    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        struct cause *cause = &diagnosis->causes[i];
        if (cause->ruled_out)
            break;
        bool equal = i > 0 && cause->weight && cause->weight == diagnosis->causes[i - 1].weight &&
                     shared < SHARED_RANK_MAX;
        shared = equal ? shared + 1 : 1;
        rank += !equal;
        cause->rank = rank;
    }
}

static bool is_shared(const struct diagnosis *diagnosis)
{
    return diagnosis->ncauses > 1 && diagnosis->causes[1].rank == 1;
}

/* A pass with a finding that no rule knows is no failure with six causes. */
static bool speaks_for_any(const struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->ncauses; i++)
        if (diagnosis->causes[i].weight)
            return true;
    return false;
}

static void find_causes(struct result *result, const struct article *article)
{
    struct diagnosis *diagnosis = &result->diagnosis;
    const struct rules *rules = catalog_rules(result->check->catalog);
    struct facts facts = {0};

    article_each_cause(article, add_cause, diagnosis);
    facts_gather(&facts, result);
    for (size_t i = 0; i < rules->count; i++)
        if (facts_meet(&facts, &rules->items[i]))
            apply(diagnosis, &rules->items[i], &facts);
    facts_clear(&facts);
    if (result->outcome == OUTCOME_PASS && !speaks_for_any(diagnosis)) {
        diagnosis_clear(diagnosis);
        return;
    }
    settle_contradictions(diagnosis);
    sort(diagnosis);
    rank(diagnosis);
    if (!is_shared(diagnosis)) {
        free(diagnosis->separate);
        diagnosis->separate = NULL;
    }
}

void diagnosis_make(struct result *result)
{
    diagnosis_clear(&result->diagnosis);
    if (result->outcome == OUTCOME_FAIL || findings_warn(&result->findings)) {
        struct article *article = check_open_article(result->check, NULL);
        if (article)
            find_causes(result, article);
        article_free(article);
    }
    limits_add(result);
}
