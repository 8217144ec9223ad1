/* Walkthroughs that were left, or whose program was killed. */
#include "base/file.h"
#include "base/mem.h"
#include "guide/resume.h"
#include "suites.h"
#include "temporary.h"
#include "walking.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define assert_has walking_assert_has

static const char CHECK[] = "check.integration.smtp", SET[] = "Set host, port";

static char *read_env(void)
{
    char *text;
    size_t len;

    ck_assert(file_read(".env", &text, &len, NULL));
    return text;
}

static void assert_env(const char *wanted)
{
    char *text = read_env();

    ck_assert_str_eq(text, wanted);
    free(text);
}

static void answer_all(struct walk *walk)
{
    ck_assert(walk_answer(walk, "host", "new.example", NULL));
    ck_assert(walk_answer(walk, "port", "2525", NULL));
    ck_assert(walk_answer(walk, "tls", "true", NULL));
}

/* A copy of the journal of now, as kill -9 would leave it, is what the next one reads. */
static char *kill_now(void)
{
    char *path = mem_printf("%s/journal.jsonl", walking_directory()), *text;
    size_t len;

    ck_assert(file_read(path, &text, &len, NULL));
    walking_close();
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    free(text);
    return path;
}

START_TEST(left_with_a_step_shown)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walking_turn_to(walk, "Recreate");
    size_t number = walk_page(walk)->number;
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_uint_eq(walk_page(walk)->number, number);
    assert_has(walk_note(walk), "going on where this walkthrough was left");
    ck_assert_ptr_null(strstr(walk_note(walk), "ago"));
}
END_TEST

/* Each of a step's alternatives has its own outcome, and the one that was used stays. */
START_TEST(alternatives_are_kept_apart)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walking_turn_to(walk, "Test it from the platform");
    walk_run_begins(walk);
    walk_run_ended(walk, &(struct child_end){.status = 127}, "not found\n");
    walk_choose(walk);
    ck_assert_int_eq(walk_page(walk)->state, WALK_OPEN);
    ck_assert_ptr_null(walk_page(walk)->outcome);
    ck_assert_ptr_null(walk_page(walk)->output);
    walking_run(walk, NULL);
    walk = walking_open(PLATFORMS, NULL);
    walking_turn_to(walk, "Or without bash: nc in the container");
    ck_assert_uint_eq(walk_page(walk)->choice, 1);
    ck_assert(walk_page(walk)->went_well);
    walk_choose(walk);
    ck_assert_int_eq(walk_page(walk)->state, WALK_OPEN);
    walk_choose(walk);
    assert_has(walk_page(walk)->outcome, "exit status 127, earlier");
    ck_assert_int_eq(walk_page(walk)->status, 127);
    ck_assert_pstr_eq(walk_page(walk)->output, "not found\n");
}
END_TEST

/* What it did write before says nothing of the time when nobody saw its end. */
START_TEST(output_of_an_earlier_run)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walk_run_begins(walk);
    walk_run_ended(walk, &(struct child_end){0}, "Smtp__Host=old.example\n");
    walk_copied(walk, "copied to nowhere");
    walk = walking_open(PLATFORMS, NULL);
    walking_turn_to(walk, "Look at");
    ck_assert_int_eq(walk_page(walk)->state, WALK_COPIED);
    ck_assert_pstr_eq(walk_page(walk)->output, "Smtp__Host=old.example\n");
    walk_run_begins(walk);
    free(kill_now());
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_int_eq(walk_page(walk)->state, WALK_INTERRUPTED);
    ck_assert_ptr_null(walk_page(walk)->output);
}
END_TEST

START_TEST(what_could_not_start_did_not_run)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walk_run_begins(walk);
    walk_run_failed(walk, "no shell");
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_int_eq(walk_page(walk)->state, WALK_OPEN);
    ck_assert_pstr_eq(walk_page(walk)->outcome, "not started, earlier");
    ck_assert_ptr_null(walk_page(walk)->output);
}
END_TEST

/* Not at the first step that was passed over, but behind the last one that was done. */
START_TEST(killed_behind_a_step)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walking_turn_to(walk, "Test TCP from inside");
    walking_run(walk, NULL);
    free(kill_now());
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_uint_eq(walk_page(walk)->number, 3);
}
END_TEST

START_TEST(killed_within_a_step)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walking_turn_to(walk, SET);
    answer_all(walk);
    walk_run_begins(walk);
    temporary_file(".env", "half");
    free(kill_now());
    walk = walking_open(PLATFORMS, NULL);
    assert_has(walk_page(walk)->command->title, SET);
    ck_assert_int_eq(walk_page(walk)->state, WALK_INTERRUPTED);
    assert_has(walk_page(walk)->text, "new.example");
    assert_has(walk_undoable(walk), "/.env");
    ck_assert(walk_undo_is_stale(walk));
    struct undo_told told;
    struct error err = {0};
    ck_assert(!walk_undo(walk, false, &told, &err));
    ck_assert_msg(walk_undo(walk, true, &told, &err), "%s", err.text);
    assert_env("Smtp__Host=old.example\n");
    assert_has(told.replaced, "/.env.replaced");
    assert_has(walk_page(walk)->outcome, "what was there is kept as /");
    free(told.replaced);
}
END_TEST

START_TEST(a_torn_line_is_said)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walk_skip(walk);
    char *path = kill_now();
    FILE *file = fopen(path, "a");
    fputs("{\"kind\":\"step-sk", file);
    fclose(file);
    free(path);
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_str_eq(walk_note(walk), "going on where this walkthrough was left; 1 broken line of "
                                      "the journal was passed over");
    /* And one note does not hide the other: nothing is asserted where no file may grow. */
    struct rlimit limit, before;
    walking_close();
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = (struct rlimit){1, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    walk = walking_open(PLATFORM_SYSTEMD, NULL);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_has(walk_note(walk), "was passed over; the journal takes no more: File too large (");
}
END_TEST

/* What was changed first is put back last, also by the next program. */
START_TEST(undo_outlives_the_program)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);
    struct undo_told told;
    struct error err = {0};

    walking_turn_to(walk, SET);
    answer_all(walk);
    walking_run(walk, "Smtp__Host=new.example\n");
    walking_run(walk, "Smtp__Host=newer.example\n");
    walk = walking_open(PLATFORMS, NULL);
    ck_assert(!walk_undo_is_stale(walk));
    ck_assert_msg(walk_undo(walk, false, &told, &err), "%s", err.text);
    assert_env("Smtp__Host=new.example\n");
    walking_turn_to(walk, SET);
    ck_assert_int_eq(walk_page(walk)->state, WALK_OPEN);
    assert_has(walk_page(walk)->outcome, "undone: ");
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_msg(walk_undo(walk, false, &told, &err), "%s", err.text);
    assert_env("Smtp__Host=old.example\n");
    ck_assert_ptr_null(walk_undoable(walk));
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_ptr_null(walk_undoable(walk));
}
END_TEST

/* The steps of an article that was changed are not taken for those of before. */
START_TEST(another_step_is_not_taken_for_it)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walk_skip(walk);
    char *path = kill_now(), *text;
    size_t len;
    ck_assert(file_read(path, &text, &len, NULL));
    char *title = strstr(text, "Look at what");
    ck_assert_ptr_nonnull(title);
    title[0] = 'X';
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_uint_eq(walk_page(walk)->number, 1);
    ck_assert_int_eq(walk_page(walk)->state, WALK_OPEN);
    free(text);
    free(path);
}
END_TEST

START_TEST(an_edit_with_a_secret_is_said)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walking_turn_to(walk, "Look at");
    walk_edit(walk, "mail --password hunter9");
    walk = walking_open(PLATFORMS, NULL);
    walking_turn_to(walk, "Look at");
    ck_assert(!walk_page(walk)->edited);
    assert_has(walk_page(walk)->outcome, "its edited command was not kept");
}
END_TEST

START_TEST(begun_anew)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walking_turn_to(walk, SET);
    answer_all(walk);
    walking_run(walk, "Smtp__Host=new.example\n");
    walk_begin_anew(walk);
    ck_assert_uint_eq(walk_page(walk)->number, 1);
    assert_has(walk_undoable(walk), "/.env");
    walking_turn_to(walk, SET);
    ck_assert_int_eq(walk_page(walk)->state, WALK_OPEN);
    ck_assert_str_eq(walk_page(walk)->asks, "host");
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_int_eq(walk_page(walk)->state, WALK_OPEN);
}
END_TEST

/* Days later it goes on, and says how old it is. */
START_TEST(the_age_is_said)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walk_skip(walk);
    char *path = kill_now(), *text, now[25];
    size_t len;
    ck_assert(file_read(path, &text, &len, NULL));
    clock_format_utc_ms(clock_wall_ms() - INT64_C(25) * 24 * 3600 * 1000 - 1000, now);
    for (char *at = text; (at = strstr(at, "\"time\":\"")); at += 8)
        memcpy(at + 8, now, 24);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    walk = walking_open(PLATFORMS, NULL);
    assert_has(walk_note(walk), "was left 25 days ago");
    free(text);
    free(path);
}
END_TEST

/* Another doctor that is at it keeps its walkthrough to itself; one that has ended, or has
 * left it, does not. */
static const struct {
    bool alive, left;
    const char *note;
} others[] = {
    {true, false, "is at the last one still"},
    {true, true, "going on where"},
    {false, false, "going on where"},
};

/* Its process says by its first byte that it has begun, and ends with the pipe. */
static pid_t start_other(bool leaves, int *said, int *ends)
{
    int up[2], down[2];

    ck_assert_int_eq(pipe(up), 0);
    ck_assert_int_eq(pipe(down), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char byte;
        close(down[1]);
        struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);
        walk_skip(walk);
        if (leaves)
            walking_close();
        ck_assert_int_eq(write(up[1], "x", 1), 1);
        while (read(down[0], &byte, 1) > 0)
            continue;
        _exit(0);
    }
    close(up[1]);
    close(down[0]);
    *said = up[0];
    *ends = down[1];
    return pid;
}

START_TEST(another_process_is_at_it)
{
    int said, ends, status;
    char byte;
    pid_t pid = start_other(others[_i].left, &said, &ends);

    ck_assert_int_eq(read(said, &byte, 1), 1);
    if (!others[_i].alive) {
        close(ends);
        waitpid(pid, &status, 0);
    }
    struct walk *walk = walking_open(PLATFORMS, NULL);
    assert_has(walk_note(walk), others[_i].note);
    if (others[_i].alive) {
        close(ends);
        waitpid(pid, &status, 0);
    }
    close(said);
}
END_TEST

/* What failed before the program was opened is the proof's "before". */
START_TEST(before_comes_from_the_journal)
{
    struct result *fail = walking_result(OUTCOME_FAIL, NULL);
    struct result *pass = walking_result(OUTCOME_PASS, NULL);

    journal_add_result(walking_journal(), fail, "host x");
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);
    ck_assert_pstr_eq(walk_proof(walk)->before, "It failed");
    walking_close();
    journal_add_result(walking_journal(), pass, "host x");
    walk = walking_open(PLATFORM_COMPOSE, NULL);
    ck_assert_pstr_eq(walk_proof(walk)->before, NULL);
    result_free(fail);
    result_free(pass);
}
END_TEST

/* A proof ends nothing: what was done, what it said and what can be put back is all there. */
START_TEST(goes_on_after_fixed)
{
    struct result *fail = walking_result(OUTCOME_FAIL, NULL);
    struct walk *walk = walking_open(PLATFORM_COMPOSE, fail);
    struct undo_told told = {0};

    walking_turn_to(walk, SET);
    answer_all(walk);
    walking_run(walk, "Smtp__Host=new.example\n");
    walking_verify(walk, "ppp", NULL);
    ck_assert_int_eq(walk_proof(walk)->verdict, WALK_FIXED);
    if (_i == 0)
        free(kill_now());
    walk = walking_open(PLATFORMS, fail);
    assert_has(walk_note(walk), "was left; 0 begins anew");
    ck_assert_int_eq(walk_proof(walk)->verdict, WALK_FIXED);
    ck_assert_int_eq(walk_proof(walk)->passes, 3);
    ck_assert(walk_proof(walk)->earlier && !walk_proof(walk)->dated);
    ck_assert_str_eq(walk_proof(walk)->before, "It failed");
    ck_assert_str_eq(walk_proof(walk)->after, "It passed");
    walking_turn_to(walk, SET);
    assert_has(walk_page(walk)->values[0].from, "typed, and now in force: Smtp:Host, ");
    ck_assert_int_eq(walk_page(walk)->state, WALK_RAN);
    ck_assert_msg(walk_undo(walk, false, &told, NULL), "not undone");
    assert_env("Smtp__Host=old.example\n");
    walking_verify(walk, "fff", NULL);
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_int_eq(walk_proof(walk)->verdict, WALK_FAILING);
    ck_assert_str_eq(walk_proof(walk)->before, "It failed");
    ck_assert_uint_eq(walk_page(walk)->number, 4);
    walk_begin_anew(walk);
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_int_eq(walk_proof(walk)->verdict, WALK_UNPROVEN);
    result_free(fail);
}
END_TEST

static const struct journal_event *step_event(enum journal_kind kind, int64_t step)
{
    static struct journal_event event;

    event = (struct journal_event){.kind = kind, .walk = "w2", .check = CHECK, .step = step,
                                   .platform = "compose", .command = "x", .end = "exit"};
    return &event;
}

START_TEST(what_the_journal_has)
{
    struct resume resume;
    size_t skipped;
    struct journal *journal = walking_journal();
    struct journal_event event = {.kind = JOURNAL_WALK_BEGAN, .walk = "w2", .check = CHECK,
                                  .platform = "compose"};

    ck_assert(!resume_find(&resume, walking_directory(), CHECK, &skipped, NULL));
    resume_clear(&resume);
    journal_add(journal, &event);
    journal_add(journal, step_event(JOURNAL_STEP_SKIPPED, 1));
    journal_add(journal, step_event(JOURNAL_STEP_BEGAN, 2));
    ck_assert(resume_find(&resume, walking_directory(), CHECK, &skipped, NULL));
    ck_assert_str_eq(resume.walk, "w2");
    ck_assert_str_eq(resume.platform, "compose");
    ck_assert_uint_eq(resume.nsteps, 2);
    ck_assert_int_eq(resume.steps[0].state, RESUME_SKIPPED);
    ck_assert_int_eq(resume.steps[1].state, RESUME_INTERRUPTED);
    ck_assert_int_eq(resume.at, 2);
    ck_assert(!resume.left);
    resume_clear(&resume);
    /* As older journals have it. */
    event = (struct journal_event){.kind = JOURNAL_WALK_ENDED, .walk = "w2", .check = CHECK,
                                   .why = "fixed"};
    journal_add(journal, &event);
    ck_assert(resume_find(&resume, walking_directory(), CHECK, &skipped, NULL));
    ck_assert_uint_eq(resume.nsteps, 2);
    resume_clear(&resume);
    event.why = "begun anew";
    journal_add(journal, &event);
    ck_assert(!resume_find(&resume, walking_directory(), CHECK, &skipped, NULL));
    resume_clear(&resume);
}
END_TEST

Suite *walk_resume_suite(void)
{
    Suite *suite = suite_create("walk_resume");
    TCase *tcase = tcase_create("resume");

    tcase_add_checked_fixture(tcase, walking_setup, walking_teardown);
    tcase_add_test(tcase, what_the_journal_has);
    tcase_add_test(tcase, left_with_a_step_shown);
    tcase_add_test(tcase, alternatives_are_kept_apart);
    tcase_add_test(tcase, output_of_an_earlier_run);
    tcase_add_test(tcase, what_could_not_start_did_not_run);
    tcase_add_test(tcase, killed_behind_a_step);
    tcase_add_test(tcase, killed_within_a_step);
    tcase_add_test(tcase, a_torn_line_is_said);
    tcase_add_test(tcase, undo_outlives_the_program);
    tcase_add_test(tcase, another_step_is_not_taken_for_it);
    tcase_add_test(tcase, an_edit_with_a_secret_is_said);
    tcase_add_test(tcase, begun_anew);
    tcase_add_test(tcase, the_age_is_said);
    tcase_add_loop_test(tcase, another_process_is_at_it, 0, sizeof others / sizeof *others);
    tcase_add_test(tcase, before_comes_from_the_journal);
    tcase_add_loop_test(tcase, goes_on_after_fixed, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
