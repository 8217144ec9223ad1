#include "base/mem.h"
#include "cli/writer.h"
#include "numeric.h"
#include "probe/certificate.h"
#include "suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One pass at which digging deeper found a warning twice, and something to know. */
static const struct check check = {.id = "check.one", .head = {.plugin = "first", .title = "One"}};

static struct options options;
static struct session session;
static struct sheet sheet;
static struct result result;
static const struct check *checks[] = {&check};
static struct result *results[] = {&result};
static char *text; /* what was written */
static size_t size;

static void add_phase(enum phase_kind kind, enum step_status status, clock_us ended)
{
    struct evidence *deeper = &result.deeper;

    deeper->phases = mem_grow(deeper->phases, deeper->nphases, sizeof *deeper->phases);
    deeper->phases[deeper->nphases++] =
        (struct phase){.kind = kind, .status = status, .started = 1, .ended = ended};
}

static void add_certificate(void)
{
    struct certificate *certificate = mem_zalloc(sizeof *certificate);

    *certificate = (struct certificate){.subject = mem_strdup("CN=a|b"),
                                        .issuer = mem_strdup("CN=Root"),
                                        .names = {mem_strdup("a.test"), mem_strdup("b.test")},
                                        .nnames = 2,
                                        .dated = true,
                                        .not_before = 1700000000,
                                        .not_after = 1710000000,
                                        .judged = 1710000000 + 3 * 86400 + 1,
                                        .chain = {mem_strdup("CN=a|b"), mem_strdup("CN=Root")},
                                        .nchain = 2,
                                        .distrust = mem_strdup("certificate has expired")};
    result.deeper.certificate = certificate;
}

static void setup(void)
{
    use_decimal_points();
    options = (struct options){.program = "stella doctor", .deep = true};
    session = (struct session){.settings = settings_new(), .vantage = mem_strdup("here")};
    result = (struct result){.check = &check, .summary = mem_strdup("Connected"),
                             .evidence = {.started = 1, .ended = 2},
                             .deeper = {.started = 1, .ended = 5, .deadline = 5000}};
    findings_add(&result.findings, FINDING_CERT_EXPIRED, "%s", "past");
    findings_add(&result.findings, FINDING_PROXY_UNTESTED, "%s", "not tested");
    findings_add(&result.findings, FINDING_CERT_EXPIRED, "%s", "another");
    sheet = (struct sheet){.options = &options, .session = &session, .host = (char *)"web-1",
                           .checks = checks, .results = results, .count = 1};
    tally_add(&sheet.tally, &result);
    sheet.exit_status = tally_exit_status(&sheet.tally);
    sheet.out = open_memstream(&text, &size);
}

static void teardown(void)
{
    free(result.summary);
    evidence_clear(&result.deeper);
    findings_clear(&result.findings);
    diagnosis_clear(&result.diagnosis);
    settings_free(session.settings);
    free(session.vantage);
    free(text);
}

static void write_in(enum format format)
{
    const struct writer *writer = writer_find(format);

    if (writer->begin)
        writer->begin(&sheet);
    if (writer->result)
        writer->result(&sheet, &result);
    writer->end(&sheet);
    fclose(sheet.out);
}

static void assert_says(const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "no %s in\n%s", part, text);
}

/* A pass with a warning makes the exit status 1: that is in every tally, with the reason. */
START_TEST(every_tally_counts_the_warning)
{
    static const char reason[] = "check.one passed with cert-expired";
    static const struct {
        const char *tally;
        bool reason;
    } forms[] = {
        [FORMAT_TEXT] = {"\n1 pass, 0 fail, 0 skip, 0 error, 1 passed with warnings; seen", true},
        [FORMAT_JSON] = {"\"error\":0,\"passed_with_warnings\":1}", true},
        [FORMAT_JSONL] = {"\"error\":0,\"passed_with_warnings\":1}", true},
        [FORMAT_JUNIT] = {"<testsuites name=\"stella doctor\" tests=\"1\" failures=\"1\"", false},
        [FORMAT_NAGIOS] = {"ONE WARNING - Connected; cert-expired: past", false},
        [FORMAT_PROMETHEUS] = {"\nstella_doctor_run_passed_with_warnings 1\n", true},
        [FORMAT_MARKDOWN] = {"# stella doctor: 1 pass, 0 fail, 0 skip, 0 error, 1 passed with "
                             "warnings\n", true},
    };

    ck_assert_int_eq(sheet.exit_status, EXIT_STATUS_WARN);
    write_in((enum format)_i);
    assert_says(forms[_i].tally);
    ck_assert(!forms[_i].reason || strstr(text, reason));
    ck_assert_ptr_null(strstr(text, "cert-expired, cert-expired"));
    if (forms[_i].reason)
        ck_assert_ptr_null(strstr(strstr(text, reason) + sizeof reason - 1, reason));
}
END_TEST

/* Where the status is not 1, nothing claims that it is. */
START_TEST(no_reason_where_warnings_are_forgiven)
{
    options.fail_on = FAIL_ON_FAIL;
    sheet.exit_status = EXIT_STATUS_OK;
    write_in((enum format)_i);
    ck_assert_ptr_null(strstr(text, "passed with cert-expired"));
    ck_assert_ptr_null(strstr(text, "<failure"));
    ck_assert(_i != FORMAT_JUNIT || strstr(text, " failures=\"0\""));
}
END_TEST

START_TEST(junit_fails_a_case_with_a_warning)
{
    write_in(FORMAT_JUNIT);
    assert_says("<testsuite name=\"first\" tests=\"1\" failures=\"1\" errors=\"0\"");
    assert_says("<failure type=\"warning\" message=\"Connected; cert-expired: past\">PASS ");
}
END_TEST

/* The counts of several checks are on the line that is read. */
START_TEST(nagios_counts_the_warning)
{
    static const struct check *two[] = {&check, &check};
    struct result *both[] = {&result, &result};

    tally_add(&sheet.tally, &result);
    sheet.checks = two;
    sheet.results = both;
    sheet.count = 2;
    write_nagios.end(&sheet);
    fclose(sheet.out);
    assert_says("DOCTOR WARNING - 0 fail, 0 error, 0 skip, 2 pass, 2 passed with warnings: check");
}
END_TEST

/* What is only good to know is told too, also of a pass. */
START_TEST(every_format_tells_all_findings)
{
    write_in((enum format)_i);
    ck_assert_ptr_nonnull(strstr(text, "cert-expired"));
    ck_assert_ptr_nonnull(strstr(text, "proxy-untested"));
}
END_TEST

START_TEST(text_tells_each_once)
{
    add_certificate();
    write_in(FORMAT_TEXT);
    ck_assert_ptr_nonnull(
        strstr(text, "       found    cert-expired: past\n                Fix: Renew it "));
    ck_assert_ptr_nonnull(strstr(text, "\n                proxy-untested (info): not tested\n"
                                       "                Fix: Test from "));
    ck_assert_ptr_nonnull(strstr(text, "\n       cert     CN=a|b, for a.test, b.test and not for "
                                       "this host, issued by CN=Root\n"
                                       "                valid from 2023-11-14 to 2024-03-09, "
                                       "expired 3 days ago\n"
                                       "                chain CN=a|b < CN=Root: not verified, "
                                       "certificate has expired\n"));
    ck_assert_ptr_null(strstr(strstr(text, ": past") + 1, ": past"));
}
END_TEST

START_TEST(quiet_tells_what_was_found)
{
    options.quiet = true;
    write_in(FORMAT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "PASS   check.one  One\n       Connected\n"
                                       "       found    cert-expired: past\n"
                                       "                proxy-untested (info): not tested\n"
                                       "                cert-expired: another\n"));
    ck_assert_ptr_null(strstr(text, "Fix"));
}
END_TEST

START_TEST(markdown_tells_the_fixes)
{
    add_certificate();
    write_in(FORMAT_MARKDOWN);
    ck_assert_ptr_nonnull(strstr(text, "\n- cert-expired: past\n  - fix: Renew it "));
    ck_assert_ptr_nonnull(strstr(text, "\n- proxy-untested (info): not tested\n  - fix: "));
    ck_assert_ptr_nonnull(strstr(text, "\nThe certificate:\n\n- CN=a\\|b, for a.test, "));
    ck_assert_ptr_nonnull(strstr(text, "\n- chain CN=a\\|b \\< CN=Root: not verified, "));
}
END_TEST

/* A pass without a warning has its story too, once something looked for more. */
START_TEST(markdown_tells_of_a_pass)
{
    findings_clear(&result.findings);
    add_certificate();
    write_in(FORMAT_MARKDOWN);
    assert_says("\n## Passed: check.one, One\n");
    assert_says("\nThe certificate:\n");
}
END_TEST

START_TEST(json_has_the_certificate)
{
    add_certificate();
    write_in(FORMAT_JSON);
    ck_assert_ptr_nonnull(strstr(text, "\"severity\":\"info\",\"text\":\"not tested\","
                                       "\"fix\":\"Test from "));
    ck_assert_ptr_nonnull(strstr(
        text, "\"certificate\":{\"subject\":\"CN=a|b\",\"names\":[\"a.test\",\"b.test\"],"
              "\"issuer\":\"CN=Root\",\"not_before\":\"2023-11-14T22:13:20Z\","
              "\"not_after\":\"2024-03-09T16:00:00Z\",\"days_left\":-3,"
              "\"chain\":[\"CN=a|b\",\"CN=Root\"],\"verified\":false,"
              "\"distrust\":\"certificate has expired\"}"));
}
END_TEST

START_TEST(json_has_other_hosts)
{
    struct evidence *deeper = &result.deeper;

    deeper->contrasts = mem_zalloc(sizeof *deeper->contrasts);
    deeper->ncontrasts = 1;
    *deeper->contrasts = (struct attempt){"198.51.100.8", .port = 587, .status = STEP_TIMEOUT,
                                          .ended = 2 * CLOCK_MS};
    write_in(FORMAT_JSON);
    assert_says("\"phases\":[],\"contrasts\":[{\"address\":\"198.51.100.8\",\"port\":587,"
                "\"answer\":\"silent\",\"ms\":2}],\"nameservers\":[]}");
}
END_TEST

/* The one of several attempts that the verdict is about. */
START_TEST(which_attempt_decided)
{
    static const char *const texts[] = {
        [FORMAT_TEXT] = "192.0.2.1  1.0 ms  failed  ENETUNREACH\n"
                        "                192.0.2.2  3.0 ms  failed  ECONNREFUSED  decisive\n",
        [FORMAT_JSON] = "\"errno\":\"ENETUNREACH\",\"ms\":1,\"decisive\":false},"
                        "{\"address\":\"192.0.2.2\",\"port\":587,\"status\":\"failed\","
                        "\"errno\":\"ECONNREFUSED\",\"ms\":3,\"decisive\":true}]",
        [FORMAT_MARKDOWN] = "| 192.0.2.1 | 587 | failed | ENETUNREACH | 1.0 ms |\n"
                            "| 192.0.2.2 | 587 | failed, decisive | ECONNREFUSED | 3.0 ms |\n"};
    static const enum format formats[] = {FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN};
    struct attempt attempts[] = {
        {"192.0.2.1", .port = 587, .status = STEP_FAILED, .error = ENETUNREACH,
         .ended = CLOCK_MS},
        {"192.0.2.2", .port = 587, .status = STEP_FAILED, .error = ECONNREFUSED,
         .ended = 3 * CLOCK_MS}};

    result.evidence.attempts = attempts;
    result.evidence.nattempts = 2;
    result.evidence.failure = FAILURE_REFUSED;
    write_in(formats[_i]);
    assert_says(texts[formats[_i]]);
}
END_TEST

/* One series an id. */
START_TEST(prometheus_has_the_ids)
{
    static const char labels[] = "stella_doctor_check_finding{id=\"check.one\",plugin=\"first\",";
    char *both = mem_printf("gauge\n%sfinding=\"cert-expired\",severity=\"warn\"} 1\n"
                            "%sfinding=\"proxy-untested\",severity=\"info\"} 1\n# HELP",
                            labels, labels);

    write_in(FORMAT_PROMETHEUS);
    ck_assert_ptr_nonnull(strstr(text, both));
    ck_assert_ptr_nonnull(
        strstr(text, "check_findings{id=\"check.one\",plugin=\"first\"} 3\n"));
    free(both);
}
END_TEST

static size_t count_lines(void)
{
    size_t lines = 0;

    fflush(sheet.out);
    for (const char *p = text; (p = strchr(p, '\n')); p++)
        lines++;
    return lines;
}

/* A phase may begin behind one that is told to have ended only then. */
START_TEST(jsonl_tells_each_phase)
{
    write_jsonl.begin(&sheet);
    add_phase(PHASE_GREETING, STEP_RUNNING, 0);
    write_jsonl.event(&sheet, 0, &result);
    write_jsonl.event(&sheet, 0, &result);
    ck_assert_uint_eq(count_lines(), 2);
    assert_says("{\"event\":\"phase\",\"id\":\"check.one\",\"name\":\"greeting\","
                "\"status\":\"running\"}\n");
    result.deeper.phases[0].status = STEP_CANCELLED;
    result.deeper.phases[0].ended = 251;
    add_phase(PHASE_TLS, STEP_OK, 501);
    write_jsonl.event(&sheet, 0, &result);
    ck_assert_uint_eq(count_lines(), 4);
    assert_says("\"name\":\"greeting\",\"status\":\"cancelled\",\"ms\":0.25}\n");
    assert_says("\"name\":\"tls\",\"status\":\"ok\",\"ms\":0.5}\n");
    write_jsonl.end(&sheet);
    fclose(sheet.out);
}
END_TEST

Suite *writers_deep_suite(void)
{
    Suite *suite = suite_create("writers_deep");
    TCase *tcase = tcase_create("formats");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, every_format_tells_all_findings, FORMAT_TEXT, FORMAT_MARKDOWN + 1);
    tcase_add_loop_test(tcase, every_tally_counts_the_warning, FORMAT_TEXT, FORMAT_MARKDOWN + 1);
    tcase_add_loop_test(tcase, no_reason_where_warnings_are_forgiven, FORMAT_TEXT,
                        FORMAT_MARKDOWN + 1);
    tcase_add_test(tcase, junit_fails_a_case_with_a_warning);
    tcase_add_test(tcase, nagios_counts_the_warning);
    tcase_add_test(tcase, text_tells_each_once);
    tcase_add_test(tcase, quiet_tells_what_was_found);
    tcase_add_test(tcase, markdown_tells_the_fixes);
    tcase_add_test(tcase, markdown_tells_of_a_pass);
    tcase_add_test(tcase, json_has_the_certificate);
    tcase_add_test(tcase, json_has_other_hosts);
    tcase_add_loop_test(tcase, which_attempt_decided, 0, 3);
    tcase_add_test(tcase, prometheus_has_the_ids);
    tcase_add_test(tcase, jsonl_tells_each_phase);
    suite_add_tcase(suite, tcase);
    return suite;
}
