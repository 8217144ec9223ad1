#include "base/mem.h"
#include "run/facts.h"
#include "run/result.h"
#include "suites.h"

#include <errno.h>
#include <netdb.h>
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
    enum nameserver_status nameserver;
    bool asked, dropped_here;
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
    if (sight->asked) {
        evidence->nameservers = mem_zalloc(sizeof(struct nameserver));
        evidence->nnameservers = 1;
        evidence->nameservers[0] = (struct nameserver){.address = "192.0.2.53",
                                                        .status = sight->nameserver};
    }
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
    {{FAILURE_RESOLVER, PHASE_LOOKUP, NULL, .asked = true, .nameserver = NAMESERVER_PORT_CLOSED},
     "dns", "192.0.2.53: port-closed", ""},
    {{FAILURE_RESOLVER, PHASE_LOOKUP, NULL, .asked = true, .nameserver = NAMESERVER_UNREACHABLE},
     "no-route", "cannot reach its nameservers: 192.0.2.53: unreachable", ""},
    {{FAILURE_RESOLVER_SERVFAIL, PHASE_LOOKUP, NULL, .asked = true,
      .nameserver = NAMESERVER_SERVFAIL},
     "dns", "(SERVFAIL): 192.0.2.53: servfail", ""},
    {{FAILURE_RESOLVER_REFUSED, PHASE_LOOKUP, NULL, .asked = true,
      .nameserver = NAMESERVER_REFUSED},
     "dns", "(REFUSED): 192.0.2.53: refused", ""},
    {{FAILURE_RESOLVER_SILENT, PHASE_LOOKUP, NULL, .asked = true}, "dns",
     "no nameserver answered: 192.0.2.53: silent", ""},
    {{FAILURE_TIMEOUT, PHASE_LOOKUP, NULL, .ms = 5000, .asked = true}, "dns",
     "had not ended after 5000 ms: 192.0.2.53: silent", ""},
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

/* What is not proven when the port answers: by what was dug for, in the order of the
 * steps. first is a part of the first text, second of the next. */
static const struct {
    const char *check;
    bool dug;
    struct {
        enum phase_kind kind;
        enum step_status status;
    } steps[4];
    size_t nsteps;
    const char *first, *second;
} passes[] = {
    {"smtp", false, {{0}}, 0, "that a mail server answers there, nor its TLS: d or stella doctor "
     "run --deep asks it", "login, sender and delivery"},
    {"smtp", true, {{0}}, 0, "a mail server answers there: no greeting", "login, sender"},
    {"smtp", true, {{PHASE_GREETING, STEP_CANCELLED}}, 1,
     "a mail server answers there: no greeting", "login, sender"},
    {"smtp", true, {{PHASE_GREETING, STEP_TIMEOUT}}, 1,
     "a mail server answers there: the findings", "login, sender"},
    {"smtp", true, {{PHASE_GREETING, STEP_FAILED}, {PHASE_QUIT, STEP_OK}}, 2,
     "a mail server answers there: the findings", "login, sender"},
    {"smtp", true, {{PHASE_GREETING, STEP_OK}, {PHASE_EHLO, STEP_OK}, {PHASE_QUIT, STEP_OK}}, 3,
     "its TLS and certificate: there was no handshake", "login, sender"},
    {"smtp", true, {{PHASE_GREETING, STEP_OK}, {PHASE_EHLO, STEP_OK}, {PHASE_STARTTLS, STEP_OK},
                    {PHASE_TLS, STEP_TIMEOUT}}, 4,
     "that its TLS works: the findings", "login, sender"},
    {"smtp", true, {{PHASE_GREETING, STEP_OK}, {PHASE_EHLO, STEP_OK}, {PHASE_STARTTLS, STEP_OK},
                    {PHASE_TLS, STEP_OK}}, 4,
     "login, sender and delivery, which were not tried", "another network"},
    /* TLS from the first byte. */
    {"smtp", true, {{PHASE_TLS, STEP_OK}, {PHASE_GREETING, STEP_OK}}, 2, "login, sender",
     "another network"},
    {"smtp", true, {{PHASE_TLS, STEP_FAILED}}, 1, "a mail server answers there: no greeting",
     "login, sender"},
    {"slack", false, {{0}}, 0, "TLS and certificate of the address: d or stella doctor run",
     "is a webhook"},
    {"slack", true, {{0}}, 0, "TLS and certificate of the address: there was no", "is a webhook"},
    {"slack", true, {{PHASE_TLS, STEP_FAILED}}, 1, "that TLS works there: the findings",
     "is a webhook"},
    {"slack", true, {{PHASE_TLS, STEP_OK}}, 1, "that the address is a webhook", "another network"},
    {NULL, false, {{0}}, 0, "that it is the right service", "another network"},
};

static void dig(struct result *result, int index)
{
    if (passes[index].dug)
        result->deeper.started = 1;
    for (size_t i = 0; i < passes[index].nsteps; i++) {
        evidence_begin_phase(&result->deeper, passes[index].steps[i].kind, 1);
        evidence_end_phase(&result->deeper, passes[index].steps[i].status, 2);
    }
}

START_TEST(test_pass)
{
    static const struct check plain = {.probe = PROBE_TCP_HOST};
    const struct sight sight = {FAILURE_NONE, PHASE_CONNECT, .address = "192.0.2.7"};
    struct result *result = make_result(&sight);
    const struct diagnosis *diagnosis = &result->diagnosis;
    char *id = mem_printf("check.integration.%s", passes[_i].check ? passes[_i].check : "");

    result->check = passes[_i].check ? catalog_find(catalog, id) : &plain;
    dig(result, _i);
    result_conclude(result);
    ck_assert_uint_eq(diagnosis->ncauses, 0);
    ck_assert_msg(strstr(diagnosis->not_proven[0], passes[_i].first), "%s",
                  diagnosis->not_proven[0]);
    ck_assert_msg(strstr(diagnosis->not_proven[1], passes[_i].second), "%s",
                  diagnosis->not_proven[1]);
    ck_assert_ptr_nonnull(
        strstr(diagnosis->not_proven[diagnosis->nnot_proven - 1], "another network"));
    free(id);
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
    tcase_add_loop_test(tcase, test_pass, 0, COUNT(passes));
    tcase_add_loop_test(tcase, test_rules, 0, COUNT(files));
    tcase_add_test(tcase, test_facts);
    suite_add_tcase(suite, tcase);
    return suite;
}
