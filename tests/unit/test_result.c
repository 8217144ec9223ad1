#include "base/mem.h"
#include "numeric.h"
#include "run/result.h"
#include "suites.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

static char *smtp_key[] = {"Smtp:Host"};
static const struct check smtp = {.id = "check.integration.smtp",
                                  .probe = PROBE_TCP_HOST,
                                  .keys = smtp_key,
                                  .nkeys = 1,
                                  .head = {.severity = SEVERITY_WARN}};

/* A result for mail.example:587 whose run took 1,234 ms. */
static struct result *make_result(enum failure_kind failure)
{
    struct result *result = mem_zalloc(sizeof *result);

    result->check = &smtp;
    result->target.host = mem_strdup("mail.example");
    result->target.port = 587;
    result->budget_us = 5 * CLOCK_SECOND;
    result->evidence.started = CLOCK_SECOND;
    result->evidence.ended = 2234 * CLOCK_MS;
    result->evidence.failure = failure;
    return result;
}

static void add_attempt(struct result *result, const char *address, enum step_status status,
                        int error)
{
    struct evidence *evidence = &result->evidence;

    evidence->attempts = mem_grow(evidence->attempts, evidence->nattempts, sizeof(struct attempt));
    struct attempt *attempt = &evidence->attempts[evidence->nattempts++];
    *attempt = (struct attempt){.port = 587, .status = status, .error = error};
    strcpy(attempt->address, address);
}

static const struct {
    enum failure_kind failure;
    enum phase_kind phase;
    int error, lookup_error;
    enum outcome outcome;
    const char *summary;
} failures[] = {
    {FAILURE_NAME_UNKNOWN, PHASE_LOOKUP, 0, EAI_NONAME, OUTCOME_FAIL,
     "The name mail.example is unknown to the resolver"},
    {FAILURE_NAME_WITHOUT_ADDRESS, PHASE_LOOKUP, 0, EAI_NODATA, OUTCOME_FAIL,
     "The name mail.example has no address"},
    {FAILURE_RESOLVER, PHASE_LOOKUP, 0, EAI_AGAIN, OUTCOME_FAIL,
     "The resolver could not answer for mail.example: Temporary failure in name resolution"},
    {FAILURE_RESOLVER_SERVFAIL, PHASE_LOOKUP, 0, EAI_AGAIN, OUTCOME_FAIL,
     "The name mail.example could not be looked up: the nameserver failed (SERVFAIL)"},
    {FAILURE_RESOLVER_REFUSED, PHASE_LOOKUP, 0, EAI_AGAIN, OUTCOME_FAIL,
     "The name mail.example could not be looked up: the nameserver refused to answer (REFUSED)"},
    {FAILURE_RESOLVER_SILENT, PHASE_LOOKUP, 0, EAI_AGAIN, OUTCOME_FAIL,
     "The name mail.example could not be looked up: no nameserver answered"},
    {FAILURE_TIMEOUT, PHASE_LOOKUP, 0, 0, OUTCOME_FAIL,
     "Timed out after 1.2 s looking up mail.example: the resolver did not answer"},
    {FAILURE_TIMEOUT, PHASE_CONNECT, 0, 0, OUTCOME_FAIL,
     "Timed out after 1.2 s connecting: no answer from mail.example:587"},
    {FAILURE_REFUSED, PHASE_CONNECT, ECONNREFUSED, 0, OUTCOME_FAIL,
     "mail.example:587 refused the connection (ECONNREFUSED)"},
    {FAILURE_REJECTED, PHASE_CONNECT, ECONNREFUSED, 0, OUTCOME_FAIL,
     "mail.example:587 was rejected by a firewall (ECONNREFUSED)"},
    {FAILURE_NO_ROUTE, PHASE_CONNECT, ENETUNREACH, 0, OUTCOME_FAIL,
     "mail.example:587 cannot be reached: this host has no route to it (ENETUNREACH)"},
    {FAILURE_NETWORK_UNREACHABLE, PHASE_CONNECT, ENETUNREACH, 0, OUTCOME_FAIL,
     "mail.example:587 cannot be reached: the answer is that its network is unreachable "
     "(ENETUNREACH)"},
    {FAILURE_HOST_UNREACHABLE, PHASE_CONNECT, EHOSTUNREACH, 0, OUTCOME_FAIL,
     "mail.example:587 cannot be reached: the answer is that the host is unreachable "
     "(EHOSTUNREACH)"},
    {FAILURE_NO_NEIGHBOUR, PHASE_CONNECT, EHOSTUNREACH, 0, OUTCOME_FAIL,
     "mail.example:587 cannot be reached: nobody answers on the local network (EHOSTUNREACH)"},
    {FAILURE_GATEWAY_SILENT, PHASE_CONNECT, EHOSTUNREACH, 0, OUTCOME_FAIL,
     "mail.example:587 cannot be reached: the gateway to it does not answer (EHOSTUNREACH)"},
    {FAILURE_RESET_AFTER_ACCEPT, PHASE_CONNECT, ECONNRESET, 0, OUTCOME_FAIL,
     "mail.example:587 answered, and reset the connection at once (ECONNRESET)"},
    {FAILURE_PROHIBITED, PHASE_CONNECT, EHOSTUNREACH, 0, OUTCOME_FAIL,
     "mail.example:587 cannot be reached: a firewall prohibits it (EHOSTUNREACH)"},
    {FAILURE_PROHIBITED_HERE, PHASE_CONNECT, EACCES, 0, OUTCOME_FAIL,
     "mail.example:587 cannot be reached: a firewall or route rule of this host prohibits it "
     "(EACCES)"},
    {FAILURE_LOCAL_RESOURCE, PHASE_CONNECT, EMFILE, 0, OUTCOME_FAIL,
     "mail.example:587 was not tried: this host has no address, port, descriptor or memory for it "
     "(EMFILE)"},
    {FAILURE_SOCKET, PHASE_CONNECT, EIO, 0, OUTCOME_FAIL,
     "mail.example:587 cannot be connected to (EIO)"},
    {FAILURE_CANCELLED, PHASE_CONNECT, 0, 0, OUTCOME_ERROR, "Cancelled after 1.2 s"},
    {FAILURE_NONE, PHASE_CONNECT, 0, 0, OUTCOME_PASS, "Connected to mail.example:587 in 1234 ms"},
};

START_TEST(test_summary)
{
    struct result *result = make_result(failures[_i].failure);

    result->evidence.failed_phase = failures[_i].phase;
    result->evidence.error = failures[_i].error;
    result->evidence.lookup_error = failures[_i].lookup_error;
    result_conclude(result);
    ck_assert_str_eq(result->summary, failures[_i].summary);
    ck_assert_int_eq(result->outcome, failures[_i].outcome);
    result_free(result);
}
END_TEST

START_TEST(test_impossible_name)
{
    struct result *result = make_result(FAILURE_NAME_UNKNOWN);

    result->evidence.failed_phase = PHASE_LOOKUP;
    result->evidence.lookup_error = EAI_NONAME;
    result->target.host[0] = '.';
    result_conclude(result);
    ck_assert_str_eq(result->summary, "The name .ail.example cannot be asked for: it has an empty "
                                      "label");
    result_free(result);
}
END_TEST

/* What is below the summary shows the answer that did come. */
START_TEST(test_silent_for_aaaa)
{
    struct result *result = make_result(FAILURE_TIMEOUT);
    struct evidence *evidence = &result->evidence;

    evidence->failed_phase = PHASE_LOOKUP;
    evidence->nameservers = mem_grow(NULL, 0, sizeof *evidence->nameservers);
    evidence->nameservers[0] =
        (struct nameserver){.status = NAMESERVER_ADDRESSES, .aaaa_silent = true};
    evidence->nnameservers = 1;
    result_conclude(result);
    ck_assert_str_eq(result->summary, "Timed out after 1.2 s looking up mail.example: the resolver "
                                      "answers for IPv4 (A) and not for IPv6 (AAAA)");
    result_free(result);
}
END_TEST

START_TEST(test_dead_address_is_named)
{
    struct result *result = make_result(FAILURE_NONE);

    add_attempt(result, "2001:db8::1", STEP_CANCELLED, 0);
    add_attempt(result, "192.0.2.9", STEP_FAILED, ECONNREFUSED);
    add_attempt(result, "192.0.2.1", STEP_OK, 0);
    result_conclude(result);
    ck_assert_str_eq(result->summary,
                     "Connected to mail.example:587 at 192.0.2.1 in 1234 ms; not answering: "
                     "2001:db8::1, 192.0.2.9 (ECONNREFUSED)");
    result_free(result);
}
END_TEST

/* Two addresses: the summary is of the deciding one, and says what became of the other. */
static const struct {
    enum failure_kind failure;
    int error;     /* of 192.0.2.9 */
    int ipv6_error; /* 0: silent */
    const char *summary;
} mixtures[] = {
    {FAILURE_REFUSED, ECONNREFUSED, ENETUNREACH,
     "mail.example:587 refused the connection (ECONNREFUSED at 192.0.2.9; 2001:db8::1: ENETUNREACH)"},
    {FAILURE_REFUSED, ECONNREFUSED, ECONNREFUSED,
     "mail.example:587 refused the connection (ECONNREFUSED, 2 addresses)"},
    {FAILURE_TIMEOUT, ECONNREFUSED, 0,
     "Timed out after 1.2 s connecting: no answer from mail.example:587 at 2001:db8::1; "
     "192.0.2.9: ECONNREFUSED"},
    {FAILURE_TIMEOUT, 0, ENETUNREACH,
     "Timed out after 1.2 s connecting: no answer from mail.example:587 at 192.0.2.9; "
     "2001:db8::1: ENETUNREACH"},
    {FAILURE_TIMEOUT, 0, 0,
     "Timed out after 1.2 s connecting: no answer from mail.example:587 on any of 2 addresses"},
};

START_TEST(test_mixture_is_told)
{
    struct result *result = make_result(mixtures[_i].failure);
    int ipv6_error = mixtures[_i].ipv6_error, error = mixtures[_i].error;

    result->evidence.failed_phase = PHASE_CONNECT;
    result->evidence.error = error;
    add_attempt(result, "2001:db8::1", ipv6_error ? STEP_FAILED : STEP_TIMEOUT, ipv6_error);
    add_attempt(result, "192.0.2.9", error ? STEP_FAILED : STEP_TIMEOUT, error);
    result_conclude(result);
    ck_assert_str_eq(result->summary, mixtures[_i].summary);
    result_free(result);
}
END_TEST

/* Who prohibits the one address beside a silent one is no secret. */
START_TEST(test_message_of_another_address_is_told)
{
    struct result *result = make_result(FAILURE_TIMEOUT);

    result->evidence.failed_phase = PHASE_CONNECT;
    add_attempt(result, "2001:db8::1", STEP_TIMEOUT, 0);
    add_attempt(result, "192.0.2.9", STEP_FAILED, EHOSTUNREACH);
    result->evidence.attempts[1].icmp = (struct icmp_answer){true, false, 3, 13, "192.0.2.1"};
    result_conclude(result);
    ck_assert_msg(strstr(result->summary, "at 2001:db8::1; 192.0.2.9: EHOSTUNREACH "
                                          "(administratively prohibited, said by 192.0.2.1)"),
                  "%s", result->summary);
    result_free(result);
}
END_TEST

START_TEST(test_missing_zone_is_told)
{
    struct result *result = make_result(FAILURE_NO_ROUTE);

    result->evidence.failed_phase = PHASE_CONNECT;
    result->evidence.error = EINVAL;
    add_attempt(result, "fe80::1", STEP_FAILED, EINVAL);
    result_conclude(result);
    ck_assert_str_eq(result->summary,
                     "mail.example:587 cannot be reached: a link-local address needs its zone, as "
                     "fe80::1%eth0 (EINVAL)");
    result_free(result);
}
END_TEST

START_TEST(test_skips)
{
    static const struct check unwired = {.id = "x", .probe = PROBE_NONE};
    struct result *result = make_result(FAILURE_NONE);

    result->target.state = TARGET_UNSET;
    result->target.reason = mem_strdup("Not configured: looked for Smtp:Host");
    result_conclude(result);
    ck_assert_int_eq(result->outcome, OUTCOME_SKIP);
    ck_assert_str_eq(result->summary, result->target.reason);
    result->check = &unwired;
    result_conclude(result);
    ck_assert_int_eq(result->outcome, OUTCOME_SKIP);
    ck_assert_str_eq(result->summary, "Article only: no probe is wired to this check");
    result_free(result);
}
END_TEST

static const struct {
    const char *outcomes; /* p, s, w and f (failures by severity), i (info), c (cancelled) */
    int status;
} statuses[] = {
    {"", 0},   {"p", 0},   {"ps", 0},   {"s", 0},     {"pw", 1},   {"pi", 1},
    {"pf", 2}, {"wf", 2},  {"fw", 2},   {"iw", 1},    {"c", 130},  {"fc", 130},
};

START_TEST(test_exit_status)
{
    struct check check = {.id = "x"};
    struct result result = {.check = &check};
    struct tally tally = {0};

    for (const char *p = statuses[_i].outcomes; *p; p++) {
        check.head.severity = *p == 'f' ? SEVERITY_FAIL : *p == 'i' ? SEVERITY_INFO : SEVERITY_WARN;
        result.outcome = *p == 'p'   ? OUTCOME_PASS
                         : *p == 's' ? OUTCOME_SKIP
                         : *p == 'c' ? OUTCOME_ERROR
                                     : OUTCOME_FAIL;
        result.evidence.failure = *p == 'c' ? FAILURE_CANCELLED : FAILURE_NONE;
        tally_add(&tally, &result);
    }
    ck_assert_int_eq(tally_exit_status(&tally), statuses[_i].status);
}
END_TEST

Suite *result_suite(void)
{
    Suite *suite = suite_create("result");
    TCase *tcase = tcase_create("conclude");

    tcase_add_checked_fixture(tcase, use_decimal_points, NULL);
    tcase_add_loop_test(tcase, test_summary, 0, sizeof failures / sizeof *failures);
    tcase_add_test(tcase, test_impossible_name);
    tcase_add_test(tcase, test_silent_for_aaaa);
    tcase_add_test(tcase, test_dead_address_is_named);
    tcase_add_test(tcase, test_message_of_another_address_is_told);
    tcase_add_test(tcase, test_missing_zone_is_told);
    tcase_add_loop_test(tcase, test_mixture_is_told, 0, sizeof mixtures / sizeof *mixtures);
    tcase_add_test(tcase, test_skips);
    tcase_add_loop_test(tcase, test_exit_status, 0, sizeof statuses / sizeof *statuses);
    suite_add_tcase(suite, tcase);
    return suite;
}
