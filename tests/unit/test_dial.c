#include "suites.h"

#include "base/mem.h"
#include "probe/dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 6, SILENT = -1 };

static const clock_us START = 1000LL * CLOCK_SECOND;

/* Never by getaddrinfo(3): the order and the duplicates are the test's own. */
static struct addrinfo *make_address(const char *text)
{
    struct addrinfo *info = mem_zalloc(sizeof *info);
    struct sockaddr_in6 *six = mem_zalloc(sizeof *six);
    struct sockaddr_in *four = (struct sockaddr_in *)six;

    info->ai_addr = (struct sockaddr *)six;
    if (strchr(text, ':')) {
        ck_assert_int_eq(inet_pton(AF_INET6, text, &six->sin6_addr), 1);
        info->ai_family = AF_INET6;
        info->ai_addrlen = sizeof *six;
    } else {
        ck_assert_int_eq(inet_pton(AF_INET, text, &four->sin_addr), 1);
        info->ai_family = AF_INET;
        info->ai_addrlen = sizeof *four;
    }
    info->ai_addr->sa_family = (sa_family_t)info->ai_family;
    return info;
}

static void free_addresses(struct addrinfo *list)
{
    while (list) {
        struct addrinfo *next = list->ai_next;
        free(list->ai_addr);
        free(list);
        list = next;
    }
}

/* A dial for addresses separated by blanks. */
static struct dial *make_dial(const char *addresses, clock_us deadline)
{
    struct addrinfo *list = NULL, **end = &list;
    char *copy = mem_strdup(addresses), *rest = copy, *word;

    while ((word = strsep(&rest, " "))) {
        *end = make_address(word);
        end = &(*end)->ai_next;
    }
    struct dial *dial = dial_new(list, deadline);
    free_addresses(list);
    free(copy);
    return dial;
}

static void address_text(const struct dial *dial, size_t index, char text[static INET6_ADDRSTRLEN])
{
    const struct dial_address *to = dial_address(dial, index);
    ck_assert_int_eq(getnameinfo((const struct sockaddr *)&to->address, to->length, text,
                                 INET6_ADDRSTRLEN, NULL, 0, NI_NUMERICHOST),
                     0);
}

static const struct {
    const char *given, *tried;
} orders[] = {
    {"192.0.2.1", "192.0.2.1"},
    {"2001:db8::1 2001:db8::2 192.0.2.1 192.0.2.2",
     "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2"},
    {"192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1",
     "192.0.2.1 2001:db8::1 192.0.2.2 192.0.2.3"},
    {"2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3",
     "2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3"},
    {"192.0.2.1 2001:db8::1 2001:db8::2", "192.0.2.1 2001:db8::1 2001:db8::2"},
    {"2001:db8::2 2001:db8::1 2001:db8::3", "2001:db8::2 2001:db8::1 2001:db8::3"},
    {"192.0.2.1 192.0.2.1", "192.0.2.1"},
    {"2001:db8::1 2001:db8::1 192.0.2.1 2001:db8::1 192.0.2.1 192.0.2.2",
     "2001:db8::1 192.0.2.1 192.0.2.2"},
};

START_TEST(test_order)
{
    struct dial *dial = make_dial(orders[_i].given, START);
    char tried[256] = "", text[INET6_ADDRSTRLEN];

    for (size_t i = 0; i < dial_count(dial); i++) {
        address_text(dial, i, text);
        size_t len = strlen(tried);
        snprintf(tried + len, sizeof tried - len, "%s%s", i ? " " : "", text);
    }
    ck_assert_str_eq(tried, orders[_i].tried);
    dial_free(dial);
}
END_TEST

/* What the network does to each attempt, and what must come of it. Times are
 * in ms: ends counts from the attempt's start, begins and at from the dial's. */
static const struct scenario {
    const char *name;
    size_t count;
    struct {
        int ends, error, begins; /* ends SILENT: never; begins SILENT: not started */
    } attempts[MOST];
    int deadline;
    enum dial_step last;
    int at;
    size_t index; /* of DIAL_WON */
} scenarios[] = {
    {"one connects", 1, {{20, 0, 0}}, 5000, DIAL_WON, 20, 0},
    {"one is refused", 1, {{1, ECONNREFUSED, 0}}, 5000, DIAL_FAILED, 1, 0},
    {"one is silent", 1, {{SILENT, 0, 0}}, 5000, DIAL_EXPIRED, 5000, 0},
    {"the first wins before the second starts", 2,
     {{249, 0, 0}, {1, 0, SILENT}}, 5000, DIAL_WON, 249, 0},
    {"a dead first one costs 250 ms", 2,
     {{SILENT, 0, 0}, {3, 0, 250}}, 5000, DIAL_WON, 253, 1},
    {"a slow first one still wins", 2,
     {{300, 0, 0}, {SILENT, 0, 250}}, 5000, DIAL_WON, 300, 0},
    {"a failure starts the next at once", 3,
     {{5, ECONNREFUSED, 0}, {7, ENETUNREACH, 5}, {9, 0, 12}}, 5000, DIAL_WON, 21, 2},
    {"only one more starts at once", 3,
     {{5, ECONNREFUSED, 0}, {SILENT, 0, 5}, {1, 0, 255}}, 5000, DIAL_WON, 256, 2},
    {"a late failure hurries the next", 3,
     {{260, ECONNREFUSED, 0}, {SILENT, 0, 250}, {1, 0, 260}}, 5000, DIAL_WON, 261, 2},
    {"all silent: starts 250 ms apart", 4,
     {{SILENT, 0, 0}, {SILENT, 0, 250}, {SILENT, 0, 500}, {SILENT, 0, 750}},
     5000, DIAL_EXPIRED, 5000, 0},
    {"the deadline stops further starts", 4,
     {{SILENT, 0, 0}, {SILENT, 0, 250}, {SILENT, 0, 500}, {1, 0, SILENT}},
     600, DIAL_EXPIRED, 600, 0},
    {"one silent among failures expires", 3,
     {{1, ECONNREFUSED, 0}, {SILENT, 0, 1}, {2, EHOSTUNREACH, 251}},
     1000, DIAL_EXPIRED, 1000, 0},
    {"a refusal decides", 4,
     {{1, EINVAL, 0}, {1, EACCES, 1}, {1, ENETUNREACH, 2}, {1, ECONNREFUSED, 3}},
     5000, DIAL_FAILED, 4, 3},
    {"unreachable before prohibited", 3,
     {{1, EPERM, 0}, {1, EMFILE, 1}, {1, EHOSTUNREACH, 2}}, 5000, DIAL_FAILED, 3, 2},
    {"prohibited before others", 2,
     {{1, EADDRNOTAVAIL, 0}, {1, EACCES, 1}}, 5000, DIAL_FAILED, 2, 1},
    {"the earliest of equals", 3,
     {{1, EINVAL, 0}, {1, EHOSTUNREACH, 1}, {1, ENETUNREACH, 2}}, 5000, DIAL_FAILED, 3, 1},
};

/* Six addresses of one family, so that index is the place in the table. */
static const char *const six[MOST] = {"192.0.2.1", "192.0.2.2", "192.0.2.3",
                                      "192.0.2.4", "192.0.2.5", "192.0.2.6"};

struct simulation {
    const struct scenario *scenario;
    struct dial *dial;
    clock_us now;
    clock_us ends[MOST];   /* of open attempts; INT64_MAX of all others */
    int begins[MOST];
};

static void begin(struct simulation *sim, size_t index)
{
    int ends = sim->scenario->attempts[index].ends;

    ck_assert_int_eq(sim->begins[index], SILENT);
    sim->begins[index] = (int)((sim->now - START) / CLOCK_MS);
    sim->ends[index] = ends == SILENT ? INT64_MAX : sim->now + ends * CLOCK_MS;
}

/* Moves the clock to the next end of an attempt, or to until. */
static void wait_until(struct simulation *sim, clock_us until)
{
    size_t next = 0;

    for (size_t i = 1; i < MOST; i++)
        if (sim->ends[i] < sim->ends[next])
            next = i;
    ck_assert_int_gt(until, sim->now);
    if (sim->ends[next] > until) {
        sim->now = until;
        return;
    }
    sim->now = sim->ends[next];
    sim->ends[next] = INT64_MAX;
    dial_ended(sim->dial, next, sim->scenario->attempts[next].error);
}

static enum dial_step simulate(struct simulation *sim, size_t *index)
{
    enum dial_step step;
    clock_us until;

    for (;;) {
        step = dial_next(sim->dial, sim->now, index, &until);
        if (step == DIAL_START)
            begin(sim, *index);
        else if (step == DIAL_WAIT)
            wait_until(sim, until);
        else
            return step;
    }
}

static struct simulation make_simulation(const struct scenario *scenario)
{
    struct simulation sim = {.scenario = scenario, .now = START};
    char addresses[256] = "";

    for (size_t i = 0; i < MOST; i++) {
        sim.ends[i] = INT64_MAX;
        sim.begins[i] = SILENT;
        size_t len = strlen(addresses);
        if (i < scenario->count)
            snprintf(addresses + len, sizeof addresses - len, "%s%s", i ? " " : "", six[i]);
    }
    sim.dial = make_dial(addresses, START + scenario->deadline * CLOCK_MS);
    return sim;
}

START_TEST(test_scenario)
{
    const struct scenario *scenario = &scenarios[_i];
    struct simulation sim = make_simulation(scenario);
    size_t index = 0;

    ck_assert_msg(simulate(&sim, &index) == scenario->last, "%s: outcome", scenario->name);
    ck_assert_msg(sim.now == START + scenario->at * CLOCK_MS, "%s: ends at %lld us",
                  scenario->name, (long long)(sim.now - START));
    for (size_t i = 0; i < scenario->count; i++)
        ck_assert_msg(sim.begins[i] == scenario->attempts[i].begins,
                      "%s: attempt %zu begins at %d ms", scenario->name, i, sim.begins[i]);
    if (scenario->last == DIAL_WON)
        ck_assert_msg(index == scenario->index, "%s: index %zu", scenario->name, index);
    dial_free(sim.dial);
}
END_TEST

/* A connection that is noticed after the deadline is one all the same. */
START_TEST(test_late_events)
{
    struct dial *dial = make_dial("192.0.2.1 192.0.2.2", START + CLOCK_SECOND);
    clock_us late = START + 2 * CLOCK_SECOND, until;
    size_t index = 9;

    ck_assert_int_eq(dial_next(dial, START, &index, &until), DIAL_START);
    ck_assert_int_eq(dial_next(dial, START, &index, &until), DIAL_WAIT);
    ck_assert_int_eq(until, START + DIAL_DELAY_US);
    ck_assert_int_eq(dial_next(dial, until, &index, &until), DIAL_START);
    ck_assert_int_eq(dial_next(dial, late, &index, &until), DIAL_EXPIRED);
    dial_ended(dial, 0, ECONNREFUSED);
    ck_assert_int_eq(dial_next(dial, late, &index, &until), DIAL_EXPIRED);
    dial_ended(dial, 1, 0);
    ck_assert_int_eq(dial_next(dial, late, &index, &until), DIAL_WON);
    ck_assert_uint_eq(index, 1);
    dial_free(dial);
}
END_TEST

START_TEST(test_first_connection_wins)
{
    struct dial *dial = make_dial("192.0.2.1 192.0.2.2", START + CLOCK_SECOND);
    clock_us until, now = START;
    size_t index;

    dial_next(dial, now, &index, &until);
    dial_next(dial, now + DIAL_DELAY_US, &index, &until);
    dial_ended(dial, 1, 0);
    dial_ended(dial, 0, 0);
    ck_assert_int_eq(dial_next(dial, now + DIAL_DELAY_US, &index, &until), DIAL_WON);
    ck_assert_uint_eq(index, 1);
    dial_free(dial);
}
END_TEST

START_TEST(test_no_address)
{
    struct dial *dial = dial_new(NULL, START);
    size_t index;
    clock_us until;

    ck_assert_uint_eq(dial_count(dial), 0);
    ck_assert_int_eq(dial_next(dial, START, &index, &until), DIAL_FAILED);
    dial_free(dial);
    dial_free(NULL);
}
END_TEST

Suite *dial_suite(void)
{
    Suite *suite = suite_create("dial");
    TCase *tcase = tcase_create("dial");

    tcase_add_loop_test(tcase, test_order, 0, sizeof orders / sizeof *orders);
    tcase_add_loop_test(tcase, test_scenario, 0, sizeof scenarios / sizeof *scenarios);
    tcase_add_test(tcase, test_late_events);
    tcase_add_test(tcase, test_first_connection_wins);
    tcase_add_test(tcase, test_no_address);
    suite_add_tcase(suite, tcase);
    return suite;
}
