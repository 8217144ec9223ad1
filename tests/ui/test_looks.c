#include "suites.h"

Suite *looks_suite(void)
{
    return suite_create("looks");
}
