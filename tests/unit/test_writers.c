#include "base/mem.h"
#include "cli/writer.h"
#include "numeric.h"
#include "suites.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Everything that means something in one of the formats, and what XML forbids. */
#define HOSTILE "a|b `c` <d> & \"e\" 'f' \\g ]]> *h* {i} \xEF\xBF\xBE \xC3\xA4"

static char *tags[] = {"one", "two"};
static const struct check checks[] = {
    {.id = "check.pass", .head = {.plugin = "first", .title = "P", .tags = tags, .ntags = 2}},
    {.id = "check.fail", .head = {.plugin = "second", .title = HOSTILE, .severity = SEVERITY_FAIL}},
    {.id = "check.skip", .head = {.plugin = "first", .title = "S"}},
    {.id = "check.error", .head = {.plugin = "second", .title = "E", .severity = SEVERITY_WARN}},
};
enum { CHECKS = sizeof checks / sizeof *checks };

static struct options options;
static struct session session;
static struct sheet sheet;
static char *text; /* what was written */
static size_t size;

static struct result *add_result(size_t index, enum outcome outcome, const char *summary)
{
    struct result *result = mem_zalloc(sizeof *result);

    result->check = &checks[index];
    result->outcome = outcome;
    result->summary = mem_strdup(summary);
    result->budget_us = 5 * CLOCK_SECOND;
    result->diagnosis.not_proven = mem_zalloc(sizeof *result->diagnosis.not_proven);
    result->diagnosis.not_proven[result->diagnosis.nnot_proven++] =
        mem_printf("limit of %s " HOSTILE, checks[index].id);
    sheet.checks[index] = result->check;
    sheet.results[index] = result;
    return result;
}

static void add_phase(struct evidence *evidence, enum phase_kind kind, enum step_status status,
                      clock_us ended)
{
    evidence->phases = mem_grow(evidence->phases, evidence->nphases, sizeof *evidence->phases);
    evidence->phases[evidence->nphases++] =
        (struct phase){.kind = kind, .status = status, .ended = ended};
    evidence->ended = ended;
    evidence->deadline = 5 * CLOCK_SECOND;
}

/* It began a second after everything else. */
static void add_deeper(struct result *result)
{
    struct evidence *deeper = &result->deeper;

    deeper->started = CLOCK_SECOND;
    add_phase(deeper, PHASE_GREETING, STEP_OK, 1004 * CLOCK_MS);
    deeper->phases[0].started = CLOCK_SECOND;
    deeper->phases[0].detail = mem_strdup("220 " HOSTILE);
    add_phase(deeper, PHASE_EHLO_TLS, STEP_TIMEOUT, 5000 * CLOCK_MS);
    deeper->phases[1].started = deeper->phases[0].ended;
}

static void add_attempt(struct result *result, enum step_status status, int error, clock_us ended)
{
    struct evidence *evidence = &result->evidence;

    evidence->attempts =
        mem_grow(evidence->attempts, evidence->nattempts, sizeof *evidence->attempts);
    struct attempt *attempt = &evidence->attempts[evidence->nattempts++];
    *attempt = (struct attempt){.port = 25, .status = status, .error = error, .ended = ended};
    strcpy(attempt->address, "2001:db8::1");
}

/* An ICMP message behind the attempt, another port, and who was asked of the name. */
static void add_sights(struct result *result)
{
    struct evidence *evidence = &result->evidence;

    evidence->attempts[0].icmp = (struct icmp_answer){true, false, 1, 4, "2001:db8::fe"};
    evidence->contrasts = mem_zalloc(sizeof *evidence->contrasts);
    evidence->ncontrasts = 1;
    evidence->contrasts[0] = (struct attempt){
        .address = "2001:db8::1", .port = 443, .status = STEP_TIMEOUT, .ended = 3 * CLOCK_MS};
    evidence->nameservers = mem_zalloc(2 * sizeof *evidence->nameservers);
    evidence->nnameservers = 2;
    evidence->nameservers[0] = (struct nameserver){.address = "192.0.2.53",
                                                   .status = NAMESERVER_NO_NAME,
                                                   .aaaa_silent = true,
                                                   .ended = 7 * CLOCK_MS,
                                                   .until = 8 * CLOCK_MS};
    evidence->nameservers[1] =
        (struct nameserver){.address = "127.0.0.1", .assumed = true, .until = 8 * CLOCK_MS};
}

static void add_diagnosis(struct result *result)
{
    struct diagnosis *diagnosis = &result->diagnosis;

    diagnosis->causes = mem_zalloc(3 * sizeof *diagnosis->causes);
    diagnosis->ncauses = 3;
    diagnosis->causes[0] = (struct cause){.id = mem_strdup("one"),
                                          .rank = 1,
                                          .text = mem_strdup("Cause " HOSTILE),
                                          .because = mem_strdup("seen " HOSTILE)};
    diagnosis->causes[1] =
        (struct cause){.text = mem_strdup("Other"), .ruled_out = mem_strdup("not " HOSTILE)};
    diagnosis->causes[2] =
        (struct cause){.text = mem_strdup("Other"), .ruled_out = mem_strdup("twice")};
    findings_add(&result->findings, FINDING_DEAD_ADDRESS, "%s", "found");
}

static void add_target(struct result *result)
{
    struct target *target = &result->target;

    target->host = mem_strdup("mail.example");
    target->port = 25;
    target->host_key = mem_strdup("Smtp:Host");
    target->host_layer = 1;
    target->host_line = 7;
    target->tried = mem_zalloc(sizeof *target->tried);
    target->ntried = 1;
    target->tried[0] =
        (struct tried){mem_strdup("Smtp:Host"), mem_strdup(HOSTILE), mem_strdup("x:7")};
}

static void make_sheet(void)
{
    options = (struct options){.program = "stella doctor"};
    session = (struct session){.settings = settings_new(), .vantage = mem_strdup("host " HOSTILE)};
    sheet = (struct sheet){.options = &options,
                           .session = &session,
                           .host = mem_strdup("web-1"),
                           .started = 1795546272,
                           .checks = mem_zalloc(CHECKS * sizeof *sheet.checks),
                           .results = mem_zalloc(CHECKS * sizeof *sheet.results),
                           .count = CHECKS,
                           .exit_status = EXIT_STATUS_UNKNOWN};
    add_phase(&add_result(0, OUTCOME_PASS, "Connected")->evidence, PHASE_CONNECT, STEP_OK, 1500);
    struct result *failed = add_result(1, OUTCOME_FAIL, HOSTILE);
    failed->evidence.failure = FAILURE_REFUSED;
    failed->evidence.failed_phase = PHASE_CONNECT;
    failed->evidence.error = ECONNREFUSED;
    add_attempt(failed, STEP_FAILED, ECONNREFUSED, 2000);
    add_sights(failed);
    add_phase(&failed->evidence, PHASE_CONNECT, STEP_FAILED, 2000);
    add_deeper(failed);
    add_target(failed);
    add_diagnosis(failed);
    add_result(2, OUTCOME_SKIP, "Not configured");
    add_result(3, OUTCOME_ERROR, "Cancelled")->evidence.failure = FAILURE_CANCELLED;
    for (size_t i = 0; i < CHECKS; i++)
        tally_add(&sheet.tally, sheet.results[i]);
    sheet.out = open_memstream(&text, &size);
}

static void clear_sheet(void)
{
    for (size_t i = 0; i < CHECKS; i++)
        result_free(sheet.results[i]);
    free(sheet.checks);
    free(sheet.results);
    free(sheet.host);
    free(session.vantage);
    settings_free(session.settings);
    free(text);
    text = NULL;
}

/* Writes the whole report into text. */
static void write_in(enum format format)
{
    const struct writer *writer = writer_find(format);

    if (writer->begin)
        writer->begin(&sheet);
    for (size_t i = 0; writer->event && i < CHECKS; i++)
        writer->event(&sheet, i, sheet.results[i]);
    for (size_t i = 0; writer->result && i < CHECKS; i++)
        if (sheet_shows(&sheet, sheet.results[i]))
            writer->result(&sheet, sheet.results[i]);
    writer->end(&sheet);
    ck_assert_int_eq(fclose(sheet.out), 0);
}

static void assert_says(const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "no %s in\n%s", part, text);
}

/* Each result's limit is there, between lead and tail. */
static void assert_limits(const char *lead, const char *tail)
{
    for (size_t i = 0; i < CHECKS; i++) {
        char *part = mem_printf("%slimit of %s %s", lead, checks[i].id, tail);
        assert_says(part);
        free(part);
    }
}

static size_t count_lines(void)
{
    size_t lines = 0;

    for (const char *p = text; (p = strchr(p, '\n')); p++)
        lines++;
    return lines;
}

START_TEST(test_json)
{
    write_in(FORMAT_JSON);
    json_t *run = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(run);
    ck_assert_str_eq(json_string_value(json_object_get(run, "started_at")), "2026-11-24T18:51:12Z");
    ck_assert_ptr_null(json_object_get(run, "rounds"));
    json_t *results = json_object_get(run, "results");
    ck_assert_uint_eq(json_array_size(results), CHECKS);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(results, 1), "summary")),
                     HOSTILE);
    assert_says("\"duration_ms\":1.5,\"timeout_ms\":5000,");
    assert_says("\"failure\":{\"kind\":\"refused\",\"phase\":\"connect\","
                "\"errno\":\"ECONNREFUSED\"}");
    assert_says("\"failure\":{\"kind\":\"cancelled\"}");
    assert_says("\"target\":{\"host\":\"mail.example\",\"port\":25,"
                "\"host_from\":{\"source\":1,\"line\":7}}");
    assert_says("\"attempts\":[{\"address\":\"2001:db8::1\",\"port\":25,\"status\":\"failed\","
                "\"errno\":\"ECONNREFUSED\",\"icmp\":{\"type\":1,\"code\":4,"
                "\"from\":\"2001:db8::fe\",\"local\":false},\"ms\":2,\"decisive\":true}]");
    assert_says("\"contrasts\":[{\"address\":\"2001:db8::1\",\"port\":443,"
                "\"answer\":\"silent\",\"ms\":3}]");
    assert_says("\"nameservers\":[{\"address\":\"192.0.2.53\",\"status\":\"no-such-name\","
                "\"a_silent\":false,\"aaaa_silent\":true,\"assumed\":false,\"ms\":7},"
                "{\"address\":\"127.0.0.1\",\"status\":\"silent\",\"a_silent\":false,"
                "\"aaaa_silent\":false,\"assumed\":true,\"ms\":8}]");
    assert_says("\"deeper\":{\"ms\":4000,\"phases\":[{\"name\":\"greeting\","
                "\"status\":\"ok\",\"ms\":4,\"detail\":\"220 a|b ");
    assert_says("{\"name\":\"ehlo-tls\",\"status\":\"timeout\",\"ms\":3996}],\"contrasts\":[],"
                "\"nameservers\":[]}");
    ck_assert_ptr_null(json_object_get(json_array_get(results, 0), "deeper"));
    assert_says("{\"id\":\"one\",\"rank\":1,\"text\":\"Cause ");
    assert_says("{\"text\":\"Other\",\"ruled_out\":\"not ");
    assert_says("\"findings\":[{\"id\":\"dead-address\",\"severity\":\"");
    assert_says("\"tags\":[\"one\",\"two\"]");
    json_decref(run);
}
END_TEST

START_TEST(test_json_problems)
{
    options.only_problems = true;
    options.until_pass = 3;
    sheet.rounds = 2;
    sheet.passes = 1;
    write_in(FORMAT_JSON);
    json_t *run = json_loads(text, 0, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(run, "results")), 2);
    assert_says("\"summary\":{\"pass\":1,\"fail\":1,\"skip\":1,\"error\":1,\"passed_with_warnings\":0}");
    assert_says("\"rounds\":{\"run\":2,\"passed_in_a_row\":1,\"wanted\":3}");
    json_decref(run);
}
END_TEST

/* The event that news of a run are told by, and only once. */
START_TEST(test_jsonl)
{
    const struct writer *writer = &write_jsonl;
    struct result *result = sheet.results[3];

    writer->begin(&sheet);
    add_phase(&result->evidence, PHASE_LOOKUP, STEP_RUNNING, 0);
    writer->event(&sheet, 3, result);
    writer->event(&sheet, 3, result);
    ck_assert_uint_eq(count_lines(), 2);
    assert_says("{\"event\":\"phase\",\"id\":\"check.error\",\"name\":\"lookup\","
                "\"status\":\"running\"}\n");
    result->evidence.phases[0].status = STEP_OK;
    result->evidence.phases[0].ended = 250;
    add_phase(&result->evidence, PHASE_CONNECT, STEP_RUNNING, 0);
    add_attempt(result, STEP_RUNNING, 0, 0);
    writer->event(&sheet, 3, result);
    ck_assert_uint_eq(count_lines(), 5);
    assert_says("\"name\":\"lookup\",\"status\":\"ok\",\"ms\":0.25}\n");
    writer->round(&sheet);
    writer->event(&sheet, 3, result);
    ck_assert_uint_eq(count_lines(), 9);
    writer->end(&sheet);
    fclose(sheet.out);
    ck_assert_uint_eq(count_lines(), 10);
    assert_says("{\"event\":\"round\",\"round\":1}\n");
}
END_TEST

START_TEST(test_jsonl_lines)
{
    json_t *line = NULL;
    size_t lines = 0;

    write_in(FORMAT_JSONL);
    for (char *p = strtok(text, "\n"); p; p = strtok(NULL, "\n"), lines++) {
        json_decref(line);
        line = json_loads(p, JSON_REJECT_DUPLICATES, NULL);
        ck_assert_ptr_nonnull(line);
    }
    ck_assert_str_eq(json_string_value(json_object_get(line, "event")), "end");
    ck_assert_uint_eq(lines, 2 + 5 + CHECKS);
    json_decref(line);
}
END_TEST

START_TEST(test_junit)
{
    write_in(FORMAT_JUNIT);
    assert_says("<testsuites name=\"stella doctor\" tests=\"4\" failures=\"1\" errors=\"1\" "
                "time=\"0.003500\">");
    assert_says("<testsuite name=\"first\" tests=\"2\" failures=\"0\" errors=\"0\" "
                "time=\"0.001500\" skipped=\"1\" timestamp=\"2026-11-24T18:51:12Z\" "
                "hostname=\"web-1\">");
    assert_says("<testcase classname=\"first\" name=\"check.pass\" time=\"0.001500\"><system-out>");
    assert_says("<skipped message=\"Not configured\"/><system-out>SKIP   check.skip");
    assert_limits("unproven -  ", "a|b `c` &lt;d&gt;");
    assert_says("<error type=\"cancelled\" message=\"Cancelled\">");
    assert_says("<failure type=\"refused\" message=\"a|b `c` &lt;d&gt; &amp; &quot;e&quot; 'f' \\g "
                "]]&gt; *h* {i} \xEF\xBF\xBD \xC3\xA4\">");
    assert_says("Cause a|b `c` &lt;d&gt;");
    ck_assert_ptr_null(strstr(text, "\xEF\xBF\xBE"));
}
END_TEST

/* The first line is what is looked at; behind it the problems come first. */
START_TEST(test_nagios)
{
    static const char *const order[] = {"\nfail check.fail: ", "\nfound dead-address (warn): found\n",
                                        "\ncause 1: Cause a\\x7cb ",
                                        "\n  because seen a\\x7cb ", "\nruled out: Other\n",
                                        "\n  since not a\\x7cb ",    "\nnot proven: limit of check.fail ",
                                        "\nerror check.error: Cancelled\n",
                                        "\nnot proven: limit of check.error ",
                                        "\npass check.pass: ",   "\nnot proven: limit of check.pass ",
                                        "\nskip check.skip: ",   "\nnot proven: limit of check.skip "};
    const char line[] = "DOCTOR UNKNOWN - 1 fail, 1 error, 1 skip, 1 pass: "
                        "check.fail, check.error | 'check.pass'=0.001500s;;;0.000000;5.000000"
                        " 'check.fail'=0.002000s;;;0.000000;5.000000\n";

    write_in(FORMAT_NAGIOS);
    ck_assert_int_eq(strncmp(text, line, strlen(line)), 0);
    const char *at = text;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const char *next = strstr(at, order[i]);
        ck_assert_msg(next != NULL, "no %s in its place in\n%s", order[i], text);
        at = next + 1;
    }
    ck_assert_ptr_null(strchr(text + strlen(line), '|'));
}
END_TEST

static const struct {
    int exit_status;
    const char *word;
} states[] = {{0, "OK"}, {1, "WARNING"}, {2, "CRITICAL"}, {3, "UNKNOWN"}, {130, "UNKNOWN"}};

/* One check: its name and summary. */
START_TEST(test_nagios_state)
{
    char line[256];

    sheet.count = 1;
    sheet.exit_status = states[_i].exit_status;
    free(sheet.results[0]->summary);
    sheet.results[0]->summary = mem_strdup("a|b\nc");
    write_nagios.end(&sheet);
    fclose(sheet.out);
    snprintf(line, sizeof line,
             "PASS %s - a\\x7cb c | time=0.001500s;;;0.000000;5.000000\n"
             "not proven: limit of check.pass a\\x7cb ",
             states[_i].word);
    ck_assert_int_eq(strncmp(text, line, strlen(line)), 0);
    ck_assert_uint_eq(count_lines(), 2);
}
END_TEST

START_TEST(test_prometheus)
{
    write_in(FORMAT_PROMETHEUS);
    assert_says("stella_doctor_check_up{id=\"check.pass\",plugin=\"first\"} 1\n"
                "stella_doctor_check_up{id=\"check.fail\",plugin=\"second\"} 0\n# HELP");
    assert_says("{id=\"check.skip\",plugin=\"first\",outcome=\"skip\"} 1\n");
    assert_says("{id=\"check.skip\",plugin=\"first\",outcome=\"error\"} 0\n");
    assert_says("check_duration_seconds{id=\"check.pass\",plugin=\"first\"} 0.001500\n");
    assert_says("\n# check.fail, one: because seen a|b `c` ");
    assert_says("check_cause_rank{id=\"check.fail\",plugin=\"second\",cause=\"one\"} 1\n"
                "# check.fail, Other: ruled out, not a|b `c` ");
    assert_says("check_cause_rank{id=\"check.fail\",plugin=\"second\",cause=\"Other\"} 0\n");
    ck_assert_ptr_null(strstr(strstr(text, "cause=\"Other\"") + 1, "cause=\"Other\""));
    assert_limits("text=\"", "a|b `c` <d> & \\\"e\\\" 'f' \\\\g ");
    assert_says("stella_doctor_run_timestamp_seconds 1795546272\n");
    assert_says("stella_doctor_run_exit_code 3\n");
    assert_says("vantage=\"host a|b `c` <d> & \\\"e\\\" 'f' \\\\g ]]>");
}
END_TEST

START_TEST(test_markdown)
{
    write_in(FORMAT_MARKDOWN);
    assert_says("# stella doctor: 1 pass, 1 fail, 1 skip, 1 error\n");
    assert_says("| fail | check.fail | fail | a\\|b \\`c\\` \\<d\\> \\& \"e\" 'f' \\\\g \\]\\]\\> "
                "\\*h\\* {i} ");
    assert_says("\n- **1.** Cause a\\|b ");
    assert_says("\n  - because seen a\\|b ");
    assert_says("\n- Other\n  - ruled out: not a\\|b ");
    assert_says("\n- dead-address: found\n  - fix: Take the address out of DNS, ");
    assert_says("\n- Smtp:Host = a\\|b ");
    assert_says("| 2001:db8::1 | 25 | failed | ECONNREFUSED | 2.0 ms |\n");
    assert_says("\n| phase | status | time | detail |\n|---|---|---:|---|\n"
                "| connect | failed | 2.0 ms |  |\n\n");
    assert_says("\n| digging deeper | status | time | detail |\n|---|---|---:|---|\n"
                "| greeting | ok | 4.0 ms | 220 a\\|b ");
    assert_says("| ehlo-tls | timeout | 3996.0 ms |  |\n\n"
                "ehlo-tls took 4.00 s of the 4.0 s\n");
    assert_says("## No verdict: check.error, E\n");
    assert_says("\n## Passed: check.pass, P\n\nNot proven:\n\n- limit of check.pass a\\|b ");
    assert_limits("\nNot proven:\n\n- ", "a\\|b ");
}
END_TEST

START_TEST(test_text)
{
    write_in(FORMAT_TEXT);
    assert_limits("\n       unproven -  ", "a|b ");
    assert_says("PASS   check.pass");
    assert_says("\n       phases   connect   failed   ");
    assert_says("\n       deeper   greeting  ok       ");
    assert_says("\n                ehlo-tls took 4.00 s of the 4.0 s\n");
    assert_says("1 pass, 1 fail, 1 skip, 1 error; seen from ");
}
END_TEST

static const struct {
    enum format format;
    const char *said;
} formats[] = {
    {FORMAT_TEXT, "\n       dns      192.0.2.53: no-such-name after 7 ms, no IPv6 answer in "
                  "8 ms\n                127.0.0.1 (resolv.conf names none): no answer yet "
                  "after 8 ms\n"},
    {FORMAT_JUNIT, "\n       dns      192.0.2.53: no-such-name after 7 ms, "},
    {FORMAT_MARKDOWN, "\nNameservers:\n\n- 192.0.2.53: no-such-name after 7 ms, no IPv6 answer "
                      "in 8 ms\n- 127.0.0.1 (resolv.conf names none): no answer yet"},
};

START_TEST(test_asked)
{
    sheet.results[1]->evidence.failed_phase = PHASE_LOOKUP;
    write_in(formats[_i].format);
    assert_says(formats[_i].said);
}
END_TEST

START_TEST(test_text_quiet)
{
    options.quiet = true;
    write_in(FORMAT_TEXT);
    assert_says("FAIL   check.fail");
    assert_says("ERROR  check.error");
    assert_says("\n       unproven -  limit of check.fail ");
    assert_says("\n       unproven -  limit of check.error ");
    ck_assert_ptr_null(strstr(text, "check.pass"));
    ck_assert_ptr_null(strstr(text, "causes"));
}
END_TEST

Suite *writers_suite(void)
{
    Suite *suite = suite_create("writers");
    TCase *tcase = tcase_create("formats");

    tcase_add_checked_fixture(tcase, use_decimal_points, NULL);
    tcase_add_checked_fixture(tcase, make_sheet, clear_sheet);
    tcase_add_test(tcase, test_json);
    tcase_add_test(tcase, test_json_problems);
    tcase_add_test(tcase, test_jsonl);
    tcase_add_test(tcase, test_jsonl_lines);
    tcase_add_test(tcase, test_junit);
    tcase_add_test(tcase, test_nagios);
    tcase_add_loop_test(tcase, test_nagios_state, 0, sizeof states / sizeof *states);
    tcase_add_test(tcase, test_prometheus);
    tcase_add_test(tcase, test_markdown);
    tcase_add_test(tcase, test_text);
    tcase_add_loop_test(tcase, test_asked, 0, sizeof formats / sizeof *formats);
    tcase_add_test(tcase, test_text_quiet);
    suite_add_tcase(suite, tcase);
    return suite;
}
