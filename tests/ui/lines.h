/* `stella doctor fix` on a plain terminal, for the platform of tests/ui/fixable.h: what is
 * printed is waited for, and answered. What is waited for comes behind what was waited for
 * before. A wait that is not met fails the test and prints the end of the output. */
#ifndef TESTS_UI_LINES_H
#define TESTS_UI_LINES_H

#include <sys/types.h>

/* Starts it on a terminal, with words of the shell before the program ("NO_COLOR=1 exec")
 * and arguments behind. One at a time: what ran before is ended. */
void lines_start(const char *term, int cols, const char *before, const char *arguments);
void lines_stop(void);

/* Waits until it has printed text. */
void lines_await(const char *text);

/* Types keys, at once. */
void lines_type(const char *keys);

/* Types keys once a question that ends so is there. */
void lines_answer(const char *question, const char *keys);

/* The same at the choice of what to do with a step. */
void lines_choose(const char *keys);

/* Runs the step that is shown, with the word that its effect asks for. */
void lines_consent(const char *word);

/* Goes on from the page that is shown, or is about to be, to the step with the title. */
void lines_go_to(const char *title);

/* Takes what has been printed, without waiting. */
void lines_drop(void);

/* Nothing of the kind was ever printed. */
void lines_assert_never(const char *text);

/* Waits for its end. */
void lines_assert_exit(int status);

/* All that was printed. */
const char *lines_output(void);

pid_t lines_pid(void);

#endif
