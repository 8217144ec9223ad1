#include "base/buf.h"
#include "base/mem.h"
#include "settings/source.h"
#include "settings/warnings.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>

static void setup(void)
{
    temporary_directory();
}

/* One file of a kind, and the warnings as "code(key)@line ". */
static const struct {
    const char *kind, *text, *warnings;
} files[] = {
    {"env-file", "SMTP_HOST=a\n", "single-underscore(SMTP_HOST)@1 "},
    {"env-file", "\nSMTP_PORT=25\n", "single-underscore(SMTP_PORT)@2 "},
    {"env-file", "EMAIL_SMTP_HOST=a\n", "single-underscore(EMAIL_SMTP_HOST)@1 "},
    {"env-file", "EMAIL__SMTP_HOST=a\n", "single-underscore(EMAIL__SMTP_HOST)@1 "},
    {"env-file", "NOTIFY_EMAIL__HOST=a\n", "single-underscore(NOTIFY_EMAIL__HOST)@1 "},
    {"env-file", "SMTP___HOST=a\n", "single-underscore(SMTP___HOST)@1 "},
    {"env-file", "SMTP__HOST=a\nEMAIL__SMTP__HOST=b\n", ""},
    {"env-file", "SMTPHOST=a\nMY_SMTP_HOST=b\n", ""},
    {"unit-env-file", "SMTP_HOST=a\n", "single-underscore(SMTP_HOST)@1 "},
    {"docker-env-file", "SMTP_HOST=a\n", "single-underscore(SMTP_HOST)@1 "},
    {"json", "{\"Smtp__Host\":\"a\"}", "single-underscore(Smtp__Host)@1 "},
    {"ini", "[Smtp]\nHost=a\n[x]\nSmtp__Host=b\n", ""},
    {"ini", "Smtp__Host=b\n", "single-underscore(Smtp__Host)@1 "},
    {"json", "{\"Smtp\":{\n\"Port\":25}}", "orphan-port(Smtp:Port)@2 "},
    {"json", "{\"Smtp\":{\"Port\":25,\"Host\":\"a\"}}", ""},
    {"json", "{\"Smtp\":{\"Port\":25,\"Host\":null}}", "orphan-port(Smtp:Port)@1 "},
    {"json", "{\"Smtp\":{\"Host\":[\n\"a\"]}}", "key-is-section(Smtp:Host:0)@2 "},
    {"json", "{\"Smtp\":{\"Host\":{\"Name\":\"a\"}}}", "key-is-section(Smtp:Host:Name)@1 "},
    {"json", "{\"Smtp\":{\"Hosts\":[\"a\"]}}", ""},
    {"values", "smtp: {existingSecret: s}\n", "existing-secret(Smtp:ExistingSecret)@1 "},
    {"values", "smtp: {existingSecret: s, host: a}\n", ""},
    {"values", "smtp: {existingSecret: ''}\n", ""},
    {"json", "{\"Smtp\":{\"Host\":\"587\"}}", "numeric-host(Smtp:Host)@1 "},
    {"json", "{\"Smtp\":{\"Host\":\"587a\"}}", ""},
    {"json", "{\"Smtp\":{\"Host\":\"[::1]:25\"}}", "port-in-host-ignored(Smtp:Host)@1 "},
    {"json", "{\"Smtp\":{\"Host\":\"[::1]\"}}", ""},
    {"json", "{\"Smtp\":{\"Host\":\"a\",\n\"Port\":\"0x24b\"}}", "hex-port(Smtp:Port)@2 "},
    {"json", "{\"Smtp\":{\"Host\":\"a\",\"Port\":\"&H19\"}}", "hex-port(Smtp:Port)@1 "},
    {"json", "{\"Smtp\":{\"Host\":\"a\",\"Port\":\"025\"}}", ""},
    {"json", "{\"Smtp\":{\"Host\":\"a\",\n\"UseSsl\":1}}", "usessl-not-boolean(Smtp:UseSsl)@2 "},
    {"json", "{\"Smtp\":{\"UseSsl\":\"\"}}", "usessl-not-boolean(Smtp:UseSsl)@1 "},
    {"json", "{\"Smtp\":{\"UseSsl\":true},\"Notify\":{\"Email\":{\"UseSsl\":null}}}", ""},
    {"env-file", "Smtp__UseSsl=yes\n", "usessl-not-boolean(Smtp:UseSsl)@1 "},
    {"values", "smtp: {host: a, useSsl: yes}\n", ""},
    {"values", "smtp: {host: a, port: 0465}\n", "yaml-octal(Smtp:Port)@1 "},
    {"values", "smtp: {host: yes}\n", "yaml-bool-host(Smtp:Host)@1 "},
    {"values", "smtp: {host: a}\nsmtp: {host: b}\n", "yaml-duplicate-key(smtp)@2 "},
    {"values", "Smtp: {host: a}\n", "yaml-case(Smtp)@1 "},
};

START_TEST(test_warnings)
{
    char *source = mem_printf("%s:%s", files[_i].kind, temporary_file("a", files[_i].text));
    struct settings *settings = settings_new();
    struct settings_warnings warnings = {0};
    struct error err = {0};
    struct buf seen = {0};

    ck_assert_msg(settings_add_source(settings, source, 10, &err), "%s", err.text);
    ck_assert_ptr_null(settings_failure(settings));
    settings_collect_warnings(settings, &warnings);
    for (size_t i = 0; i < warnings.count; i++) {
        const struct settings_warning *warning = &warnings.items[i];
        buf_printf(&seen, "%s(%s)@%d ", warning->code, warning->key, warning->line);
        ck_assert(*warning->message && strstr(warning->source, "a:"));
    }
    ck_assert_str_eq(seen.len ? seen.data : "", files[_i].warnings);
    buf_clear(&seen);
    settings_warnings_clear(&warnings);
    settings_free(settings);
    free(source);
}
END_TEST

/* Lowest layer first, then by line; what discovery adds is among them. */
START_TEST(test_order)
{
    struct settings *settings = settings_new();
    struct settings_warnings warnings = {0};
    char *low = mem_printf("env-file:%s", temporary_file("low", "\n\nSMTP_HOST=a\nSMTP_PORT=1\n"));
    char *high = mem_printf("env-file:%s", temporary_file("high", "SMTP_HOST=b\n"));

    ck_assert(settings_add_source(settings, low, 10, NULL));
    ck_assert(settings_add_source(settings, high, 10, NULL));
    settings_add_warning(settings, "stale-container", "", 0, 0, "older than %s", "it");
    settings_collect_warnings(settings, &warnings);
    ck_assert_uint_eq(warnings.count, 4);
    ck_assert_str_eq(warnings.items[0].code, "stale-container");
    ck_assert_str_eq(warnings.items[0].message, "older than it");
    ck_assert_int_eq(warnings.items[1].line, 3);
    ck_assert_int_eq(warnings.items[2].line, 4);
    ck_assert_int_eq(warnings.items[3].layer, 1);
    settings_warnings_clear(&warnings);
    settings_free(settings);
    free(low);
    free(high);
}
END_TEST

Suite *warnings_suite(void)
{
    Suite *suite = suite_create("warnings");
    TCase *tcase = tcase_create("collect");

    tcase_add_checked_fixture(tcase, setup, temporary_remove);
    tcase_add_loop_test(tcase, test_warnings, 0, sizeof files / sizeof *files);
    tcase_add_test(tcase, test_order);
    suite_add_tcase(suite, tcase);
    return suite;
}
