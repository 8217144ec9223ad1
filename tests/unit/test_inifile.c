#include "base/buf.h"
#include "base/inifile.h"
#include "suites.h"

#include <string.h>

/* Writes every entry as section|name|value@line; refuses the name "bad". */
static bool record(void *context, const char *section, const char *name, const char *value,
                   int line, struct error *err)
{
    buf_printf(context, "%s|%s|%s@%d ", section, name, value, line);
    if (strcmp(name, "bad") == 0)
        error_set(err, "refused");
    return strcmp(name, "bad") != 0;
}

static const struct {
    const char *text, *entries;
} good[] = {
    {"", ""},
    {"a=1", "|a|1@1 "},
    {"[Smtp]\nHost=a\n  Port=25\n", "Smtp|Host|a@2 Smtp|Port|25@3 "},
    {"Smtp:Host=m", "|Smtp:Host|m@1 "},
    {"Smtp:Host=a:b=c", "|Smtp:Host|a:b=c@1 "},
    {"[ Smtp ]\nHost = m \n", "Smtp|Host|m@2 "},
    {"[Email:Smtp]\nHost=m", "Email:Smtp|Host|m@2 "},
    {"[Smtp] ; note\nHost=m", "Smtp|Host|m@2 "},
    {"; c\n# c\n/ c\nHost=m", "|Host|m@4 "},
    {"Host=m ; note", "|Host|m@1 "},
    {"Host=m;n", "|Host|m;n@1 "},
    {"Host=m # n", "|Host|m # n@1 "},
    {"Host=\"m n\"", "|Host|m n@1 "},
    {"Host=\"", "|Host|\"@1 "},
    {"Host=\"\"m\"\"", "|Host|\"m\"@1 "},
    {"Host=", "|Host|@1 "},
    {"a=1\r\nb=2\rc=3\n", "|a|1@1 |b|2@2 |c|3@3 "},
    {"\xEF\xBB\xBF"
     "a=1",
     "|a|1@1 "},
    {"[Smtp]\n\n\nHost=a\n[Other]\nHost=b", "Smtp|Host|a@4 Other|Host|b@6 "},
    {"a=\xC3\xA9", "|a|\xC3\xA9@1 "},
};

START_TEST(test_reads)
{
    struct buf seen = {0};
    struct error err = {0};

    ck_assert_msg(inifile_read(good[_i].text, strlen(good[_i].text), record, &seen, &err), "%s",
                  err.text);
    ck_assert_str_eq(seen.len ? seen.data : "", good[_i].entries);
    buf_clear(&seen);
}
END_TEST

static const struct {
    const char *text;
    size_t len;
    const char *error;
} bad[] = {
    {"Host", 4, "1: expected [section] or name = value"},
    {"a=1\nHost: m", 11, "2: expected [section] or name = value"},
    {"[Smtp\nHost=a", 12, "1: expected [section] or name = value"},
    {"a=1\nbad=2\n", 10, "2: refused"},
    {"a=1\nb\0c=2", 9, "2: the file has a NUL byte; save it as UTF-8 text"},
    {"\xFF\xFEg\0", 4, "1: the file is UTF-16; save it as UTF-8"},
};

START_TEST(test_refuses)
{
    struct buf seen = {0};
    struct error err = {0};

    ck_assert(!inifile_read(bad[_i].text, bad[_i].len, record, &seen, &err));
    ck_assert_str_eq(err.text, bad[_i].error);
    buf_clear(&seen);
}
END_TEST

/* What libinih by itself would cut: sections at 49 bytes, lines at 200. */
START_TEST(test_long_parts_stay_whole)
{
    struct buf text = {0}, seen = {0}, wanted = {0};
    char section[300], value[5000];
    struct error err = {0};

    memset(section, 's', sizeof section);
    memset(value, 'v', sizeof value);
    buf_printf(&text, "[%.*s]\nname=%.*s\n", (int)sizeof section, section, (int)sizeof value, value);
    buf_printf(&wanted, "%.*s|name|%.*s@2 ", (int)sizeof section, section, (int)sizeof value,
               value);
    ck_assert_msg(inifile_read(text.data, text.len, record, &seen, &err), "%s", err.text);
    ck_assert_str_eq(seen.data, wanted.data);
    buf_clear(&text);
    buf_clear(&seen);
    buf_clear(&wanted);
}
END_TEST

START_TEST(test_refuses_a_line_past_64_kib)
{
    struct buf text = {0}, seen = {0};
    struct error err = {0};

    buf_puts(&text, "a=1\nb=");
    for (int i = 0; i < 70000; i++)
        buf_putc(&text, 'v');
    ck_assert(!inifile_read(text.data, text.len, record, &seen, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "2: the line is longer than 64 KiB"));
    buf_clear(&text);
    buf_clear(&seen);
}
END_TEST

START_TEST(test_survives_every_truncation)
{
    static const char text[] = "\xEF\xBB\xBF[Smtp] ; x\r\nHost = \"m\" ; c\n/ c\nPort:x=\xC3\xA9\n";

    for (size_t n = 0; n < sizeof text; n++) {
        struct buf seen = {0};
        inifile_read(text, n, record, &seen, NULL);
        buf_clear(&seen);
    }
}
END_TEST

Suite *inifile_suite(void)
{
    Suite *suite = suite_create("inifile");
    TCase *tcase = tcase_create("read");

    tcase_add_loop_test(tcase, test_reads, 0, sizeof good / sizeof *good);
    tcase_add_loop_test(tcase, test_refuses, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tcase, test_long_parts_stay_whole);
    tcase_add_test(tcase, test_refuses_a_line_past_64_kib);
    tcase_add_test(tcase, test_survives_every_truncation);
    suite_add_tcase(suite, tcase);
    return suite;
}
