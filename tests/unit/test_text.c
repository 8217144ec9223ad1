#include "suites.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct {
    const char *bytes;
    uint32_t c;
    size_t step;
} decoded[] = {
    {"A", 'A', 1},
    {"\xC3\xA9", 0xE9, 2},
    {"\xE2\x82\xAC", 0x20AC, 3},
    {"\xF0\x9F\x98\x80", 0x1F600, 4},
    {"\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
    {"\xC0\x80", 0xFFFD, 1},         /* overlong */
    {"\xE0\x80\xAF", 0xFFFD, 1},     /* overlong */
    {"\xED\xA0\x80", 0xFFFD, 1},     /* surrogate */
    {"\xF4\x90\x80\x80", 0xFFFD, 1}, /* past U+10FFFF */
    {"\x80", 0xFFFD, 1},             /* continuation without a lead */
    {"\xE2\x82", 0xFFFD, 1},         /* cut */
    {"\xE2(\xA1", 0xFFFD, 1},
    {"\xFF", 0xFFFD, 1},
    {"\xEF\xBF\xBD", 0xFFFD, 3}, /* U+FFFD itself is valid */
};

START_TEST(decodes)
{
    uint32_t c = 0;
    size_t step = text_decode(decoded[_i].bytes, strlen(decoded[_i].bytes), &c);
    ck_assert_uint_eq(c, decoded[_i].c);
    ck_assert_uint_eq(step, decoded[_i].step);
}
END_TEST

static const struct {
    const char *text;
    int cols;
} measured[] = {
    {"", 0},
    {"abc", 3},
    {"\xC3\xA9t\xC3\xA9", 3},
    {"\xE6\x97\xA5\xE6\x9C\xAC", 4}, /* two wide characters */
    {"e\xCC\x81", 1},                /* a combining accent */
    {"\xFF", 1},
};

START_TEST(measures_columns)
{
    ck_assert_int_eq(text_cols(measured[_i].text), measured[_i].cols);
}
END_TEST

static const struct {
    const char *text;
    int cols;
    size_t bytes;
    int used;
} fitted[] = {
    {"abcdef", 3, 3, 3},
    {"abc", 10, 3, 3},
    {"abc", 0, 0, 0},
    {"\xE6\x97\xA5\xE6\x9C\xAC", 3, 3, 2}, /* half of a wide character does not fit */
    {"e\xCC\x81x", 1, 3, 1},               /* the accent stays with its letter */
};

START_TEST(fits_a_prefix)
{
    int used = -1;
    ck_assert_uint_eq(text_fit(fitted[_i].text, fitted[_i].cols, &used), fitted[_i].bytes);
    ck_assert_int_eq(used, fitted[_i].used);
    ck_assert_uint_eq(text_fit(fitted[_i].text, fitted[_i].cols, NULL), fitted[_i].bytes);
}
END_TEST

static const struct {
    const char *bytes, *one_line, *lines;
} sanitised[] = {
    {"plain text", "plain text", "plain text"},
    {"\xC3\xA9\xE2\x82\xAC", "\xC3\xA9\xE2\x82\xAC", "\xC3\xA9\xE2\x82\xAC"},
    {"a\nb", "a\\nb", "a\nb"},
    {"a\r\nb", "a\\r\\nb", "a\nb"},
    {"a\rb", "a\\rb", "a\\rb"},
    {"a\tb", "a\\tb", "a   b"},
    {"abcd\tb", "abcd\\tb", "abcd    b"},
    {"x\n\ty", "x\\n\\ty", "x\n    y"},
    {"\x1B[2J", "\\x1b[2J", "\\x1b[2J"},
    {"\x7F", "\\x7f", "\\x7f"},
    {"\xC2\x9B" "31m", "\\x9b31m", "\\x9b31m"},           /* C1 CSI */
    {"\xE2\x80\xAE" "evil", "\\u202eevil", "\\u202eevil"}, /* right-to-left override */
    {"a\xE2\x80\x8B" "b", "a\\u200bb", "a\\u200bb"},       /* zero width */
    {"\xE2\x80\xA8", "\\u2028", "\\u2028"},               /* line separator */
    {"\xF3\xA0\x81\x81", "\\ue0041", "\\ue0041"},         /* a tag character */
    {"\xFF\xC3", "\\xff\\xc3", "\\xff\\xc3"},
    {"\xEF\xBF\xBD", "\xEF\xBF\xBD", "\xEF\xBF\xBD"},
};

START_TEST(sanitises)
{
    const char *bytes = sanitised[_i].bytes;
    char *one_line = text_sanitise(bytes, strlen(bytes), TEXT_ONE_LINE);
    char *lines = text_sanitise(bytes, strlen(bytes), TEXT_KEEP_LINES);
    ck_assert_str_eq(one_line, sanitised[_i].one_line);
    ck_assert_str_eq(lines, sanitised[_i].lines);
    free(one_line);
    free(lines);
}
END_TEST

START_TEST(sanitises_a_nul_and_nothing)
{
    char *text = text_sanitise("a\0b", 3, TEXT_KEEP_LINES);
    ck_assert_str_eq(text, "a\\x00b");
    free(text);
    text = text_sanitise("", 0, TEXT_ONE_LINE);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

static bool is_harmless(const char *text)
{
    while (*text) {
        uint32_t c;
        text += text_decode(text, strlen(text), &c);
        if (c < 0x20 || c == 0xFFFD || (c >= 0x7F && c < 0xA0))
            return false;
    }
    return true;
}

/* Whatever the bytes are, none that a terminal acts on comes out. */
START_TEST(sanitises_every_pair_of_bytes)
{
    for (int pair = 0; pair < 0x10000; pair++) {
        const char bytes[] = {(char)(pair >> 8), (char)pair};
        char *text = text_sanitise(bytes, sizeof bytes, TEXT_ONE_LINE);
        if (!is_harmless(text))
            ck_abort_msg("%04x", pair);
        free(text);
    }
}
END_TEST

static const struct {
    const char *text, *ascii;
} transcribed[] = {
    {"plain", "plain"},
    {"a \xE2\x80\x94 b \xE2\x80\x93 c", "a - b - c"},
    {"\xE2\x80\x9Cq\xE2\x80\x9D \xE2\x80\x98r\xE2\x80\x99", "\"q\" 'r'"},
    {"\xE2\x80\xA2 item\xE2\x80\xA6", "* item..."},
    {"\xE6\x97\xA5", "?"},
    {"e\xCC\x81", "e"},
};

START_TEST(transcribes_to_ascii)
{
    char *ascii = text_ascii(transcribed[_i].text);
    ck_assert_str_eq(ascii, transcribed[_i].ascii);
    free(ascii);
}
END_TEST

START_TEST(folds_letters_of_ascii_only)
{
    ck_assert_int_eq(text_fold('I'), 'i');
    ck_assert_int_eq(text_fold('['), '[');
    ck_assert(text_fold_equal("Smtp:HOST", "smtp:host"));
    ck_assert(!text_fold_equal("smtp", "smtps"));
    ck_assert(!text_fold_equal("smtps", "smtp"));
    ck_assert(!text_fold_equal("\xC3\x89", "\xC3\xA9"));
    ck_assert(text_fold_contains("Email Connectivity", "CONN"));
    ck_assert(text_fold_contains("any", ""));
    ck_assert(text_fold_contains("aab", "ab"));
    ck_assert(!text_fold_contains("conn", "connect"));
}
END_TEST

static const struct {
    const char *word, *nearest;
} slips[] = {
    {"smpt", "smtp"}, {"SLACK", "slack"}, {"slak", "slack"}, {"temas", "teams"}, {"qqqqqq", NULL},
    {"", NULL},
};

START_TEST(finds_the_nearest_word)
{
    static const char *const candidates[] = {"teams", "smtp", "slack"};
    const char *found = text_nearest(slips[_i].word, candidates, COUNT(candidates));
    if (slips[_i].nearest)
        ck_assert_str_eq(found, slips[_i].nearest);
    else
        ck_assert_ptr_null(found);
}
END_TEST

START_TEST(reads_hexadecimal)
{
    ck_assert_int_eq(text_hex("1aFg", 3), 0x1AF);
    ck_assert_int_eq(text_hex("00", 2), 0);
    ck_assert_int_eq(text_hex("1aFg", 4), -1);
    ck_assert_int_eq(text_hex("1", 2), -1);
}
END_TEST

Suite *text_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");
    tcase_add_loop_test(tcase, decodes, 0, COUNT(decoded));
    tcase_add_loop_test(tcase, measures_columns, 0, COUNT(measured));
    tcase_add_loop_test(tcase, fits_a_prefix, 0, COUNT(fitted));
    tcase_add_loop_test(tcase, sanitises, 0, COUNT(sanitised));
    tcase_add_test(tcase, sanitises_a_nul_and_nothing);
    tcase_add_test(tcase, sanitises_every_pair_of_bytes);
    tcase_add_loop_test(tcase, transcribes_to_ascii, 0, COUNT(transcribed));
    tcase_add_test(tcase, folds_letters_of_ascii_only);
    tcase_add_loop_test(tcase, finds_the_nearest_word, 0, COUNT(slips));
    tcase_add_test(tcase, reads_hexadecimal);
    suite_add_tcase(suite, tcase);
    return suite;
}
