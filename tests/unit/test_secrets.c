#include "settings/secrets.h"

#include "base/mem.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

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
    /* What was cut off may have been a secret. */
    {"said hunte...", "said ***..."},
    {"said hunte", "said hunte"},
    {"said hun...", "said hun..."},
};

/* One secret, in each form in which something may give it back. */
static const char manifold[] = "Smtp:Password=p&w\"x' \\\xC3\xA9\nz%2";
static const char *const forms[] = {
    "p&w\"x' \\\xC3\xA9\nz%2",                   /* as it is */
    "p\\u0026w\\u0022x\\u0027 \\\\\\u00E9\\nz%2",  /* System.Text.Json */
    "p&w\\\"x' \\\\\xC3\xA9\\nz%2",               /* jq */
    "p%26w%22x%27%20%5c%C3%A9%0az%252",            /* a URL */
    "p%26w%22x%27+%5C%c3%a9%0Az%252",              /* a form */
    "p\\&w\\\"x\\'\\ \\\\\xC3\xA9\nz%2",            /* the shell, bare */
    "p&w\"x'\\'' \\\xC3\xA9\nz%2",                /* within single quotes */
    "p&w\"x' \\\\xC3\\xA9\\nz%2",                  /* bytes that were made visible */
    "cCZ3IngnIFzDqQp6JTI=",         /* base64 */
    "cCZ3IngnIFzDqQp6JTI",          /* without padding */
    "eHAmdyJ4JyBcw6kKeiUy",         /* behind one byte */
    "AGpvAHAmdyJ4JyBcw6kKeiUy",     /* AUTH PLAIN */
    "AGpvZQBwJncieCcgXMOpCnolMg==", /* the same of another user */
    "cCZ3IngnIFzDqQp6JTJ0YWls",     /* and more behind it */
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

START_TEST(masks_forms)
{
    struct settings *settings = settings_new();
    char *text = mem_printf("<%s> %s.", forms[_i], forms[_i]);

    ck_assert(settings_add_set(settings, manifold, NULL));
    char *masked = settings_mask(settings, text);
    ck_assert_str_eq(masked, "<***> ***.");
    free(masked);
    free(text);
    settings_free(settings);
}
END_TEST

/* What begins as a secret does again and again takes no longer than another text. */
START_TEST(takes_time_by_length)
{
    enum { BYTES = 1 << 20, SECRET_BYTES = 1 << 14 };
    char *many = mem_zalloc(SECRET_BYTES + 1), *text = mem_zalloc(BYTES + 1);
    struct settings *settings = settings_new();

    memset(many, 'a', SECRET_BYTES);
    char *secret = mem_printf("x:Password=%sb", many);
    memset(text, 'a', BYTES);
    for (size_t i = 60; i < BYTES; i += 60)
        text[i] = 'c';
    ck_assert(settings_add_set(settings, secret, NULL));
    char *masked = settings_mask(settings, text);
    ck_assert_str_eq(masked, text);
    free(masked);
    memset(text, 'a', BYTES);
    masked = settings_mask(settings, text);
    ck_assert_uint_lt(strlen(masked), BYTES / 1000);
    free(masked);
    settings_free(settings);
    free(secret);
    free(many);
    free(text);
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
    settings_keep_secrets(newer, settings);
    settings_swap(settings, newer);
    char *second = settings_mask(settings, "first second");
    ck_assert_str_eq(second, "*** ***");
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
    tcase_add_loop_test(tcase, masks_forms, 0, COUNT(forms));
    tcase_add_test(tcase, takes_time_by_length);
    tcase_add_test(tcase, follows_the_settings);
    suite_add_tcase(suite, tcase);
    return suite;
}
