/* The dashboard: terminal, model and runner on one loop. */
#ifndef UI_DASHBOARD_H
#define UI_DASHBOARD_H

#include "run/runner.h"
#include "run/session.h"

struct dashboard_options {
    struct runner_options runner;
    bool color, ascii;
    struct journal *journal; /* what is run and done goes there, or NULL */
    const char *note;        /* something to be said first, or NULL */
    bool read_only;          /* walkthroughs run no commands */
    int rounds;              /* of their proofs; 0: the default */
    const struct check *walk; /* opens on the walkthrough of this check, or NULL */
    enum platform platform;   /* for this platform; PLATFORMS: by evidence */
};

struct dashboard;

/* Runs the dashboard until the user leaves it and gives the terminal back.
 * NULL with err where the terminal cannot be used. The session must outlive it. */
struct dashboard *dashboard_run(struct session *session, const struct dashboard_options *options,
                                struct error *err);

/* The signal that ended it (the caller passes it on), or 0. */
int dashboard_signal(const struct dashboard *dashboard);

/* The last result of the check at an index of the catalog, or NULL. */
const struct result *dashboard_result(const struct dashboard *dashboard, size_t check);

/* Counts of all of them, for the summary and the exit status. */
struct tally dashboard_tally(const struct dashboard *dashboard);

/* Frees it with its results; NULL is allowed. */
void dashboard_free(struct dashboard *dashboard);

#endif
