/* A diagnosis as rows for people, in the dashboard and in printed reports. */
#ifndef RUN_CAUSES_H
#define RUN_CAUSES_H

#include "base/rows.h"
#include "run/diagnosis.h"

/* Appends the causes, most likely first, wrapped to cols columns: the rank, the
 * article's words and why; the step that tells those of the first rank apart; what
 * is ruled out, dimmed, with the reason. */
void causes_layout(const struct diagnosis *diagnosis, int cols, struct rows *rows);

/* Appends what the result does not prove, one item a paragraph. */
void not_proven_layout(const struct diagnosis *diagnosis, int cols, struct rows *rows);

#endif
