#include "guide/walk.h"

#include "base/file.h"
#include "base/mem.h"
#include "suites.h"
#include "temporary.h"
#include "walking.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

static struct walk *walk;

static void answer_all(void)
{
    ck_assert(walk_answer(walk, "host", "new.example", NULL));
    ck_assert(walk_answer(walk, "port", "2525", NULL));
    ck_assert(walk_answer(walk, "tls", "false", NULL));
}

/* What only looks gets what is in force, what changes something what is wanted. */
START_TEST(test_values)
{
    walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_turn_to(walk, "Test TCP from inside");
    walking_assert_has(walk_page(walk)->text, "old.example 587");
    ck_assert_uint_eq(walk_page(walk)->nvalues, 2);
    walking_assert_has(walk_page(walk)->values[0].from, "Smtp:Host, ");
    ck_assert_ptr_null(walk_page(walk)->blocked);
    ck_assert_ptr_null(walk_page(walk)->asks);
    walking_turn_to(walk, "Set host, port");
    ck_assert_str_eq(walk_page(walk)->asks, "host");
    ck_assert_ptr_nonnull(walk_page(walk)->blocked);
    ck_assert_str_eq(walk_proposal(walk, "host"), "old.example");
    struct error err = {0};
    ck_assert(!walk_answer(walk, "host", "a b", &err));
    walking_assert_has(err.text, "contains a blank");
    answer_all();
    ck_assert_ptr_null(walk_page(walk)->asks);
    walking_assert_has(walk_page(walk)->text, "Smtp__Host=new.example Smtp__Port=2525");
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
    walk = walking_open(tls_steps[_i].platform, NULL);
    walking_turn_to(walk, tls_steps[_i].step);
    walking_assert_has(walk_page(walk)->blocked, "not answered yet");
    answer_all();
    ck_assert_ptr_null(walk_page(walk)->blocked);
    walking_assert_has(walk_page(walk)->text, tls_steps[_i].text);
}
END_TEST

START_TEST(test_platform)
{
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_int_eq(walk_platform(walk), PLATFORM_COMPOSE);
    walking_assert_has(walk_why(walk), "Compose: ");
    walk_set_platform(walk, PLATFORM_HELM);
    ck_assert_str_eq(walk_why(walk), "chosen by hand");
    walking_turn_to(walk, "Look at what the release");
    walk_skip(walk);
    walk_set_platform(walk, PLATFORM_COMPOSE);
    walk_set_platform(walk, PLATFORM_HELM);
    ck_assert_uint_eq(walk_page(walk)->number, 2);
}
END_TEST

START_TEST(test_alternatives)
{
    walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_turn_to(walk, "Test it from the platform");
    ck_assert_uint_eq(walk_page(walk)->step->ncommands, 3);
    walk_choose(walk);
    walking_assert_has(walk_page(walk)->text, "nc -z -w 5 old.example 587");
    walk_choose(walk);
    walk_choose(walk);
    ck_assert_uint_eq(walk_page(walk)->choice, 0);
}
END_TEST

/* What was edited may do anything. */
START_TEST(test_edit)
{
    walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_turn_to(walk, "Look at");
    ck_assert_int_eq(walk_page(walk)->effect, EFFECT_READS);
    walk_edit(walk, "rm .env");
    ck_assert_str_eq(walk_page(walk)->text, "rm .env");
    ck_assert(walk_page(walk)->edited);
    ck_assert_int_eq(walk_page(walk)->effect, EFFECT_CHANGES_CONFIG);
    walk_edit(walk, NULL);
    ck_assert_int_eq(walk_page(walk)->effect, EFFECT_READS);
    walking_turn_to(walk, "Recreate");
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
    {{.status = -1, .stopped = true}, "stopped over and over, and ended by us", false},
    {{.status = -1, .alive = true}, "left running", false},
};

START_TEST(test_outcomes)
{
    walk = walking_open(PLATFORM_COMPOSE, NULL);
    walk_run_begins(walk);
    ck_assert_int_eq(walk_page(walk)->state, WALK_RUNNING);
    walk_run_ended(walk, &ends[_i].end, "line\n");
    ck_assert_int_eq(walk_page(walk)->state, WALK_RAN);
    walking_assert_has(walk_page(walk)->outcome, ends[_i].outcome);
    ck_assert_int_eq(walk_page(walk)->went_well, ends[_i].went_well);
    ck_assert_str_eq(walk_page(walk)->output, "line\n");
}
END_TEST

/* As after kill -9: what began and nobody saw end is not called done. */
START_TEST(test_goes_on)
{
    walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_turn_to(walk, "Look at");
    walking_run(walk, NULL);
    walking_turn_to(walk, "Test TCP");
    walk_copied(walk, "copied to nowhere");
    walking_turn_to(walk, "Set host");
    answer_all();
    walk_run_begins(walk);
    walk = walking_open(PLATFORMS, NULL);
    walking_assert_has(walk_note(walk), "going on");
    ck_assert_uint_eq(walk_page(walk)->number, 4);
    walking_turn_to(walk, "Look at");
    ck_assert_int_eq(walk_page(walk)->state, WALK_RAN);
    ck_assert(walk_page(walk)->went_well);
    walking_turn_to(walk, "Test TCP");
    ck_assert_int_eq(walk_page(walk)->state, WALK_COPIED);
    walking_turn_to(walk, "Set host");
    ck_assert_int_eq(walk_page(walk)->state, WALK_INTERRUPTED);
    walking_assert_has(walk_page(walk)->text, "Smtp__Host=new.example");
}
END_TEST

/* A here-document may need the tabs of a command that was edited. */
START_TEST(test_edit_goes_on)
{
    static const char command[] = "cat <<-E\n\ta\n\tE";

    walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_turn_to(walk, "Look at");
    walk_edit(walk, command);
    walk = walking_open(PLATFORMS, NULL);
    walking_turn_to(walk, "Look at");
    ck_assert_str_eq(walk_page(walk)->text, command);
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

    walk = walking_open(PLATFORM_COMPOSE, NULL);
    ck_assert(!walk_undo(walk, true, &told, &err));
    walking_turn_to(walk, "Set host");
    answer_all();
    walking_run(walk, "Smtp__Host=new.example\n");
    ck_assert_pstr_eq(walk_note(walk), NULL);
    walking_turn_to(walk, "Test TCP");
    walking_assert_has(walk_page(walk)->text, "new.example 587");
    walking_assert_has(walk_undoable(walk), "/.env");
    char *wanted = mem_printf("copied to nowhere; before that: undone: %s is as it was",
                              walk_undoable(walk));
    ck_assert_msg(walk_undo(walk, false, &told, &err), "%s", err.text);
    char *text = read_env();
    ck_assert_str_eq(text, "Smtp__Host=old.example\n");
    ck_assert_ptr_null(walk_undoable(walk));
    walking_assert_has(walk_page(walk)->text, "old.example 587");
    free(text);
    walking_turn_to(walk, "Set host");
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
    walk = walking_open(PLATFORM_COMPOSE, NULL);
    ck_assert_str_eq(walk_page(walk)->directory, folder);
    ck_assert_str_eq(walk_page(walk)->where, where);
    walk_copied(walk, "copied to nowhere");
    walking_assert_has(walk_page(walk)->outcome, "copied to nowhere; to be run in /");
    walking_turn_to(walk, "Set host");
    answer_all();
    walking_run(walk, "Smtp__Host=new.example\n");
    walking_assert_has(walk_undoable(walk), "/.env");
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
    struct error err = {0};

    walk = walk_open(&(struct walk_options){
        .session = walking_session(),
        .check = catalog_find(walking_session()->catalog, "check.integration.smtp"),
        .platform = PLATFORM_COMPOSE}, &err);
    ck_assert_msg(walk != NULL, "%s", err.text);
    walking_turn_to(walk, "Set host");
    answer_all();
    walk_run_begins(walk);
    walking_assert_has(walk_note(walk), "no copy of .env is kept: there is no directory for it");
    walk_run_ended(walk, &(struct child_end){0}, NULL);
    walk_skip(walk);
    walk_close(walk);
}
END_TEST

/* A disk without room for a copy is told of before the step is agreed to. */
START_TEST(test_no_room_for_a_copy)
{
    struct statvfs disk;

    walk = walking_open(PLATFORM_COMPOSE, NULL);
    walking_turn_to(walk, "Set host");
    ck_assert_ptr_null(walk_refuse_copy(walk));
    ck_assert_int_eq(statvfs(walking_directory(), &disk), 0);
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
    struct check check = *catalog_find(walking_session()->catalog, "check.integration.smtp");

    check.article_text = "---\ncheckId: check.a\nplugin: p\nseverity: warn\ntags: [a]\n---\n# T\n"
                         "## How to Fix\n### Kubernetes / Helm\n```bash\n# Look\nls\n```\n"
                         "## Verification\n";
    check.article_len = strlen(check.article_text);
    check.article_path = NULL;
    for (int wanted = PLATFORM_COMPOSE; wanted <= PLATFORMS; wanted++) {
        walk = walk_open(&(struct walk_options){.session = walking_session(), .check = &check,
                                                .platform = (enum platform)wanted}, &err);
        ck_assert_msg(walk != NULL, "%s", err.text);
        ck_assert_int_eq(walk_platform(walk), PLATFORM_HELM);
        walking_assert_has(walk_why(walk), wanted == PLATFORM_HELM ? "chosen by hand"
                                   : wanted == PLATFORM_SYSTEMD
                                       ? "no steps for Bare Metal / systemd: these are those for "
                                         "Kubernetes / Helm"
                                       : "no steps for Docker Compose: these are those for ");
        walk_close(walk);
    }
}
END_TEST

/* It was chosen another time, by hand or by what there was to be seen then. */
START_TEST(test_platform_of_before)
{
    walk = walking_open(PLATFORM_HELM, NULL);
    ck_assert_str_eq(walk_why(walk), "chosen by hand");
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_int_eq(walk_platform(walk), PLATFORM_HELM);
    ck_assert_str_eq(walk_why(walk), "as this walkthrough was left");
    walk_set_platform(walk, PLATFORM_COMPOSE);
    walking_assert_has(walk_why(walk), "Compose: ");
}
END_TEST

START_TEST(test_no_steps)
{
    struct error err = {0};
    struct check check = *catalog_find(walking_session()->catalog, "check.integration.smtp");

    check.article_text = "---\ncheckId: check.a\nplugin: p\nseverity: warn\ntags: [a]\n---\n# T\n";
    check.article_len = strlen(check.article_text);
    check.article_path = NULL;
    ck_assert_ptr_null(walk_open(&(struct walk_options){
        .session = walking_session(), .check = &check, .platform = PLATFORMS}, &err));
    walking_assert_has(err.text, "has no steps to follow");
}
END_TEST

Suite *walk_suite(void)
{
    Suite *suite = suite_create("walk");
    TCase *tcase = tcase_create("state");

    tcase_add_checked_fixture(tcase, walking_setup, walking_teardown);
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
    tcase_add_test(tcase, test_undo);
    tcase_add_test(tcase, test_directory);
    tcase_add_test(tcase, test_without_journal);
    tcase_add_test(tcase, test_no_room_for_a_copy);
    tcase_add_test(tcase, test_no_steps);
    suite_add_tcase(suite, tcase);
    return suite;
}
