/* Where a walkthrough was left, from the journal: also after the program was closed or
 * killed. */
#ifndef GUIDE_RESUME_H
#define GUIDE_RESUME_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum resume_state {
    RESUME_OPEN,        /* nothing was done, or it was undone */
    RESUME_COPIED,
    RESUME_RAN,
    RESUME_SKIPPED,
    RESUME_INTERRUPTED  /* it began, and nobody saw it end */
};

/* A step that something was done with. */
struct resume_step {
    char *platform;
    int64_t step; /* from 1 */
    char *title;  /* of the command that it was done with, as the article had it, or NULL */
    enum resume_state state;
    char *end;      /* with RESUME_RAN: "exit", "signal", ... as in struct journal_event; with
                     * RESUME_OPEN "not-started", or NULL */
    int64_t status; /* likewise */
    char *output;   /* the end of what the command wrote when it ran last, or NULL */
    char *command;  /* as edited; NULL where it was not, or is not known to the byte */
    bool altered;   /* it was edited, and is not known to the byte */
};

/* What was kept of a file before a step ran (guide/undo.h), and was not put back. */
struct resume_copy {
    char *folder, *platform, *title;
    int64_t step;
};

/* One that was masked is "***": ask for it again. */
struct resume_value {
    char *variable, *value;
    char *source; /* or NULL */
};

struct resume {
    char *walk; /* its name, to go on with */
    char *check;
    char *platform; /* the last one that was chosen */
    char *why;      /* or NULL */
    bool left;      /* the program was done with it; else it was killed, or is at it yet */
    int64_t pid;    /* of the last event */
    int64_t at;     /* the step of the last event that has one, 0 without */
    char *at_title; /* of its command, or NULL */
    char *failing;  /* summary of the check's last run, if that failed, and nothing had been
                     * changed before; also without a walk */
    bool changed;   /* a step that may change something began, or was copied */
    char *before;   /* summary of the run that failed last before that, or NULL */
    bool failed;    /* a run of a proof failed after that */
    char *verdict;  /* of the last proof, or NULL; what follows is that proof's */
    int64_t passes, rounds;
    char *verified_before, *after; /* or NULL */
    bool dated;     /* something was done after it that may have changed what it proved */
    int64_t began_ms, last_ms; /* CLOCK_REALTIME */
    struct resume_step *steps;
    size_t nsteps;
    struct resume_value *values;
    size_t nvalues;
    struct resume_copy *copies; /* the latest last */
    size_t ncopies;
};

/* Reads the last walkthrough of the check from the journal in directory. Steps stand in
 * the order of what was done last with them. False where there is none or it was begun
 * anew; also, with err, where the journal cannot be read.
 * skipped as of journal_read. Clear with resume_clear in either case. */
bool resume_find(struct resume *resume, const char *directory, const char *check,
                 size_t *skipped, struct error *err);
void resume_clear(struct resume *resume);

#endif
