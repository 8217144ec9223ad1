#include "suites.h"

#include "base/mem.h"
#include "guide/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))
#define KEPT_BYTES (CAPTURE_HEAD_BYTES + CAPTURE_TAIL_BYTES)

static struct capture *capture;
static char *text;

static void setup(void)
{
    capture = mem_zalloc(sizeof *capture);
}

static void teardown(void)
{
    free(capture);
    free(text);
}

static void add(const char *bytes)
{
    capture_add(capture, bytes, strlen(bytes));
}

static void add_many(char c, size_t n)
{
    char *bytes = mem_realloc(NULL, n);
    memset(bytes, c, n);
    capture_add(capture, bytes, n);
    free(bytes);
}

static const struct {
    const char *bytes, *text;
} lines[] = {
    {"", ""},
    {"one", "one\n"},
    {"one\ntwo\n", "one\ntwo\n"},
    {"\n\n", "\n\n"},
    {"one\r\ntwo\r\n", "one\ntwo\n"},
    {"1%\r20%\r100%\n", "100%\n"},
    {"abcdef\rxy\n", "xycdef\n"},
    {"abcdef\rxyz\r1\n", "1yzdef\n"},
    {"abc\r", "abc\n"},
    {"\r\r\n", "\n"},
    {"abc\r日", "日c\n"},
    {"日本\rx\n", "x 本\n"},
    {"日本\rxyz\n", "xyz \n"},
    {"a\tb\n", "a   b\n"},
    {"a\033[31mb\033[0m\a\n", "a\\x1b[31mb\\x1b[0m\\x07\n"},
    {"\033]52;c;AAAA\033\\\n", "\\x1b]52;c;AAAA\\x1b\\\n"},
    {"a\xff\xe2\x80\xae\n", "a\\xff\\u202e\n"},
};

START_TEST(lines_are_as_a_terminal_leaves_them)
{
    add(lines[_i].bytes);
    text = capture_text(capture, 10);
    ck_assert_str_eq(text, lines[_i].text);
}
END_TEST

START_TEST(parts_make_no_difference)
{
    add("one\rT");
    add("wo\nth");
    add("");
    add("ree");
    text = capture_text(capture, 10);
    ck_assert_str_eq(text, "Two\nthree\n");
    ck_assert_uint_eq(capture->total, 13);
}
END_TEST

START_TEST(nul_bytes_are_spelled_out)
{
    capture_add(capture, "a\0b", 3);
    text = capture_text(capture, 10);
    ck_assert_str_eq(text, "a\\x00b\n");
}
END_TEST

START_TEST(all_is_kept_up_to_the_limit)
{
    add_many('a', CAPTURE_HEAD_BYTES + 10);
    add_many('b', CAPTURE_TAIL_BYTES - 10);
    text = capture_text(capture, 10);
    ck_assert_uint_eq(strlen(text), KEPT_BYTES + 1);
    ck_assert_uint_eq(strspn(text, "a"), CAPTURE_HEAD_BYTES + 10);
}
END_TEST

/* In parts that end at no edge of what is kept. */
START_TEST(the_middle_is_counted)
{
    add_many('a', CAPTURE_HEAD_BYTES);
    for (int i = 0; i < 99; i++)
        add_many('b', 10007);
    add_many('c', CAPTURE_TAIL_BYTES - 1);
    text = capture_text(capture, 10);
    size_t head = strspn(text, "a");
    ck_assert_uint_eq(head, CAPTURE_HEAD_BYTES);
    ck_assert_uint_eq(capture->total, KEPT_BYTES + 99 * 10007 - 1);
    const char *gap = "\n... 990692 bytes left out ...\nbc";
    ck_assert_int_eq(strncmp(text + head, gap, strlen(gap)), 0);
    ck_assert_uint_eq(strlen(text), KEPT_BYTES + strlen(gap) - 1);
}
END_TEST

/* The numbers 1 to count, a line each. */
static void add_numbers(int count)
{
    for (int i = 1; i <= count; i++) {
        char line[16];
        snprintf(line, sizeof line, "%d\n", i);
        add(line);
    }
}

static const struct {
    size_t max_lines;
    const char *text;
} cuts[] = {
    {9, "1\n2\n3\n4\n5\n6\n7\n8\n9\n"},
    {8, "1\n2\n... 4 bytes left out ...\n5\n6\n7\n8\n9\n"},
    {4, "1\n... 12 bytes left out ...\n8\n9\n"},
    {2, "... 16 bytes left out ...\n9\n"},
    {1, "... 18 bytes left out ...\n"},
};

START_TEST(lines_are_limited)
{
    add_numbers(9);
    text = capture_text(capture, cuts[_i].max_lines);
    ck_assert_str_eq(text, cuts[_i].text);
}
END_TEST

START_TEST(lines_and_bytes_are_left_out_in_one_place)
{
    add_numbers(200000);
    text = capture_text(capture, 5);
    char *expected = mem_printf("1\n... %d bytes left out ...\n199998\n199999\n200000\n",
                                (int)capture->total - 2 - 3 * 7);
    ck_assert_str_eq(text, expected);
    free(expected);
}
END_TEST

/* Looking at the long part once for each of the others would take minutes. */
START_TEST(many_returns_take_no_time)
{
    add_many('x', 60000);
    for (int i = 0; i < 60000; i++)
        add("\ry");
    text = capture_text(capture, 10);
    ck_assert_uint_eq(strlen(text), 60001);
    ck_assert_int_eq(strncmp(text, "yx", 2), 0);
}
END_TEST

START_TEST(a_last_line_may_be_a_part)
{
    ck_assert(capture_ends_line(capture));
    add("one");
    ck_assert(!capture_ends_line(capture));
    add("\n");
    ck_assert(capture_ends_line(capture));
    add_many('x', CAPTURE_HEAD_BYTES);
    ck_assert(!capture_ends_line(capture));
    add("\n");
    ck_assert(capture_ends_line(capture));
    add_many('x', CAPTURE_TAIL_BYTES - 1);
    add("\n");
    ck_assert(capture_ends_line(capture));
}
END_TEST

Suite *capture_suite(void)
{
    Suite *suite = suite_create("capture");
    TCase *tcase = tcase_create("capture");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, lines_are_as_a_terminal_leaves_them, 0, COUNT(lines));
    tcase_add_test(tcase, parts_make_no_difference);
    tcase_add_test(tcase, nul_bytes_are_spelled_out);
    tcase_add_test(tcase, all_is_kept_up_to_the_limit);
    tcase_add_test(tcase, the_middle_is_counted);
    tcase_add_loop_test(tcase, lines_are_limited, 0, COUNT(cuts));
    tcase_add_test(tcase, lines_and_bytes_are_left_out_in_one_place);
    tcase_add_test(tcase, many_returns_take_no_time);
    tcase_add_test(tcase, a_last_line_may_be_a_part);
    suite_add_tcase(suite, tcase);
    return suite;
}
