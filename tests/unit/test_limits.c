#include "base/mem.h"
#include "run/limits.h"
#include "suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static struct catalog *catalog;
static struct result *result;

static void setup(void)
{
    catalog = catalog_new();
    catalog_add_builtin(catalog);
    catalog_finish(catalog);
    result = mem_zalloc(sizeof *result);
    result->check = catalog_find(catalog, "check.integration.smtp");
    result->target.host_key = mem_strdup("Smtp:Host");
    result->target.host = mem_strdup("mail.example");
}

static void teardown(void)
{
    result_free(result);
    catalog_free(catalog);
}

static void use_check(const char *name)
{
    char *id = mem_printf("check.integration.%s", name);

    result->check = catalog_find(catalog, id);
    free(id);
}

static const char *item(size_t index)
{
    ck_assert_uint_lt(index, result->diagnosis.nnot_proven);
    return result->diagnosis.not_proven[index];
}

static void assert_part(size_t index, const char *part)
{
    ck_assert_msg(strstr(item(index), part) != NULL, "no %s in: %s", part, item(index));
}

/* The step that would prove it: a key, a command, or what the platform does. */
static bool names_a_way(const char *text)
{
    static const char *const ways[] = {"r or stella doctor run", "d or stella doctor run --deep",
                                       "s or stella doctor settings", "stella doctor run",
                                       "stella doctor show ", "! in the dashboard",
                                       "let the platform ", "run it where ",
                                       "digging deeper "};

    for (int i = 0; i < COUNT(ways); i++)
        if (strstr(text, ways[i]))
            return true;
    return false;
}

/* Takes stock of what was added, each with a way, the last one that of every result. */
static void add_limits(void)
{
    limits_add(result);
    const struct diagnosis *diagnosis = &result->diagnosis;
    for (size_t i = 0; i < diagnosis->nnot_proven; i++)
        ck_assert_msg(names_a_way(item(i)), "no way to prove it: %s", item(i));
    ck_assert_uint_ge(diagnosis->nnot_proven, 2);
    assert_part(diagnosis->nnot_proven - 1, "another network");
}

/* How far digging deeper went. */
enum dig { NOT_DUG, DIGGING, CUT_OFF, DUG };

static void set_dig(enum dig dig)
{
    result->deeper.started = dig != NOT_DUG;
    result->deeper.ended = dig == CUT_OFF || dig == DUG ? 9 : 0;
    result->deeper.failure = dig == CUT_OFF ? FAILURE_CANCELLED : FAILURE_NONE;
}

/* What is not proven when the port answers: by how far was dug, and by the steps that were
 * seen, in their order: greeting, EHLO, STARTTLS, handshake, quit; well, failed, refusing,
 * timeout, cancelled. first is a part of the first text, second of the next. */
static const struct {
    const char *check;
    enum dig dig;
    const char *steps; /* "gw ef": a letter of the step, one of how it ended */
    const char *first, *second;
} passes[] = {
    {"smtp", NOT_DUG, "", "answers there, nor its TLS: d or stella doctor run --deep asks it",
     "login, sender and delivery"},
    {"smtp", DIGGING, "", "answers there, nor its TLS: digging deeper asks it now", "login"},
    {"smtp", CUT_OFF, "", "answers there: digging deeper was cancelled before that was seen; d or "
     "stella doctor run --deep begins anew", "login"},
    {"smtp", CUT_OFF, "gc", "answers there: digging deeper was cancelled before", "login"},
    {"smtp", CUT_OFF, "gc tc", "answers there: digging deeper was cancelled before", "login"},
    {"smtp", CUT_OFF, "gf", "answers there: the findings say what was seen instead", "login"},
    {"smtp", CUT_OFF, "gw ec", "its TLS and certificate: digging deeper was cancelled before that "
     "was seen", "login"},
    {"smtp", CUT_OFF, "gw ew sw tc", "its TLS and certificate: digging deeper was cancelled",
     "login"},
    {"smtp", CUT_OFF, "gw ew sw tw ec", "login, sender", "another network"},
    {"smtp", DIGGING, "gw ew sw", "its TLS and certificate: digging deeper looks at them now",
     "login"},
    /* The second connection failed. */
    {"smtp", DUG, "", "answers there: no greeting was waited for, and the findings say why; d or "
     "stella doctor run --deep looks again", "login"},
    {"smtp", DUG, "gt", "answers there: the findings say what was seen instead", "login"},
    {"smtp", DUG, "gr qw", "that the server takes mail from here: its greeting refuses it", "login"},
    {"smtp", DUG, "gf qw", "answers there: the findings say what was seen instead", "login"},
    /* Silence, and another protocol on the second connection; TLS there, and nothing inside;
     * or nothing there either. */
    {"smtp", DUG, "gc tf", "answers there: the findings say what was seen instead", "login"},
    {"smtp", DUG, "gc tw gt", "answers there: the findings say what was seen instead", "login"},
    {"smtp", DUG, "gc tw gw ew qw", "login, sender", "another network"},
    {"smtp", DUG, "gt tt", "answers there: the findings say what was seen instead", "login"},
    /* No STARTTLS, or it was refused; no OpenSSL. */
    {"smtp", DUG, "gw ew qw", "its TLS and certificate: there was no handshake, and the findings "
     "say why; once that is mended, d or stella doctor run --deep looks again", "login"},
    {"smtp", DUG, "gw ew sf qw", "its TLS and certificate: there was no handshake, and", "login"},
    {"smtp", DUG, "gw ew sw tc", "its TLS and certificate: there was no handshake, and", "login"},
    {"smtp", DUG, "gw ew sw tt", "that its TLS works: the findings say what was seen", "login"},
    {"smtp", DUG, "gw ew sw tw ew qw", "login, sender and delivery, which were not tried",
     "another network"},
    /* TLS from the first byte. */
    {"smtp", DUG, "tw gw ew qw", "login, sender", "another network"},
    {"smtp", DUG, "tf", "answers inside TLS: no handshake came to its end", "login"},
    {"smtp", DUG, "tt", "answers inside TLS: no handshake came to its end", "login"},
    {"smtp", DUG, "tc", "answers there: no greeting was waited for, and the findings", "login"},
    {"slack", NOT_DUG, "", "TLS and certificate of the address: d or stella doctor run --deep "
     "looks at them", "is a webhook"},
    {"slack", DIGGING, "", "TLS and certificate of the address: digging deeper looks at them now",
     "is a webhook"},
    {"slack", CUT_OFF, "tc", "TLS and certificate of the address: digging deeper was cancelled "
     "before", "is a webhook"},
    {"slack", DUG, "", "TLS and certificate of the address: there was no handshake, and the "
     "findings say why", "is a webhook"},
    {"slack", DUG, "tc", "TLS and certificate of the address: there was no handshake, and the "
     "findings say why", "is a webhook"},
    {"slack", DUG, "tf", "that TLS works there: the findings", "is a webhook"},
    {"slack", DUG, "tw", "that the address is a webhook", "another network"},
    {NULL, NOT_DUG, "", "that it is the right service", "another network"},
    {NULL, DUG, "", "that it is the right service", "another network"},
};

static const enum phase_kind kinds[] = {['g'] = PHASE_GREETING, ['e'] = PHASE_EHLO,
                                        ['s'] = PHASE_STARTTLS, ['t'] = PHASE_TLS,
                                        ['q'] = PHASE_QUIT};
static const enum step_status statuses[] = {['w'] = STEP_OK, ['f'] = STEP_FAILED,
                                            ['r'] = STEP_FAILED, ['t'] = STEP_TIMEOUT, ['c'] = STEP_CANCELLED};

static void dig(int index)
{
    set_dig(passes[index].dig);
    for (const char *step = passes[index].steps; *step; step += step[2] ? 3 : 2) {
        evidence_begin_phase(&result->deeper, kinds[(unsigned char)step[0]], 1);
        if (step[1] == 'r')
            findings_add(&result->findings, FINDING_GREETING_REFUSED, "554 no");
        else
            result->deeper.phases[result->deeper.nphases - 1].detail =
                mem_strdup("on a second connection");
        evidence_end_phase(&result->deeper, statuses[(unsigned char)step[1]], 2);
    }
}

START_TEST(test_pass)
{
    static const struct check plain = {.probe = PROBE_TCP_HOST};

    if (passes[_i].check)
        use_check(passes[_i].check);
    else
        result->check = &plain;
    dig(_i);
    add_limits();
    assert_part(0, passes[_i].first);
    assert_part(1, passes[_i].second);
}
END_TEST

/* However far was dug: of a plaintext URL there is no TLS to look at. */
START_TEST(test_plaintext)
{
    use_check("slack");
    result->target.tls = TARGET_TLS_FALSE;
    set_dig((enum dig)_i);
    add_limits();
    assert_part(0, "the URL begins with http://, so there is no TLS to look at");
    assert_part(1, "is a webhook");
}
END_TEST

/* A failure: parts of the first item and, where there is one before the last, the second. */
static const struct {
    enum failure_kind failure;
    enum phase_kind phase;
    int error;
    const char *first, *second;
} failures[] = {
    {FAILURE_NAME_UNKNOWN, PHASE_LOOKUP, 0, "that no nameserver has the address", "--set Smtp:Host=ADDRESS"},
    {FAILURE_NAME_WITHOUT_ADDRESS, PHASE_LOOKUP, 0, "that no nameserver has the address", "Smtp:Host"},
    {FAILURE_RESOLVER, PHASE_LOOKUP, 0, "that the name is wrong", "Smtp:Host"},
    {FAILURE_RESOLVER_SERVFAIL, PHASE_LOOKUP, 0, "that the name is wrong", "Smtp:Host"},
    {FAILURE_RESOLVER_REFUSED, PHASE_LOOKUP, 0, "that the name is wrong", "Smtp:Host"},
    {FAILURE_RESOLVER_SILENT, PHASE_LOOKUP, 0, "that the name is wrong", "Smtp:Host"},
    {FAILURE_TIMEOUT, PHASE_LOOKUP, 0, "that the name is wrong", "Smtp:Host"},
    {FAILURE_REFUSED, PHASE_CONNECT, ECONNREFUSED, "a service that restarts", NULL},
    {FAILURE_RESET_AFTER_ACCEPT, PHASE_CONNECT, ECONNRESET, "a service with too much to do", NULL},
    {FAILURE_REJECTED, PHASE_CONNECT, ECONNREFUSED, "a Kubernetes Service without", NULL},
    {FAILURE_TIMEOUT, PHASE_CONNECT, 0, "a host that restarts is silent", NULL},
    {FAILURE_NO_ROUTE, PHASE_CONNECT, ENETUNREACH, "this host kept the packets back", NULL},
    {FAILURE_NETWORK_UNREACHABLE, PHASE_CONNECT, ENETUNREACH, "a route that changes", NULL},
    {FAILURE_HOST_UNREACHABLE, PHASE_CONNECT, EHOSTUNREACH, "a host that restarts", NULL},
    {FAILURE_NO_NEIGHBOUR, PHASE_CONNECT, EHOSTUNREACH, "a host that restarts", NULL},
    {FAILURE_GATEWAY_SILENT, PHASE_CONNECT, EHOSTUNREACH, "nothing got past the gateway", NULL},
    {FAILURE_PROHIBITED, PHASE_CONNECT, EHOSTUNREACH, "a firewall answered in its place", NULL},
    {FAILURE_PROHIBITED_HERE, PHASE_CONNECT, EPERM, "this host kept the packets back", NULL},
    {FAILURE_LOCAL_RESOURCE, PHASE_CONNECT, EMFILE, "could not even try (EMFILE)", NULL},
    {FAILURE_SOCKET, PHASE_CONNECT, EPROTO, "which EPROTO does not tell", NULL},
    {FAILURE_CONFIGURATION, PHASE_LOOKUP, 0, "nothing was connected to: s or", NULL},
};

START_TEST(test_impossible_name)
{
    result->outcome = OUTCOME_FAIL;
    result->evidence.failure = FAILURE_NAME_UNKNOWN;
    result->evidence.failed_phase = PHASE_LOOKUP;
    result->target.host[0] = '.';
    add_limits();
    assert_part(0, "which name is meant, since this one cannot be asked for");
}
END_TEST

/* A silence that is this host's own says nothing about another one. */
START_TEST(test_dropped_here)
{
    result->outcome = OUTCOME_FAIL;
    result->evidence.failure = FAILURE_TIMEOUT;
    result->evidence.failed_phase = PHASE_CONNECT;
    result->evidence.attempts = mem_grow(NULL, 0, sizeof *result->evidence.attempts);
    result->evidence.attempts[0] =
        (struct attempt){.status = STEP_TIMEOUT, .dropped_here = true};
    result->evidence.nattempts = 1;
    add_limits();
    assert_part(0, "this host kept the packets back");
}
END_TEST

/* Only a refusal looks like a service that restarts. */
START_TEST(test_failure)
{
    result->outcome = OUTCOME_FAIL;
    result->evidence.failure = failures[_i].failure;
    result->evidence.failed_phase = failures[_i].phase;
    result->evidence.error = failures[_i].error;
    add_limits();
    assert_part(0, failures[_i].first);
    ck_assert_uint_eq(result->diagnosis.nnot_proven, failures[_i].second ? 3 : 2);
    if (failures[_i].second)
        assert_part(1, failures[_i].second);
    ck_assert((strstr(item(0), "a service that restarts") != NULL) ==
              (failures[_i].failure == FAILURE_REFUSED));
}
END_TEST

/* Once each nameserver was asked, that is no limit any more. */
START_TEST(test_asked)
{
    static const char *const firsts[] = {
        [NOT_DUG] = "the first answer counts: d or stella doctor run --deep waits for the answer",
        [DIGGING] = "the first answer counts: digging deeper waits for the answer of each",
        [CUT_OFF] = "cancelled before each had answered; d or stella doctor run --deep begins anew",
        [DUG] = "--set Smtp:Host=https://ADDRESS leaves the name out"};

    use_check("slack");
    result->outcome = OUTCOME_FAIL;
    result->evidence.failure = FAILURE_NAME_UNKNOWN;
    set_dig((enum dig)_i);
    add_limits();
    assert_part(0, firsts[_i]);
}
END_TEST

static const struct {
    enum outcome outcome;
    enum failure_kind failure;
    struct check check;
    const char *first;
} unprobed[] = {
    {OUTCOME_SKIP, FAILURE_NONE, {.probe = PROBE_TCP_HOST}, "s or stella doctor settings"},
    {OUTCOME_SKIP, FAILURE_NONE, {.id = "x", .probe = PROBE_NONE}, "stella doctor show x tells"},
    {OUTCOME_ERROR, FAILURE_NONE, {.probe = PROBE_BROKEN}, "! in the dashboard"},
    {OUTCOME_ERROR, FAILURE_CANCELLED, {.probe = PROBE_TCP_HOST}, "it was cancelled: r or"},
    {OUTCOME_ERROR, FAILURE_CONFIGURATION, {.probe = PROBE_TCP_HOST}, "s or stella doctor settings"},
};

START_TEST(test_unprobed)
{
    result->outcome = unprobed[_i].outcome;
    result->evidence.failure = unprobed[_i].failure;
    result->check = &unprobed[_i].check;
    add_limits();
    assert_part(0, unprobed[_i].first);
}
END_TEST

START_TEST(test_proxy)
{
    use_check("slack");
    result->proxy = mem_strdup("HTTPS_PROXY = http://proxy:3128");
    add_limits();
    assert_part(2, "through a proxy, HTTPS_PROXY = http://proxy:3128: let the platform");
}
END_TEST

Suite *limits_suite(void)
{
    Suite *suite = suite_create("limits");
    TCase *tcase = tcase_create("not proven");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_pass, 0, COUNT(passes));
    tcase_add_loop_test(tcase, test_failure, 0, COUNT(failures));
    tcase_add_test(tcase, test_dropped_here);
    tcase_add_test(tcase, test_impossible_name);
    tcase_add_loop_test(tcase, test_plaintext, NOT_DUG, DUG + 1);
    tcase_add_loop_test(tcase, test_asked, NOT_DUG, DUG + 1);
    tcase_add_loop_test(tcase, test_unprobed, 0, COUNT(unprobed));
    tcase_add_test(tcase, test_proxy);
    suite_add_tcase(suite, tcase);
    return suite;
}
