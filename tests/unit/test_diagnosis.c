#include "base/mem.h"
#include "run/facts.h"
#include "run/result.h"
#include "suites.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static struct catalog *catalog;

static void setup(void)
{
    catalog = catalog_new();
    catalog_add_builtin(catalog);
    catalog_finish(catalog);
    ck_assert_uint_eq(catalog_problem_count(catalog), 0);
}

static void teardown(void)
{
    catalog_free(catalog);
}

/* What a run saw, in short. */
struct sight {
    enum failure_kind failure;
    enum phase_kind phase;
    const char *address; /* of the attempt, or NULL: the lookup failed */
    int error;
    struct icmp_answer icmp;
    int ms;             /* of the attempt */
    const char *others; /* "o465 r443 s25": open, refused, silent */
    const char *asked, *again; /* "s n a": what the nameservers said; to digging deeper */
    bool dropped_here;
    enum finding_id finding;
    bool found;
};

static void add_contrasts(struct evidence *evidence, const char *others)
{
    for (const char *p = others; p && *p; p += strcspn(p, " "), p += strspn(p, " ")) {
        evidence->contrasts =
            mem_grow(evidence->contrasts, evidence->ncontrasts, sizeof(struct attempt));
        evidence->contrasts[evidence->ncontrasts++] = (struct attempt){
            .port = (uint16_t)atoi(p + 1),
            .status = *p == 'o' ? STEP_OK : *p == 'r' ? STEP_FAILED : STEP_TIMEOUT,
            .error = *p == 'r' ? ECONNREFUSED : 0};
    }
}

/* Each letter is a nameserver that was asked at 0 and answered after 3 ms, or was listened
 * to for 20: silent, port closed, unreachable, refused, servfail (f), no such name, name
 * without address (w), addresses, the same but for IPv6 (6), port closed of an assumed one
 * (c). */
static void add_nameservers(struct evidence *evidence, const char *said)
{
    static const enum nameserver_status statuses[] = {
        ['s'] = NAMESERVER_SILENT,   ['p'] = NAMESERVER_PORT_CLOSED, ['u'] = NAMESERVER_UNREACHABLE,
        ['r'] = NAMESERVER_REFUSED,  ['f'] = NAMESERVER_SERVFAIL,    ['n'] = NAMESERVER_NO_NAME,
        ['w'] = NAMESERVER_NO_ADDRESS, ['a'] = NAMESERVER_ADDRESSES, ['6'] = NAMESERVER_ADDRESSES,
        ['c'] = NAMESERVER_PORT_CLOSED};

    for (; said && *said; said++) {
        evidence->nameservers = mem_grow(evidence->nameservers, evidence->nnameservers,
                                         sizeof *evidence->nameservers);
        struct nameserver *server = &evidence->nameservers[evidence->nnameservers++];
        *server = (struct nameserver){.status = statuses[(unsigned char)*said],
                                      .aaaa_silent = *said == '6',
                                      .assumed = *said == 'c',
                                      .ended = *said == 's' ? 0 : 3 * CLOCK_MS,
                                      .until = 20 * CLOCK_MS};
        snprintf(server->address, sizeof server->address, "192.0.2.%zu",
                 52 + evidence->nnameservers);
    }
}

static void add_attempt(struct evidence *evidence, const struct sight *sight)
{
    evidence->attempts = mem_zalloc(sizeof(struct attempt));
    evidence->nattempts = 1;
    struct attempt *attempt = evidence->attempts;
    *attempt = (struct attempt){.port = 587,
                                .status = sight->failure == FAILURE_NONE      ? STEP_OK
                                          : sight->failure == FAILURE_TIMEOUT ? STEP_TIMEOUT
                                                                              : STEP_FAILED,
                                .error = sight->error,
                                .icmp = sight->icmp,
                                .ended = sight->ms * CLOCK_MS};
    strcpy(attempt->address, sight->address);
}

static struct result *make_result(const struct sight *sight)
{
    struct result *result = mem_zalloc(sizeof *result);
    struct evidence *evidence = &result->evidence;

    result->check = catalog_find(catalog, "check.integration.smtp");
    result->target.host = mem_strdup("mail.example");
    result->target.port = 587;
    if (sight->failure == FAILURE_CONFIGURATION) {
        result->target.reason = mem_strdup("Smtp:Port = \"x\" (a.json:3) is not a port");
        result->target.fault = FAULT_BAD_PORT;
    }
    evidence->failure = sight->failure;
    evidence->error = sight->error;
    evidence->lookup_error = sight->phase == PHASE_LOOKUP && !sight->address ? EAI_AGAIN : 0;
    evidence->phases = mem_zalloc(sizeof(struct phase));
    evidence->nphases = 1;
    evidence->phases[0] = (struct phase){.kind = sight->phase, .ended = sight->ms * CLOCK_MS};
    evidence->ended = sight->ms * CLOCK_MS;
    evidence->dropped_here = sight->dropped_here;
    if (sight->address)
        add_attempt(evidence, sight);
    add_contrasts(evidence, sight->others);
    add_nameservers(evidence, sight->asked);
    add_nameservers(&result->deeper, sight->again);
    if (sight->found)
        findings_add(&result->findings, sight->finding, "seen");
    result_conclude(result);
    return result;
}

/* first: the ids of rank 1, in the article's order; because: a part of the first
 * one's sentence; out: the ids that are ruled out. */
static const struct {
    struct sight sight;
    const char *first, *because, *out;
} cases[] = {
    {{FAILURE_REFUSED, PHASE_CONNECT, "192.0.2.7", ECONNREFUSED, .ms = 3},
     "not-running firewall wrong-target", "192.0.2.7 answered with a reset after 3 ms",
     "dns no-route"},
    {{FAILURE_REJECTED, PHASE_CONNECT, "192.0.2.7", ECONNREFUSED, .icmp = {true, false, 3, 3, "192.0.2.1"}},
     "firewall", "192.0.2.1 answered port unreachable (ICMP 3/3)", "dns"},
    {{FAILURE_REJECTED, PHASE_CONNECT, "192.0.2.7", ECONNREFUSED, .icmp = {true, true, 3, 3, "192.0.2.9"}},
     "firewall", "this host itself answered port unreachable", "dns"},
    {{FAILURE_PROHIBITED, PHASE_CONNECT, "192.0.2.7", EHOSTUNREACH, .icmp = {true, false, 3, 13, "192.0.2.1"}},
     "firewall", "192.0.2.1 answered administratively prohibited (ICMP 3/13)", "dns"},
    {{FAILURE_PROHIBITED_HERE, PHASE_CONNECT, "192.0.2.7", .error = EPERM}, "firewall",
     "this host refused to send (EPERM)", "dns"},
    {{FAILURE_NO_ROUTE, PHASE_CONNECT, "192.0.2.7", .error = ENETUNREACH}, "no-route",
     "no usable route to 192.0.2.7", "not-running dns egress-blocked"},
    {{FAILURE_NETWORK_UNREACHABLE, PHASE_CONNECT, "192.0.2.7", ENETUNREACH, .icmp = {true, false, 3, 0, "192.0.2.1"}},
     "no-route", "the router 192.0.2.1 answered network unreachable", "dns"},
    {{FAILURE_HOST_UNREACHABLE, PHASE_CONNECT, "192.0.2.7", EHOSTUNREACH, .icmp = {true, false, 3, 1, "192.0.2.1"}, .ms = 3},
     "firewall no-route", "sooner than a router gives a host up", "dns"},
    {{FAILURE_HOST_UNREACHABLE, PHASE_CONNECT, "192.0.2.7", EHOSTUNREACH, .icmp = {true, false, 3, 1, "192.0.2.1"}, .ms = 3100},
     "not-running no-route wrong-target", "host unreachable after 3100 ms", "dns"},
    {{FAILURE_NO_NEIGHBOUR, PHASE_CONNECT, "10.0.0.7", EHOSTUNREACH, .ms = 3060},
     "not-running no-route wrong-target", "nobody answered for 10.0.0.7", "dns egress-blocked"},
    {{FAILURE_NAME_UNKNOWN, PHASE_LOOKUP, NULL, .ms = 5}, "dns", "there is no name mail.example",
     ""},
    {{FAILURE_NAME_WITHOUT_ADDRESS, .phase = PHASE_LOOKUP}, "dns", "has no address", ""},
    {{FAILURE_RESOLVER, PHASE_LOOKUP, NULL, .ms = 7}, "dns", "no answer for mail.example after 7",
     ""},
    {{FAILURE_NAME_UNKNOWN, .phase = PHASE_LOOKUP, .asked = "ns"}, "dns",
     "no name mail.example: 192.0.2.53: no-such-name after 3 ms; "
     "192.0.2.54: no answer yet after 20 ms", ""},
    {{FAILURE_NAME_WITHOUT_ADDRESS, .phase = PHASE_LOOKUP, .asked = "w"}, "dns",
     "has no address: 192.0.2.53: no-address after 3 ms", ""},
    {{FAILURE_NAME_UNKNOWN, .phase = PHASE_LOOKUP, .asked = "na"}, "dns",
     "the nameservers disagree about mail.example, and the resolver took the answer without an "
     "address: 192.0.2.53: no-such-name after 3 ms; 192.0.2.54: addresses after 3 ms", ""},
    {{FAILURE_NAME_UNKNOWN, .phase = PHASE_LOOKUP, .asked = "ns", .again = "na"}, "dns",
     "the nameservers disagree about mail.example", ""},
    {{FAILURE_NAME_UNKNOWN, .phase = PHASE_LOOKUP, .asked = "ns", .again = "ns"}, "dns",
     "asked again by itself: 192.0.2.53: no-such-name", ""},
    {{FAILURE_NAME_UNKNOWN, .phase = PHASE_LOOKUP, .asked = "n", .again = "a"}, "dns",
     "after the verdict, a nameserver has an address for mail.example: 192.0.2.53: addresses", ""},
    {{FAILURE_NAME_UNKNOWN, .phase = PHASE_LOOKUP, .asked = "a", .again = "a"}, "dns",
     "libc found no address for mail.example, and a nameserver has one: 192.0.2.53: addresses",
     ""},
    {{FAILURE_RESOLVER, PHASE_LOOKUP, NULL, .asked = "p"}, "dns",
     "192.0.2.53: port-closed after 3 ms", ""},
    {{FAILURE_RESOLVER, PHASE_LOOKUP, NULL, .asked = "c", .again = "c"}, "dns",
     "nobody but this host itself to ask for mail.example: 192.0.2.53 (resolv.conf names none): "
     "port-closed", ""},
    {{FAILURE_RESOLVER, PHASE_LOOKUP, NULL, .asked = "u", .again = "u"}, "no-route",
     "cannot reach its nameservers: 192.0.2.53: unreachable", ""},
    {{FAILURE_RESOLVER_SERVFAIL, PHASE_LOOKUP, NULL, .asked = "f"}, "dns",
     "(SERVFAIL): 192.0.2.53: servfail", ""},
    {{FAILURE_RESOLVER_SERVFAIL, PHASE_LOOKUP, NULL, .asked = "f", .again = "a"}, "dns",
     "the lookup of mail.example failed, and each nameserver was asked again by itself: "
     "192.0.2.53: addresses", ""},
    {{FAILURE_RESOLVER_REFUSED, PHASE_LOOKUP, NULL, .asked = "r"}, "dns",
     "(REFUSED): 192.0.2.53: refused", ""},
    {{FAILURE_RESOLVER_SILENT, PHASE_LOOKUP, NULL, .asked = "s"}, "dns",
     "no nameserver answered: 192.0.2.53: no answer yet after 20 ms", ""},
    {{FAILURE_TIMEOUT, PHASE_LOOKUP, NULL, .ms = 5000, .asked = "s"}, "dns",
     "had not ended after 5000 ms: 192.0.2.53: no answer yet after 20 ms", ""},
    {{FAILURE_TIMEOUT, PHASE_LOOKUP, NULL, .ms = 5000, .asked = "s", .again = "a"}, "dns",
     "asked again by itself: 192.0.2.53: addresses after 3 ms", ""},
    {{FAILURE_TIMEOUT, PHASE_LOOKUP, NULL, .ms = 5000, .asked = "6", .again = "6"}, "dns",
     "waits for an answer for IPv6 too, and had not ended after 5000 ms: 192.0.2.53: addresses "
     "after 3 ms, no IPv6 answer in 20 ms", ""},
    {{FAILURE_TIMEOUT, PHASE_CONNECT, "198.51.100.7", .ms = 5000, .others = "r25 s465 r2525 r443"},
     "not-running firewall", "refused on 25, 2525, 443; silent on 465", "dns no-route"},
    {{FAILURE_TIMEOUT, PHASE_CONNECT, "198.51.100.7", .ms = 5000, .others = "s25 s465 s2525 o443"},
     "firewall egress-blocked", "open on 443; silent on 25, 465, 2525", "dns no-route"},
    {{FAILURE_TIMEOUT, PHASE_CONNECT, "198.51.100.7", .ms = 5000, .others = "s25 s465 s443"},
     "firewall no-route egress-blocked", "no answer from 198.51.100.7 port 587 within 5000 ms",
     "dns"},
    {{FAILURE_TIMEOUT, PHASE_CONNECT, "10.0.0.7", .ms = 5000, .others = "s25 s465 s443"},
     "firewall no-route wrong-target", "no answer from 10.0.0.7", "dns egress-blocked"},
    {{FAILURE_TIMEOUT, PHASE_CONNECT, "10.0.0.7", .ms = 5000, .dropped_here = true}, "firewall",
     "TCPRetransFail rose", "dns egress-blocked"},
    {{FAILURE_CONFIGURATION, .phase = PHASE_LOOKUP}, "wrong-target", "(a.json:3) is not a port", ""},
    {{FAILURE_NONE, PHASE_CONNECT, "192.0.2.7", .found = true, .finding = FINDING_WRONG_PROTOCOL},
     "wrong-target", "another protocol than SMTP answers on port 587",
     "not-running firewall dns no-route egress-blocked"},
    {{FAILURE_NONE, PHASE_CONNECT, "192.0.2.7", .found = true, .finding = FINDING_NO_GREETING},
     "not-running wrong-target", "nothing was said", "firewall dns no-route egress-blocked"},
};

static void list(const struct diagnosis *diagnosis, bool ruled_out, char *text)
{
    static const char *const order[] = {"not-running", "firewall",     "dns",
                                        "no-route",    "wrong-target", "egress-blocked"};

    for (int id = 0; id < COUNT(order); id++)
        for (size_t i = 0; i < diagnosis->ncauses; i++) {
            const struct cause *cause = &diagnosis->causes[i];
            if (strcmp(cause->id, order[id]) != 0 ||
                (ruled_out ? !cause->ruled_out : cause->rank != 1))
                continue;
            strcat(text, *text ? " " : "");
            strcat(text, cause->id);
        }
}

START_TEST(test_causes)
{
    struct result *result = make_result(&cases[_i].sight);
    const struct diagnosis *diagnosis = &result->diagnosis;
    char first[200] = "", out[200] = "";

    ck_assert_uint_eq(diagnosis->ncauses, 6);
    list(diagnosis, false, first);
    list(diagnosis, true, out);
    ck_assert_str_eq(first, cases[_i].first);
    ck_assert_str_eq(out, cases[_i].out);
    ck_assert_msg(strstr(diagnosis->causes[0].because, cases[_i].because), "%s",
                  diagnosis->causes[0].because);
    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        const struct cause *cause = &diagnosis->causes[i];
        ck_assert_msg(!cause->because || !strchr(cause->because, '?'), "%s", cause->because);
        ck_assert((cause->rank == 0) == (cause->ruled_out != NULL));
        ck_assert(i == 0 || !cause->rank || cause->rank >= diagnosis->causes[i - 1].rank);
    }
    bool shared = diagnosis->causes[1].rank == 1;
    ck_assert(shared || !diagnosis->separate);
    ck_assert_uint_ge(diagnosis->nnot_proven, 2);
    result_free(result);
}
END_TEST

/* A failure's six causes are none of a pass. */
START_TEST(test_pass)
{
    const struct sight sight = {FAILURE_NONE, PHASE_CONNECT, .address = "192.0.2.7"};
    struct result *result = make_result(&sight);

    ck_assert_uint_eq(result->diagnosis.ncauses, 0);
    ck_assert_uint_ge(result->diagnosis.nnot_proven, 2);
    result_free(result);
}
END_TEST

static const struct {
    const char *text, *error; /* error NULL: it is read */
} files[] = {
    {"[a]\nwhen = x=1 y!=2|3 ms<100\ncause = c\nweight = 5\nbecause = b\n", NULL},
    {"[a]\nwhen = x=1\nexclude = c\nbecause = b\n", NULL},
    {"[a]\nwhen = x=1\nseparate = do {x}\n", NULL},
    {"[a]\nwhen = x\ncause = c\nweight = 5\nbecause = b\n", "2: when: a condition is"},
    {"[a]\nwhen = x=\n", "2: when: a condition is"},
    {"[a]\nwhen = x!2\n", "2: when: a condition is"},
    {"[a]\nwhen = x=1\ncause = c\nbecause = b\n", "2: the rule [a] has no weight"},
    {"[a]\nwhen = x=1\ncause = c\nweight = 5\n", "2: the rule [a] has no because"},
    {"[a]\ncause = c\nweight = 5\nbecause = b\n", "2: the rule [a] has no when"},
    {"[a]\nwhen = x=1\nbecause = b\n", "2: the rule [a] has no cause"},
    {"[a]\nweight = 101\n", "2: weight: weight must be a number from 1 to 100"},
    {"[a]\nwhy = x\n", "2: why: unknown name"},
};

START_TEST(test_rules)
{
    struct rules rules = {0};
    struct error err = {0};

    bool ok = rules_read(&rules, "a.ini", files[_i].text, strlen(files[_i].text), &err);
    ck_assert(ok == !files[_i].error);
    ck_assert_uint_eq(rules.count, ok ? 1 : 0);
    ck_assert_msg(ok || strncmp(err.text, files[_i].error, strlen(files[_i].error)) == 0, "%s",
                  err.text);
    rules_clear(&rules);
}
END_TEST

START_TEST(test_facts)
{
    const struct sight sight = {FAILURE_TIMEOUT, PHASE_CONNECT, "192.0.2.7", .ms = 1500,
                                .others = "o25 r443"};
    struct result *result = make_result(&sight);
    struct facts facts = {0};

    facts_gather(&facts, result);
    ck_assert(facts_has(&facts, "answered", "465|443"));
    ck_assert(!facts_has(&facts, "answered", "4|44|4433"));
    ck_assert(!facts_has(&facts, "unheard", "25"));
    ck_assert_double_eq(facts_number(&facts, "ms"), 1500);
    ck_assert_double_eq(facts_number(&facts, "unheard"), -1);
    char *text = facts_fill(&facts, "{host}: {others} {unheard} {");
    ck_assert_str_eq(text, "mail.example: open on 25; refused on 443 ? ?");
    free(text);
    facts_clear(&facts);
    result_free(result);
}
END_TEST

Suite *diagnosis_suite(void)
{
    Suite *suite = suite_create("diagnosis");
    TCase *tcase = tcase_create("causes");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_causes, 0, COUNT(cases));
    tcase_add_test(tcase, test_pass);
    tcase_add_loop_test(tcase, test_rules, 0, COUNT(files));
    tcase_add_test(tcase, test_facts);
    suite_add_tcase(suite, tcase);
    return suite;
}
