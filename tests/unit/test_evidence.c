#include "probe/evidence.h"
#include "suites.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

#define FROM_BOX(t, c) {true, false, (t), (c), "192.0.2.1"}
#define FROM_HERE(t, c) {true, true, (t), (c), "192.0.2.9"}

/* Measured on Linux 6: which errno comes with which message (ICMP type and code). */
static const struct {
    const char *address;
    int error;
    struct icmp_answer icmp;
    enum failure_kind kind;
} failures[] = {
    {"192.0.2.7", 0, {0}, FAILURE_NONE},
    {"192.0.2.7", ECONNREFUSED, {0}, FAILURE_REFUSED},
    {"192.0.2.7", ECONNREFUSED, FROM_BOX(3, 3), FAILURE_REJECTED},
    {"2001:db8::7", ECONNREFUSED, FROM_BOX(1, 4), FAILURE_REJECTED},
    {"192.0.2.7", ETIMEDOUT, {0}, FAILURE_TIMEOUT},
    {"192.0.2.7", ENETUNREACH, {0}, FAILURE_NO_ROUTE},
    {"192.0.2.7", ENETUNREACH, FROM_BOX(3, 0), FAILURE_NETWORK_UNREACHABLE},
    {"192.0.2.7", ENETDOWN, {0}, FAILURE_NO_ROUTE},
    {"192.0.2.7", EINVAL, {0}, FAILURE_NO_ROUTE},
    {"192.0.2.7", EHOSTUNREACH, FROM_BOX(3, 1), FAILURE_HOST_UNREACHABLE},
    {"192.0.2.7", EHOSTUNREACH, FROM_HERE(3, 1), FAILURE_NO_NEIGHBOUR},
    {"192.0.2.7", EHOSTUNREACH, {0}, FAILURE_NO_NEIGHBOUR},
    {"192.0.2.7", EHOSTDOWN, {0}, FAILURE_NO_NEIGHBOUR},
    {"192.0.2.7", EHOSTUNREACH, FROM_BOX(3, 13), FAILURE_PROHIBITED},
    {"192.0.2.7", EHOSTUNREACH, FROM_BOX(3, 10), FAILURE_PROHIBITED},
    {"192.0.2.7", EHOSTUNREACH, FROM_HERE(3, 13), FAILURE_PROHIBITED_HERE},
    {"2001:db8::7", EACCES, FROM_BOX(1, 1), FAILURE_PROHIBITED},
    {"2001:db8::7", EACCES, FROM_HERE(1, 1), FAILURE_PROHIBITED_HERE},
    {"192.0.2.7", EACCES, {0}, FAILURE_PROHIBITED_HERE},
    {"192.0.2.7", EPERM, {0}, FAILURE_PROHIBITED_HERE},
    {"192.0.2.7", EADDRNOTAVAIL, {0}, FAILURE_SOCKET},
    {"192.0.2.7", EMFILE, {0}, FAILURE_SOCKET},
};

static struct attempt make_attempt(size_t i)
{
    struct attempt attempt = {.error = failures[i].error, .icmp = failures[i].icmp};

    attempt.status = attempt.error ? STEP_FAILED : STEP_OK;
    strcpy(attempt.address, failures[i].address);
    return attempt;
}

START_TEST(test_attempt_kind)
{
    const struct attempt attempt = make_attempt((size_t)_i);

    ck_assert_str_eq(failure_name(failure_of_attempt(&attempt)), failure_name(failures[_i].kind));
}
END_TEST

/* The rows above, worst explanation first: each later one explains more. */
START_TEST(test_decisive)
{
    static const size_t order[] = {21, 18, 9, 2, 1};
    struct attempt attempts[5];
    struct evidence evidence = {.attempts = attempts};

    for (size_t i = 0; i < 5; i++) {
        attempts[i] = make_attempt(order[i]);
        evidence.nattempts = i + 1;
        ck_assert_ptr_eq(evidence_decisive(&evidence), &attempts[i]);
    }
    attempts[3] = attempts[4];
    ck_assert_ptr_eq(evidence_decisive(&evidence), &attempts[3]);
}
END_TEST

/* A nameserver that has not answered is "silent" only once there was time. */
static const struct {
    int error;
    size_t count;
    enum nameserver_status servers[3];
    clock_us now;
    enum failure_kind kind;
} lookups[] = {
    {0, 0, {0}, 0, FAILURE_NONE},
    {EAI_NONAME, 0, {0}, 0, FAILURE_NAME_UNKNOWN},
    {EAI_NODATA, 0, {0}, 0, FAILURE_NAME_WITHOUT_ADDRESS},
    {EAI_AGAIN, 0, {0}, 0, FAILURE_RESOLVER},
    {EAI_FAIL, 0, {0}, 0, FAILURE_RESOLVER},
    {EAI_SYSTEM, 0, {0}, 0, FAILURE_RESOLVER},
    {EAI_AGAIN, 1, {NAMESERVER_SERVFAIL}, 0, FAILURE_RESOLVER_SERVFAIL},
    {EAI_AGAIN, 2, {NAMESERVER_SERVFAIL, NAMESERVER_SERVFAIL}, 0, FAILURE_RESOLVER_SERVFAIL},
    {EAI_AGAIN, 2, {NAMESERVER_SERVFAIL, NAMESERVER_REFUSED}, 0, FAILURE_RESOLVER},
    {EAI_AGAIN, 2, {NAMESERVER_SKIPPED, NAMESERVER_REFUSED}, 0, FAILURE_RESOLVER_REFUSED},
    {EAI_AGAIN, 1, {NAMESERVER_SKIPPED}, 0, FAILURE_RESOLVER},
    {EAI_AGAIN, 1, {NAMESERVER_SILENT}, 10 * CLOCK_MS, FAILURE_RESOLVER},
    {EAI_AGAIN, 1, {NAMESERVER_SILENT}, 2 * CLOCK_SECOND, FAILURE_RESOLVER_SILENT},
    {EAI_AGAIN, 1, {NAMESERVER_UNREACHABLE}, 0, FAILURE_RESOLVER},
};

START_TEST(test_lookup_kind)
{
    struct nameserver servers[3] = {0};
    const struct evidence evidence = {.lookup_error = lookups[_i].error,
                                      .nameservers = servers,
                                      .nnameservers = lookups[_i].count};

    for (size_t i = 0; i < lookups[_i].count; i++)
        servers[i].status = lookups[_i].servers[i];
    ck_assert_str_eq(failure_name(failure_of_lookup(&evidence, lookups[_i].now)),
                     failure_name(lookups[_i].kind));
}
END_TEST

START_TEST(test_names)
{
    ck_assert_str_eq(errno_name(ECONNREFUSED), "ECONNREFUSED");
    ck_assert_str_eq(errno_name(9999), "errno 9999");
    for (int kind = FAILURE_NONE; kind <= FAILURE_CANCELLED; kind++)
        ck_assert_ptr_nonnull(failure_name((enum failure_kind)kind));
    for (int status = NAMESERVER_SILENT; status <= NAMESERVER_ADDRESSES; status++)
        ck_assert_ptr_nonnull(nameserver_status_name((enum nameserver_status)status));
    for (int status = STEP_RUNNING; status <= STEP_CANCELLED; status++)
        ck_assert_ptr_nonnull(step_status_name((enum step_status)status));
}
END_TEST

Suite *evidence_suite(void)
{
    Suite *suite = suite_create("evidence");
    TCase *tcase = tcase_create("names");

    tcase_add_loop_test(tcase, test_attempt_kind, 0, sizeof failures / sizeof *failures);
    tcase_add_test(tcase, test_decisive);
    tcase_add_loop_test(tcase, test_lookup_kind, 0, sizeof lookups / sizeof *lookups);
    tcase_add_test(tcase, test_names);
    suite_add_tcase(suite, tcase);
    return suite;
}
