/* What the journal keeps: one event a line. One struct serves all kinds; each fills the
 * members that are named for it, and the rest stays zero. Texts may be anything:
 * journal_add makes them clean, masks secrets in them and cuts them. Events that were
 * read are clean, and live for the call. */
#ifndef GUIDE_JOURNAL_EVENT_H
#define GUIDE_JOURNAL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum journal_kind {
    JOURNAL_RUN,          /* a check was run */
    JOURNAL_WALK_BEGAN,   /* a walkthrough began, or went on for another platform */
    JOURNAL_VALUE,        /* a variable of the steps got its value */
    JOURNAL_STEP_COPIED,
    JOURNAL_STEP_BEGAN,   /* written before the command runs */
    JOURNAL_STEP_ENDED,
    JOURNAL_STEP_SKIPPED,
    JOURNAL_STEP_EDITED,
    JOURNAL_VERIFIED,     /* the check was run as proof */
    JOURNAL_UNDONE,       /* a file got its old content back */
    JOURNAL_WALK_ENDED,
    JOURNAL_RUN_AGAIN,    /* a check was run, and said what its last run had said */
    JOURNAL_WALK_LEFT,    /* it was left with this step shown, to be gone on with */
    JOURNAL_RUN_DEEPER,   /* the last run of the process dug deeper: what is known of it now */
    JOURNAL_DEEPER_AGAIN  /* the same, and that is what it was the last time */
};
enum { JOURNAL_KINDS = JOURNAL_DEEPER_AGAIN + 1 };

/* "run", "walk-began", "value", "step-copied", ...: stable. */
const char *journal_kind_name(enum journal_kind kind);

/* Single lines. */
struct journal_lines {
    const char *const *items;
    size_t count;
};

struct journal_cause {
    int64_t rank; /* as in run/diagnosis.h */
    const char *text, *because, *ruled_out; /* because and ruled_out may be NULL */
};

struct journal_event {
    enum journal_kind kind;
    /* Set by journal_add. */
    int64_t time_ms; /* CLOCK_REALTIME, since 1970 */
    int64_t pid;
    /* Of every kind; of a run only check is needed. */
    const char *walk;  /* the walkthrough (journal_new_walk), NULL outside of one */
    const char *check; /* its id */
    const char *title; /* of the step, unmasked: an article's; of a run or walk-began, of the
                        * check */
    /* run and run-again */
    const char *same;    /* of a run that may be repeated: equal where two said the same */
    /* run-deeper and deeper-again, which need it; of a run that was read, where it dug deeper */
    const char *deeper;  /* likewise, with what digging added */
    /* run, run-again and run-deeper */
    const char *outcome; /* needed: outcome_name */
    /* run-again; of several that were put together */
    int64_t count;    /* how many; 0: one */
    int64_t first_ms; /* when the first was, time_ms being that of the last; 0: there is one */
    /* run and run-deeper */
    const char *failure; /* failure_name, or NULL */
    const char *summary; /* needed */
    const char *vantage; /* "host web-1" */
    const char *target;  /* "mail.example:587": what was connected to; or NULL */
    struct journal_lines evidence, findings;
    const struct journal_cause *causes;
    size_t ncauses;
    /* run, run-deeper and step-ended */
    int64_t duration_ms; /* of a run the verdict's */
    /* walk-began; the platform of a step may be left out: it is the walk's then */
    const char *platform; /* needed: "compose", ... */
    const char *why;      /* that platform; of walk-ended: why it ended, "begun anew"; or in
                           * older journals "fixed", which is no end: it may be gone on with */
    /* value */
    const char *variable; /* needed */
    const char *value;    /* needed: kept only where it says nothing secret, and whole; else "***" */
    const char *source;   /* "smtp.ini:3", "typed", ... */
    /* step-*, walk-left: needed is step alone */
    int64_t step;        /* from 1, as shown */
    const char *effect;  /* "reads", "changes-config", "restarts", "loses-data" */
    const char *command; /* as it was shown, with lines; of step-edited the new one */
    bool altered;        /* set by journal_add: command is not what it was, byte by byte */
    /* step-began and undone */
    const char *copy; /* the folder of what is kept of the file (guide/undo.h), or NULL */
    struct journal_lines copies; /* of step-began: those of its other files */
    /* step-copied */
    const char *route; /* where to: "tmux", "OSC 52", the name of a file */
    /* step-ended */
    const char *end;    /* needed: "exit", "signal", "time-limit", or another word */
    int64_t status;     /* exit status, or the number of the signal */
    const char *output; /* its last lines; give more than is kept, that no secret is halved */
    /* verified */
    int64_t passes, rounds; /* rounds of which so many passed */
    const char *verdict;    /* needed: walk_verdict_name */
    const char *before, *after; /* summaries; before: also of walk-began, while nothing has been
                                 * changed: what failed last */
    /* undone; step is the one that had changed it, title its command's */
    const char *file;     /* needed */
    const char *replaced; /* where what was there instead is kept, or NULL */
};

/* Whether a step-ended says that the command did what it should: exit status 0. */
bool journal_event_succeeded(const struct journal_event *event);

#endif
