#include "probe/evidence.h"
#include "suites.h"

#include <errno.h>
#include <netdb.h>

static const struct {
    int number;
    enum failure_kind kind;
} errnos[] = {
    {0, FAILURE_NONE},
    {ECONNREFUSED, FAILURE_REFUSED},
    {ETIMEDOUT, FAILURE_TIMEOUT},
    {ENETUNREACH, FAILURE_NETWORK_UNREACHABLE},
    {ENETDOWN, FAILURE_NETWORK_UNREACHABLE},
    {EHOSTUNREACH, FAILURE_HOST_UNREACHABLE},
    {EHOSTDOWN, FAILURE_HOST_UNREACHABLE},
    {EACCES, FAILURE_PROHIBITED},
    {EPERM, FAILURE_PROHIBITED},
    {EINVAL, FAILURE_SOCKET},
    {EADDRNOTAVAIL, FAILURE_SOCKET},
    {EMFILE, FAILURE_SOCKET},
};

START_TEST(test_errno_kind)
{
    ck_assert_int_eq(failure_of_errno(errnos[_i].number), errnos[_i].kind);
}
END_TEST

START_TEST(test_lookup_kind)
{
    ck_assert_int_eq(failure_of_lookup(0), FAILURE_NONE);
    ck_assert_int_eq(failure_of_lookup(EAI_NONAME), FAILURE_NAME_UNKNOWN);
    ck_assert_int_eq(failure_of_lookup(EAI_NODATA), FAILURE_NAME_UNKNOWN);
    ck_assert_int_eq(failure_of_lookup(EAI_AGAIN), FAILURE_RESOLVER);
    ck_assert_int_eq(failure_of_lookup(EAI_FAIL), FAILURE_RESOLVER);
    ck_assert_int_eq(failure_of_lookup(EAI_SYSTEM), FAILURE_RESOLVER);
}
END_TEST

START_TEST(test_names)
{
    ck_assert_str_eq(errno_name(ECONNREFUSED), "ECONNREFUSED");
    ck_assert_str_eq(errno_name(9999), "errno 9999");
    for (int kind = FAILURE_NONE; kind <= FAILURE_CANCELLED; kind++)
        ck_assert_ptr_nonnull(failure_name((enum failure_kind)kind));
    for (int status = STEP_RUNNING; status <= STEP_CANCELLED; status++)
        ck_assert_ptr_nonnull(step_status_name((enum step_status)status));
}
END_TEST

Suite *evidence_suite(void)
{
    Suite *suite = suite_create("evidence");
    TCase *tcase = tcase_create("names");

    tcase_add_loop_test(tcase, test_errno_kind, 0, sizeof errnos / sizeof *errnos);
    tcase_add_test(tcase, test_lookup_kind);
    tcase_add_test(tcase, test_names);
    suite_add_tcase(suite, tcase);
    return suite;
}
