#include "base/text.h"
#include "printed.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static struct rows rows;

static void clear(void)
{
    rows_clear(&rows);
}

static char *without_blanks(const char *text)
{
    struct buf letters = {0};
    for (; *text; text++)
        if (*text != ' ' && *text != '\n')
            buf_putc(&letters, *text);
    return buf_take(&letters);
}

static const struct {
    const char *text;
    int cols, indent, hang;
    const char *rows;
} wrapped[] = {
    {"one two three", 80, 0, 0, "one two three\n"},
    {"one two three", 8, 0, 0, "one two\nthree\n"},
    {"one two three", 7, 0, 0, "one two\nthree\n"},
    {"one two three", 6, 0, 0, "one\ntwo\nthree\n"},
    {"one\ntwo", 80, 0, 0, "one two\n"},
    {"  one   two  ", 80, 0, 0, "one   two\n"},
    {"one     two", 5, 0, 0, "one\ntwo\n"},
    {"abcdefgh", 3, 0, 0, "abc\ndef\ngh\n"},
    {"a bcdefgh", 4, 0, 0, "a\nbcde\nfgh\n"},
    {"", 80, 0, 0, ""},
    {"   ", 80, 0, 0, ""},
    {"one two three", 10, 2, 4, "  one two\n    three\n"},
    {"one two", 6, 4, 4, "one\ntwo\n"}, /* the indent leaves too little room */
    {"ab", 0, 0, 0, "a\nb\n"},
    {"\xE6\x97\xA5\xE6\x9C\xAC", 3, 0, 0, "\xE6\x97\xA5\n\xE6\x9C\xAC\n"},
    {"\xE6\x97\xA5\xE6\x9C\xAC", 1, 0, 0, "\xE6\x97\xA5\n\xE6\x9C\xAC\n"},
};

START_TEST(wraps)
{
    rows_open(&rows, wrapped[_i].cols, wrapped[_i].indent, wrapped[_i].hang);
    rows_text(&rows, STYLE_PLAIN, wrapped[_i].text, strlen(wrapped[_i].text));
    rows_close(&rows);
    printed_assert(&rows, wrapped[_i].rows);
}
END_TEST

/* No row is wider than asked, and no letter is lost, at every width. */
START_TEST(wraps_at_every_width)
{
    static const char text[] = "The SMTP server at mail.example.internal:587 refused; "
                               "d\xC3\xA9j\xC3\xA0 vu \xE2\x80\x94 see the article.";
    rows_open(&rows, _i, _i / 4, _i / 2);
    rows_text(&rows, STYLE_PLAIN, text, strlen(text));
    rows_close(&rows);
    char *lines = printed_rows(&rows);
    char *letters = without_blanks(lines), *expected = without_blanks(text);
    ck_assert_str_eq(letters, expected);
    for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n"))
        ck_assert_int_le(text_cols(line), _i);
    free(expected);
    free(letters);
    free(lines);
}
END_TEST

START_TEST(keeps_styles_across_a_wrap)
{
    rows_open(&rows, 8, 0, 0);
    rows_text(&rows, STYLE_PLAIN, "see ", 4);
    rows_printf(&rows, STYLE_CODE, "%s %d", "host", 587);
    rows_text(&rows, STYLE_PLAIN, ".", 1);
    rows_close(&rows);
    printed_assert(&rows, "see host\n587.\n");
    static const enum style styles[] = {STYLE_PLAIN, STYLE_CODE, STYLE_CODE, STYLE_PLAIN};
    ck_assert_uint_eq(rows.nspans, COUNT(styles));
    for (size_t i = 0; i < rows.nspans; i++)
        ck_assert_int_eq(rows.spans[i].style, styles[i]);
}
END_TEST

START_TEST(links_the_rows_of_one_paragraph)
{
    static const char id[] = "check.integration.slack";
    rows_open(&rows, 5, 0, 0);
    rows_link(&rows, id);
    rows_text(&rows, STYLE_LINK, "Slack check", 11);
    rows_close(&rows);
    rows_open(&rows, 20, 0, 0);
    rows_text(&rows, STYLE_PLAIN, "after", 5);
    rows_close(&rows);
    ck_assert_uint_eq(rows.count, 3);
    ck_assert_ptr_eq(rows.rows[0].link, id);
    ck_assert_ptr_eq(rows.rows[1].link, id);
    ck_assert_ptr_null(rows.rows[2].link);
}
END_TEST

START_TEST(never_wraps_code)
{
    static const char code[] = "docker compose exec notify getent hosts mail.example";
    rows_code(&rows, STYLE_CODE, 40, code, strlen(code));
    ck_assert_uint_eq(rows.count, 1);
    ck_assert(rows.rows[0].code);
    char *text = printed_rows(&rows);
    ck_assert_uint_eq(strlen(text), 40 + strlen(code) + 1);
    ck_assert_str_eq(text + 40 + strlen(code) - 7, "example\n");
    free(text);
}
END_TEST

START_TEST(has_no_two_blank_rows)
{
    rows_blank(&rows);
    ck_assert_uint_eq(rows.count, 0);
    rows_code(&rows, STYLE_CODE, 0, "x", 1);
    rows_blank(&rows);
    rows_blank(&rows);
    printed_assert(&rows, "x\n\n");
}
END_TEST

static const struct {
    int from, to, of;
    bool ascii;
    const char *row;
} bars[] = {
    {0, 0, 3, false, "\xE2\x96\x91\xE2\x96\x91\xE2\x96\x91\n"},
    {1, 2, 3, false, "\xE2\x96\x91\xE2\x96\x88\xE2\x96\x91\n"},
    {0, 3, 3, true, "###\n"},
    {3, 3, 3, true, "---\n"},
    {2, 3, 3, true, "--#\n"},
    {0, 0, 0, true, ""},
};

START_TEST(draws_bars)
{
    rows.ascii = bars[_i].ascii;
    rows_open(&rows, 80, 0, 0);
    rows_bar(&rows, STYLE_RUN, bars[_i].from, bars[_i].to, bars[_i].of);
    rows_close(&rows);
    int filled = 0;
    for (size_t i = 0; i < rows.nspans; i++)
        filled += rows.spans[i].style == STYLE_RUN;
    ck_assert_int_eq(filled, bars[_i].to > bars[_i].from);
    printed_assert(&rows, bars[_i].row);
}
END_TEST

Suite *rows_suite(void)
{
    Suite *suite = suite_create("rows");
    TCase *tcase = tcase_create("rows");
    tcase_add_checked_fixture(tcase, NULL, clear);
    tcase_add_loop_test(tcase, wraps, 0, COUNT(wrapped));
    tcase_add_loop_test(tcase, wraps_at_every_width, 1, 100);
    tcase_add_test(tcase, keeps_styles_across_a_wrap);
    tcase_add_test(tcase, links_the_rows_of_one_paragraph);
    tcase_add_test(tcase, never_wraps_code);
    tcase_add_test(tcase, has_no_two_blank_rows);
    tcase_add_loop_test(tcase, draws_bars, 0, COUNT(bars));
    suite_add_tcase(suite, tcase);
    return suite;
}
