#include "suites.h"

#include "base/error.h"

#include <string.h>

START_TEST(gathers_context)
{
    struct error err = {0};
    error_set(&err, "line %d: no such key", 3);
    error_prefix(&err, "%s", "smtp.ini");
    ck_assert_str_eq(err.text, "smtp.ini: line 3: no such key");
}
END_TEST

START_TEST(takes_no_error)
{
    error_set(NULL, "nobody asked");
    error_prefix(NULL, "nobody asked");
}
END_TEST

/* A long text of one character of 1 to 4 bytes, shifted by 0 to 3 bytes, ends
 * after a whole character. */
START_TEST(cuts_at_a_whole_character)
{
    static const char *const characters[] = {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    const char *character = characters[_i / 4];
    size_t size = strlen(character), shift = (size_t)_i % 4;
    char text[4 * ERROR_TEXT_SIZE] = "abc";
    text[shift] = '\0';
    while (strlen(text) < ERROR_TEXT_SIZE + 8)
        strcat(text, character);

    struct error err;
    error_set(&err, "%s", text);
    size_t len = strlen(err.text);
    ck_assert_uint_eq((len - shift) % size, 0);
    ck_assert_uint_ge(len + 4, ERROR_TEXT_SIZE - 1);
    ck_assert_mem_eq(err.text, text, len);
}
END_TEST

START_TEST(keeps_the_context_of_a_long_text)
{
    char text[2 * ERROR_TEXT_SIZE];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    struct error err;
    error_set(&err, "%s", text);
    error_prefix(&err, "smtp.ini");
    ck_assert_uint_eq(strlen(err.text), ERROR_TEXT_SIZE - 1);
    ck_assert_mem_eq(err.text, "smtp.ini: xxx", 13);
}
END_TEST

Suite *error_suite(void)
{
    Suite *suite = suite_create("error");
    TCase *tcase = tcase_create("error");
    tcase_add_test(tcase, gathers_context);
    tcase_add_test(tcase, takes_no_error);
    tcase_add_loop_test(tcase, cuts_at_a_whole_character, 0, 16);
    tcase_add_test(tcase, keeps_the_context_of_a_long_text);
    suite_add_tcase(suite, tcase);
    return suite;
}
