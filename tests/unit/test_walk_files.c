/* Copies of files that no article declares. */
#include "suites.h"

#include "base/file.h"
#include "base/mem.h"
#include "temporary.h"
#include "walking.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_file(const char *path, const char *wanted)
{
    char *text;
    size_t len;

    ck_assert(file_read(path, &text, &len, NULL));
    ck_assert_str_eq(text, wanted);
    free(text);
}

static void put_back(struct walk *walk, const char *path)
{
    struct undo_told told;
    struct error err = {0};

    walking_assert_has(walk_undoable(walk), path);
    ck_assert(!walk_undo_is_stale(walk));
    ck_assert_msg(walk_undo(walk, false, &told, &err), "%s", err.text);
}

static size_t count_kept(void)
{
    char *pattern = mem_printf("%s/undo/*/record", walking_directory());
    glob_t found;

    glob(pattern, 0, NULL, &found);
    size_t count = found.gl_pathc;
    globfree(&found);
    free(pattern);
    return count;
}

/* A step that only looks, and was edited: no file is declared. */
static struct walk *open_edited(const char *text)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    walk_edit(walk, text);
    ck_assert_pstr_eq(walk_page(walk)->command->file, NULL);
    ck_assert_pstr_eq(walk_refuse_copy(walk), NULL);
    return walk;
}

START_TEST(what_an_edited_step_changes_is_put_back)
{
    struct walk *walk = open_edited("sed -i s/old/new/ .env");

    walking_run(walk, "Smtp__Host=new.example\n");
    put_back(walk, "/.env");
    assert_file(".env", "Smtp__Host=old.example\n");
    ck_assert_ptr_null(walk_undoable(walk));
}
END_TEST

START_TEST(what_was_not_there_goes_again)
{
    struct walk *walk = open_edited("cat > other.conf");

    walk_run_begins(walk);
    temporary_file("other.conf", "new\n");
    walk_run_ended(walk, &(struct child_end){0}, NULL);
    put_back(walk, "/other.conf");
    ck_assert_int_ne(access("other.conf", F_OK), 0);
}
END_TEST

static void change_two(struct walk *walk)
{
    walk_run_begins(walk);
    temporary_file(".env", "Smtp__Host=new.example\n");
    temporary_file("two", "changed\n");
    walk_run_ended(walk, &(struct child_end){0}, NULL);
}

/* Also by the next program; of what did not change nothing stays but the newest, whose
 * number is taken. */
START_TEST(several_are_put_back_one_by_one)
{
    temporary_file("one", "one\n");
    temporary_file("two", "two\n");
    temporary_file("three", "three\n");
    struct walk *walk = open_edited("sed -i s/old/new/ one .env two three");

    change_two(walk);
    ck_assert_uint_eq(count_kept(), 3);
    walk = walking_open(PLATFORMS, NULL);
    put_back(walk, "/two");
    assert_file("two", "two\n");
    assert_file(".env", "Smtp__Host=new.example\n");
    walk = walking_open(PLATFORMS, NULL);
    put_back(walk, "/.env");
    assert_file(".env", "Smtp__Host=old.example\n");
    ck_assert_ptr_null(walk_undoable(walk));
    walk = walking_open(PLATFORMS, NULL);
    ck_assert_ptr_null(walk_undoable(walk));
}
END_TEST

START_TEST(a_declared_file_and_what_an_edit_adds)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    temporary_file("two", "two\n");
    walking_turn_to(walk, "Set host");
    walk_edit(walk, "sed -i s/old/new/ two && ./apply");
    change_two(walk);
    put_back(walk, "/two");
    put_back(walk, "/.env");
}
END_TEST

START_TEST(none_is_said_before_consent)
{
    struct walk *walk = walking_open(PLATFORM_COMPOSE, NULL);

    ck_assert_ptr_null(walk_refuse_copy(walk));
    walk_edit(walk, "./apply --all");
    char *refusal = walk_refuse_copy(walk);
    ck_assert_pstr_eq(refusal, "no copy is kept: the command names no file that you may write");
    free(refusal);
    walking_run(walk, "Smtp__Host=new.example\n");
    ck_assert_ptr_null(walk_undoable(walk));
    ck_assert_pstr_eq(walk_note(walk), NULL);
}
END_TEST

Suite *walk_files_suite(void)
{
    Suite *suite = suite_create("walk_files");
    TCase *tcase = tcase_create("walk_files");
    tcase_add_checked_fixture(tcase, walking_setup, walking_teardown);
    tcase_add_test(tcase, what_an_edited_step_changes_is_put_back);
    tcase_add_test(tcase, what_was_not_there_goes_again);
    tcase_add_test(tcase, several_are_put_back_one_by_one);
    tcase_add_test(tcase, a_declared_file_and_what_an_edit_adds);
    tcase_add_test(tcase, none_is_said_before_consent);
    suite_add_tcase(suite, tcase);
    return suite;
}
