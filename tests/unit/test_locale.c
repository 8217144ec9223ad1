/* That the locale which the suites are to run in is in force: `make check` runs them
 * in each of these, and where one is missing the C library stays in "C" silently. */
#include "base/text.h"
#include "suites.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

static const struct {
    const char *name, *decimal_point;
    wint_t lower_i;
} locales[] = {
    {"C.UTF-8", ".", L'i'},
    {"de_DE.UTF-8", ",", L'i'},
    {"tr_TR.UTF-8", ",", L'\u0131'},
};

START_TEST(test_is_in_force)
{
    const char *name = getenv("LC_ALL");

    if (!name || strcmp(name, locales[_i].name) != 0)
        return;
    ck_assert_str_eq(setlocale(LC_ALL, NULL), name);
    ck_assert_str_eq(localeconv()->decimal_point, locales[_i].decimal_point);
    ck_assert_uint_eq(towlower(L'I'), locales[_i].lower_i);
}
END_TEST

START_TEST(test_does_not_change_our_folding)
{
    ck_assert(text_fold_equal("SMTP:I", "smtp:i"));
    ck_assert(!text_fold_equal("I", "\xC4\xB1"));
}
END_TEST

Suite *locale_suite(void)
{
    Suite *suite = suite_create("locale");
    TCase *tests = tcase_create("tests");

    tcase_add_loop_test(tests, test_is_in_force, 0, sizeof locales / sizeof *locales);
    tcase_add_test(tests, test_does_not_change_our_folding);
    suite_add_tcase(suite, tests);
    return suite;
}
