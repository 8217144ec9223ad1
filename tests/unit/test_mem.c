#include "suites.h"

#include "base/mem.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

START_TEST(zeroes)
{
    static const char zeros[100];
    char *block = mem_zalloc(sizeof zeros);
    ck_assert_mem_eq(block, zeros, sizeof zeros);
    free(block);
    block = mem_zalloc(0);
    ck_assert_ptr_nonnull(block);
    free(block);
}
END_TEST

START_TEST(copies_text)
{
    char *whole = mem_strdup("host"), *part = mem_strndup("hostname", 4);
    char *formatted = mem_printf("%s:%d", "host", 25);
    ck_assert_str_eq(whole, "host");
    ck_assert_str_eq(part, "host");
    ck_assert_str_eq(formatted, "host:25");
    ck_assert_ptr_null(mem_strdup(NULL));
    free(whole);
    free(part);
    free(formatted);
}
END_TEST

/* Under ASan and valgrind a wrong capacity is a bad write. */
START_TEST(grows_an_array_item_by_item)
{
    size_t *items = NULL;
    for (size_t count = 0; count < 1000; count++) {
        items = mem_grow(items, count, sizeof *items);
        items[count] = count;
    }
    for (size_t i = 0; i < 1000; i++)
        ck_assert_uint_eq(items[i], i);
    free(items);
}
END_TEST

START_TEST(aborts_when_an_array_would_wrap_around)
{
    if (!freopen("/dev/null", "w", stderr))
        ck_abort();
    mem_grow(NULL, (SIZE_MAX / 2 + 1) / 2, 8);
}
END_TEST

Suite *mem_suite(void)
{
    Suite *suite = suite_create("mem");
    TCase *tcase = tcase_create("mem");
    tcase_add_test(tcase, zeroes);
    tcase_add_test(tcase, copies_text);
    tcase_add_test(tcase, grows_an_array_item_by_item);
    tcase_add_test_raise_signal(tcase, aborts_when_an_array_would_wrap_around, SIGABRT);
    suite_add_tcase(suite, tcase);
    return suite;
}
