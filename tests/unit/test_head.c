#include "numeric.h"
#include "printed.h"
#include "probe/certificate.h"
#include "suites.h"
#include "ui/head.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NOW = 100 * CLOCK_SECOND };

static struct target target = {.host = (char *)"mail.example", .port = 587};
static const struct check check = {.id = "check.one"};
static struct rows rows;

static void setup(void)
{
    use_decimal_points();
    rows.ascii = true;
}

static void teardown(void)
{
    rows_clear(&rows);
}

static void print(const struct check_state *state, const struct result *live)
{
    const struct detail_source source = {
        .check = &check, .state = state, .live = live, .now = NOW};

    head_layout(&rows, &source, 78);
}

/* Evidence of one phase that runs since a second, of five. */
static struct evidence running(struct phase *phase, enum phase_kind kind)
{
    *phase = (struct phase){.kind = kind, .started = NOW - CLOCK_SECOND};
    return (struct evidence){.started = NOW - CLOCK_SECOND,
                             .deadline = NOW + 4 * CLOCK_SECOND,
                             .phases = phase,
                             .nphases = 1};
}

static const struct {
    enum phase_kind kind;
    const char *rows;
} verdicts[] = {
    {PHASE_LOOKUP,
     "> running\n"
     "##########---------------------------------------- 1.0 of 5.0 s\n"
     "looking up mail.example:587\n"
     "Phases  lookup    running  ####----------------\n"
     "\n"},
    {PHASE_CONNECT,
     "> running\n"
     "##########---------------------------------------- 1.0 of 5.0 s\n"
     "connecting to mail.example:587\n"
     "Phases  connect   running  ####----------------\n"
     "\n"},
};

START_TEST(before_the_verdict)
{
    struct phase phase;
    const struct check_state state = {.status = STATUS_RUNNING};
    const struct result live = {.check = &check,
                                .target = target,
                                .evidence = running(&phase, verdicts[_i].kind)};

    print(&state, &live);
    printed_assert(&rows, verdicts[_i].rows);
}
END_TEST

static const char *const waits[PHASES] = {
    [PHASE_GREETING] = "Connected; digging deeper: waiting for the greeting\n",
    [PHASE_EHLO] = "Connected; digging deeper: waiting for the reply to EHLO\n",
    [PHASE_STARTTLS] = "Connected; digging deeper: waiting for the reply to STARTTLS\n",
    [PHASE_TLS] = "Connected; digging deeper: waiting for the TLS handshake\n",
    [PHASE_EHLO_TLS] = "Connected; digging deeper: waiting for the reply to EHLO over TLS\n",
    [PHASE_QUIT] = "Connected; digging deeper: waiting for the reply to QUIT\n",
};

START_TEST(while_digging)
{
    struct phase first = {.kind = PHASE_CONNECT,
                          .status = STEP_OK,
                          .started = NOW - 2 * CLOCK_SECOND,
                          .ended = NOW - CLOCK_SECOND};
    struct phase phase;
    const struct check_state state = {.status = STATUS_RUNNING};
    const struct result live = {.check = &check,
                                .target = target,
                                .summary = (char *)"Connected",
                                .evidence = {.started = first.started,
                                             .ended = first.ended,
                                             .deadline = first.started + 5 * CLOCK_SECOND,
                                             .phases = &first,
                                             .nphases = 1},
                                .deeper = running(&phase, (enum phase_kind)_i)};

    print(&state, &live);
    char *text = printed_rows(&rows), *deeper = strstr(text, "\nDeeper  ");
    ck_assert_ptr_nonnull(strstr(text, waits[_i]));
    ck_assert_ptr_nonnull(strstr(text, "- 1.0 of 5.0 s\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nPhases  connect   ok       ####--------"));
    ck_assert_ptr_nonnull(deeper);
    ck_assert_ptr_nonnull(strstr(deeper, "running  ####--------"));
    free(text);
}
END_TEST

/* Other ports and hosts are tried without phases. */
START_TEST(digging_without_a_phase)
{
    const struct check_state state = {.status = STATUS_RUNNING};
    const struct result live = {
        .check = &check,
        .target = target,
        .summary = (char *)"Refused",
        .evidence = {.started = NOW - CLOCK_SECOND, .ended = NOW - CLOCK_SECOND},
        .deeper = {.started = NOW, .deadline = NOW + 2 * CLOCK_SECOND}};

    print(&state, &live);
    printed_assert(&rows, "> running\n"
                          "-------------------------------------------------- 0.0 of 2.0 s\n"
                          "Refused; digging deeper\n\n");
}
END_TEST

START_TEST(afterwards)
{
    struct phase phase = {PHASE_GREETING, STEP_TIMEOUT, NOW, NOW + 5 * CLOCK_SECOND, NULL};
    struct result result = {.check = &check,
                            .target = target,
                            .summary = (char *)"Connected",
                            .evidence = {.started = NOW, .ended = NOW + CLOCK_MS},
                            .deeper = {.started = NOW,
                                       .ended = NOW + 5 * CLOCK_SECOND,
                                       .deadline = NOW + 5 * CLOCK_SECOND,
                                       .phases = &phase,
                                       .nphases = 1}};
    const struct check_state state = {.status = STATUS_PASS, .result = &result};

    print(&state, NULL);
    printed_assert(&rows,
                   "+ PASS  1.0 ms\n"
                   "Connected\n"
                   "Deeper  greeting  timeout  ####################  5000.0 ms\n"
                   "        greeting took 5.00 s of the 5.0 s\n\n");
}
END_TEST

static struct attempt end_attempt(const char *address, int error)
{
    struct attempt attempt = {.port = 25, .status = STEP_FAILED, .error = error, .started = NOW,
                              .ended = NOW + CLOCK_MS};

    strcpy(attempt.address, address);
    return attempt;
}

/* Of several the one is marked that the verdict is about. */
START_TEST(several_addresses)
{
    struct attempt attempts[] = {end_attempt("2001:db8::7", ENETUNREACH),
                                 end_attempt("192.0.2.7", ECONNREFUSED)};
    struct result result = {.check = &check,
                            .target = target,
                            .outcome = OUTCOME_FAIL,
                            .summary = (char *)"Refused",
                            .evidence = {.started = NOW,
                                         .ended = NOW + CLOCK_MS,
                                         .failure = FAILURE_REFUSED,
                                         .attempts = attempts,
                                         .nattempts = 2}};
    const struct check_state state = {.status = STATUS_FAIL, .result = &result};

    print(&state, NULL);
    printed_assert(&rows, "x FAIL  severity info  1.0 ms\n"
                          "Refused\n"
                          "Address 2001:db8::7  failed  1.0 ms  ENETUNREACH\n"
                          "        192.0.2.7  failed  1.0 ms  ECONNREFUSED  decisive\n\n");
}
END_TEST

/* In a pane of 78 columns each nameserver has a row. */
START_TEST(failed_lookup)
{
    struct phase phase = {PHASE_LOOKUP, STEP_TIMEOUT, NOW, NOW + 5 * CLOCK_SECOND, NULL};
    struct nameserver servers[] = {
        {.address = "192.0.2.53", .started = NOW, .until = NOW + 5 * CLOCK_SECOND},
        {.address = "198.51.100.53",
         .status = NAMESERVER_ADDRESSES,
         .aaaa_silent = true,
         .started = NOW,
         .ended = NOW + 2 * CLOCK_MS,
         .until = NOW + 5 * CLOCK_SECOND}};
    struct result result = {.check = &check,
                            .target = target,
                            .outcome = OUTCOME_FAIL,
                            .summary = (char *)"Timed out",
                            .evidence = {.started = NOW,
                                         .ended = NOW + 5 * CLOCK_SECOND,
                                         .deadline = NOW + 5 * CLOCK_SECOND,
                                         .phases = &phase,
                                         .nphases = 1,
                                         .nameservers = servers,
                                         .nnameservers = 2}};
    const struct check_state state = {.status = STATUS_FAIL, .result = &result};

    print(&state, NULL);
    printed_assert(&rows,
                   "x FAIL  severity info  5.0 s\n"
                   "Timed out\n"
                   "Phases  lookup    timeout  ####################  5000.0 ms\n"
                   "        lookup took 5.00 s of the 5.0 s\n"
                   "DNS     192.0.2.53: no answer yet after 5000 ms\n"
                   "        198.51.100.53: addresses after 2 ms, no IPv6 answer in 5000 ms\n\n");
}
END_TEST

/* At a glance: a sign and a count beside the pass, a sign and the fix for each. */
START_TEST(with_findings)
{
    struct certificate certificate = {.subject = (char *)"CN=a", .issuer = (char *)"CN=Root",
                                      .matched = (char *)"mail.example", .dated = true,
                                      .not_before = 1700000000, .not_after = 1710000000,
                                      .judged = 1709900000, .chain = {(char *)"CN=a"},
                                      .nchain = 1};
    struct result result = {.check = &check,
                            .target = target,
                            .summary = (char *)"Connected",
                            .evidence = {.started = NOW, .ended = NOW + CLOCK_MS},
                            .deeper = {.certificate = &certificate}};
    const struct check_state state = {.status = STATUS_PASS, .result = &result};

    findings_add(&result.findings, FINDING_CERT_EXPIRES_SOON, "soon");
    findings_add(&result.findings, FINDING_PROXY_UNTESTED, "not tested");
    print(&state, NULL);
    printed_assert(&rows, "+ PASS  ! 2 found  1.0 ms\n"
                          "Connected\n"
                          "Found   ! cert-expires-soon: soon\n"
                          "        Fix: Renew it, or see why its automatic renewal has not happened.\n"
                          "        i proxy-untested: not tested\n"
                          "        Fix: Test from the platform's own environment that the proxy lets it\n"
                          "        reach the host.\n"
                          "Cert    CN=a, for mail.example, issued by CN=Root\n"
                          "        valid from 2023-11-14 to 2024-03-09, 27 hours left\n"
                          "        chain CN=a: verified, its root is trusted here\n\n");
    findings_clear(&result.findings);
}
END_TEST

/* What is only good to know makes no pass doubtful. */
START_TEST(with_information)
{
    struct result result = {.check = &check, .target = target, .summary = (char *)"Connected",
                            .evidence = {.started = NOW, .ended = NOW + CLOCK_MS}};
    const struct check_state state = {.status = STATUS_PASS, .result = &result};

    findings_add(&result.findings, FINDING_PROXY_UNTESTED, "not tested");
    print(&state, NULL);
    char *text = printed_rows(&rows);
    ck_assert_ptr_nonnull(strstr(text, "+ PASS  1.0 ms\nConnected\nFound   i proxy-untested"));
    free(text);
    findings_clear(&result.findings);
}
END_TEST

Suite *head_suite(void)
{
    Suite *suite = suite_create("head");
    TCase *tcase = tcase_create("head");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, before_the_verdict, 0, sizeof verdicts / sizeof *verdicts);
    tcase_add_loop_test(tcase, while_digging, PHASE_GREETING, PHASES);
    tcase_add_test(tcase, digging_without_a_phase);
    tcase_add_test(tcase, afterwards);
    tcase_add_test(tcase, several_addresses);
    tcase_add_test(tcase, failed_lookup);
    tcase_add_test(tcase, with_findings);
    tcase_add_test(tcase, with_information);
    suite_add_tcase(suite, tcase);
    return suite;
}
