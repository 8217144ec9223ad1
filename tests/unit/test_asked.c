#include "run/asked.h"
#include "suites.h"

#include <stdlib.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

/* Asked at 1 s; answers came after 3 ms, and after 5 s nobody listened any more. */
#define TIMES \
    .started = CLOCK_SECOND, .ended = 1003 * CLOCK_MS, .until = 6 * CLOCK_SECOND
#define SILENCE .started = CLOCK_SECOND, .until = 6 * CLOCK_SECOND

static const struct {
    struct nameserver server;
    const char *text;
} texts[] = {
    {{"192.0.2.53", NAMESERVER_ADDRESSES, TIMES}, "192.0.2.53: addresses after 3 ms"},
    {{"192.0.2.53", NAMESERVER_NO_NAME, TIMES}, "192.0.2.53: no-such-name after 3 ms"},
    {{"192.0.2.53", NAMESERVER_SILENT, SILENCE}, "192.0.2.53: no answer yet after 5000 ms"},
    {{"192.0.2.53", NAMESERVER_ADDRESSES, .aaaa_silent = true, TIMES},
     "192.0.2.53: addresses after 3 ms, no IPv6 answer in 5000 ms"},
    {{"192.0.2.53", NAMESERVER_NO_ADDRESS, .a_silent = true, TIMES},
     "192.0.2.53: no-address after 3 ms, no IPv4 answer in 5000 ms"},
    {{"127.0.0.1", NAMESERVER_PORT_CLOSED, .assumed = true, TIMES},
     "127.0.0.1 (resolv.conf names none): port-closed after 3 ms"},
    {{"127.0.0.1", NAMESERVER_SILENT, .assumed = true, SILENCE},
     "127.0.0.1 (resolv.conf names none): no answer yet after 5000 ms"},
    {{"127.0.0.1", NAMESERVER_PORT_CLOSED, .assumed = true, .misnamed = true, TIMES},
     "127.0.0.1 (no address in resolv.conf's line, so libc falls back to it): port-closed after "
     "3 ms"},
    {{"fe80::1%lo", NAMESERVER_SKIPPED, TIMES}, "fe80::1%lo: not-asked"},
};

START_TEST(test_text)
{
    char *text = asked_text(&texts[_i].server);

    ck_assert_str_eq(text, texts[_i].text);
    free(text);
}
END_TEST

static struct nameserver one, two[2];

static const struct {
    struct result result;
    size_t count;
} results[] = {
    {{.outcome = OUTCOME_FAIL, .evidence = {.nameservers = &one, .nnameservers = 1}}, 1},
    /* Who digs deeper waits longer. */
    {{.outcome = OUTCOME_FAIL, .evidence = {.nameservers = &one, .nnameservers = 1},
      .deeper = {.nameservers = two, .nnameservers = 2}}, 2},
    {{.outcome = OUTCOME_FAIL, .evidence = {.nameservers = &one, .nnameservers = 1,
                                            .failed_phase = PHASE_CONNECT}}, 0},
    {{.outcome = OUTCOME_PASS, .evidence = {.nameservers = &one, .nnameservers = 1},
      .deeper = {.nameservers = two, .nnameservers = 2}}, 0},
    {{.outcome = OUTCOME_ERROR, .evidence = {.nameservers = &one, .nnameservers = 1}}, 0},
};

START_TEST(test_about)
{
    ck_assert_uint_eq(asked_about(&results[_i].result)->nnameservers, results[_i].count);
}
END_TEST

Suite *asked_suite(void)
{
    Suite *suite = suite_create("asked");
    TCase *tcase = tcase_create("nameservers");

    tcase_add_loop_test(tcase, test_text, 0, COUNT(texts));
    tcase_add_loop_test(tcase, test_about, 0, COUNT(results));
    suite_add_tcase(suite, tcase);
    return suite;
}
