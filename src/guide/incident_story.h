/* Inside the guide room: what became of a check in an incident, worked out once for each
 * form of the note. */
#ifndef GUIDE_INCIDENT_STORY_H
#define GUIDE_INCIDENT_STORY_H

#include "guide/incident.h"

enum incident_state {
    INCIDENT_FAILING,
    INCIDENT_FLAKY,            /* the last proof was mixed */
    INCIDENT_PASSES_AGAIN,
    INCIDENT_PASSES_ELSEWHERE, /* what passes is another target than what failed */
    INCIDENT_FIXED,            /* a proof says so */
    INCIDENT_NOT_VERIFIED,     /* it did, and more was done since */
    INCIDENT_PASSED,           /* nothing failed */
    INCIDENT_SKIPPED           /* nor was more than skipped */
};

/* Its items are the incident's, its events its own. */
struct incident_story {
    struct journal_word check;
    enum incident_state state;
    /* Its last failure: from the first run that failed up to one that passed. */
    const struct incident_item *first, *last; /* runs that failed; NULL: none did */
    const struct incident_item *passed; /* the first run that passed after it; NULL: none did */
    int64_t runs;                       /* that failed */
    size_t failures;                    /* in the period */
    const struct incident_item *proof;  /* that came last, and after the failure, or NULL */
    const struct incident_item *later;  /* the last that was done after it, but to look, or NULL */
    /* What some of them say; NULL where there is no such thing. */
    const struct journal_event *failed;  /* the last run that failed */
    const struct journal_event *passes;  /* the last that passed after the failure */
    const struct journal_event *warned;  /* of these, of the target that passes, the last where
                                          * anything was found, if there is a warning in it */
    const struct journal_event *proved;
    const struct journal_event *skipped; /* the last run, where no run was more */
    struct journal_entry entries[5];     /* that these are of */
    size_t nentries;
};

/* The story of each check, in the order of incident->checks. */
struct incident_stories {
    struct incident_story *items;
    size_t count;
};

/* Works out what became of each check; clear with incident_stories_clear. The incident must
 * outlive them. */
void incident_stories_tell(struct incident_stories *stories, const struct incident *incident);
void incident_stories_clear(struct incident_stories *stories);

/* Whether the note tells of the check by itself: not where it only passed, without a
 * warning, nor where it was not run in the period. */
bool incident_story_counts(const struct incident_story *story);

/* "passes-elsewhere", ...: stable. */
const char *incident_state_name(enum incident_state state);

/* What stands before all else: "PASSES AGAIN, WITH cert-expired". The caller frees it. */
char *incident_story_title(const struct incident_story *story);

/* What is told behind it and the check's id: "failed at a:25, passes at b:25: it refused".
 * The caller frees it. */
char *incident_story_text(const struct incident_story *story);

/* Where none failed, how many passed, and were skipped; else NULL. The caller frees it. */
char *incident_counts_text(const struct incident *incident,
                           const struct incident_stories *stories);

/* The place that the last run was seen from, or NULL; the caller frees it. */
char *incident_vantage(const struct incident *incident);

/* What a proof comes to: "fixed, 3 of 3 runs passed". The caller frees it. */
char *incident_proof_text(const struct journal_event *proof);

/* Whether a finding of a run, as the journal has it, is a warning. */
bool incident_is_warning(const char *finding);

/* Whether it is a run of the check with that index. */
bool incident_is_run_of(const struct incident_item *item, size_t check);

/* Of a run, by what it says: whether it failed or could not judge; or has that outcome. */
bool incident_has_failed(const struct incident_item *item);
bool incident_has_outcome(const struct incident_item *item, const char *name);

#endif
