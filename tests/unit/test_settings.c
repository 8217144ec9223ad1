#include "base/mem.h"
#include "settings/source.h"
#include "suites.h"
#include "temporary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct settings *settings;

static void setup(void)
{
    settings = settings_new();
    temporary_directory();
}

static void teardown(void)
{
    settings_free(settings);
    temporary_remove();
}

static bool add(const char *kind, const char *path, struct error *err)
{
    char *source = mem_printf("%s:%s", kind, path);
    bool ok = settings_add_source(settings, source, SOURCE_DOTNET_DEFAULT, err);

    free(source);
    return ok;
}

static bool add_ini(const char *path, struct error *err)
{
    return add("ini", path, err);
}

/* The answer as "STATE value (source)". */
static void assert_answer(const char *key, enum setting_state state, const char *value,
                          const char *source)
{
    struct setting setting = settings_get(settings, key);

    ck_assert_int_eq(setting.state, state);
    ck_assert_str_eq(setting.shown, value);
    ck_assert_str_eq(setting.source, source);
    setting_clear(&setting);
}

START_TEST(test_missing)
{
    assert_answer("Smtp:Host", SETTING_MISSING, "", "");
}
END_TEST

START_TEST(test_topmost_layer_wins)
{
    char *block[] = {"Smtp__Host=env", NULL};

    ck_assert(add_ini(temporary_file("a.ini", "[Smtp]\nHost=file\nPort=25\n"),
                               NULL));
    settings_add_environ(settings, block);
    assert_answer("smtp:HOST", SETTING_TEXT, "env", "environment, variable Smtp__Host");
    ck_assert(settings_add_set(settings, "Smtp:Host=set", NULL));
    ck_assert(settings_add_set(settings, "Smtp:Host=later", NULL));
    assert_answer("Smtp:Host", SETTING_TEXT, "later", "--set");
    struct setting port = settings_get(settings, "Smtp:Port");
    ck_assert_int_eq(port.line, 3);
    ck_assert_int_eq(port.layer, 0);
    setting_clear(&port);
}
END_TEST

/* NULL and "" hide what lies below: they are hits. */
START_TEST(test_empty_and_null_hide)
{
    ck_assert(settings_add_set(settings, "a=x", NULL));
    layer_put(settings_add_layer(settings, "upper", NULL), "a", NULL, 0);
    assert_answer("a", SETTING_NULL, "", "upper");
    layer_put(settings_add_layer(settings, "top", NULL), "a", "", 7);
    assert_answer("a", SETTING_EMPTY, "", "top:7");
}
END_TEST

static const struct {
    const char *variable, *key, *value; /* value NULL: the key must not be there */
} variables[] = {
    {"Smtp__Host=m", "Smtp:Host", "m"},
    {"SMTP__HOST=m", "Smtp:Host", "m"},
    {"SMTP___HOST=m", "SMTP:_HOST", "m"},
    {"__Smtp__Host=m", ":Smtp:Host", "m"},
    {"Email:Smtp__Host=m", "Email:Smtp:Host", "m"},
    {"SMTP_HOST=m", "Smtp:Host", NULL},
    {"Smtp__Host", "Smtp:Host", NULL},
    {"=m", "", NULL},
    {"Smtp__Host=a=b", "Smtp:Host", "a=b"},
};

START_TEST(test_environment_names)
{
    char variable[64];
    char *block[] = {variable, NULL};

    strcpy(variable, variables[_i].variable);
    settings_add_environ(settings, block);
    struct setting setting = settings_get(settings, variables[_i].key);
    if (variables[_i].value)
        ck_assert_str_eq(setting.shown, variables[_i].value);
    else
        ck_assert_int_eq(setting.state, SETTING_MISSING);
    setting_clear(&setting);
}
END_TEST

START_TEST(test_variables_that_differ_in_case)
{
    char *differing[] = {"Smtp__Host=a", "SMTP__HOST=b", NULL};
    char *equal[] = {"Slack__X=a", "SLACK__X=a", NULL};

    settings_add_environ(settings, differing);
    assert_answer("Smtp:Host", SETTING_AMBIGUOUS, "",
                  "environment, variables Smtp__Host and SMTP__HOST");
    settings_add_environ(settings, equal);
    assert_answer("Slack:X", SETTING_TEXT, "a", "environment, variable Slack__X");
}
END_TEST

START_TEST(test_ini_mistakes_fail_the_layer)
{
    const char *path = temporary_file("a.ini", "[Smtp]\nHost=a\nHOST=b\n");
    struct error err = {0};

    ck_assert(add_ini(path, &err));
    ck_assert_ptr_nonnull(settings_failure(settings));
    ck_assert_ptr_nonnull(strstr(settings_failure(settings),
                                 "a.ini:3: Smtp:HOST is set twice, first in line 2; remove one"));
}
END_TEST

START_TEST(test_ini_that_is_not_there)
{
    struct error err = {0};

    ck_assert(add_ini("/nonexistent/a.ini", &err));
    ck_assert_str_eq(settings_failure(settings), "/nonexistent/a.ini: No such file or directory");
    ck_assert_int_eq(settings_source(settings, 0)->status, SOURCE_ABSENT);
    ck_assert_int_eq(settings_source(settings, 0)->fault.kind, FAULT_UNREADABLE);
    ck_assert(add_ini("/dev/null", &err));
    ck_assert_int_eq(settings_source(settings, 1)->status, SOURCE_ERROR);
    ck_assert_str_eq(settings_source(settings, 1)->fault.reason.text, "not a regular file");
    ck_assert_ptr_eq(settings_unreadable(settings), settings_source(settings, 0));
}
END_TEST

static const struct {
    const char *kind, *text;
    enum setting_state state;
    const char *value, *place; /* of Smtp:Host; the place follows the path */
} kinds[] = {
    {"json", "{\n// c\n\"Smtp\": {\n\"Host\": \"m\",},}", SETTING_TEXT, "m", ":4"},
    {"json", "{\"Smtp\": {\"Host\": null}}", SETTING_NULL, "", ":1"},
    {"json", "{\"Smtp\": {\"Host\": \"a\\u0000b\"}}", SETTING_TEXT, "a\\xc0\\x80b", ":1"},
    {"ini", "[Smtp]\nHost=m", SETTING_TEXT, "m", ":2"},
    {"env-file", "# c\nSmtp__Host='m' # c", SETTING_TEXT, "m", ":2"},
    {"env-file", "Smtp__Host=m\nSmtp__Host=n", SETTING_TEXT, "n", ":2"},
    {"env-file", "Smtp__Host=m\nSMTP__HOST=n", SETTING_AMBIGUOUS, "",
     ", variables Smtp__Host and SMTP__HOST"},
    {"unit-env-file", "; c\nSmtp__Host=\"m\"", SETTING_TEXT, "m", ":2"},
    {"docker-env-file", "Smtp__Host=\"m\"", SETTING_TEXT, "\"m\"", ":1"},
    {"environ", "Smtp__Host=m", SETTING_TEXT, "m", ", variable Smtp__Host"},
    {"cmdline", "stella", SETTING_MISSING, "", NULL},
};

START_TEST(test_kinds_of_sources)
{
    const char *path = temporary_file("a", kinds[_i].text);
    char *place = kinds[_i].place ? mem_printf("%s%s", path, kinds[_i].place) : mem_strdup("");
    struct error err = {0};

    ck_assert_msg(add(kinds[_i].kind, path, &err), "%s", err.text);
    ck_assert_ptr_null(settings_failure(settings));
    assert_answer("smtp:host", kinds[_i].state, kinds[_i].value, place);
    free(place);
}
END_TEST

static const struct {
    const char *kind, *text, *failure;
} failing[] = {
    {"json", "{\n\"Smtp\": {", "a:2:"},
    {"json", "{\"a\":1,\n\"A\":2}", "a:2:"},
    {"ini", "Smtp", "a:1: expected [section] or name = value"},
    {"env-file", "\nA=\"x", "a:2:"},
    {"docker-env-file", "\n A B=x", "a:2:"},
};

START_TEST(test_mistakes_in_sources)
{
    const char *path = temporary_file("a", failing[_i].text);

    ck_assert(add(failing[_i].kind, path, NULL));
    ck_assert_ptr_nonnull(settings_failure(settings));
    ck_assert_msg(strstr(settings_failure(settings), failing[_i].failure), "%s",
                  settings_failure(settings));
}
END_TEST

START_TEST(test_unknown_kinds)
{
    struct error err = {0};

    ck_assert(!settings_add_source(settings, "toml:x", 10, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "toml:x: unknown kind of source; known are json"));
    ck_assert(!settings_add_source(settings, "json", 10, &err));
    ck_assert_str_eq(err.text, "json names no file; write json:FILE");
    ck_assert(!settings_add_source(settings, "json:", 10, &err));
    ck_assert(!settings_add_source(settings, "", 10, &err));
}
END_TEST

static const char *const bad_assignments[] = {"", "=", "=x", "Smtp:Host"};

START_TEST(test_refuses_assignment)
{
    struct error err = {0};

    ck_assert(!settings_add_set(settings, bad_assignments[_i], &err));
    ck_assert_ptr_nonnull(strstr(err.text, "KEY=VALUE"));
}
END_TEST

static const struct {
    const char *assignment, *key, *shown;
} secrets[] = {
    {"Smtp:Password=hunter2", "Smtp:Password", "***"},
    {"X:ApiKEY=hunter2", "X:ApiKey", "***"},
    {"X:ClientSecret=hunter2", "X:ClientSecret", "***"},
    {"X:Token=hunter2", "X:token", "***"},
    {"X:Token=", "X:token", ""},
    {"Slack:WebhookUrl=https://h.example/T/hunter2", "Slack:WebhookUrl", "https://h.example:443/***"},
    {"Slack:WebhookUrl=https://u:hunter2@h.example", "Slack:WebhookUrl", "https://h.example:443/***"},
    {"Slack:WebhookUrl=hunter2", "Slack:WebhookUrl", "***"},
    {"Slack:WebhookUrl=http://[::1]:8/hunter2", "Slack:WebhookUrl", "http://[::1]:8/***"},
    {"X:Endpoint=https://h.example/T/hunter2", "X:Endpoint", "https://h.example/***"},
    {"Smtp:Host=smtp://localhost", "Smtp:Host", "smtp://localhost"},
    {"Smtp:Host=http://h:8/", "Smtp:Host", "http://h:8"},
    {"Smtp:Host=smtp+tls://u:hunter2@[::1]:25", "Smtp:Host", "smtp+tls://[::1]:25/***"},
    {"Smtp:Host=smtp://h:25?k=hunter2", "Smtp:Host", "smtp://h:25/***"},
    {"Smtp:Host=smtp://h:hunter2", "Smtp:Host", "***"},
    {"Smtp:Host=smtp://hunter 2", "Smtp:Host", "***"},
    {"Smtp:Host=Pw=hunter2;x://h", "Smtp:Host", "***"},
    {"Smtp:Host=://hunter2", "Smtp:Host", "***"},
    {"Smtp:Password=smtp://hunter2", "Smtp:Password", "***"},
    {"Db=x://h;Password=hunter2", "Db", "***"},
    {"Smtp:Host=user:hunter2@h.example", "Smtp:Host", "***@h.example"},
    {"Slack:WebhookUrl=https://h%2fhunter2", "Slack:WebhookUrl", "***"},
    {"Slack:WebhookUrl=https://h;hunter2/", "Slack:WebhookUrl", "***"},
    {"Slack:WebhookUrl=https://[hunter2]/", "Slack:WebhookUrl", "***"},
    {"Smtp:Host=\x1b[31m\xE2\x80\xAE", "Smtp:Host", "\\x1b[31m\\u202e"},
};

START_TEST(test_what_is_shown)
{
    ck_assert(settings_add_set(settings, secrets[_i].assignment, NULL));
    struct setting setting = settings_get(settings, secrets[_i].key);
    ck_assert_str_eq(setting.shown, secrets[_i].shown);
    setting_clear(&setting);
}
END_TEST

Suite *settings_suite(void)
{
    Suite *suite = suite_create("settings");
    TCase *tcase = tcase_create("layers");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_missing);
    tcase_add_test(tcase, test_topmost_layer_wins);
    tcase_add_test(tcase, test_empty_and_null_hide);
    tcase_add_loop_test(tcase, test_environment_names, 0, sizeof variables / sizeof *variables);
    tcase_add_test(tcase, test_variables_that_differ_in_case);
    tcase_add_test(tcase, test_ini_mistakes_fail_the_layer);
    tcase_add_test(tcase, test_ini_that_is_not_there);
    tcase_add_loop_test(tcase, test_kinds_of_sources, 0, sizeof kinds / sizeof *kinds);
    tcase_add_loop_test(tcase, test_mistakes_in_sources, 0, sizeof failing / sizeof *failing);
    tcase_add_test(tcase, test_unknown_kinds);
    tcase_add_loop_test(tcase, test_refuses_assignment, 0,
                        sizeof bad_assignments / sizeof *bad_assignments);
    tcase_add_loop_test(tcase, test_what_is_shown, 0, sizeof secrets / sizeof *secrets);
    suite_add_tcase(suite, tcase);
    return suite;
}
