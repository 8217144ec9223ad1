/* From evidence to causes: the causes that an article lists, in the order of
 * how well they fit what was observed, each with the observation that speaks for
 * or against it. The rules are data (catalog/rules.h). */
#ifndef RUN_DIAGNOSIS_H
#define RUN_DIAGNOSIS_H

#include <stddef.h>

struct cause {
    char *id;        /* of its mark in the article, or NULL where it has none */
    int rank;        /* from 1; causes that cannot be told apart share one; 0: ruled out */
    int weight;      /* of the strongest observation that speaks for it, or 0 */
    char *text;      /* the article's words, one clean line */
    char *because;   /* what was observed that speaks for it, or NULL */
    char *ruled_out; /* what was observed that speaks against it, or NULL */
};

struct diagnosis {
    struct cause *causes; /* by rank, then in the article's order; ruled out ones last */
    size_t ncauses;
    char *separate;    /* the step that would tell those of rank 1 apart, or NULL */
    char **not_proven; /* what the result does not prove, with the check or key that would */
    size_t nnot_proven;
};

struct result;

/* Fills result->diagnosis from its evidence, findings, rules and article, and
 * replaces what was there. Without a failure, or with a pass whose
 * findings no rule knows, there are no causes; an article that cannot be read gives none either. */
void diagnosis_make(struct result *result);

/* Frees what the struct holds and zeroes it. */
void diagnosis_clear(struct diagnosis *diagnosis);

#endif
