#include "guide/walk.h"

#include "base/file.h"
#include "base/mem.h"
#include "guide/resume.h"
#include "numeric.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

static struct session session;
static struct journal *journal;
static struct walk *walk;
static char *source, *directory;

static void setup(void)
{
    struct error err = {0};

    use_decimal_points();
    const char *folder = temporary_directory();
    ck_assert_int_eq(chdir(folder), 0);
    source = mem_printf("env-file:%s", temporary_file(".env", "Smtp__Host=old.example\n"));
    directory = mem_printf("%s/state", folder);
    temporary_file("compose.yaml", "services:\n");
    const char *const sources[] = {source};
    ck_assert_msg(session_open(&session, &(struct session_options){.sources = sources,
                                                                   .nsources = 1}, &err),
                  "%s", err.text);
    session.options.sources = NULL; /* each test sets it for as long as its array lives */
    session.options.nsources = 0;
    journal = journal_open(directory, &err);
    ck_assert_msg(journal != NULL, "%s", err.text);
}

static void teardown(void)
{
    walk_close(walk);
    walk = NULL;
    journal_close(journal);
    session_close(&session);
    free(source);
    free(directory);
    ck_assert_int_eq(chdir("/"), 0);
    temporary_remove();
}

static void open_walk(enum platform platform)
{
    static const char *sources[1];
    struct error err = {0};

    sources[0] = source;
    session.options.sources = sources;
    session.options.nsources = 1;
    walk = walk_open(&(struct walk_options){
        .session = &session, .journal = journal, .directory = directory,
        .check = catalog_find(session.catalog, "check.integration.smtp"), .platform = platform},
        &err);
    ck_assert_msg(walk != NULL, "%s", err.text);
}

static void turn_to(const char *title)
{
    while (walk_turn(walk, -1))
        continue;
    while (strncmp(walk_page(walk)->command->title, title, strlen(title)) != 0)
        ck_assert_msg(walk_turn(walk, 1), "no step %s", title);
}

static void assert_has(const char *text, const char *part)
{
    ck_assert_msg(text && strstr(text, part), "\"%s\" is not in \"%s\"", part, text ? text : "");
}

static void answer_all(void)
{
    ck_assert(walk_answer(walk, "host", "new.example", NULL));
    ck_assert(walk_answer(walk, "port", "2525", NULL));
    ck_assert(walk_answer(walk, "tls", "false", NULL));
}

/* What only looks gets what is in force, what changes something what is wanted. */
START_TEST(test_values)
{
    open_walk(PLATFORM_COMPOSE);
    turn_to("Test TCP from inside");
    assert_has(walk_page(walk)->text, "old.example 587");
    ck_assert_uint_eq(walk_page(walk)->nvalues, 2);
    assert_has(walk_page(walk)->values[0].from, "Smtp:Host, ");
    ck_assert_ptr_null(walk_page(walk)->blocked);
    ck_assert_ptr_null(walk_page(walk)->asks);
    turn_to("Set host, port");
    ck_assert_str_eq(walk_page(walk)->asks, "host");
    ck_assert_ptr_nonnull(walk_page(walk)->blocked);
    ck_assert_str_eq(walk_proposal(walk, "host"), "old.example");
    struct error err = {0};
    ck_assert(!walk_answer(walk, "host", "a b", &err));
    assert_has(err.text, "contains a blank");
    answer_all();
    ck_assert_ptr_null(walk_page(walk)->asks);
    assert_has(walk_page(walk)->text, "Smtp__Host=new.example Smtp__Port=2525");
    ck_assert_uint_eq(walk_page(walk)->nspans, 3);
}
END_TEST

static const struct {
    enum platform platform;
    const char *step, *text;
} tls_steps[] = {
    {PLATFORM_COMPOSE, "Set host, port", "Smtp__UseSsl=false\n"},
    {PLATFORM_SYSTEMD, "Edit /etc/stellaops/appsettings.Production.json", "\"UseSsl\": false\n"},
    {PLATFORM_HELM, "Edit values.yaml", "useSsl: false\n"},
};

/* A server without TLS keeps its mail. */
START_TEST(test_tls)
{
    open_walk(tls_steps[_i].platform);
    turn_to(tls_steps[_i].step);
    assert_has(walk_page(walk)->blocked, "not answered yet");
    answer_all();
    ck_assert_ptr_null(walk_page(walk)->blocked);
    assert_has(walk_page(walk)->text, tls_steps[_i].text);
}
END_TEST

START_TEST(test_platform)
{
    open_walk(PLATFORMS);
    ck_assert_int_eq(walk_platform(walk), PLATFORM_COMPOSE);
    assert_has(walk_why(walk), "Compose: ");
    walk_set_platform(walk, PLATFORM_HELM);
    ck_assert_str_eq(walk_why(walk), "chosen by hand");
    turn_to("Look at what the release");
    walk_skip(walk);
    walk_set_platform(walk, PLATFORM_COMPOSE);
    walk_set_platform(walk, PLATFORM_HELM);
    ck_assert_uint_eq(walk_page(walk)->number, 2);
}
END_TEST

START_TEST(test_alternatives)
{
    open_walk(PLATFORM_COMPOSE);
    turn_to("Test it from the platform");
    ck_assert_uint_eq(walk_page(walk)->step->ncommands, 3);
    walk_choose(walk);
    assert_has(walk_page(walk)->text, "nc -z -w 5 old.example 587");
    walk_choose(walk);
    walk_choose(walk);
    ck_assert_uint_eq(walk_page(walk)->choice, 0);
}
END_TEST

/* What was edited may do anything. */
START_TEST(test_edit)
{
    open_walk(PLATFORM_COMPOSE);
    turn_to("Look at");
    ck_assert_int_eq(walk_page(walk)->effect, EFFECT_READS);
    walk_edit(walk, "rm .env");
    ck_assert_str_eq(walk_page(walk)->text, "rm .env");
    ck_assert(walk_page(walk)->edited);
    ck_assert_int_eq(walk_page(walk)->effect, EFFECT_CHANGES_CONFIG);
    walk_edit(walk, NULL);
    ck_assert_int_eq(walk_page(walk)->effect, EFFECT_READS);
    turn_to("Recreate");
    walk_edit(walk, "true");
    ck_assert_int_eq(walk_page(walk)->effect, EFFECT_RESTARTS);
    ck_assert_str_eq(walk_consent(EFFECT_READS), "y");
    ck_assert_str_eq(walk_consent(EFFECT_CHANGES_CONFIG), "y");
    ck_assert_str_eq(walk_consent(EFFECT_RESTARTS), "restarts");
    ck_assert_str_eq(walk_consent(EFFECT_LOSES_DATA), "loses-data");
}
END_TEST

static const struct {
    struct child_end end;
    const char *outcome;
    bool went_well;
} ends[] = {
    {{.status = 0, .took_us = 1500000}, "exit status 0 after 1.5 s", true},
    {{.status = 3}, "exit status 3", false},
    {{.status = -1, .signal = 9}, "ended by signal 9 (KILL)", false},
    {{.status = -1, .signal = 15, .timed_out = true}, "time limit", false},
    {{.status = -1, .signal = 2, .interrupted = true}, "interrupted", false},
    {{.status = -1, .stopped = true}, "stopped, and ended by us", false},
    {{.status = -1, .alive = true}, "left running", false},
};

START_TEST(test_outcomes)
{
    open_walk(PLATFORM_COMPOSE);
    walk_run_begins(walk);
    ck_assert_int_eq(walk_page(walk)->state, WALK_RUNNING);
    walk_run_ended(walk, &ends[_i].end, "line\n");
    ck_assert_int_eq(walk_page(walk)->state, WALK_RAN);
    assert_has(walk_page(walk)->outcome, ends[_i].outcome);
    ck_assert_int_eq(walk_page(walk)->went_well, ends[_i].went_well);
    ck_assert_str_eq(walk_page(walk)->output, "line\n");
}
END_TEST

/* As after kill -9: what began and nobody saw end is not called done. */
START_TEST(test_goes_on)
{
    open_walk(PLATFORM_COMPOSE);
    turn_to("Look at");
    walk_run_begins(walk);
    walk_run_ended(walk, &(struct child_end){0}, NULL);
    turn_to("Test TCP");
    walk_copied(walk, "copied to nowhere");
    turn_to("Set host");
    answer_all();
    walk_run_begins(walk);
    walk_close(walk);
    open_walk(PLATFORMS);
    assert_has(walk_note(walk), "going on");
    ck_assert_uint_eq(walk_page(walk)->number, 4);
    turn_to("Look at");
    ck_assert_int_eq(walk_page(walk)->state, WALK_RAN);
    ck_assert(walk_page(walk)->went_well);
    turn_to("Test TCP");
    ck_assert_int_eq(walk_page(walk)->state, WALK_COPIED);
    turn_to("Set host");
    ck_assert_int_eq(walk_page(walk)->state, WALK_INTERRUPTED);
    assert_has(walk_page(walk)->text, "Smtp__Host=new.example");
}
END_TEST

/* A here-document may need the tabs of a command that was edited. */
START_TEST(test_edit_goes_on)
{
    static const char command[] = "cat <<-E\n\ta\n\tE";

    open_walk(PLATFORM_COMPOSE);
    turn_to("Look at");
    walk_edit(walk, command);
    walk_close(walk);
    open_walk(PLATFORMS);
    turn_to("Look at");
    ck_assert_str_eq(walk_page(walk)->text, command);
}
END_TEST

static struct result *make_result(enum outcome outcome)
{
    struct result *result = mem_zalloc(sizeof *result);

    result->check = walk_check(walk);
    result->outcome = outcome;
    result->summary = mem_strdup(outcome == OUTCOME_PASS ? "It passed" : "It failed");
    return result;
}

static const struct {
    const char *rounds; /* p and f */
    enum walk_verdict verdict;
    const char *after;
} proofs[] = {
    {"ppp", WALK_FIXED, "It passed"},
    {"fff", WALK_FAILING, "It failed"},
    {"pfp", WALK_FLAKY, "passed in 2 of 3 runs; the last that failed: It failed"},
    {"fpp", WALK_FLAKY, "passed in 2 of 3 runs; the last that failed: It failed"},
    {"ppf", WALK_FLAKY, "passed in 2 of 3 runs; the last that failed: It failed"},
};

START_TEST(test_proof)
{
    enum walk_verdict verdict = WALK_VERIFYING;

    open_walk(PLATFORM_COMPOSE);
    walk_verify(walk);
    for (const char *round = proofs[_i].rounds; *round; round++) {
        ck_assert_int_eq(verdict, WALK_VERIFYING);
        struct result *result = make_result(*round == 'p' ? OUTCOME_PASS : OUTCOME_FAIL);
        verdict = walk_verify_take(walk, result);
        result_free(result);
    }
    ck_assert_int_eq(verdict, proofs[_i].verdict);
    ck_assert_str_eq(walk_proof(walk)->after, proofs[_i].after);
    ck_assert(!walk_proof(walk)->dated);
    /* What is fixed has ended: the next walkthrough begins anew. */
    struct resume resume;
    size_t skipped = 0;
    bool goes_on = resume_find(&resume, directory, "check.integration.smtp", &skipped, NULL);
    ck_assert_int_eq(goes_on, verdict != WALK_FIXED);
    resume_clear(&resume);
}
END_TEST

static char *read_env(void)
{
    char *text;
    size_t len;

    ck_assert(file_read(".env", &text, &len, NULL));
    return text;
}

START_TEST(test_undo)
{
    struct error err = {0};
    struct undo_told told;

    open_walk(PLATFORM_COMPOSE);
    ck_assert(!walk_undo(walk, true, &told, &err));
    turn_to("Set host");
    answer_all();
    walk_run_begins(walk);
    temporary_file(".env", "Smtp__Host=new.example\n");
    walk_run_ended(walk, &(struct child_end){0}, NULL);
    ck_assert_pstr_eq(walk_note(walk), NULL);
    turn_to("Test TCP");
    assert_has(walk_page(walk)->text, "new.example 587");
    assert_has(walk_undoable(walk), "/.env");
    char *wanted = mem_printf("copied to nowhere; before that: undone: %s is as it was",
                              walk_undoable(walk));
    ck_assert_msg(walk_undo(walk, false, &told, &err), "%s", err.text);
    char *text = read_env();
    ck_assert_str_eq(text, "Smtp__Host=old.example\n");
    ck_assert_ptr_null(walk_undoable(walk));
    assert_has(walk_page(walk)->text, "old.example 587");
    free(text);
    turn_to("Set host");
    for (int i = 0; i < 2; i++) {
        walk_copied(walk, "copied to nowhere");
        ck_assert_str_eq(walk_page(walk)->outcome, wanted);
    }
    free(wanted);
}
END_TEST

/* From below the project: its steps run in it, and change its file. */
START_TEST(test_directory)
{
    char *folder = getcwd(NULL, 0), *where = mem_printf("in %s", folder);
    struct undo_told told;

    temporary_file("sub/other", "");
    ck_assert_int_eq(chdir("sub"), 0);
    open_walk(PLATFORM_COMPOSE);
    ck_assert_str_eq(walk_page(walk)->directory, folder);
    ck_assert_str_eq(walk_page(walk)->where, where);
    walk_copied(walk, "copied to nowhere");
    assert_has(walk_page(walk)->outcome, "copied to nowhere; to be run in /");
    turn_to("Set host");
    answer_all();
    walk_run_begins(walk);
    temporary_file(".env", "Smtp__Host=new.example\n");
    walk_run_ended(walk, &(struct child_end){0}, NULL);
    assert_has(walk_undoable(walk), "/.env");
    ck_assert(walk_undo(walk, false, &told, NULL));
    walk_set_platform(walk, PLATFORM_SYSTEMD);
    ck_assert_ptr_null(walk_page(walk)->directory);
    ck_assert_ptr_null(walk_page(walk)->where);
    ck_assert_int_eq(chdir(folder), 0);
    char *text = read_env();
    ck_assert_str_eq(text, "Smtp__Host=old.example\n");
    free(text);
    free(where);
    free(folder);
}
END_TEST

/* Without a home there is no journal, and all else goes on. */
START_TEST(test_without_journal)
{
    struct journal *kept = journal;
    char *state = directory;

    journal = NULL;
    directory = NULL;
    open_walk(PLATFORM_COMPOSE);
    turn_to("Set host");
    answer_all();
    walk_run_begins(walk);
    assert_has(walk_note(walk), "no copy of .env is kept but what the step itself keeps: there is no "
                                "directory for it");
    walk_run_ended(walk, &(struct child_end){0}, NULL);
    walk_skip(walk);
    journal = kept;
    directory = state;
}
END_TEST

/* A disk without room for a copy is told of before the step is agreed to. */
START_TEST(test_no_room_for_a_copy)
{
    struct statvfs disk;

    open_walk(PLATFORM_COMPOSE);
    turn_to("Set host");
    ck_assert_ptr_null(walk_refuse_copy(walk));
    ck_assert_int_eq(statvfs(directory, &disk), 0);
    off_t more = (off_t)(disk.f_bavail * disk.f_frsize) * 2;
    ck_assert_int_eq(truncate(".env", more), 0);
    char *refusal = walk_refuse_copy(walk);
    ck_assert_pstr_eq(refusal, "no copy of .env can be kept: No space left on device");
    free(refusal);
}
END_TEST

/* Nobody chose the platform whose steps are shown for want of others. */
START_TEST(test_platform_without_steps)
{
    struct error err = {0};
    struct check check = *catalog_find(session.catalog, "check.integration.smtp");

    check.article_text = "---\ncheckId: check.a\nplugin: p\nseverity: warn\ntags: [a]\n---\n# T\n"
                         "## How to Fix\n### Kubernetes / Helm\n```bash\n# Look\nls\n```\n"
                         "## Verification\n";
    check.article_len = strlen(check.article_text);
    check.article_path = NULL;
    for (int wanted = PLATFORM_COMPOSE; wanted <= PLATFORMS; wanted++) {
        walk_close(walk);
        walk = walk_open(&(struct walk_options){.session = &session, .check = &check,
                                                .platform = (enum platform)wanted}, &err);
        ck_assert_msg(walk != NULL, "%s", err.text);
        ck_assert_int_eq(walk_platform(walk), PLATFORM_HELM);
        assert_has(walk_why(walk), wanted == PLATFORM_HELM ? "chosen by hand"
                                   : wanted == PLATFORM_SYSTEMD
                                       ? "no steps for Bare Metal / systemd: these are those for "
                                         "Kubernetes / Helm"
                                       : "no steps for Docker Compose: these are those for ");
    }
}
END_TEST

/* It was chosen another time, by hand or by what there was to be seen then. */
START_TEST(test_platform_of_before)
{
    open_walk(PLATFORM_HELM);
    ck_assert_str_eq(walk_why(walk), "chosen by hand");
    walk_close(walk);
    open_walk(PLATFORMS);
    ck_assert_int_eq(walk_platform(walk), PLATFORM_HELM);
    ck_assert_str_eq(walk_why(walk), "as this walkthrough was left");
    walk_set_platform(walk, PLATFORM_COMPOSE);
    assert_has(walk_why(walk), "Compose: ");
}
END_TEST

START_TEST(test_no_steps)
{
    struct error err = {0};
    struct check check = *catalog_find(session.catalog, "check.integration.smtp");

    check.article_text = "---\ncheckId: check.a\nplugin: p\nseverity: warn\ntags: [a]\n---\n# T\n";
    check.article_len = strlen(check.article_text);
    check.article_path = NULL;
    ck_assert_ptr_null(walk_open(&(struct walk_options){.session = &session, .check = &check,
                                                        .platform = PLATFORMS}, &err));
    assert_has(err.text, "has no steps to follow");
}
END_TEST

Suite *walk_suite(void)
{
    Suite *suite = suite_create("walk");
    TCase *tcase = tcase_create("state");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_values);
    tcase_add_loop_test(tcase, test_tls, 0, sizeof tls_steps / sizeof *tls_steps);
    tcase_add_test(tcase, test_platform);
    tcase_add_test(tcase, test_platform_without_steps);
    tcase_add_test(tcase, test_platform_of_before);
    tcase_add_test(tcase, test_alternatives);
    tcase_add_test(tcase, test_edit);
    tcase_add_loop_test(tcase, test_outcomes, 0, sizeof ends / sizeof *ends);
    tcase_add_test(tcase, test_goes_on);
    tcase_add_test(tcase, test_edit_goes_on);
    tcase_add_loop_test(tcase, test_proof, 0, sizeof proofs / sizeof *proofs);
    tcase_add_test(tcase, test_undo);
    tcase_add_test(tcase, test_directory);
    tcase_add_test(tcase, test_without_journal);
    tcase_add_test(tcase, test_no_room_for_a_copy);
    tcase_add_test(tcase, test_no_steps);
    suite_add_tcase(suite, tcase);
    return suite;
}
