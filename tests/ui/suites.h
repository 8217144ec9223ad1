/* Every suite of scripted screens. A new one is a line here and a test_<name>.c
 * that defines `Suite *<name>_suite(void)`. */
#ifndef TESTS_UI_SUITES_H
#define TESTS_UI_SUITES_H

#include <check.h>

/* clang-format off */
#define SUITES(X) \
    X(harness) \
    X(list) \
    X(runs) \
    X(deeper) \
    X(detail) \
    X(looks) \
    X(leaving) \
    X(walk) \
    X(walk_platforms) \
    X(walk_run) \
    X(walk_paste) \
    X(plain) \
    X(walk_flood) \
    X(walk_kill) \
    X(traffic)
/* clang-format on */

#define SUITE_DECLARE(name) Suite *name##_suite(void);
SUITES(SUITE_DECLARE)
#undef SUITE_DECLARE

#endif
