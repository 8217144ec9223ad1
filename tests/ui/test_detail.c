#include "suites.h"

Suite *detail_suite(void)
{
    return suite_create("detail");
}
