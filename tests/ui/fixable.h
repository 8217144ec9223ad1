/* A platform whose mail does not go out, in a folder of the test's own: its .env names a
 * port that nothing listens on. The programs that the articles drive are stand-ins, of
 * which docker compose up, systemctl restart and helm upgrade start the server. */
#ifndef TESTS_UI_FIXABLE_H
#define TESTS_UI_FIXABLE_H

/* A checked fixture. */
void fixable_setup(void);
void fixable_teardown(void);

/* The folder, which the program is to be started in, with its bin first on PATH. */
const char *fixable_folder(void);

/* The port of the server that a fix starts. */
unsigned fixable_port(void);

/* For the environment of the program, closed by NULL: its state is kept in the folder. */
const char *const *fixable_env(void);

/* Puts a script in the place of a program. */
void fixable_stand_in(const char *name, const char *script);

/* Fails the test unless .env is as it was: nothing has run. */
void fixable_assert_untouched(void);

#endif
