#include "base/mem.h"
#include "base/output.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *directory;

static void make_directory(void)
{
    directory = temporary_directory();
}

static char *path_below(const char *name)
{
    return mem_printf("%s/%s", directory, name);
}

static void assert_holds(const char *path, const char *text)
{
    char found[64] = "";
    FILE *file = fopen(path, "r");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_lt(fread(found, 1, sizeof found - 1, file), sizeof found - 1);
    fclose(file);
    ck_assert_str_eq(found, text);
}

static mode_t mode_of(const char *path)
{
    struct stat status;

    ck_assert_int_eq(stat(path, &status), 0);
    return status.st_mode & 0777;
}

static struct output *open_with(const char *path, const char *text)
{
    struct error err = {0};
    struct output *output = output_open(path, &err);

    ck_assert_msg(output != NULL, "%s", err.text);
    fputs(text, output_stream(output));
    return output;
}

START_TEST(test_new_file)
{
    struct error err = {0};
    char *path = path_below("new");

    umask(026);
    struct output *output = open_with(path, "text\n");
    ck_assert_int_eq(access(path, F_OK), -1);
    ck_assert(output_commit(output, &err));
    assert_holds(path, "text\n");
    ck_assert_uint_eq(mode_of(path), 0640);
    free(path);
}
END_TEST

START_TEST(test_old_file)
{
    struct error err = {0};
    char *path = mem_strdup(temporary_file("old", "old"));

    ck_assert_int_eq(chmod(path, 0604), 0);
    struct output *output = open_with(path, "new");
    fflush(output_stream(output));
    assert_holds(path, "old");
    ck_assert(output_commit(output, &err));
    assert_holds(path, "new");
    ck_assert_uint_eq(mode_of(path), 0604);
    free(path);
}
END_TEST

START_TEST(test_discard)
{
    char *path = mem_strdup(temporary_file("below/old", "old")), *below = path_below("below");

    output_discard(open_with(path, "new"));
    output_discard(NULL);
    assert_holds(path, "old");
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_msg(rmdir(below) == 0, "something is left behind");
    free(below);
    free(path);
}
END_TEST

START_TEST(test_link)
{
    struct error err = {0};
    struct stat status;
    char *path = mem_strdup(temporary_file("real", "old")), *link = path_below("link");

    ck_assert_int_eq(symlink("real", link), 0);
    ck_assert(output_commit(open_with(link, "new"), &err));
    ck_assert_int_eq(lstat(link, &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    assert_holds(path, "new");
    free(link);
    free(path);
}
END_TEST

static const struct {
    bool below; /* the test's directory */
    const char *path, *message;
} refused[] = {
    {true, "", "not a regular file"},
    {true, "none/file", "No such file or directory"},
    {false, "/dev/null", "not a regular file"},
    {true, "none/", "names no file"},
    {false, "", "names no file"},
};

START_TEST(test_refused)
{
    struct error err = {0};
    char *path = refused[_i].below ? path_below(refused[_i].path) : mem_strdup(refused[_i].path);

    ck_assert_ptr_null(output_open(path, &err));
    ck_assert_msg(strncmp(err.text, path, strlen(path)) == 0, "%s", err.text);
    ck_assert_msg(strstr(err.text, refused[_i].message) != NULL, "%s", err.text);
    free(path);
}
END_TEST

/* /dev/full stands for a disk without room, behind the file's back. */
START_TEST(test_no_room)
{
    struct error err = {0};
    char *path = mem_strdup(temporary_file("old", "old"));
    struct output *output = output_open(path, &err);

    ck_assert_ptr_nonnull(output);
    ck_assert_ptr_nonnull(freopen("/dev/full", "w", output_stream(output)));
    fputs("new", output_stream(output));
    ck_assert(!output_commit(output, &err));
    ck_assert_msg(strstr(err.text, "No space left") != NULL, "%s", err.text);
    assert_holds(path, "old");
    free(path);
}
END_TEST

Suite *output_suite(void)
{
    Suite *suite = suite_create("output");
    TCase *tcase = tcase_create("files");

    tcase_add_checked_fixture(tcase, make_directory, temporary_remove);
    tcase_add_test(tcase, test_new_file);
    tcase_add_test(tcase, test_old_file);
    tcase_add_test(tcase, test_discard);
    tcase_add_test(tcase, test_link);
    tcase_add_loop_test(tcase, test_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tcase, test_no_room);
    suite_add_tcase(suite, tcase);
    return suite;
}
