#include "settings/rootpath.h"
#include "base/mem.h"
#include "suites.h"
#include "temporary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static const char *root;

static void setup(void)
{
    static const char *const links[][2] = {
        {"absolute", "/d"},  {"relative", "d/file"}, {"d/up", "../../../file"}, {"loop", "loop"},
        {"a", "b"},          {"b", "a"},             {"dangling", "none"},      {"d/..data", "now"},
        {"d/json", "..data/json"}};

    root = temporary_directory();
    temporary_file("file", "top");
    temporary_file("d/file", "low");
    temporary_file("d/now/json", "{}");
    for (int i = 0; i < COUNT(links); i++) {
        char *path = mem_printf("%s/%s", root, links[i][0]);
        ck_assert_int_eq(symlink(links[i][1], path), 0);
        free(path);
    }
}

static const struct {
    const char *path, *target; /* or NULL */
    int number;
} paths[] = {
    {"/", "/", 0},
    {"/file", "/file", 0},
    {"//d/.//file", "/d/file", 0},
    {"/d/../file", "/file", 0},
    {"/../../file", "/file", 0},
    {"/absolute/file", "/d/file", 0},
    {"/relative", "/d/file", 0},
    {"/d/up", "/file", 0},
    {"/d/json", "/d/now/json", 0},
    {"/d", "/d", 0},
    {"/none", NULL, ENOENT},
    {"/dangling", NULL, ENOENT},
    {"/file/x", NULL, ENOTDIR},
    {"/loop", NULL, ELOOP},
    {"/a/x", NULL, ELOOP},
};

START_TEST(test_resolve)
{
    errno = 0;
    char *target = rootpath_resolve(root, paths[_i].path);

    if (paths[_i].target)
        ck_assert_str_eq(target, paths[_i].target);
    else
        ck_assert(!target && errno == paths[_i].number);
    ck_assert(rootpath_exists(root, paths[_i].path) ==
              (paths[_i].target || paths[_i].number == ELOOP));
    free(target);
}
END_TEST

START_TEST(test_long_path)
{
    char *path = mem_zalloc(100001);

    memset(path, 'a', 100000);
    *path = '/';
    ck_assert_ptr_null(rootpath_resolve(root, path));
    ck_assert_int_eq(errno, ENAMETOOLONG);
    free(path);
}
END_TEST

START_TEST(test_read)
{
    char *text;
    size_t len;

    ck_assert(rootpath_read(root, "/absolute/file", &text, &len));
    ck_assert_str_eq(text, "low");
    free(text);
    ck_assert(!rootpath_read(root, "/d", &text, &len));
    ck_assert(!text && errno == EISDIR);
    ck_assert(rootpath_is_same(root, "/relative", root, "/d/file"));
    ck_assert(!rootpath_is_same(root, "/file", root, "/d/file"));
}
END_TEST

static const struct {
    const char *a, *b, *joined, *appended;
} parts[] = {
    {"/", "/x", "/x", "/x"},
    {"/r", "/x", "/r/x", "/x"},
    {"/r/", "x", "/r/x", "/r/x"},
    {"/r", "x/y", "/r/x/y", "/r/x/y"},
};

START_TEST(test_parts)
{
    char *joined = rootpath_join(parts[_i].a, parts[_i].b);
    char *appended = rootpath_append(parts[_i].a, parts[_i].b);

    ck_assert_str_eq(joined, parts[_i].joined);
    ck_assert_str_eq(appended, parts[_i].appended);
    free(appended);
    free(joined);
}
END_TEST

Suite *rootpath_suite(void)
{
    Suite *suite = suite_create("rootpath");
    TCase *tcase = tcase_create("rootpath");

    tcase_add_checked_fixture(tcase, setup, temporary_remove);
    tcase_add_loop_test(tcase, test_resolve, 0, COUNT(paths));
    tcase_add_test(tcase, test_long_path);
    tcase_add_test(tcase, test_read);
    tcase_add_loop_test(tcase, test_parts, 0, COUNT(parts));
    suite_add_tcase(suite, tcase);
    return suite;
}
