#include "suites.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/mem.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* The runner is started in the top folder, where data/ is. */
START_TEST(is_a_copy_of_the_files)
{
    for (size_t i = 0; i < embed_count(); i++) {
        const struct embed_file *file = embed_at(i);
        char *path = mem_printf("data/%s", file->path), *data;
        struct error err = {0};
        size_t len;
        ck_assert_msg(file_read(path, &data, &len, &err), "%s", err.text);
        ck_assert_uint_eq(file->len, len);
        ck_assert_mem_eq(file->data, data, len + 1);
        free(data);
        free(path);
    }
}
END_TEST

START_TEST(has_every_file)
{
    glob_t found;
    ck_assert_int_eq(glob("data/checks/*.ini", 0, NULL, &found), 0);
    ck_assert_int_eq(glob("data/articles/*/*.md", GLOB_APPEND, NULL, &found), 0);
    ck_assert_int_eq(glob("data/diagnosis/*.ini", GLOB_APPEND, NULL, &found), 0);
    glob("data/*.ini", GLOB_APPEND, NULL, &found);
    ck_assert_uint_eq(embed_count(), found.gl_pathc);
    globfree(&found);
}
END_TEST

START_TEST(is_in_the_order_of_the_paths)
{
    for (size_t i = 1; i < embed_count(); i++)
        ck_assert_str_lt(embed_at(i - 1)->path, embed_at(i)->path);
}
END_TEST

Suite *embed_suite(void)
{
    Suite *suite = suite_create("embed");
    TCase *tcase = tcase_create("embed");
    tcase_add_test(tcase, is_a_copy_of_the_files);
    tcase_add_test(tcase, has_every_file);
    tcase_add_test(tcase, is_in_the_order_of_the_paths);
    suite_add_tcase(suite, tcase);
    return suite;
}
