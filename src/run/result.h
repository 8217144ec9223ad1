/* The result of one execution of a check. Outcome belongs to the run (did it
 * pass), severity to the check (how bad is a failure). */
#ifndef RUN_RESULT_H
#define RUN_RESULT_H

#include "catalog/catalog.h"
#include "probe/evidence.h"
#include "probe/finding.h"
#include "run/diagnosis.h"

enum outcome {
    OUTCOME_PASS,
    OUTCOME_FAIL,
    OUTCOME_SKIP, /* nothing configured, or nothing to probe */
    OUTCOME_ERROR /* no verdict: cancelled, or the check could not be loaded */
};
enum { OUTCOMES = OUTCOME_ERROR + 1 };

/* "pass", "fail", "skip", "error". */
const char *outcome_name(enum outcome outcome);

/* Until the verdict evidence.ended is 0 and outcome and summary are unset; what digging
 * deeper finds comes after it. */
struct result {
    const struct check *check;
    struct target target;
    struct evidence evidence;
    char *proxy;        /* that the platform may go through (settings/proxy.h), or NULL */
    clock_us budget_us; /* for everything, the lookup included */
    enum outcome outcome;
    char *summary; /* one clean line */
    struct findings findings;
    /* Of digging deeper: its budget (started to deadline), the phases of the dialogue, none
     * where nothing was said, what the nameservers answered to it, and other hosts among
     * the contrasts. started is 0 where it did not dig, ended while it does; failure is
     * FAILURE_CANCELLED where it was cut off. */
    struct evidence deeper;
    struct diagnosis diagnosis;
};

/* Frees the result; NULL is allowed. */
void result_free(struct result *result);

/* "smtp.example.com:587", "[::1]:587": what it connects to; NULL where the settings name
 * nothing that can be. The caller frees it. */
char *result_target(const struct result *result);

/* Settles outcome and summary from target and evidence, and the causes from the
 * findings too: call it again once there are more of those. */
void result_conclude(struct result *result);

/* What is under way in a live result: the verdict's evidence, and once the verdict is
 * there that of digging deeper. */
const struct evidence *result_current(const struct result *live);

/* The verdict's time: from the start of the run to its end. */
clock_us result_duration_us(const struct result *result);

/* Whether it passed and a finding is a warning: the verdict alone would not tell that
 * something is wrong. */
bool result_warns(const struct result *result);

/* Counts over results, one a check. */
struct tally {
    size_t outcomes[OUTCOMES];
    size_t cancelled; /* of the errors */
    size_t warned;    /* of the passes: result_warns */
    bool any_failure;
    enum severity worst; /* of the failures, if any */
};

void tally_add(struct tally *tally, const struct result *result);

/* "1 pass, 0 fail, 0 skip, 0 error", and where there is one ", 1 passed with warnings". The
 * caller frees it. */
char *tally_text(const struct tally *tally);

/* Exit status of the program. */
enum {
    EXIT_STATUS_OK = 0,          /* all passed or skipped */
    EXIT_STATUS_WARN = 1,        /* the worst failure has severity warn (or info); or a finding */
    EXIT_STATUS_FAIL = 2,        /* the worst failure has severity fail */
    EXIT_STATUS_UNKNOWN = 3,     /* could not judge */
    EXIT_STATUS_SIGNAL = 128,    /* and the number of the signal that ended it */
    EXIT_STATUS_CANCELLED = 130, /* interrupted, as by SIGINT */
};

/* What the counts come to: cancelled before error before the worst failure before the
 * warnings of what passed. */
int tally_exit_status(const struct tally *tally);

/* Why that is EXIT_STATUS_WARN where no check failed: "check.a passed with cert-expired,
 * auth-absent; check.b ...", of the count results (NULL: none yet). NULL where it has
 * another reason, or another value. The caller frees it. */
char *tally_why_warn(const struct tally *tally, const struct result *const *results,
                     size_t count);

#endif
