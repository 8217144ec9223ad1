#include "suites.h"

#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/stella-file-XXXXXX";
static char *path;
static char *data;
static size_t len;
static struct error err;

static void make_directory(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    path = mem_printf("%s/file", directory);
}

static void remove_directory(void)
{
    unlink(path);
    rmdir(directory);
    free(path);
    free(data);
}

static void write_file(const char *bytes, size_t n, off_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    ck_assert_int_eq(ftruncate(fd, size), 0);
    close(fd);
}

static void assert_refused(int number, const char *reason)
{
    char *expected = mem_printf("%s: %s", path, reason);
    data = expected;
    len = 1;
    ck_assert(!file_read(path, &data, &len, &err));
    ck_assert_int_eq(errno, number);
    ck_assert_str_eq(err.text, expected);
    ck_assert_ptr_null(data);
    ck_assert_uint_eq(len, 0);
    free(expected);
}

START_TEST(reads_all_bytes)
{
    write_file("a\0b\n", 4, 4);
    ck_assert(file_read(path, &data, &len, &err));
    ck_assert_uint_eq(len, 4);
    ck_assert_mem_eq(data, "a\0b\n", 5);
}
END_TEST

START_TEST(reads_an_empty_file)
{
    write_file("", 0, 0);
    ck_assert(file_read(path, &data, &len, &err));
    ck_assert_uint_eq(len, 0);
    ck_assert_str_eq(data, "");
}
END_TEST

START_TEST(reads_what_has_no_size)
{
    ck_assert(file_read("/proc/self/status", &data, &len, &err));
    ck_assert_uint_gt(len, 0);
    ck_assert_uint_eq(strlen(data), len);
}
END_TEST

START_TEST(reads_up_to_the_limit)
{
    write_file("x", 1, FILE_LIMIT_BYTES);
    ck_assert(file_read(path, &data, &len, &err));
    ck_assert_uint_eq(len, FILE_LIMIT_BYTES);
}
END_TEST

START_TEST(refuses_one_byte_more)
{
    write_file("x", 1, FILE_LIMIT_BYTES + 1);
    assert_refused(EFBIG, "larger than 16 MiB");
}
END_TEST

START_TEST(refuses_a_missing_file)
{
    assert_refused(ENOENT, "No such file or directory");
}
END_TEST

START_TEST(refuses_a_directory)
{
    free(path);
    path = mem_strdup(directory);
    assert_refused(EISDIR, "Is a directory");
}
END_TEST

/* Nobody writes to it: a plain open would wait for ever. */
START_TEST(refuses_a_fifo_without_waiting)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    assert_refused(EINVAL, "not a regular file");
}
END_TEST

START_TEST(tells_nobody_who_does_not_ask)
{
    ck_assert(!file_read(path, &data, &len, NULL));
}
END_TEST

START_TEST(makes_a_directory_for_the_user_alone)
{
    struct stat status;
    char *inner = mem_printf("%s/a/b", directory), *outer = mem_printf("%s/a", directory);

    umask(022);
    ck_assert(file_make_directory(inner, NULL));
    ck_assert(file_make_directory(inner, NULL));
    ck_assert_int_eq(stat(inner, &status), 0);
    ck_assert_uint_eq(status.st_mode, S_IFDIR | 0700);
    ck_assert(!file_make_directory("/dev/null/a", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "/dev/null/a"));
    rmdir(inner);
    rmdir(outer);
    free(inner);
    free(outer);
}
END_TEST

/* The last directory is missing because the first could not be made: that is no news. */
START_TEST(says_what_failed_first)
{
    char *inner = mem_printf("%s/a/b/c", directory);

    ck_assert_int_eq(chmod(directory, 0500), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(seteuid(65534), 0);
    ck_assert(!file_make_directory(inner, &err));
    ck_assert_int_eq(errno, EACCES);
    ck_assert_ptr_nonnull(strstr(err.text, "Permission denied"));
    ck_assert_int_eq(seteuid(getuid()), 0);
    chmod(directory, 0700);
    free(inner);
}
END_TEST

Suite *file_suite(void)
{
    Suite *suite = suite_create("file");
    TCase *tcase = tcase_create("file");
    tcase_add_checked_fixture(tcase, make_directory, remove_directory);
    tcase_add_test(tcase, reads_all_bytes);
    tcase_add_test(tcase, reads_an_empty_file);
    tcase_add_test(tcase, reads_what_has_no_size);
    tcase_add_test(tcase, reads_up_to_the_limit);
    tcase_add_test(tcase, refuses_one_byte_more);
    tcase_add_test(tcase, refuses_a_missing_file);
    tcase_add_test(tcase, refuses_a_directory);
    tcase_add_test(tcase, refuses_a_fifo_without_waiting);
    tcase_add_test(tcase, tells_nobody_who_does_not_ask);
    tcase_add_test(tcase, makes_a_directory_for_the_user_alone);
    tcase_add_test(tcase, says_what_failed_first);
    suite_add_tcase(suite, tcase);
    return suite;
}
