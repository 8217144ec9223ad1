#include "guide/incident.h"

#include "base/buf.h"
#include "base/mem.h"
#include "noted.h"
#include "suites.h"
#include "temporary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMTP "\"check\":\"check.smtp\""
#define WALK "\"walk\":\"w\"," SMTP
#define STEP "\"title\":\"Look\",\"step\":2,\"effect\":\"reads\",\"command\":\"ls\\nid\""

static void add_incident(void)
{
    noted_add("run", "03:02:11",
        SMTP ",\"same\":\"a\",\"outcome\":\"fail\",\"summary\":\"it <refused>\","
             "\"vantage\":\"host web-1\",\"evidence\":[\"Smtp:Host = m\"],"
             "\"findings\":[\"no-greeting: silent\"],\"causes\":["
             "{\"rank\":1,\"text\":\"Not running.\",\"because\":\"it refused\"},"
             "{\"rank\":0,\"text\":\"No route.\",\"ruled_out\":\"it answered\"}]");
    noted_add("run", "03:02:12",
        "\"check\":\"check.slack\",\"same\":\"b\",\"outcome\":\"fail\",\"summary\":\"no name\","
        "\"causes\":[{\"rank\":1,\"text\":\"Wrong URL.\"}]");
    noted_add("run", "03:02:13",
        "\"check\":\"check.teams\",\"same\":\"c\",\"outcome\":\"skip\",\"summary\":\"unset\"");
    noted_add("run-again", "03:10:00", SMTP ",\"same\":\"a\",\"outcome\":\"fail\",\"count\":7,"
                                      "\"first\":\"2026-11-24T03:03:00.000Z\"");
    noted_add("run-again", "03:40:09", SMTP ",\"same\":\"a\",\"outcome\":\"fail\"");
    noted_add("walk-began", "03:20:00", WALK ",\"platform\":\"compose\",\"why\":\"compose.yaml\"");
    noted_add("walk-began", "03:21:00", WALK ",\"platform\":\"compose\",\"why\":\"compose.yaml\"");
    noted_add("value", "03:21:10", WALK ",\"variable\":\"host\",\"value\":\"m\",\"source\":\"typed\"");
    noted_add("step-began", "03:22:00", WALK ",\"platform\":\"compose\"," STEP);
    noted_add("step-ended", "03:22:01", WALK ",\"platform\":\"compose\"," STEP
                                       ",\"end\":\"exit\",\"status\":0,\"duration_ms\":300,"
                                       "\"output\":\"x\\n\"");
    noted_add("step-began", "03:23:00", WALK ",\"platform\":\"compose\",\"title\":\"Restart\",\"step\":3,"
                                       "\"effect\":\"restarts\",\"command\":\"up\"");
    noted_add("run", "03:41:10", SMTP ",\"same\":\"d\",\"outcome\":\"pass\",\"summary\":\"connected\","
                               "\"evidence\":[\"told of failures alone\"],"
                               "\"findings\":[\"cert-expired: old\"]");
    noted_add("verified", "03:41:12", WALK ",\"passes\":3,\"rounds\":3,\"verdict\":\"fixed\","
                                     "\"before\":\"it refused\",\"after\":\"connected\"");
    noted_add("walk-ended", "03:41:12", WALK ",\"why\":\"fixed\"");
    noted_add("walk-began", "03:50:00", "\"walk\":\"only-opened\"," SMTP ",\"platform\":\"helm\"");
}

static void assert_printed(enum incident_format format, const char *wanted)
{
    char *text = noted_print(format);

    ck_assert_str_eq(text, wanted);
    free(text);
}

static const char markdown[] =
    "# Incident note of stella doctor 1.0\n"
    "\n"
    "- **FIXED, WITH cert-expired** check.smtp: it \\<refused\\>\n"
    "  - seen to fail from 2026-11-24T03:02:11Z to 2026-11-24T03:40:09Z (37 min), in 9 runs\n"
    "  - proof at 2026-11-24T03:41:12Z: fixed, 3 of 3 runs passed\n"
    "  - passes again since 2026-11-24T03:41:10Z\n"
    "  - found at 2026-11-24T03:41:10Z although it passed: cert-expired: old\n"
    "- **FAILING** check.slack: no name\n"
    "  - seen to fail at 2026-11-24T03:02:12Z, in one run\n"
    "- **SKIPPED** check.teams: unset\n"
    "\n"
    "What the journal has from 2026-11-24T00:00:00Z to 2026-11-24T04:00:00Z, seen from "
    "host web-1. Times are UTC.\n"
    "\n"
    "## What was seen\n"
    "\n"
    "- 2026-11-24T03:02:11Z: fail check.smtp: it \\<refused\\>\n"
    "  - the same 8 more times, until 2026-11-24T03:40:09Z\n"
    "  - Smtp:Host = m\n"
    "  - found: no-greeting: silent\n"
    "- 2026-11-24T03:02:12Z: fail check.slack: no name\n"
    "- 2026-11-24T03:41:10Z: pass check.smtp: connected\n"
    "  - found: cert-expired: old\n"
    "\n"
    "## Causes of check.smtp, the most likely first\n"
    "\n"
    "- 1\\. Not running. Because it refused.\n"
    "- ruled out: No route. (it answered)\n"
    "\n"
    "## Causes of check.slack, the most likely first\n"
    "\n"
    "- 1\\. Wrong URL.\n"
    "\n"
    "## What was done\n"
    "\n"
    "- 2026-11-24T03:20:00Z: walkthrough of check.smtp for compose: compose.yaml\n"
    "- 2026-11-24T03:21:10Z: host = m (typed)\n"
    "- 2026-11-24T03:22:00Z: step 2 ran: Look (reads)\n"
    "  ```\n"
    "  ls\n"
    "  id\n"
    "  ```\n"
    "  - ended: exit status 0 after 0.3 s\n"
    "  ```\n"
    "  x\n"
    "  ```\n"
    "- 2026-11-24T03:23:00Z: step 3 ran: Restart (restarts)\n"
    "  ```\n"
    "  up\n"
    "  ```\n"
    "  - no end was seen\n"
    "\n"
    "## Proof\n"
    "\n"
    "- 2026-11-24T03:41:12Z: check.smtp: fixed, 3 of 3 runs passed\n"
    "  - before: it refused\n"
    "  - after: connected\n";

START_TEST(prints_markdown)
{
    add_incident();
    noted_read(0, 4);
    assert_printed(INCIDENT_MARKDOWN, markdown);
}
END_TEST

/* What the note says is in the JSON too, to be found by name. */
static const char json_checks[] =
    "[{\"check\":\"check.smtp\",\"state\":\"fixed-not-verified-since\","
    "\"title\":\"FIXED, NOT VERIFIED SINCE, WITH cert-expired\",\"summary\":\"it <refused>\","
    "\"first_failed\":\"2026-11-24T03:02:11.000Z\",\"last_failed\":\"2026-11-24T03:40:09.000Z\","
    "\"failed_runs\":9,\"failures\":1,\"passes_since\":\"2026-11-24T03:41:10.000Z\","
    "\"evidence\":[\"Smtp:Host = m\"],\"findings\":[\"no-greeting: silent\"],\"causes\":["
    "{\"rank\":1,\"text\":\"Not running.\",\"because\":\"it refused\"},"
    "{\"rank\":0,\"text\":\"No route.\",\"ruled_out\":\"it answered\"}],"
    "\"proof\":{\"time\":\"2026-11-24T03:41:12.000Z\",\"verdict\":\"fixed\",\"passes\":3,"
    "\"rounds\":3,\"before\":\"it refused\",\"after\":\"connected\","
    "\"changed_since\":\"2026-11-24T03:51:00.000Z\"},\"warnings\":[\"cert-expired: old\"]},"
    "{\"check\":\"check.slack\",\"state\":\"failing\",\"title\":\"FAILING\","
    "\"summary\":\"no name\",\"first_failed\":\"2026-11-24T03:02:12.000Z\","
    "\"last_failed\":\"2026-11-24T03:02:12.000Z\",\"failed_runs\":1,\"failures\":1,"
    "\"evidence\":[],\"findings\":[],\"causes\":[{\"rank\":1,\"text\":\"Wrong URL.\"}]},"
    "{\"check\":\"check.teams\",\"state\":\"skipped\",\"title\":\"SKIPPED\","
    "\"summary\":\"unset\"}]";

static const char json_done[] =
    "[{\"time\":\"2026-11-24T03:20:00.000Z\",\"text\":\"walkthrough of check.smtp for compose: "
    "compose.yaml\",\"check\":\"check.smtp\"},"
    "{\"time\":\"2026-11-24T03:21:10.000Z\",\"text\":\"host = m (typed)\","
    "\"check\":\"check.smtp\"},"
    "{\"time\":\"2026-11-24T03:22:00.000Z\",\"text\":\"step 2 ran: Look (reads)\","
    "\"command\":\"ls\\nid\",\"details\":[\"ended: exit status 0 after 0.3 s\"],"
    "\"output\":\"x\\n\",\"check\":\"check.smtp\"},"
    "{\"time\":\"2026-11-24T03:23:00.000Z\",\"text\":\"step 3 ran: Restart (restarts)\","
    "\"command\":\"up\",\"details\":[\"no end was seen\"],\"check\":\"check.smtp\"},"
    "{\"time\":\"2026-11-24T03:51:00.000Z\",\"text\":\"step 9 ran: \","
    "\"details\":[\"no end was seen\"],\"check\":\"check.smtp\"}]";

static void assert_member(const json_t *note, const char *name, const char *wanted)
{
    char *text = json_dumps(json_object_get(note, name), JSON_COMPACT | JSON_ENCODE_ANY);

    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(json_says_what_the_note_says)
{
    add_incident();
    noted_add("step-began", "03:51:00", WALK ",\"step\":9");
    noted_read(0, 4);
    char *text = noted_print(INCIDENT_JSON);
    json_t *note = json_loads(text, 0, NULL);
    assert_member(note, "since", "\"2026-11-24T00:00:00.000Z\"");
    assert_member(note, "vantage", "\"host web-1\"");
    assert_member(note, "headline",
                  "[\"FIXED, NOT VERIFIED SINCE, WITH cert-expired  check.smtp: it <refused>\","
                  "\"FAILING  check.slack: no name\",\"SKIPPED  check.teams: unset\"]");
    assert_member(note, "checks", json_checks);
    assert_member(note, "done", json_done);
    assert_member(note, "proofs",
                  "[{\"time\":\"2026-11-24T03:41:12.000Z\",\"text\":\"check.smtp: fixed, 3 of 3 "
                  "runs passed\",\"check\":\"check.smtp\",\"details\":[\"before: it refused\","
                  "\"after: connected\"]}]");
    json_decref(note);
    free(text);
}
END_TEST

/* What was proved before is not what is there now, unless one only looked. */
START_TEST(says_what_was_done_after_the_proof)
{
    add_incident();
    noted_add("step-began", "03:42:00", WALK ",\"platform\":\"compose\"," STEP);
    noted_read(0, 4);
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "FIXED, WITH cert-expired  check.smtp: it <refused>\n"));
    ck_assert_ptr_null(strstr(text, "after that proof"));
    free(text);
    noted_add("step-began", "03:43:00", "\"walk\":\"other\",\"check\":\"check.slack\","
                                  "\"step\":3,\"effect\":\"restarts\"");
    noted_add("step-began", "03:44:00", WALK ",\"step\":3,\"effect\":\"restarts\"");
    noted_read(0, 4);
    text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "FIXED, NOT VERIFIED SINCE, WITH cert-expired  "
                                       "check.smtp: it <refused>\n"));
    ck_assert_ptr_nonnull(strstr(text, "after that proof more was done, the last at "
                                       "2026-11-24T03:44:00Z: not verified since\n"));
    free(text);
    noted_add("verified", "03:45:00", WALK ",\"passes\":3,\"rounds\":3,\"verdict\":\"fixed\"");
    noted_read(0, 4);
    text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "FIXED, WITH cert-expired  check.smtp: it <refused>\n"));
    free(text);
}
END_TEST

/* Begun anew it is another walkthrough, and says so; another program's is not. */
START_TEST(says_what_was_begun_anew)
{
    noted_add("walk-began", "03:20:00", WALK ",\"platform\":\"compose\"");
    noted_add("step-skipped", "03:21:00", WALK ",\"step\":1");
    noted_add("walk-ended", "03:22:00", WALK ",\"why\":\"begun anew\"");
    noted_add("walk-began", "03:22:00", "\"walk\":\"v\"," SMTP ",\"platform\":\"compose\"");
    noted_add("step-skipped", "03:23:00", "\"walk\":\"v\"," SMTP ",\"step\":1");
    noted_read(0, 4);
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "03:20:00Z  walkthrough of check.smtp for compose\n"));
    ck_assert_ptr_nonnull(strstr(text, "03:22:00Z  walkthrough of check.smtp begun anew for "
                                       "compose\n"));
    free(text);
}
END_TEST

static const char text_of_the_middle[] =
    "Incident note of stella doctor 1.0\n"
    "\n"
    "FAILING  check.smtp: it <refused>\n"
    "    seen to fail from 2026-11-24T03:02:11Z to 2026-11-24T03:40:09Z (37 min), in 9 runs\n"
    "What the journal has from 2026-11-24T03:00:00Z to 2026-11-24T03:41:00Z, seen from "
    "host web-1. Times are UTC.\n"
    "\n"
    "What was seen\n"
    "  2026-11-24T03:02:11Z  fail check.smtp: it <refused>\n"
    "    the same 8 more times, until 2026-11-24T03:40:09Z\n"
    "    Smtp:Host = m\n"
    "    found: no-greeting: silent\n"
    "\n"
    "Causes of check.smtp, the most likely first\n"
    "  1. Not running. Because it refused.\n"
    "  ruled out: No route. (it answered)\n"
    "\n"
    "What was done\n"
    "Nothing.\n"
    "\n"
    "Proof\n"
    "None: no fix was verified.\n";

/* A failure that began before the period, and goes on in it, is told whole. */
START_TEST(prints_a_part)
{
    add_incident();
    noted_read_until(3 * NOTED_HOUR_MS + 40 * 60000, 3 * NOTED_HOUR_MS + 41 * 60000);
    noted_incident()->since_ms = NOTED_MIDNIGHT_MS + 3 * NOTED_HOUR_MS; /* shown as a whole hour */
    assert_printed(INCIDENT_TEXT, text_of_the_middle);
}
END_TEST

#define FAILS ",\"outcome\":\"fail\",\"summary\":\"refused\""
#define DUG(found) SMTP ",\"deeper\":\"" found "\"" FAILS ",\"findings\":[\"" found "\"]"

/* What digging added stands in its run; the same again is counted, another thing is told. */
START_TEST(tells_of_digging_once)
{
    noted_add("run", "03:00:00", SMTP ",\"same\":\"a\"" FAILS);
    noted_add("run-deeper", "03:00:02", DUG("dns-slow: 2 s"));
    noted_add("run-again", "03:01:00", SMTP ",\"same\":\"a\",\"outcome\":\"fail\"");
    noted_add("deeper-again", "03:01:02", SMTP ",\"deeper\":\"dns-slow: 2 s\"");
    noted_add("run-again", "03:02:00", SMTP ",\"same\":\"a\",\"outcome\":\"fail\"");
    noted_add("run-again", "03:03:00", SMTP ",\"same\":\"a\",\"outcome\":\"fail\"");
    noted_add("run-deeper", "03:03:02", DUG("dead-address: one"));
    noted_read(0, 4);
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "to 2026-11-24T03:03:00Z (3 min), in 4 runs"));
    ck_assert_ptr_nonnull(strstr(text, "03:00:00Z  fail check.smtp: refused\n"
                                       "    the same 2 more times, until 2026-11-24T03:02:00Z\n"
                                       "    found: dns-slow: 2 s\n"
                                       "  2026-11-24T03:03:00Z  fail check.smtp: refused\n"
                                       "    found: dead-address: one\n"));
    free(text);
}
END_TEST

/* Where a check comes and goes only the first changes and the last are told. */
START_TEST(leaves_many_changes_out)
{
    enum { CHANGES = 60 };

    for (int i = 0; i < CHANGES; i++) {
        char *moment = mem_printf("03:%02d:00", i);
        char *members = mem_printf(
            SMTP ",\"same\":\"%d\",\"outcome\":\"%s\",\"summary\":\"run %d\"", i % 2,
            i % 2 ? "pass" : "fail", i);
        noted_add("run", moment, members);
        free(moment);
        free(members);
    }
    noted_read(0, 4);
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "PASSES AGAIN  check.smtp: run 58"));
    ck_assert_ptr_nonnull(strstr(text, "this was the last of 30 failures in this period"));
    ck_assert_ptr_nonnull(strstr(text, "03:02:00Z  fail check.smtp: run 2\n"));
    ck_assert_ptr_nonnull(strstr(text, "03:03:00Z  check.smtp: 48 changes from here on"));
    ck_assert_ptr_null(strstr(text, ": run 3\n"));
    ck_assert_ptr_null(strstr(text, ": run 50\n"));
    ck_assert_ptr_nonnull(strstr(text, "03:51:00Z  pass check.smtp: run 51\n"));
    free(text);
    noted_read(0, 4);
    char *json = noted_print(INCIDENT_JSON);
    ck_assert_ptr_nonnull(strstr(json, "run 30"));
    free(json);
}
END_TEST

START_TEST(prints_many_actions_briefly)
{
    enum { STEPS = 400 };

    for (int i = 1; i <= STEPS; i++) {
        char *members = mem_printf(WALK ",\"title\":\"step\",\"step\":%d", i);
        noted_add("step-skipped", "03:00:00", members);
        free(members);
    }
    noted_read(0, 4);
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "the last 300 events are here, 100 before them"));
    ck_assert_ptr_null(strstr(text, "step 100 skipped"));
    ck_assert_ptr_nonnull(strstr(text, "step 101 skipped"));
    ck_assert_ptr_nonnull(strstr(text, "No check was run in that time."));
    free(text);
    noted_read(0, 4);
    text = noted_print(INCIDENT_JSON);
    ck_assert_ptr_nonnull(strstr(text, "\"done_left_out\": 100"));
    free(text);
}
END_TEST

/* What no event of ours says, and what the schema of the report does not allow, is no event:
 * it is counted. */
static const char *const unfit[] = {
    SMTP ",\"outcome\":\"great\",\"summary\":\"x\"",
    SMTP ",\"outcome\":\"\",\"summary\":\"x\"",
    SMTP ",\"outcome\":\"fail skip\",\"summary\":\"x\"",
    SMTP ",\"summary\":\"x\"",
};

START_TEST(counts_what_is_no_event)
{
    noted_add("run", "03:00:00", unfit[_i]);
    noted_add("step-skipped", "03:00:00", WALK ",\"step\":0");
    noted_add("step-skipped", "03:00:00", WALK ",\"step\":1,\"effect\":\"burns\"");
    noted_read(0, 4);
    char *json = noted_print(INCIDENT_JSON);
    ck_assert_ptr_nonnull(strstr(json, "\"skipped\": 3"));
    ck_assert_ptr_nonnull(strstr(json, "\"events\": []"));
    free(json);
}
END_TEST

/* Written by hand, with blanks and another order. */
START_TEST(reads_any_json)
{
    noted_puts("{ \"pid\": 1, \"check\": \"check.smtp\", \"outcome\": \"fail\", "
                       "\"summary\": \"by hand\", \"time\": \"2026-11-24T03:00:00.000Z\", "
                       "\"kind\": \"run\" }\n");
    noted_read(0, 4);
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "FAILING  check.smtp: by hand"));
    free(text);
}
END_TEST

START_TEST(says_that_there_is_nothing)
{
    noted_read(0, 4);
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "Nothing was run in that time."));
    free(text);
}
END_TEST

START_TEST(says_that_there_is_no_home)
{
    unsetenv("HOME");
    unsetenv("XDG_STATE_HOME");
    ck_assert(incident_read(noted_incident(), NULL, 0, 0, NULL));
    char *text = noted_print(INCIDENT_TEXT);
    ck_assert_ptr_nonnull(strstr(text, "There is no journal: neither XDG_STATE_HOME nor HOME"));
    free(text);
}
END_TEST

Suite *incident_suite(void)
{
    Suite *suite = suite_create("incident");
    TCase *tcase = tcase_create("notes");

    tcase_add_checked_fixture(tcase, noted_setup, noted_teardown);
    tcase_add_test(tcase, prints_markdown);
    tcase_add_test(tcase, json_says_what_the_note_says);
    tcase_add_test(tcase, says_what_was_done_after_the_proof);
    tcase_add_test(tcase, says_what_was_begun_anew);
    tcase_add_test(tcase, prints_a_part);
    tcase_add_test(tcase, tells_of_digging_once);
    tcase_add_test(tcase, leaves_many_changes_out);
    tcase_add_test(tcase, prints_many_actions_briefly);
    tcase_add_loop_test(tcase, counts_what_is_no_event, 0, sizeof unfit / sizeof *unfit);
    tcase_add_test(tcase, reads_any_json);
    tcase_add_test(tcase, says_that_there_is_nothing);
    tcase_add_test(tcase, says_that_there_is_no_home);
    suite_add_tcase(suite, tcase);
    return suite;
}
