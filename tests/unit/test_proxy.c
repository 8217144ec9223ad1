#include "settings/proxy.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *sets[3];
    const char *described; /* for hooks.example.com; NULL: no proxy */
} rows[] = {
    {{"Smtp:Host=a"}, NULL},
    {{"HTTPS_PROXY="}, NULL},
    {{"HTTPS_PROXY=http://proxy:3128"}, "HTTPS_PROXY = http://proxy:3128 (--set)"},
    {{"https_proxy=http://proxy:3128"}, "HTTPS_PROXY = http://proxy:3128 (--set)"},
    {{"ALL_PROXY=http://proxy:3128"}, "ALL_PROXY = http://proxy:3128 (--set)"},
    {{"HTTPS_PROXY=http://one:1", "ALL_PROXY=http://two:2"},
     "HTTPS_PROXY = http://one:1 (--set)"},
    {{"HTTPS_PROXY=http://proxy:3128", "NO_PROXY=hooks.example.com"}, NULL},
    {{"HTTPS_PROXY=http://proxy:3128", "NO_PROXY=localhost, HOOKS.example.com "}, NULL},
    {{"HTTPS_PROXY=http://proxy:3128", "NO_PROXY=.example.com"}, NULL},
    {{"HTTPS_PROXY=http://proxy:3128", "NO_PROXY=example.com,,.com.example"},
     "HTTPS_PROXY = http://proxy:3128 (--set)"},
    {{"HTTPS_PROXY=http://proxy:3128", "NO_PROXY=.hooks.example.com"},
     "HTTPS_PROXY = http://proxy:3128 (--set)"},
};

START_TEST(test_describes)
{
    struct settings *settings = settings_new();

    for (size_t i = 0; i < 3 && rows[_i].sets[i]; i++)
        ck_assert(settings_add_set(settings, rows[_i].sets[i], NULL));
    char *described = proxy_describe(settings, "hooks.example.com");
    ck_assert_pstr_eq(described, rows[_i].described);
    free(described);
    settings_free(settings);
}
END_TEST

START_TEST(test_hides_credentials)
{
    struct settings *settings = settings_new();

    ck_assert(settings_add_set(settings, "HTTPS_PROXY=http://joe:hunter2@proxy:3128/", NULL));
    char *described = proxy_describe(settings, "hooks.example.com");
    ck_assert_ptr_null(strstr(described, "hunter2"));
    ck_assert_ptr_nonnull(strstr(described, "proxy:3128"));
    free(described);
    settings_free(settings);
}
END_TEST

Suite *proxy_suite(void)
{
    Suite *suite = suite_create("proxy");
    TCase *tcase = tcase_create("environment");

    tcase_add_loop_test(tcase, test_describes, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tcase, test_hides_credentials);
    suite_add_tcase(suite, tcase);
    return suite;
}
