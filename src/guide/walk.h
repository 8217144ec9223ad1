/* A walkthrough: the steps of a check's fix on one platform, one at a time, filled in
 * with real values, and the proof that it helped. It keeps what was done, here and in
 * the journal; to show, to ask, to copy and to run are the front end's. No loop, no
 * screen, and nothing is run here. */
#ifndef GUIDE_WALK_H
#define GUIDE_WALK_H

#include "article/steps.h"
#include "guide/answers.h"
#include "guide/child_spawn.h"
#include "guide/fill.h"
#include "guide/journal.h"
#include "guide/undo.h"
#include "run/session.h"

struct walk;

enum { WALK_ROUNDS = 3, WALK_OUTPUT_LINES = 400 };

struct walk_options {
    struct session *session; /* whose settings are read anew after a change */
    struct journal *journal; /* or NULL */
    const char *directory;   /* of the journal and the copies of files, or NULL */
    const struct check *check;
    const struct result *result; /* of the run that failed; read during walk_open; or NULL */
    enum platform platform;      /* PLATFORMS: by evidence, or where it was left */
    int rounds;                  /* of a proof; 0: WALK_ROUNDS */
};

/* Goes on where the journal says that the last walkthrough of the check was left, else
 * begins one. The session and the journal must outlive it. NULL with err where the
 * check's article has no steps. */
struct walk *walk_open(const struct walk_options *options, struct error *err);

/* Leaves it, to be gone on with another time; NULL is allowed. */
void walk_close(struct walk *walk);

/* Forgets what was done and asked for, and begins at the first step. Files that were changed
 * can still be put back. */
void walk_begin_anew(struct walk *walk);

enum walk_state { WALK_OPEN, WALK_COPIED, WALK_RUNNING, WALK_RAN, WALK_SKIPPED, WALK_INTERRUPTED };

/* A value that stands in the step. */
struct walk_value {
    const char *name; /* "host" */
    const char *value; /* NULL where there is none */
    char *from;        /* "Smtp:Host, .env:3", or what is missing */
};

/* The step as it stands. */
struct walk_page {
    size_t number, total; /* from 1 */
    const struct step *step;
    const struct step_command *command; /* the one of step->commands that is chosen */
    size_t choice;                      /* its index */
    const char *directory; /* where it runs, absolute; NULL: the working directory */
    char *where;           /* "in /srv/stella", one clean line; NULL where directory is */
    enum effect effect; /* of what would run: of an edited command that of the article's,
                         * and changes-config at least */
    char *text;         /* what would be copied or run; the article's own where blocked */
    struct fill_span *spans; /* the values in it, by their index in values */
    size_t nspans;
    char *blocked;     /* why it can be neither copied nor run, or NULL */
    char *withheld;    /* why it can be copied, but not run as it stands, or NULL */
    const char *asks;  /* the variable that has to be asked for first, or NULL */
    bool edited;
    bool terminal;     /* the command needs one, as it is now (shell_needs_terminal) */
    struct walk_value *values;
    size_t nvalues;
    enum walk_state state;
    const char *outcome; /* "exit status 0 after 0.3 s", "copied: ...", or NULL */
    bool went_well;      /* it ran, with exit status 0 */
    int status;          /* it ran, with this exit status; 0 also where there is none */
    const char *output;  /* of the last run here, clean lines with secrets masked, or NULL */
};

/* Valid until the next call that is not const. */
const struct walk_page *walk_page(const struct walk *walk);

const struct check *walk_check(const struct walk *walk);
enum platform walk_platform(const struct walk *walk);

/* "Compose: compose.yaml in this directory", "chosen by hand", "The article has no steps
 * for ...": why this platform. */
const char *walk_why(const struct walk *walk);

/* What the last call, or the opening, has to say beside its result, and the journal's
 * trouble behind it: one line until the next call, or NULL. */
const char *walk_note(struct walk *walk);

/* Turns delta pages, as far as there are some; false where there are none. */
bool walk_turn(struct walk *walk, int delta);

/* The steps of another platform. Those of this one keep their state. */
void walk_set_platform(struct walk *walk, enum platform platform);

/* The next of the step's alternatives; nothing where there is one alone. */
void walk_choose(struct walk *walk);

/* The value that is wanted for a variable (answers_set). False with err. */
bool walk_answer(struct walk *walk, const char *name, const char *text, struct error *err);

/* Whether the variable's value can be chosen: a secret's cannot. */
bool walk_can_answer(const struct walk *walk, const char *name);

/* What is proposed for it: what is wanted, else what is in force; NULL: nothing. */
const char *walk_proposal(const struct walk *walk, const char *name);

/* The command is this from now on; the article's again with NULL. */
void walk_edit(struct walk *walk, const char *text);

void walk_skip(struct walk *walk);

/* Why no copy can be kept of a file that the step changes, or that it seems to change none,
 * or NULL: before consent is asked for. The caller frees it. */
char *walk_refuse_copy(const struct walk *walk);

/* It was copied; note says where to, and what is known of it. */
void walk_copied(struct walk *walk, const char *note);

/* What has to be typed before a step of that effect runs: "y", or the effect's name. */
const char *walk_consent(enum effect effect);

/* Call it before the command runs, with consent: keeps a copy of the file that it
 * changes, or of those that it seems to change (guide/written_files.h), and writes into the
 * journal that it begins. walk_note says where no copy could be kept. */
void walk_run_begins(struct walk *walk);

/* It has ended; output, its clean lines with secrets masked, may be NULL. The settings are
 * read anew where it may have changed them. */
void walk_run_ended(struct walk *walk, const struct child_end *end, const char *output);

/* It could not be started; why is one line. */
void walk_run_failed(struct walk *walk, const char *why);

enum walk_verdict {
    WALK_UNPROVEN,
    WALK_VERIFYING,
    WALK_FIXED,   /* it failed before, and every round passed, by whomever it was mended */
    WALK_PASSING, /* every round passed, and no failure was seen before */
    WALK_FLAKY,
    WALK_FAILING,
    WALK_UNJUDGED /* the check was skipped, or could not judge, and did not fail */
};
enum { WALK_VERDICTS = WALK_UNJUDGED + 1 };

/* "fixed", "passing", "flaky", "failing", "not-judged"; "" before. */
const char *walk_verdict_name(enum walk_verdict verdict);

struct walk_proof {
    enum walk_verdict verdict;
    int rounds, passes, wanted; /* rounds run so far, those that passed, those to be run */
    int failures; /* those that failed */
    bool changed; /* a step that may change something was run or copied before it */
    bool failed;  /* a run is known to have failed before it */
    bool earlier; /* it is of before the walkthrough was left */
    char *before; /* summary of the run that failed last before anything was changed here, be
                   * it the dashboard's, the journal's or a proof's; or NULL: none was seen */
    char *after;  /* of the last round, or of the last that failed, and when both came how many
                   * passed; NULL before */
    bool dated;   /* something was done since that may have changed what was proved */
    char *next;   /* where it did not help: what to look at now, or NULL */
};

const struct walk_proof *walk_proof(const struct walk *walk);

/* Once something was changed on this platform: which of its changing steps are open still,
 * and which of them has yet to make the platform read the change; or NULL. One line, the
 * caller frees it. */
char *walk_left_open(const struct walk *walk);

/* The proof begins: the settings are read anew, and the caller runs the check as often as
 * is wanted, a second apart. */
void walk_verify(struct walk *walk);

/* Takes the result of one round. WALK_VERIFYING: one more, please. */
enum walk_verdict walk_verify_take(struct walk *walk, const struct result *result);

/* It was cancelled. */
void walk_verify_stop(struct walk *walk);

/* The file that was changed last, and can be put back, or NULL: also by a step of before the
 * program was closed. */
const char *walk_undoable(const struct walk *walk);

/* Whether it changed since the step ended, or the step did not end. */
bool walk_undo_is_stale(const struct walk *walk);

/* Puts it back, in that case only if forced; told as of undo_restore. The step is open
 * again, and the change before it can be undone next. False with err. */
bool walk_undo(struct walk *walk, bool forced, struct undo_told *told, struct error *err);

#endif
