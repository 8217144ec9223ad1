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
    {"192.0.2.7", ECONNREFUSED, FROM_HERE(3, 3), FAILURE_PROHIBITED_HERE},
    {"192.0.2.7", ENOPROTOOPT, FROM_BOX(3, 2), FAILURE_REJECTED},
    {"192.0.2.7", ENOPROTOOPT, {0}, FAILURE_SOCKET},
    {"192.0.2.7", ECONNRESET, {0}, FAILURE_RESET_AFTER_ACCEPT},
    {"192.0.2.7", ETIMEDOUT, {0}, FAILURE_TIMEOUT},
    {"192.0.2.7", ENETUNREACH, {0}, FAILURE_NO_ROUTE},
    {"192.0.2.7", ENETUNREACH, FROM_BOX(3, 0), FAILURE_NETWORK_UNREACHABLE},
    {"192.0.2.7", ENETUNREACH, FROM_HERE(3, 0), FAILURE_PROHIBITED_HERE},
    {"192.0.2.7", ENETUNREACH, FROM_BOX(3, 9), FAILURE_PROHIBITED},
    {"2001:db8::7", ENETUNREACH, FROM_BOX(1, 0), FAILURE_NETWORK_UNREACHABLE},
    {"192.0.2.7", ENETDOWN, {0}, FAILURE_NO_ROUTE},
    {"2001:db8::7", EAFNOSUPPORT, {0}, FAILURE_NO_ROUTE},
    {"192.0.2.7", EINVAL, {0}, FAILURE_NO_ROUTE},
    {"192.0.2.7", EHOSTUNREACH, FROM_BOX(3, 1), FAILURE_HOST_UNREACHABLE},
    {"192.0.2.7", EHOSTUNREACH, FROM_BOX(11, 0), FAILURE_HOST_UNREACHABLE},
    {"192.0.2.7", EHOSTDOWN, FROM_BOX(3, 7), FAILURE_HOST_UNREACHABLE},
    {"192.0.2.7", ENONET, FROM_BOX(3, 8), FAILURE_HOST_UNREACHABLE},
    {"192.0.2.7", EHOSTUNREACH, FROM_BOX(3, 13), FAILURE_PROHIBITED},
    {"192.0.2.7", EHOSTUNREACH, FROM_BOX(3, 10), FAILURE_PROHIBITED},
    {"192.0.2.7", EHOSTUNREACH, FROM_HERE(3, 13), FAILURE_PROHIBITED_HERE},
    {"2001:db8::7", EACCES, FROM_BOX(1, 1), FAILURE_PROHIBITED},
    {"2001:db8::7", EACCES, FROM_HERE(1, 1), FAILURE_PROHIBITED_HERE},
    {"192.0.2.7", EACCES, {0}, FAILURE_PROHIBITED_HERE},
    {"192.0.2.7", EPERM, {0}, FAILURE_PROHIBITED_HERE},
    {"192.0.2.7", EADDRNOTAVAIL, {0}, FAILURE_LOCAL_RESOURCE},
    {"192.0.2.7", EMFILE, {0}, FAILURE_LOCAL_RESOURCE},
    {"192.0.2.7", ENFILE, {0}, FAILURE_LOCAL_RESOURCE},
    {"192.0.2.7", ENOBUFS, {0}, FAILURE_LOCAL_RESOURCE},
    {"192.0.2.7", ENOMEM, {0}, FAILURE_LOCAL_RESOURCE},
    {"192.0.2.7", EIO, {0}, FAILURE_SOCKET},
};

static struct attempt make_attempt(size_t i)
{
    struct attempt attempt = {.error = failures[i].error,
                              .icmp = failures[i].icmp};

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

static struct attempt end_with(const char *address, int error, struct icmp_answer icmp, int ms)
{
    struct attempt attempt = {.error = error,
                              .icmp = icmp,
                              .status = error ? STEP_FAILED : STEP_TIMEOUT,
                              .ended = ms * CLOCK_MS};

    strcpy(attempt.address, address);
    return attempt;
}

/* What EHOSTUNREACH of this host itself means, by its time and the route. */
static const struct {
    struct icmp_answer icmp;
    int ms;
    enum route_kind route;
    enum failure_kind kind;
} waits[] = {
    {FROM_HERE(3, 1), 3060, ROUTE_ON_LINK, FAILURE_NO_NEIGHBOUR},
    {FROM_HERE(3, 1), 3060, ROUTE_UNKNOWN, FAILURE_NO_NEIGHBOUR},
    {FROM_HERE(3, 1), 3060, ROUTE_GATEWAY, FAILURE_GATEWAY_SILENT},
    {FROM_HERE(3, 1), 3, ROUTE_ON_LINK, FAILURE_PROHIBITED_HERE},
    {{0}, 3060, ROUTE_ON_LINK, FAILURE_NO_NEIGHBOUR},
    {{0}, 0, ROUTE_NONE, FAILURE_NO_ROUTE},
};

START_TEST(test_own_unreachable)
{
    struct attempt attempt = end_with("192.0.2.7", EHOSTUNREACH, waits[_i].icmp, waits[_i].ms);

    attempt.route.kind = waits[_i].route;
    ck_assert_str_eq(failure_name(failure_of_attempt(&attempt)), failure_name(waits[_i].kind));
}
END_TEST

/* Each later one explains more. */
START_TEST(test_decisive)
{
    struct attempt attempts[7] = {
        end_with("192.0.2.1", EMFILE, (struct icmp_answer){0}, 0),
        end_with("192.0.2.2", ENETUNREACH, (struct icmp_answer){0}, 0),
        end_with("192.0.2.3", EACCES, (struct icmp_answer){0}, 0),
        end_with("192.0.2.4", EHOSTUNREACH, (struct icmp_answer)FROM_HERE(3, 1), 3060),
        end_with("192.0.2.5", EHOSTUNREACH, (struct icmp_answer)FROM_BOX(3, 1), 3060),
        end_with("192.0.2.6", ECONNREFUSED, (struct icmp_answer)FROM_BOX(3, 3), 1),
        end_with("192.0.2.7", ECONNREFUSED, (struct icmp_answer){0}, 1),
    };
    struct evidence evidence = {.attempts = attempts};

    for (size_t i = 0; i < 7; i++) {
        evidence.nattempts = i + 1;
        ck_assert_ptr_eq(evidence_decisive(&evidence), &attempts[i]);
    }
    attempts[5] = attempts[6];
    ck_assert_ptr_eq(evidence_decisive(&evidence), &attempts[5]);
}
END_TEST

/* What a refusal says of one address is no answer of a silent one. */
START_TEST(test_decisive_of_a_timeout)
{
    struct attempt attempts[3] = {
        end_with("192.0.2.1", ECONNREFUSED, (struct icmp_answer){0}, 1),
        end_with("192.0.2.2", 0, (struct icmp_answer){0}, 5000),
        end_with("192.0.2.3", 0, (struct icmp_answer){0}, 4750),
    };
    struct attempt contrasts[2] = {
        end_with("192.0.2.1", ECONNREFUSED, (struct icmp_answer){0}, 1),
        end_with("192.0.2.2", 0, (struct icmp_answer){0}, 3000),
    };
    struct evidence evidence = {.attempts = attempts, .nattempts = 3,
                                .contrasts = contrasts, .ncontrasts = 2,
                                .failure = FAILURE_TIMEOUT};

    ck_assert_ptr_eq(evidence_decisive(&evidence), &attempts[1]);
    strcpy(contrasts[0].address, "192.0.2.3");
    ck_assert_ptr_eq(evidence_decisive(&evidence), &attempts[2]);
}
END_TEST

START_TEST(test_decisive_of_a_pass)
{
    struct attempt attempts[2] = {
        end_with("192.0.2.1", ECONNREFUSED, (struct icmp_answer){0}, 1),
        end_with("192.0.2.2", 0, (struct icmp_answer){0}, 2),
    };
    const struct evidence evidence = {.attempts = attempts, .nattempts = 2};

    attempts[1].status = STEP_OK;
    ck_assert_ptr_eq(evidence_decisive(&evidence), &attempts[1]);
}
END_TEST

/* None before the verdict is there, and none where there is none. */
START_TEST(test_decisive_of_a_verdict)
{
    struct attempt attempts[2] = {
        end_with("192.0.2.1", ENETUNREACH, (struct icmp_answer){0}, 0),
        end_with("192.0.2.2", ECONNREFUSED, (struct icmp_answer){0}, 1),
    };
    struct evidence evidence = {.attempts = attempts, .nattempts = 2, .failure = FAILURE_REFUSED};

    ck_assert(!evidence_is_decisive(&evidence, &attempts[1]));
    evidence.ended = CLOCK_SECOND;
    ck_assert(evidence_is_decisive(&evidence, &attempts[1]));
    ck_assert(!evidence_is_decisive(&evidence, &attempts[0]));
    evidence.failure = FAILURE_CANCELLED;
    ck_assert(!evidence_is_decisive(&evidence, &attempts[1]));
}
END_TEST

static const struct {
    const char *address;
    int error;
    struct icmp_answer icmp;
    bool proves;
} proofs[] = {
    {"192.0.2.1", ECONNREFUSED, {0}, true},
    {"192.0.2.1", ECONNRESET, {0}, true},
    {"192.0.2.1", ECONNREFUSED, FROM_BOX(3, 3), true}, /* 192.0.2.1 itself */
    {"192.0.2.7", ECONNREFUSED, FROM_BOX(3, 3), false},
    {"192.0.2.9", EHOSTUNREACH, FROM_HERE(3, 1), false},
    {"192.0.2.1", ENETUNREACH, {0}, false},
    {"192.0.2.1", 0, {0}, false}, /* silent */
};

START_TEST(test_proof_of_a_host)
{
    const struct attempt attempt =
        end_with(proofs[_i].address, proofs[_i].error, proofs[_i].icmp, 1);

    ck_assert_int_eq(attempt_proves_host(&attempt), proofs[_i].proves);
}
END_TEST

static const struct {
    const char *address;
    uint8_t type, code;
    const char *meaning;
    bool circles;
} messages[] = {
    {"192.0.2.7", 3, 0, "network unreachable", false},
    {"192.0.2.7", 3, 1, "host unreachable", false},
    {"192.0.2.7", 3, 13, "administratively prohibited", false},
    {"192.0.2.7", 3, 16, "unreachable", false},
    {"192.0.2.7", 11, 0, "time exceeded", true},
    {"2001:db8::7", 1, 0, "no route", false},
    {"2001:db8::7", 1, 4, "port unreachable", false},
    {"2001:db8::7", 1, 7, "unreachable", false},
    {"2001:db8::7", 3, 0, "time exceeded", true},
};

START_TEST(test_icmp_meaning)
{
    const struct attempt attempt = end_with(
        messages[_i].address, EHOSTUNREACH,
        (struct icmp_answer){true, false, messages[_i].type, messages[_i].code, "192.0.2.1"}, 1);

    ck_assert_str_eq(icmp_meaning(&attempt), messages[_i].meaning);
    ck_assert_int_eq(attempt_went_in_circles(&attempt), messages[_i].circles);
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
    tcase_add_loop_test(tcase, test_own_unreachable, 0, sizeof waits / sizeof *waits);
    tcase_add_test(tcase, test_decisive);
    tcase_add_test(tcase, test_decisive_of_a_timeout);
    tcase_add_test(tcase, test_decisive_of_a_pass);
    tcase_add_test(tcase, test_decisive_of_a_verdict);
    tcase_add_loop_test(tcase, test_proof_of_a_host, 0, sizeof proofs / sizeof *proofs);
    tcase_add_loop_test(tcase, test_icmp_meaning, 0, sizeof messages / sizeof *messages);
    tcase_add_loop_test(tcase, test_lookup_kind, 0, sizeof lookups / sizeof *lookups);
    tcase_add_test(tcase, test_names);
    suite_add_tcase(suite, tcase);
    return suite;
}
