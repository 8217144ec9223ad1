#include "suites.h"

Suite *leaving_suite(void)
{
    return suite_create("leaving");
}
