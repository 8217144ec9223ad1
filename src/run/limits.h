/* What a result does not prove. */
#ifndef RUN_LIMITS_H
#define RUN_LIMITS_H

#include "run/result.h"

/* Appends to result->diagnosis.not_proven, by its outcome, the kind of its failure and what
 * digging deeper saw: one item or more, each with the check or key that would prove it. */
void limits_add(struct result *result);

#endif
