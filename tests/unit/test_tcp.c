#include "suites.h"

#include "fake_getaddrinfo.h"
#include "probe/tcp.h"
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONG_US = 5 * CLOCK_SECOND, SHORT_US = 300 * CLOCK_MS };

static uv_loop_t loop;
static struct resolver *resolver;
static struct evidence evidence;
static struct tcp_probe *probe;
static int changes, ends;

static void on_changed(void *context)
{
    (void)context;
    changes++;
}

static void on_done(void *context)
{
    (void)context;
    ends++;
    probe = NULL;
}

static const struct tcp_observer counting = {on_changed, on_done, NULL};

static int descriptors, threads;

static void setup(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    resolver = resolver_new(&loop);
    descriptors = process_descriptors();
    threads = process_threads();
}

static void teardown(void)
{
    resolver_free(resolver);
    fake_release();
    process_await_threads(threads);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(process_descriptors(), descriptors);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    evidence_clear(&evidence);
    ck_assert_ptr_null(evidence_running(&evidence));
}

static struct sockaddr_in local_address(const char *host, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    ck_assert_int_eq(inet_pton(AF_INET, host, &address.sin_addr), 1);
    return address;
}

/* A socket bound to host: with *port 0 to a free one, which is put there. */
static int bind_to(const char *host, uint16_t *port)
{
    struct sockaddr_in address = local_address(host, *port);
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int listen_on(const char *host, uint16_t *port)
{
    int fd = bind_to(host, port);
    ck_assert_int_eq(listen(fd, 8), 0);
    return fd;
}

/* A port that never answers: a listener whose accept queue is full. */
struct silent_port {
    uint16_t port;
    int listener, client;
};

static struct silent_port silent_on(const char *host)
{
    struct silent_port silent = {0};

    silent.listener = bind_to(host, &silent.port);
    ck_assert_int_eq(listen(silent.listener, 0), 0);
    silent.client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = local_address(host, silent.port);
    ck_assert_int_eq(connect(silent.client, (struct sockaddr *)&address, sizeof address), 0);
    return silent;
}

static void silent_close(struct silent_port *silent)
{
    close(silent->client);
    close(silent->listener);
}

static void start(const char *host, uint16_t port, clock_us budget,
                  const struct tcp_observer *observer)
{
    const struct tcp_target target = {.host = host, .port = port, .budget_us = budget};

    probe = tcp_probe_start(&loop, resolver, &target, &evidence, observer);
    ck_assert_int_eq(changes + ends, 0);
    ck_assert_ptr_eq(evidence_running(&evidence), &evidence.phases[0]);
    ck_assert_int_eq(evidence.deadline - evidence.started, budget);
}

/* Runs the started probe to its end. */
static void run(void)
{
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(ends, 1);
    ck_assert_ptr_null(evidence_running(&evidence));
    ck_assert_int_ge(evidence.ended, evidence.started);
}

static void probe_to_end(const char *host, uint16_t port, clock_us budget)
{
    start(host, port, budget, &counting);
    run();
}

static clock_us duration(void)
{
    return evidence.ended - evidence.started;
}

static void assert_verdict(enum failure_kind failure, enum phase_kind phase,
                           enum step_status status)
{
    ck_assert_str_eq(failure_name(evidence.failure), failure_name(failure));
    ck_assert_str_eq(phase_name(evidence.failed_phase), phase_name(phase));
    ck_assert_uint_eq(evidence.nphases, phase == PHASE_LOOKUP ? 1 : 2);
    const struct phase *last = &evidence.phases[evidence.nphases - 1];
    ck_assert_int_eq(last->kind, phase);
    ck_assert_str_eq(step_status_name(last->status), step_status_name(status));
    ck_assert_int_eq(last->ended, evidence.ended);
}

static void assert_attempt(size_t index, const char *address, enum step_status status, int error)
{
    ck_assert_uint_lt(index, evidence.nattempts);
    const struct attempt *attempt = &evidence.attempts[index];
    ck_assert_str_eq(attempt->address, address);
    ck_assert_str_eq(step_status_name(attempt->status), step_status_name(status));
    ck_assert_int_eq(attempt->error, error);
    ck_assert_int_ge(attempt->ended, attempt->started);
}

START_TEST(test_pass)
{
    uint16_t port = 0;
    char target[32];
    int listener = listen_on("127.0.0.1", &port);

    probe_to_end("127.0.0.1", port, LONG_US);
    assert_verdict(FAILURE_NONE, PHASE_CONNECT, STEP_OK);
    ck_assert_str_eq(evidence.phases[0].detail, "1 address");
    snprintf(target, sizeof target, "127.0.0.1:%u", port);
    ck_assert_str_eq(evidence.phases[1].detail, target);
    ck_assert_uint_eq(evidence.nattempts, 1);
    assert_attempt(0, "127.0.0.1", STEP_OK, 0);
    ck_assert_int_eq(evidence.error, 0);
    ck_assert_int_ge(changes, 1);
    close(listener);
}
END_TEST

START_TEST(test_pass_by_name)
{
    uint16_t port = 0;
    int listener = listen_on("127.0.0.1", &port);

    probe_to_end("one.fake", port, LONG_US);
    assert_verdict(FAILURE_NONE, PHASE_CONNECT, STEP_OK);
    ck_assert_int_eq(fake_lookups(), 1);
    close(listener);
}
END_TEST

START_TEST(test_refused)
{
    uint16_t port = 0;
    int deaf = bind_to("127.0.0.1", &port);

    probe_to_end("127.0.0.1", port, LONG_US);
    assert_verdict(FAILURE_REFUSED, PHASE_CONNECT, STEP_FAILED);
    assert_attempt(0, "127.0.0.1", STEP_FAILED, ECONNREFUSED);
    ck_assert_int_eq(evidence.error, ECONNREFUSED);
    ck_assert_int_lt(duration(), CLOCK_SECOND);
    close(deaf);
}
END_TEST

START_TEST(test_silent)
{
    struct silent_port silent = silent_on("127.0.0.1");

    probe_to_end("127.0.0.1", silent.port, SHORT_US);
    assert_verdict(FAILURE_TIMEOUT, PHASE_CONNECT, STEP_TIMEOUT);
    assert_attempt(0, "127.0.0.1", STEP_TIMEOUT, 0);
    ck_assert_int_ge(duration(), SHORT_US);
    ck_assert_int_lt(duration(), SHORT_US + 200 * CLOCK_MS);
    silent_close(&silent);
}
END_TEST

START_TEST(test_lookup_never_answers)
{
    probe_to_end("stuck.fake", 587, SHORT_US);
    assert_verdict(FAILURE_TIMEOUT, PHASE_LOOKUP, STEP_TIMEOUT);
    ck_assert_uint_eq(evidence.nattempts, 0);
    ck_assert_int_ge(duration(), SHORT_US);
    ck_assert_int_lt(duration(), SHORT_US + 200 * CLOCK_MS);
}
END_TEST

START_TEST(test_name_unknown)
{
    probe_to_end("unknown.fake", 587, LONG_US);
    assert_verdict(FAILURE_NAME_UNKNOWN, PHASE_LOOKUP, STEP_FAILED);
    ck_assert_int_eq(evidence.lookup_error, EAI_NONAME);
}
END_TEST

START_TEST(test_dead_address_first)
{
    struct silent_port silent = silent_on("127.0.0.2");
    int listener = listen_on("127.0.0.1", &silent.port);

    probe_to_end("both.fake", silent.port, LONG_US);
    assert_verdict(FAILURE_NONE, PHASE_CONNECT, STEP_OK);
    ck_assert_str_eq(evidence.phases[0].detail, "2 addresses");
    assert_attempt(0, "127.0.0.2", STEP_CANCELLED, 0);
    assert_attempt(1, "127.0.0.1", STEP_OK, 0);
    ck_assert_int_ge(duration(), 250 * CLOCK_MS);
    ck_assert_int_lt(duration(), 500 * CLOCK_MS);
    close(listener);
    silent_close(&silent);
}
END_TEST

START_TEST(test_refusing_address_first)
{
    uint16_t port = 0;
    int listener = listen_on("127.0.0.1", &port);

    probe_to_end("both.fake", port, LONG_US);
    assert_verdict(FAILURE_NONE, PHASE_CONNECT, STEP_OK);
    assert_attempt(0, "127.0.0.2", STEP_FAILED, ECONNREFUSED);
    assert_attempt(1, "127.0.0.1", STEP_OK, 0);
    ck_assert_int_lt(duration(), 250 * CLOCK_MS);
    close(listener);
}
END_TEST

START_TEST(test_no_descriptor)
{
    struct rlimit old, none;
    uint16_t port = 0;
    int listener = listen_on("127.0.0.1", &port);

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
    none = (struct rlimit){0, old.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    probe_to_end("127.0.0.1", port, LONG_US);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_verdict(FAILURE_LOCAL_RESOURCE, PHASE_CONNECT, STEP_FAILED);
    assert_attempt(0, "127.0.0.1", STEP_FAILED, EMFILE);
    ck_assert_int_eq(evidence.error, EMFILE);
    close(listener);
}
END_TEST

/* connect(2) itself fails: TCP has no broadcast. */
START_TEST(test_connect_fails_at_once)
{
    probe_to_end("127.255.255.255", 587, LONG_US);
    ck_assert_int_eq(evidence.phases[1].status, STEP_FAILED);
    ck_assert_int_ne(evidence.failure, FAILURE_NONE);
    ck_assert_int_ne(evidence.error, 0);
    assert_attempt(0, "127.255.255.255", STEP_FAILED, evidence.error);
}
END_TEST

static int server, accepted;

/* The connection is there when its attempt is announced (loopback), but the
 * probe looks at it only in the next round of the loop. */
static void greet(void *context)
{
    on_changed(context);
    if (evidence.nattempts == 0)
        return;
    accepted = accept4(server, NULL, NULL, SOCK_CLOEXEC);
    ck_assert_int_ge(accepted, 0);
    ck_assert_int_eq(send(accepted, "220 ready\r\n", 11, MSG_NOSIGNAL), 11);
}

START_TEST(test_greeting_is_answered_by_an_end)
{
    static const struct tcp_observer observer = {greet, on_done, NULL};
    uint16_t port = 0;
    char byte;

    server = listen_on("127.0.0.1", &port);
    start("127.0.0.1", port, LONG_US, &observer);
    run();
    assert_verdict(FAILURE_NONE, PHASE_CONNECT, STEP_OK);
    ck_assert_int_eq(recv(accepted, &byte, 1, MSG_DONTWAIT), 0);
    close(accepted);
    close(server);
}
END_TEST

/* The process stands still, as under Ctrl-Z, until the budget is over. */
static void stand_still(void)
{
    while (clock_now_us() < evidence.deadline + 20 * CLOCK_MS)
        sched_yield();
}

static void stand_still_after_connect(void *context)
{
    on_changed(context);
    if (evidence.nattempts > 0)
        stand_still();
}

START_TEST(test_connected_while_standing_still)
{
    static const struct tcp_observer observer = {stand_still_after_connect, on_done, NULL};
    uint16_t port = 0;
    int listener = listen_on("127.0.0.1", &port);

    start("127.0.0.1", port, SHORT_US, &observer);
    run();
    assert_verdict(FAILURE_NONE, PHASE_CONNECT, STEP_OK);
    close(listener);
}
END_TEST

START_TEST(test_answered_while_standing_still)
{
    start("unknown.fake", 587, SHORT_US, &counting);
    stand_still();
    run();
    assert_verdict(FAILURE_NAME_UNKNOWN, PHASE_LOOKUP, STEP_FAILED);
}
END_TEST

START_TEST(test_addresses_too_late)
{
    start("one.fake", 587, SHORT_US, &counting);
    stand_still();
    run();
    assert_verdict(FAILURE_TIMEOUT, PHASE_LOOKUP, STEP_TIMEOUT);
}
END_TEST

static void assert_cancelled(enum phase_kind phase)
{
    assert_verdict(FAILURE_CANCELLED, phase, STEP_CANCELLED);
    ck_assert_int_eq(ends, 1);
}

START_TEST(test_cancel_lookup)
{
    start("stuck.fake", 587, LONG_US, &counting);
    tcp_probe_cancel(probe);
    assert_cancelled(PHASE_LOOKUP);
    run();
}
END_TEST

START_TEST(test_cancel_literal)
{
    start("127.0.0.1", 587, LONG_US, &counting);
    tcp_probe_cancel(probe);
    assert_cancelled(PHASE_LOOKUP);
    run();
    ck_assert_uint_eq(evidence.nattempts, 0);
}
END_TEST

static void cancel(void *context)
{
    on_changed(context);
    tcp_probe_cancel(probe);
}

START_TEST(test_cancel_from_changed)
{
    static const struct tcp_observer observer = {cancel, on_done, NULL};
    struct silent_port silent = silent_on("127.0.0.1");

    start("127.0.0.1", silent.port, LONG_US, &observer);
    run();
    assert_cancelled(PHASE_CONNECT);
    assert_attempt(0, "127.0.0.1", STEP_CANCELLED, 0);
    ck_assert_int_eq(changes, 1);
    silent_close(&silent);
}
END_TEST

static void cancel_at_second_attempt(void *context)
{
    on_changed(context);
    if (evidence.nattempts == 2)
        tcp_probe_cancel(probe);
}

START_TEST(test_cancel_two_attempts)
{
    static const struct tcp_observer observer = {cancel_at_second_attempt, on_done, NULL};
    struct silent_port one = silent_on("127.0.0.2");
    struct silent_port two = {.port = one.port};

    two.listener = bind_to("127.0.0.1", &two.port);
    ck_assert_int_eq(listen(two.listener, 0), 0);
    start("both.fake", one.port, LONG_US, &observer);
    run();
    assert_cancelled(PHASE_CONNECT);
    assert_attempt(0, "127.0.0.2", STEP_CANCELLED, 0);
    assert_attempt(1, "127.0.0.1", STEP_CANCELLED, 0);
    close(two.listener);
    silent_close(&one);
}
END_TEST

Suite *tcp_suite(void)
{
    Suite *suite = suite_create("tcp");
    TCase *tcase = tcase_create("probe");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_pass);
    tcase_add_test(tcase, test_pass_by_name);
    tcase_add_test(tcase, test_refused);
    tcase_add_test(tcase, test_silent);
    tcase_add_test(tcase, test_lookup_never_answers);
    tcase_add_test(tcase, test_name_unknown);
    tcase_add_test(tcase, test_dead_address_first);
    tcase_add_test(tcase, test_refusing_address_first);
    tcase_add_test(tcase, test_no_descriptor);
    tcase_add_test(tcase, test_connect_fails_at_once);
    tcase_add_test(tcase, test_greeting_is_answered_by_an_end);
    tcase_add_test(tcase, test_connected_while_standing_still);
    tcase_add_test(tcase, test_answered_while_standing_still);
    tcase_add_test(tcase, test_addresses_too_late);
    tcase_add_test(tcase, test_cancel_lookup);
    tcase_add_test(tcase, test_cancel_literal);
    tcase_add_test(tcase, test_cancel_from_changed);
    tcase_add_test(tcase, test_cancel_two_attempts);
    suite_add_tcase(suite, tcase);
    return suite;
}
