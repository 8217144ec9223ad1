/* The phases of a run against its budget (evidence's started to deadline), as rows
 * for people, in the dashboard and in printed reports. */
#ifndef RUN_WATERFALL_H
#define RUN_WATERFALL_H

#include "base/rows.h"
#include "probe/evidence.h"

/* Appends one row a phase, at most cols columns wide: its name and status, a bar that
 * is the budget, in which its time is filled where it fell (in at least one cell, if it took
 * any time), its milliseconds and its detail; then what waterfall_longest says. Where
 * there is little room the details are cut, then left out, then the bars too. A running
 * phase lasts until now, which nothing else needs. Nothing without phases. */
void waterfall_layout(const struct evidence *evidence, clock_us now, int cols, struct rows *rows);

/* "connect took 4.98 s of the 5.0 s": once all has ended, the phase that took half of the
 * budget or more, or the longest one where time ran out; else NULL. The caller frees it. */
char *waterfall_longest(const struct evidence *evidence);

/* The style of a phase's or an attempt's status. */
enum style waterfall_style(enum step_status status);

#endif
