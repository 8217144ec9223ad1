#include "suites.h"

#include "fake_getaddrinfo.h"
#include "probe/resolve.h"
#include "process.h"

#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MANY = 200 };

static uv_loop_t loop;
static struct resolver *resolver;
static int threads;

static void setup(void)
{
    threads = process_threads();
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    resolver = resolver_new(&loop);
}

static void free_resolver(void)
{
    resolver_free(resolver);
    resolver = NULL;
}

static void teardown(void)
{
    free_resolver();
    fake_release();
    process_await_threads(threads);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
}

/* What a lookup brought: its first address, and how often it was called. */
struct answer {
    int calls, error;
    char address[80], port[8];
    struct lookup *victim;     /* abandoned by the callee */
    bool free_resolver, again; /* so done by the callee */
};

static struct answer answers[MANY];

static void on_done(void *context, int error, struct addrinfo *list);

static struct lookup *look_up(const char *host, struct answer *answer)
{
    struct lookup *lookup = resolver_lookup(resolver, host, 587, on_done, answer);
    ck_assert_int_eq(answer->calls, 0);
    return lookup;
}

static void on_done(void *context, int error, struct addrinfo *list)
{
    struct answer *answer = context;

    answer->calls++;
    answer->error = error;
    ck_assert_int_eq(error != 0, list == NULL);
    if (list) {
        ck_assert_int_eq(list->ai_socktype, SOCK_STREAM);
        getnameinfo(list->ai_addr, list->ai_addrlen, answer->address, sizeof answer->address,
                    answer->port, sizeof answer->port, NI_NUMERICHOST | NI_NUMERICSERV);
        freeaddrinfo(list);
    }
    if (answer->victim)
        lookup_abandon(answer->victim);
    if (answer->free_resolver)
        free_resolver();
    if (answer->again)
        look_up("127.0.0.1", answer + 1);
}

static void run(void)
{
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
}

static int calls(int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += answers[i].calls;
    return sum;
}

static const char *const literals[] = {"127.0.0.1", "192.0.2.7", "::1", "2001:db8::7",
                                       "fe80::1%lo"};

START_TEST(test_literal)
{
    look_up(literals[_i], &answers[0]);
    run();
    ck_assert_int_eq(answers[0].calls, 1);
    ck_assert_int_eq(answers[0].error, 0);
    ck_assert_str_eq(answers[0].address, literals[_i]);
    ck_assert_str_eq(answers[0].port, "587");
    ck_assert_int_eq(fake_lookups(), 0);
}
END_TEST

START_TEST(test_localhost)
{
    look_up("localhost", &answers[0]);
    run();
    ck_assert_int_eq(answers[0].calls, 1);
    ck_assert_int_eq(answers[0].error, 0);
    ck_assert(strcmp(answers[0].address, "127.0.0.1") == 0 ||
              strcmp(answers[0].address, "::1") == 0);
    ck_assert_int_eq(fake_lookups(), 1);
}
END_TEST

START_TEST(test_unknown)
{
    look_up("unknown.fake", &answers[0]);
    run();
    ck_assert_int_eq(answers[0].calls, 1);
    ck_assert_int_eq(answers[0].error, EAI_NONAME);
}
END_TEST

START_TEST(test_idle_resolver_lets_loop_end)
{
    run();
    look_up("one.fake", &answers[0]);
    run();
    ck_assert_int_eq(answers[0].calls, 1);
    ck_assert(!uv_loop_alive(&loop));
}
END_TEST

START_TEST(test_abandoned_lookup_lets_loop_end)
{
    struct lookup *lookup = look_up("stuck.fake", &answers[0]);

    fake_await_stuck(1);
    ck_assert(uv_loop_alive(&loop));
    lookup_abandon(lookup);
    run();
    fake_release();
    look_up("one.fake", &answers[1]);
    run();
    ck_assert_int_eq(answers[0].calls, 0);
    ck_assert_int_eq(answers[1].calls, 1);
}
END_TEST

START_TEST(test_abandon_answered)
{
    struct lookup *lookup = look_up("127.0.0.1", &answers[0]);

    lookup_abandon(lookup);
    run();
    ck_assert_int_eq(answers[0].calls, 0);
}
END_TEST

START_TEST(test_abandon_queued)
{
    struct lookup *lookups[MANY];

    for (int i = 0; i < MANY; i++)
        lookups[i] = look_up("stuck.fake", &answers[i]);
    fake_await_stuck(RESOLVER_THREADS);
    lookup_abandon(lookups[MANY - 1]);
    fake_release();
    run();
    ck_assert_int_eq(answers[MANY - 1].calls, 0);
    ck_assert_int_eq(calls(MANY), MANY - 1);
}
END_TEST

START_TEST(test_free_while_stuck)
{
    for (int i = 0; i < MANY; i++)
        look_up("stuck.fake", &answers[i]);
    fake_await_stuck(RESOLVER_THREADS);
    free_resolver();
    run();
    fake_release();
    ck_assert_int_eq(calls(MANY), 0);
}
END_TEST

START_TEST(test_queue)
{
    for (int i = 0; i < MANY; i++)
        look_up("stuck.fake", &answers[i]);
    fake_await_stuck(RESOLVER_THREADS);
    uv_run(&loop, UV_RUN_NOWAIT);
    ck_assert_int_eq(calls(MANY), 0);
    fake_release();
    run();
    ck_assert_int_eq(calls(MANY), MANY);
    ck_assert_int_le(fake_most_stuck(), RESOLVER_THREADS);
    for (int i = 0; i < MANY; i++)
        ck_assert_str_eq(answers[i].address, "127.0.0.1");
}
END_TEST

/* Gets count more threads stuck in lookups that are abandoned then. */
static void abandon_stuck(int before, int count)
{
    struct lookup *lookups[RESOLVER_THREADS];

    for (int i = 0; i < count; i++)
        lookups[i] = look_up("stuck.fake", &answers[i]);
    fake_await_stuck(before + count);
    for (int i = 0; i < count; i++)
        lookup_abandon(lookups[i]);
}

START_TEST(test_abandoned_threads_make_room)
{
    struct answer answer = {0};

    abandon_stuck(0, RESOLVER_THREADS);
    look_up("one.fake", &answer);
    run();
    ck_assert_int_eq(answer.calls, 1);
    ck_assert_int_eq(calls(MANY), 0);
}
END_TEST

START_TEST(test_too_many_abandoned_threads)
{
    struct answer answer = {0};

    abandon_stuck(0, RESOLVER_THREADS);
    abandon_stuck(RESOLVER_THREADS, RESOLVER_THREADS);
    look_up("one.fake", &answer);
    uv_run(&loop, UV_RUN_NOWAIT);
    ck_assert_int_eq(fake_lookups(), 2 * RESOLVER_THREADS);
    ck_assert_int_eq(answer.calls, 0);
    fake_release();
    run();
    ck_assert_int_eq(answer.calls, 1);
    ck_assert_int_eq(calls(MANY), 0);
}
END_TEST

START_TEST(test_callee_abandons_the_next)
{
    look_up("127.0.0.1", &answers[0]);
    answers[0].victim = look_up("127.0.0.2", &answers[1]);
    look_up("127.0.0.3", &answers[2]);
    run();
    ck_assert_int_eq(answers[0].calls, 1);
    ck_assert_int_eq(answers[1].calls, 0);
    ck_assert_int_eq(answers[2].calls, 1);
}
END_TEST

START_TEST(test_callee_frees_resolver)
{
    look_up("127.0.0.1", &answers[0]);
    look_up("127.0.0.2", &answers[1]);
    look_up("stuck.fake", &answers[2]);
    answers[0].free_resolver = true;
    run();
    ck_assert_int_eq(calls(3), 1);
}
END_TEST

START_TEST(test_callee_looks_up_again)
{
    answers[0].again = true;
    look_up("127.0.0.1", &answers[0]);
    run();
    ck_assert_int_eq(answers[0].calls, 1);
    ck_assert_int_eq(answers[1].calls, 1);
}
END_TEST

/* Makes pthread_create(3) fail: EAGAIN by RLIMIT_NPROC, which root ignores.
 * Without root the process counts as undumpable, which LeakSanitizer dislikes. */
static struct rlimit forbid_threads(void)
{
    struct rlimit old, none;

    if (geteuid() == 0)
        ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
    ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 1), 0);
    ck_assert_int_eq(getrlimit(RLIMIT_NPROC, &old), 0);
    none = (struct rlimit){0, old.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NPROC, &none), 0);
    return old;
}

START_TEST(test_no_thread)
{
    struct rlimit old = forbid_threads();

    look_up("one.fake", &answers[0]);
    look_up("127.0.0.1", &answers[1]);
    run();
    ck_assert_int_eq(answers[0].calls, 1);
    ck_assert_int_eq(answers[0].error, EAI_AGAIN);
    ck_assert_int_eq(answers[1].calls, 1);
    ck_assert_int_eq(answers[1].error, 0);
    ck_assert_int_eq(setrlimit(RLIMIT_NPROC, &old), 0);
}
END_TEST

Suite *resolve_suite(void)
{
    Suite *suite = suite_create("resolve");
    TCase *tcase = tcase_create("resolve");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_literal, 0, sizeof literals / sizeof *literals);
    tcase_add_test(tcase, test_localhost);
    tcase_add_test(tcase, test_unknown);
    tcase_add_test(tcase, test_idle_resolver_lets_loop_end);
    tcase_add_test(tcase, test_abandoned_lookup_lets_loop_end);
    tcase_add_test(tcase, test_abandon_answered);
    tcase_add_test(tcase, test_abandon_queued);
    tcase_add_test(tcase, test_free_while_stuck);
    tcase_add_test(tcase, test_queue);
    tcase_add_test(tcase, test_abandoned_threads_make_room);
    tcase_add_test(tcase, test_too_many_abandoned_threads);
    tcase_add_test(tcase, test_callee_abandons_the_next);
    tcase_add_test(tcase, test_callee_frees_resolver);
    tcase_add_test(tcase, test_callee_looks_up_again);
    tcase_add_test(tcase, test_no_thread);
    suite_add_tcase(suite, tcase);
    return suite;
}
