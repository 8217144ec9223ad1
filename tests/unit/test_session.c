#include "run/session.h"
#include "settings/secrets.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct session session;
static char *source;

static void setup(void)
{
    temporary_directory();
    const char *path = temporary_file("smtp.env", "Smtp__Host=one\n");
    source = malloc(strlen(path) + sizeof "env-file:");
    strcpy(stpcpy(source, "env-file:"), path);
}

static void teardown(void)
{
    session_close(&session);
    free(source);
    temporary_remove();
}

static void open_with(const struct session_options *options)
{
    struct error err = {0};

    ck_assert_msg(session_open(&session, options, &err), "%s", err.text);
}

static void assert_host(const struct settings *settings, const char *host)
{
    struct setting setting = settings_get(settings, "Smtp:Host");

    ck_assert_str_eq(setting.shown, host);
    setting_clear(&setting);
}

START_TEST(test_reload)
{
    const char *const sources[] = {source}, *const sets[] = {"Smtp:Port=25"};

    open_with(&(struct session_options){.sources = sources, .nsources = 1, .sets = sets,
                                        .nsets = 1});
    const struct settings *settings = session.settings;
    assert_host(settings, "one");
    temporary_file("smtp.env", "Smtp__Host=two\n");
    assert_host(settings, "one");
    ck_assert(session_reload(&session, NULL));
    assert_host(settings, "two");
    ck_assert_uint_eq(settings_source_count(settings), 2);
}
END_TEST

/* Servers and logs may still say them. */
START_TEST(test_secrets_of_before_the_reload)
{
    const char *const sources[] = {source};

    temporary_file("smtp.env", "Smtp__Password=first-one\n");
    open_with(&(struct session_options){.sources = sources, .nsources = 1});
    for (int i = 0; i < 3; i++) {
        temporary_file("smtp.env", i % 2 ? "Smtp__Host=h\n" : "Smtp__Password=second-one\n");
        ck_assert(session_reload(&session, NULL));
    }
    char *masked = settings_mask(session.settings, "first-one second-one third-one");
    ck_assert_str_eq(masked, "*** *** third-one");
    free(masked);
}
END_TEST

START_TEST(test_reload_of_a_source_that_went)
{
    const char *const sources[] = {source};
    struct error err = {0};

    open_with(&(struct session_options){.sources = sources, .nsources = 1});
    unlink(source + strlen("env-file:"));
    ck_assert(!session_reload(&session, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "smtp.env"));
    assert_host(session.settings, "one");
}
END_TEST

START_TEST(test_demo_stays)
{
    open_with(&(struct session_options){.demo = true});
    struct setting before = settings_get(session.settings, "Smtp:Port");
    ck_assert(session_reload(&session, NULL));
    struct setting after = settings_get(session.settings, "Smtp:Port");
    ck_assert_str_eq(before.shown, after.shown);
    setting_clear(&before);
    setting_clear(&after);
}
END_TEST

Suite *session_suite(void)
{
    Suite *suite = suite_create("session");
    TCase *tcase = tcase_create("settings");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_reload);
    tcase_add_test(tcase, test_secrets_of_before_the_reload);
    tcase_add_test(tcase, test_reload_of_a_source_that_went);
    tcase_add_test(tcase, test_demo_stays);
    suite_add_tcase(suite, tcase);
    return suite;
}
