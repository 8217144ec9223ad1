/* Walkthroughs of check.integration.smtp on a machine of a test's own: a temporary directory
 * with compose.yaml, a .env that says Smtp__Host=old.example, and a journal in "state". */
#ifndef TESTS_UNIT_WALKING_H
#define TESTS_UNIT_WALKING_H

#include "guide/walk.h"

void walking_setup(void);
void walking_teardown(void);

/* Opens the walkthrough, or goes on with it; result may be NULL. It is closed with the next
 * one, by walking_close, or in the end. */
struct walk *walking_open(enum platform platform, const struct result *result);
void walking_close(void);

struct session *walking_session(void);
struct journal *walking_journal(void);
const char *walking_directory(void); /* of the journal */

/* Turns to the step whose title begins so. */
void walking_turn_to(struct walk *walk, const char *title);

/* Runs the command that is shown, which leaves .env with this text; NULL: as it is. */
void walking_run(struct walk *walk, const char *dotenv);

/* A result of the check, with causes of these ids in that order, closed by NULL. */
struct result *walking_result(enum outcome outcome, const char *const *causes);

/* Verifies with rounds that pass (p), fail (f) or are skipped (s), with these causes as of
 * walking_result. */
enum walk_verdict walking_verify(struct walk *walk, const char *rounds,
                                 const char *const *causes);

/* Fails where part is not in text. */
void walking_assert_has(const char *text, const char *part);

#endif
