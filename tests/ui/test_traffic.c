#include "suites.h"

Suite *traffic_suite(void)
{
    return suite_create("traffic");
}
