#include "probe/route.h"
#include "suites.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static struct route route_to_ipv4(const char *text)
{
    struct sockaddr_in in = {.sin_family = AF_INET};

    ck_assert_int_eq(inet_pton(AF_INET, text, &in.sin_addr), 1);
    return route_to((const struct sockaddr *)&in);
}

/* What stands beyond this host is for the fault laboratory. */
START_TEST(test_own)
{
    const struct route route = route_to_ipv4("127.0.0.1");

    ck_assert_str_eq(route_name(route.kind), "own");
    ck_assert_str_eq(route.gateway, "");
    ck_assert_str_eq(route_name(route_to_ipv4("127.255.0.9").kind), "own");
}
END_TEST

START_TEST(test_own_ipv6)
{
    const struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const enum route_kind kind = route_to((const struct sockaddr *)&in6).kind;

    /* None on a machine without IPv6. */
    ck_assert(kind == ROUTE_OWN || kind == ROUTE_NONE || kind == ROUTE_UNKNOWN);
}
END_TEST

START_TEST(test_names)
{
    for (int kind = 0; kind < ROUTES; kind++)
        ck_assert_ptr_nonnull(route_name((enum route_kind)kind));
}
END_TEST

Suite *route_suite(void)
{
    Suite *suite = suite_create("route");
    TCase *tcase = tcase_create("route");

    tcase_add_test(tcase, test_own);
    tcase_add_test(tcase, test_own_ipv6);
    tcase_add_test(tcase, test_names);
    suite_add_tcase(suite, tcase);
    return suite;
}
