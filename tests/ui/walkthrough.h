/* What the tests of walkthroughs in the dashboard start from: the platform of fixable.h, with
 * stand-ins for all programs that the articles drive. Each call of one is written down. */
#ifndef TESTS_UI_WALKTHROUGH_H
#define TESTS_UI_WALKTHROUGH_H

#include "tests/ui/dashboard.h"
#include "tests/ui/fixable.h"

/* A checked fixture. */
void walkthrough_setup(void);
void walkthrough_teardown(void);

/* Makes a program of a shell script without its first line, in place of what was there. */
void walkthrough_stand_in(const char *name, const char *script);

/* What the stand-ins were called with so far, a line a call; valid until the next call of
 * this, as what walkthrough_read returns. */
const char *walkthrough_record(void);

/* The text of a file in the folder; "" where there is none. */
const char *walkthrough_read(const char *name);

/* Runs `stella doctor` with arguments at 80x24 in the folder, without its default sources. */
struct tmux *walkthrough_start(const char *arguments);

/* The same after what the shell does first: commands, each ended with ";". */
struct tmux *walkthrough_start_with(const char *first, const char *arguments);

/* The same: runs the check, which fails, and opens its walkthrough. */
struct tmux *walkthrough_open(const char *arguments);

/* The same for the .env of the folder. */
struct tmux *walkthrough_open_compose(void);

/* The same with a state directory that cannot be made. */
struct tmux *walkthrough_open_without_state(void);

/* The number of the step that is shown, and how many there are. */
int walkthrough_step(struct tmux *tmux, int *total);

/* Goes on to the step of that title. */
void walkthrough_go_to(struct tmux *tmux, const char *title);

/* Asks for the step, and types the word as soon as an answer counts. */
void walkthrough_run(struct tmux *tmux, const char *word);

/* Answers the question: a word takes an Enter of its own. */
void walkthrough_consent(struct tmux *tmux, const char *word);

/* Verifies, and waits for the verdict. */
void walkthrough_verify(struct tmux *tmux, const char *verdict);

#endif
