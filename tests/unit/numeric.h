/* Figures in tests that run in any locale. */
#ifndef TESTS_UNIT_NUMERIC_H
#define TESTS_UNIT_NUMERIC_H

/* As in the program, which takes no decimal comma from the environment. A fixture. */
void use_decimal_points(void);

#endif
