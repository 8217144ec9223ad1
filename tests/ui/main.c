/* Runs every suite of scripted screens, each test in a process of its own. */
#include "suites.h"

#include <locale.h>
#include <stdlib.h>

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    SRunner *runner = srunner_create(NULL);
#define SUITE_ADD(name) srunner_add_suite(runner, name##_suite());
    SUITES(SUITE_ADD)
#undef SUITE_ADD
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
