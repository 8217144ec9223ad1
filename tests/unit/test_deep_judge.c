#include "suites.h"

#include "base/buf.h"
#include "numeric.h"
#include "probe/deep_judge.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>

enum { MOST = 3 };

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))
#define OPEN(address, port) {address, port, .status = STEP_OK}
#define REFUSED(address, port, ms) \
    {address, port, .status = STEP_FAILED, .error = ECONNREFUSED, .ended = (ms) * CLOCK_MS}
#define SILENT(address, port, ms) {address, port, .status = STEP_TIMEOUT, .ended = (ms) * CLOCK_MS}
#define CANCELLED(address, port) {address, port, .status = STEP_CANCELLED, .ended = CLOCK_SECOND}
#define NO_ROUTE(address, port) {address, port, .status = STEP_FAILED, .error = ENETUNREACH}

/* All that was found, a line each: "dns-slow: the lookup of ...". */
static void assert_said(struct findings *findings, const char *lines)
{
    struct buf said = {0};

    for (size_t i = 0; i < findings->count; i++)
        buf_printf(&said, "%s: %s\n", finding_name(findings->items[i].id),
                   findings->items[i].text);
    char *text = buf_take(&said);
    ck_assert_str_eq(text, lines);
    free(text);
    findings_clear(findings);
}

typedef void judge_attempts(struct findings *findings, const struct evidence *run,
                            const struct evidence *tried);

static void ports(struct findings *findings, const struct evidence *run,
                  const struct evidence *tried)
{
    (void)run;
    judge_ports(findings, "mail.example", tried);
}

static void host(struct findings *findings, const struct evidence *run,
                 const struct evidence *tried)
{
    (void)run;
    judge_host(findings, "Email:Smtp:Host", "other.example", tried);
}

static void again(struct findings *findings, const struct evidence *run,
                  const struct evidence *tried)
{
    (void)run;
    judge_again(findings, tried);
}

static const struct {
    judge_attempts *judge;
    struct attempt run[MOST], tried[MOST]; /* up to the first without an address */
    const char *said;
} attempts[] = {
    {judge_addresses, {OPEN("192.0.2.7", 587)}, {OPEN("192.0.2.8", 587)}, ""},
    {judge_addresses, {REFUSED("192.0.2.7", 587, 30), OPEN("192.0.2.8", 587)},
     .said = "dead-address: 192.0.2.7 port 587: ECONNREFUSED after 0.03 s\n"},
    {judge_addresses, {OPEN("192.0.2.8", 587)}, {SILENT("2001:db8::7", 587, 2000)},
     "dead-address: 2001:db8::7 port 587: no answer in 2.0 s\n"},
    {judge_addresses, {OPEN("192.0.2.8", 587)},
     {{"192.0.2.7", 587, .status = STEP_FAILED, .error = EHOSTUNREACH, .ended = 3060 * CLOCK_MS}},
     "dead-address: 192.0.2.7 port 587: EHOSTUNREACH after 3.06 s\n"},
    /* Twice seen is once told; without a route there is nothing to wait for. */
    {judge_addresses, {REFUSED("192.0.2.7", 587, 250), OPEN("192.0.2.8", 587)},
     {SILENT("192.0.2.7", 587, 2000), NO_ROUTE("2001:db8::7", 587)},
     "dead-address: 192.0.2.7 port 587: ECONNREFUSED after 0.25 s\n"},
    /* An attempt that was given up says nothing; the next one of the address may. */
    {judge_addresses, {CANCELLED("192.0.2.7", 587), OPEN("192.0.2.8", 587)}, .said = ""},
    {judge_addresses,
     {CANCELLED("192.0.2.7", 587), NO_ROUTE("2001:db8::7", 587), OPEN("192.0.2.8", 587)},
     {SILENT("192.0.2.7", 587, 1900), REFUSED("192.0.2.9", 587, 4)},
     "dead-address: 192.0.2.7 port 587: no answer in 1.9 s\n"
     "dead-address: 192.0.2.9 port 587: ECONNREFUSED after 0.00 s\n"},

    {ports, .said = ""},
    {ports, .tried = {REFUSED("192.0.2.7", 25, 3), SILENT("192.0.2.7", 465, 2000),
                      CANCELLED("192.0.2.7", 2525)},
     .said = ""},
    {ports, .tried = {OPEN("192.0.2.7", 2525), OPEN("192.0.2.8", 465)},
     .said = "other-port-open: port 465 of mail.example takes connections (192.0.2.8)\n"
             "other-port-open: port 2525 of mail.example takes connections (192.0.2.7)\n"},
    /* One address is enough; 443 is no port for mail. */
    {ports, .tried = {SILENT("192.0.2.7", 25, 2000), OPEN("192.0.2.8", 25), OPEN("192.0.2.9", 25)},
     .said = "other-port-open: port 25 of mail.example takes connections (192.0.2.8)\n"},
    {ports, .tried = {OPEN("192.0.2.7", 443)}, .said = ""},

    {host, .said = ""},
    {host, .tried = {REFUSED("192.0.2.7", 587, 3), SILENT("192.0.2.8", 587, 2000)}, .said = ""},
    {host, .tried = {SILENT("192.0.2.7", 587, 9), OPEN("192.0.2.8", 587), OPEN("192.0.2.9", 587)},
     .said = "other-host-open: Email:Smtp:Host = other.example takes connections on port 587 "
             "(192.0.2.8)\n"},

    {again, .said = ""},
    {again, .tried = {REFUSED("192.0.2.7", 587, 3), CANCELLED("192.0.2.8", 587)}, .said = ""},
    {again,
     .tried = {OPEN("192.0.2.7", 587), REFUSED("192.0.2.8", 587, 3), OPEN("2001:db8::7", 587)},
     .said = "accepted-later: 192.0.2.7 port 587 refused at first, and took a connection "
             "moments later\n"
             "accepted-later: 2001:db8::7 port 587 refused at first, and took a connection "
             "moments later\n"},
};

static size_t count_attempts(const struct attempt *list)
{
    size_t count = 0;

    while (count < MOST && list[count].address[0])
        count++;
    return count;
}

START_TEST(test_attempts)
{
    struct attempt run[MOST], tried[MOST];
    const struct evidence was = {.attempts = run, .nattempts = count_attempts(attempts[_i].run)};
    const struct evidence is = {.contrasts = tried,
                                .ncontrasts = count_attempts(attempts[_i].tried)};
    struct findings findings = {0};

    for (size_t i = 0; i < MOST; i++) {
        run[i] = attempts[_i].run[i];
        tried[i] = attempts[_i].tried[i];
    }
    use_decimal_points();
    attempts[_i].judge(&findings, &was, &is);
    assert_said(&findings, attempts[_i].said);
}
END_TEST

/* started and ended in milliseconds. */
static const struct {
    enum phase_kind kind;
    enum step_status status;
    int started, ended, error; /* EAI_* */
    const char *said;
} lookups[] = {
    {PHASE_LOOKUP, STEP_OK, 500, 1510, 0, "dns-slow: the lookup of mail.example took 1.01 s\n"},
    {PHASE_LOOKUP, STEP_FAILED, 0, 2500, EAI_NONAME,
     "dns-slow: the lookup of mail.example took 2.50 s\n"},
    /* That nobody answered is not slow. */
    {PHASE_LOOKUP, STEP_FAILED, 0, 2500, EAI_AGAIN, ""},
    {PHASE_LOOKUP, STEP_OK, 500, 1500, 0, ""},
    {PHASE_LOOKUP, STEP_OK, 0, 3, 0, ""},
    {PHASE_CONNECT, STEP_OK, 0, 4000, 0, ""},
    /* How long it would have taken is not known. */
    {PHASE_LOOKUP, STEP_TIMEOUT, 0, 5000, 0, ""},
    {PHASE_LOOKUP, STEP_CANCELLED, 0, 5000, 0, ""},
    {PHASE_LOOKUP, STEP_RUNNING, 500, 0, 0, ""},
};

START_TEST(test_lookup)
{
    struct phase phases[] = {{.kind = lookups[_i].kind,
                              .status = lookups[_i].status,
                              .started = lookups[_i].started * CLOCK_MS,
                              .ended = lookups[_i].ended * CLOCK_MS},
                             {.kind = PHASE_CONNECT, .ended = 4 * CLOCK_SECOND}};
    const struct evidence run = {.phases = phases, .nphases = 2,
                                 .lookup_error = lookups[_i].error};
    struct findings findings = {0};

    use_decimal_points();
    judge_lookup(&findings, "mail.example", &run);
    assert_said(&findings, lookups[_i].said);
}
END_TEST

/* The address is not in the file: what is there is no address. */
START_TEST(test_misnamed)
{
    struct nameserver server = {.address = "127.0.0.1", .status = NAMESERVER_PORT_CLOSED,
                                .assumed = true, .misnamed = true};
    const struct evidence asked = {.nameservers = &server, .nnameservers = 1};
    struct findings findings = {0};

    judge_nameservers(&findings, &asked);
    assert_said(&findings, "dns-server-dead: the line of a nameserver in /etc/resolv.conf holds no "
                           "address as libc reads it, so libc falls back to 127.0.0.1: "
                           "port-closed\n");
    server.status = NAMESERVER_ADDRESSES;
    judge_nameservers(&findings, &asked);
    assert_said(&findings, "");
    server.status = NAMESERVER_PORT_CLOSED;
    server.misnamed = false;
    judge_nameservers(&findings, &asked);
    assert_said(&findings, "");
}
END_TEST

START_TEST(test_no_lookup)
{
    const struct evidence run = {0};
    struct findings findings = {0};

    judge_lookup(&findings, "192.0.2.7", &run);
    assert_said(&findings, "");
}
END_TEST

/* Each was asked at 0.5 s, and listened to until 2.5 s. */
static const struct {
    struct {
        enum nameserver_status status;
        bool aaaa_silent;
    } servers[MOST];
    size_t count;
    const char *said;
} nameservers[] = {
    {.count = 0, .said = ""},
    {{{NAMESERVER_ADDRESSES, false}}, 1, ""},
    {{{NAMESERVER_SILENT, true}}, 1, "dns-server-dead: 192.0.2.1 did not answer in 2.0 s\n"},
    {{{NAMESERVER_PORT_CLOSED, false}}, 1, "dns-server-dead: 192.0.2.1: port-closed\n"},
    {{{NAMESERVER_UNREACHABLE, true}}, 1, "dns-server-dead: 192.0.2.1: unreachable\n"},
    /* It was not asked: nothing is known. */
    {{{NAMESERVER_SKIPPED, true}}, 1, ""},
    /* Whoever answers is not dead, whatever it says. */
    {{{NAMESERVER_REFUSED, false}, {NAMESERVER_SERVFAIL, false}, {NAMESERVER_GARBAGE, false}},
     3, ""},
    {{{NAMESERVER_NO_NAME, false}, {NAMESERVER_NO_ADDRESS, false}}, 2, ""},
    {{{NAMESERVER_ADDRESSES, true}, {NAMESERVER_ADDRESSES, false}}, 2,
     "dns-aaaa-silent: 192.0.2.1 answered for IPv4 addresses; for IPv6 ones not in 2.0 s\n"},
    {{{NAMESERVER_NO_ADDRESS, true}}, 1,
     "dns-aaaa-silent: 192.0.2.1 answered for IPv4 addresses; for IPv6 ones not in 2.0 s\n"},
    {{{NAMESERVER_SILENT, true}, {NAMESERVER_ADDRESSES, false}, {NAMESERVER_PORT_CLOSED, false}},
     3,
     "dns-server-dead: 192.0.2.1 did not answer in 2.0 s\n"
     "dns-server-dead: 192.0.2.3: port-closed\n"},
};

START_TEST(test_nameservers)
{
    struct nameserver servers[MOST] = {
        {.address = "192.0.2.1"}, {.address = "192.0.2.2"}, {.address = "192.0.2.3"}};
    const struct evidence asked = {.nameservers = servers,
                                   .nnameservers = nameservers[_i].count};
    struct findings findings = {0};

    for (size_t i = 0; i < nameservers[_i].count; i++) {
        servers[i].started = 500 * CLOCK_MS;
        servers[i].until = 2500 * CLOCK_MS;
        servers[i].status = nameservers[_i].servers[i].status;
        servers[i].aaaa_silent = nameservers[_i].servers[i].aaaa_silent;
    }
    use_decimal_points();
    judge_nameservers(&findings, &asked);
    assert_said(&findings, nameservers[_i].said);
}
END_TEST

Suite *deep_judge_suite(void)
{
    Suite *suite = suite_create("deep_judge");
    TCase *tcase = tcase_create("findings");

    tcase_add_loop_test(tcase, test_attempts, 0, COUNT(attempts));
    tcase_add_loop_test(tcase, test_lookup, 0, COUNT(lookups));
    tcase_add_test(tcase, test_misnamed);
    tcase_add_test(tcase, test_no_lookup);
    tcase_add_loop_test(tcase, test_nameservers, 0, COUNT(nameservers));
    suite_add_tcase(suite, tcase);
    return suite;
}
