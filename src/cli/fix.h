/* The command fix: a check's walkthrough. */
#ifndef CLI_FIX_H
#define CLI_FIX_H

#include "cli/options.h"
#include "run/session.h"

/* The check that it is for, or NULL after a complaint. */
const struct check *fix_check(const struct session *session, const struct options *options);

/* With --dry-run: prints every step of the platform, filled in with the values in force,
 * what it would do, where each value comes from, and what is missing. A platform
 * that was asked for and that the article has no steps for is a complaint. Returns the
 * exit status. */
int fix_print_steps(struct session *session, const struct check *check,
                    const struct options *options);

#endif
