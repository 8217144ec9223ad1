/* The runner: a queue of checks, some of which run at a time, each within its
 * own budget from its own start. Front ends only observe. */
#ifndef RUN_RUNNER_H
#define RUN_RUNNER_H

#include "run/result.h"

#include <uv.h>

struct runner;

/* changed: the live result's phases or attempts changed, its run began, or its
 * verdict is there (evidence.ended is not 0) and it digs deeper; may be NULL.
 * verdict: of a run that digs deeper from now on the verdict is there, and nothing
 * that digging adds; called once. No run may be started or cancelled from within; may be NULL.
 * finished: the run is over, digging deeper included; the callee owns the result
 * (result_free). Both others may be called from within runner_start, when nothing needs
 * to be probed, and from within runner_cancel. */
struct runner_observer {
    void (*changed)(void *context, const struct result *live);
    void (*verdict)(void *context, const struct result *live);
    void (*finished)(void *context, struct result *result);
    void *context;
};

struct runner_options {
    clock_us timeout_us; /* for every check instead of its own; 0: its own */
    size_t concurrency;  /* runs at a time; 0: RUNNER_CONCURRENCY */
    bool deep;           /* every run digs deeper after its verdict (probe/deep.h) */
};

enum { RUNNER_CONCURRENCY = 64 };

/* settings must outlive the runner. */
struct runner *runner_new(uv_loop_t *loop, struct settings *settings,
                          const struct runner_options *options,
                          const struct runner_observer *observer);

/* Cancels what runs and frees the runner. Of that the observer is told of runs alone whose
 * verdict is there: they are finished with what digging deeper has found. The loop must run
 * once more for its handles to close. NULL is allowed. */
void runner_free(struct runner *runner);

/* Queues the check; false if it is queued or running already. */
bool runner_start(struct runner *runner, const struct check *check);

/* The same for a run that digs deeper. One that is queued or has no verdict yet will
 * do so too, but false is returned. */
bool runner_start_deep(struct runner *runner, const struct check *check);

/* Ends the check's run with OUTCOME_ERROR, or takes it from the queue likewise; a
 * verdict that is there stays. False if there is none. */
bool runner_cancel(struct runner *runner, const struct check *check);

/* Cancels all; returns how many there were. */
size_t runner_cancel_all(struct runner *runner);

/* The live result of a check that runs, else NULL. */
const struct result *runner_live(const struct runner *runner, const struct check *check);

/* Runs and queued checks together. */
size_t runner_count(const struct runner *runner);

#endif
