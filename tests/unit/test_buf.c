#include "suites.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

START_TEST(appends_and_stays_a_string)
{
    struct buf buf;
    buf_init(&buf);
    ck_assert_ptr_null(buf.data);
    buf_puts(&buf, "port ");
    buf_printf(&buf, "%d%s", 587, "");
    buf_putc(&buf, '!');
    buf_add(&buf, "", 0);
    ck_assert_str_eq(buf.data, "port 587!");
    ck_assert_uint_eq(buf.len, 9);
    buf_clear(&buf);
    ck_assert_ptr_null(buf.data);
    ck_assert_uint_eq(buf.len, 0);
}
END_TEST

START_TEST(keeps_bytes_that_are_nul)
{
    struct buf buf = {0};
    buf_add(&buf, "a\0b", 3);
    ck_assert_uint_eq(buf.len, 3);
    ck_assert_mem_eq(buf.data, "a\0b", 4);
    buf_clear(&buf);
}
END_TEST

START_TEST(grows)
{
    struct buf buf = {0};
    for (int i = 0; i < 1000; i++)
        buf_printf(&buf, "%03d", i);
    ck_assert_uint_eq(buf.len, 3000);
    ck_assert_uint_eq(strlen(buf.data), 3000);
    ck_assert_mem_eq(buf.data + 2997, "999", 4);
    buf_clear(&buf);
}
END_TEST

START_TEST(hands_the_string_over)
{
    struct buf buf = {0};
    buf_puts(&buf, "mine");
    char *text = buf_take(&buf);
    ck_assert_str_eq(text, "mine");
    ck_assert_ptr_null(buf.data);
    free(text);
    text = buf_take(&buf);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

Suite *buf_suite(void)
{
    Suite *suite = suite_create("buf");
    TCase *tcase = tcase_create("buf");
    tcase_add_test(tcase, appends_and_stays_a_string);
    tcase_add_test(tcase, keeps_bytes_that_are_nul);
    tcase_add_test(tcase, grows);
    tcase_add_test(tcase, hands_the_string_over);
    suite_add_tcase(suite, tcase);
    return suite;
}
