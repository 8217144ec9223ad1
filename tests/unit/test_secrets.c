#include "settings/secrets.h"

#include "suites.h"

#include <stdlib.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const char *const sets[] = {
    "Smtp:Password=hunter2",
    "Smtp:Host=mail.example",
    "Api:Token=hunter2-and-more",
    "Sign:Key=abc",
    "Auth:Secret=True",
    "Cert:Password=two\nlines",
    "Db=Host=h;Username=u;PWD=s3same;Port=5",
    "Proxy:Url=http://user:pr0xypw@proxy:3128/",
    "Relay=user:r3laypw@relay",
    "Mail:From=ops@example.com",
    "Slack:WebhookUrl=https://hooks.slack.com/services/T0B0/B0T0/abcdefghijklmn0p",
    "PWD=/srv/stella",
};

static const struct {
    const char *text, *masked;
} cases[] = {
    {"", ""},
    {"plain value: hunter2", "plain value: ***"},
    {"hunter2hunter2", "******"},
    {"hunter2-and-more, not hunter2-and", "***, not ***-and"},
    {"hunter", "hunter"},
    {"abc True mail.example", "abc True mail.example"},
    {"two", "two"},
    {"x lines y", "x *** y"},
    {"psql said s3same", "psql said ***"},
    {"pr0xypw r3laypw", "*** ***"},
    {"ops@example.com", "ops@example.com"},
    {"services/T0B0/B0T0/abcdefghijklmn0p", "***"},
    {"abcdefghijklmn0p, services", "***, services"},
    {"cd /srv/stella", "cd /srv/stella"},
};

START_TEST(masks_values)
{
    struct settings *settings = settings_new();

    for (int i = 0; i < COUNT(sets); i++)
        ck_assert(settings_add_set(settings, sets[i], NULL));
    char *masked = settings_mask(settings, cases[_i].text);
    ck_assert_str_eq(masked, cases[_i].masked);
    free(masked);
    settings_free(settings);
}
END_TEST

/* Values that come later, and those of settings that are read anew, count too. */
START_TEST(follows_the_settings)
{
    struct settings *settings = settings_new(), *newer = settings_new();
    char *none = settings_mask(settings, "first second");

    ck_assert_str_eq(none, "first second");
    settings_add_set(settings, "a:Password=first", NULL);
    char *first = settings_mask(settings, "first second");
    ck_assert_str_eq(first, "*** second");
    settings_add_set(newer, "a:Password=second", NULL);
    settings_swap(settings, newer);
    char *second = settings_mask(settings, "first second");
    ck_assert_str_eq(second, "first ***");
    free(none);
    free(first);
    free(second);
    settings_free(settings);
    settings_free(newer);
}
END_TEST

Suite *secrets_suite(void)
{
    Suite *suite = suite_create("secrets");
    TCase *tcase = tcase_create("secrets");

    tcase_add_loop_test(tcase, masks_values, 0, COUNT(cases));
    tcase_add_test(tcase, follows_the_settings);
    suite_add_tcase(suite, tcase);
    return suite;
}
