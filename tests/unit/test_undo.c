#include "guide/undo.h"

#include "base/file.h"
#include "base/mem.h"
#include "suites.h"
#include "temporary.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESTORES = 60, BIG_BYTES = 200 * 1024 };

static const char *folder;
static char *file, *copies;
static struct undo undo;

static void setup(void)
{
    folder = temporary_directory();
    file = mem_strdup(temporary_file(".env", "Smtp__Host=old\n"));
    copies = mem_printf("%s/state/undo", folder);
    chmod(file, 0640);
}

static void teardown(void)
{
    undo_clear(&undo);
    free(file);
    free(copies);
    temporary_remove();
}

static void write_text(const char *path, const char *text)
{
    FILE *stream = fopen(path, "w");

    ck_assert_ptr_nonnull(stream);
    fputs(text, stream);
    fclose(stream);
}

static void assert_text(const char *path, const char *wanted)
{
    char *text;
    size_t len;

    ck_assert(file_read(path, &text, &len, NULL));
    ck_assert_str_eq(text, wanted);
    free(text);
}

static mode_t mode_of(const char *path)
{
    struct stat st;

    ck_assert_int_eq(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

static void keep(const char *path)
{
    struct error err = {0};

    ck_assert_msg(undo_keep(&undo, path, copies, &err), "%s", err.text);
}

/* The step has written text over the file. */
static void step(const char *text)
{
    keep(file);
    write_text(file, text);
    ck_assert(undo_end(&undo, NULL));
}

static void restore(bool forced)
{
    struct undo_told told;
    struct error err = {0};

    ck_assert_msg(undo_restore(&undo, forced, &told, &err), "%s", err.text);
    ck_assert_ptr_null(told.lost);
    ck_assert_ptr_null(told.replaced);
}

/* What somebody wrote since is kept, under this name. */
static void assert_replaces(const char *text, mode_t mode, const char *name)
{
    struct undo_told told;
    struct error err = {0};
    char *path = mem_printf("%s%s", file, name);

    write_text(file, text);
    chmod(file, mode);
    ck_assert_int_eq(undo_look(&undo), UNDO_EDITED);
    ck_assert_msg(undo_restore(&undo, true, &told, &err), "%s", err.text);
    ck_assert_pstr_eq(told.replaced, path);
    assert_text(path, text);
    ck_assert_uint_eq(mode_of(path), mode);
    free(told.replaced);
    free(path);
}

START_TEST(test_puts_back)
{
    step("Smtp__Host=new\n");
    ck_assert_int_eq(undo_look(&undo), UNDO_CHANGED);
    chmod(file, 0600);
    ck_assert_int_eq(undo_look(&undo), UNDO_EDITED);
    chmod(file, 0640);
    restore(false);
    assert_text(file, "Smtp__Host=old\n");
    ck_assert_uint_eq(mode_of(file), 0640);
    ck_assert_int_eq(undo_look(&undo), UNDO_SAME);
}
END_TEST

START_TEST(test_is_private)
{
    keep(file);
    char *copy = mem_printf("%s/copy", undo.folder);
    ck_assert_uint_eq(mode_of(copies), 0700);
    ck_assert_uint_eq(mode_of(undo.folder), 0700);
    ck_assert_uint_eq(mode_of(copy), 0600);
    free(copy);
}
END_TEST

START_TEST(test_same)
{
    step("Smtp__Host=old\n");
    ck_assert_int_eq(undo_look(&undo), UNDO_SAME);
    restore(false);
}
END_TEST

/* What somebody else changed is not thrown away unasked. */
START_TEST(test_edited_since)
{
    struct undo_told told;
    struct error err = {0};

    step("Smtp__Host=new\n");
    write_text(file, "Smtp__Host=other\n");
    ck_assert_int_eq(undo_look(&undo), UNDO_EDITED);
    ck_assert(!undo_restore(&undo, false, &told, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "changed since the step ended"));
    assert_text(file, "Smtp__Host=other\n");
    assert_replaces("Smtp__Host=other\n", 0604, ".replaced");
    assert_text(file, "Smtp__Host=old\n");
    ck_assert_uint_eq(mode_of(file), 0640);
    assert_replaces("Smtp__Host=third\n", 0600, ".replaced-2");
    assert_text(file, "Smtp__Host=old\n");
}
END_TEST

START_TEST(test_step_that_never_ended)
{
    keep(file);
    assert_replaces("half", 0640, ".replaced");
    assert_text(file, "Smtp__Host=old\n");
}
END_TEST

/* Where nothing was, what somebody else wrote is kept as well. */
START_TEST(test_new_file_edited)
{
    free(file);
    file = mem_printf("%s/new", folder);
    keep(file);
    assert_replaces("by hand", 0600, ".replaced");
    ck_assert_int_ne(access(file, F_OK), 0);
}
END_TEST

/* What cannot be kept is not replaced: here it is too big. */
START_TEST(test_cannot_keep)
{
    struct undo_told told;
    struct error err = {0};

    step("new");
    ck_assert_int_eq(truncate(file, FILE_LIMIT_BYTES + 1), 0);
    ck_assert(!undo_restore(&undo, true, &told, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "what is there now cannot be kept: "));
    struct stat st;
    ck_assert_int_eq(stat(file, &st), 0);
    ck_assert_int_eq(st.st_size, FILE_LIMIT_BYTES + 1);
}
END_TEST

START_TEST(test_keeps_nothing_in_vain)
{
    struct undo_told told;

    step("new");
    char *copy = mem_printf("%s/copy", undo.folder), *kept = mem_printf("%s.replaced", file);
    write_text(copy, "evil");
    write_text(file, "other");
    ck_assert(!undo_restore(&undo, true, &told, NULL));
    ck_assert_ptr_null(told.replaced);
    ck_assert_int_ne(access(kept, F_OK), 0);
    assert_text(file, "other");
    free(kept);
    free(copy);
}
END_TEST

START_TEST(test_new_file)
{
    char *path = mem_printf("%s/new", folder);

    keep(path);
    write_text(path, "made by the step");
    ck_assert(undo_end(&undo, NULL));
    ck_assert_int_eq(undo_look(&undo), UNDO_CHANGED);
    restore(false);
    ck_assert_int_ne(access(path, F_OK), 0);
    free(path);
}
END_TEST

START_TEST(test_link_is_followed_and_kept)
{
    char *name = mem_printf("%s/link", folder);

    ck_assert_int_eq(symlink(file, name), 0);
    keep(name);
    ck_assert_str_eq(undo.path, file);
    write_text(name, "new");
    ck_assert(undo_end(&undo, NULL));
    restore(false);
    assert_text(name, "Smtp__Host=old\n");
    struct stat st;
    ck_assert_int_eq(lstat(name, &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    free(name);
}
END_TEST

START_TEST(test_opens_again)
{
    struct undo again;

    step("Smtp__Host=new\n");
    ck_assert(undo_open(&again, undo.folder, NULL));
    ck_assert_str_eq(again.path, undo.path);
    ck_assert_int_eq(undo_look(&again), UNDO_CHANGED);
    undo_clear(&again);
    char *record = mem_printf("%s/record", undo.folder);
    write_text(record, "stella undo 1\ngarbage");
    struct error err = {0};
    ck_assert(!undo_open(&again, undo.folder, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no record of a copy"));
    free(record);
}
END_TEST

static const char *const unusable[] = {"/dev/null", "/etc", "/proc/self/none/x", ""};

START_TEST(test_unusable)
{
    struct error err = {0};

    ck_assert(!undo_keep(&undo, unusable[_i], copies, &err));
    ck_assert_str_ne(err.text, "");
    ck_assert_ptr_null(undo.path);
}
END_TEST

START_TEST(test_no_directory)
{
    struct error err = {0};

    ck_assert(!undo_keep(&undo, file, "/dev/null/undo", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "/dev/null/undo"));
}
END_TEST

/* A copy that was tampered with is put back nowhere. */
START_TEST(test_changed_copy)
{
    struct undo_told told;
    struct error err = {0};

    step("new");
    char *copy = mem_printf("%s/copy", undo.folder);
    write_text(copy, "evil");
    ck_assert(!undo_restore(&undo, false, &told, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "the copy was changed"));
    assert_text(file, "new");
    free(copy);
}
END_TEST

START_TEST(test_keeps_the_newest)
{
    size_t folders = 0;

    for (int i = 0; i < UNDO_COPIES + 5; i++) {
        undo_clear(&undo);
        keep(file);
    }
    DIR *stream = opendir(copies);
    for (struct dirent *entry; (entry = readdir(stream));)
        folders += entry->d_name[0] != '.';
    closedir(stream);
    ck_assert_uint_eq(folders, UNDO_COPIES);
    ck_assert_ptr_nonnull(strstr(undo.folder, "/000037"));
}
END_TEST

/* Restores in a child until it is killed, at a moment of chance: it says when it goes on. */
static void restore_until_killed(int fd, const char *other)
{
    struct undo_told told;

    for (;;) {
        (void)!write(fd, ".", 1);
        undo_restore(&undo, true, &told, NULL);
        write_text(file, other);
    }
}

/* Killed at any moment the file is the old or the new one, never half of either: it is
 * only ever replaced, except by this test itself, whose own writing is let end. */
START_TEST(test_killed)
{
    char *big = mem_zalloc(BIG_BYTES + 1), *text;
    size_t len, halves = 0;

    memset(big, 'a', BIG_BYTES);
    write_text(file, big);
    keep(file);
    ck_assert(undo_end(&undo, NULL));
    for (int i = 0; i < RESTORES; i++) {
        int fds[2];
        char byte;
        ck_assert_int_eq(pipe(fds), 0);
        write_text(file, "b");
        pid_t child = fork();
        if (child == 0)
            restore_until_killed(fds[1], "b");
        close(fds[1]);
        for (int rounds = 1 + rand() % 4; rounds > 0; rounds--)
            (void)!read(fds[0], &byte, 1);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        close(fds[0]);
        ck_assert(file_read(file, &text, &len, NULL));
        halves += len > 1 && len != BIG_BYTES;
        free(text);
    }
    ck_assert_uint_eq(halves, 0);
    free(big);
}
END_TEST

Suite *undo_suite(void)
{
    Suite *suite = suite_create("undo");
    TCase *tcase = tcase_create("files");

    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_puts_back);
    tcase_add_test(tcase, test_is_private);
    tcase_add_test(tcase, test_same);
    tcase_add_test(tcase, test_edited_since);
    tcase_add_test(tcase, test_step_that_never_ended);
    tcase_add_test(tcase, test_new_file);
    tcase_add_test(tcase, test_new_file_edited);
    tcase_add_test(tcase, test_cannot_keep);
    tcase_add_test(tcase, test_keeps_nothing_in_vain);
    tcase_add_test(tcase, test_link_is_followed_and_kept);
    tcase_add_test(tcase, test_opens_again);
    tcase_add_loop_test(tcase, test_unusable, 0, sizeof unusable / sizeof *unusable);
    tcase_add_test(tcase, test_no_directory);
    tcase_add_test(tcase, test_changed_copy);
    tcase_add_test(tcase, test_keeps_the_newest);
    tcase_add_test(tcase, test_killed);
    suite_add_tcase(suite, tcase);
    return suite;
}
