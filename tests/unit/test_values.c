#include "base/buf.h"
#include "base/mem.h"
#include "settings/values.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

/* "Key=value@line ", "-Key@line " for what is removed, "!code(key)@line ". */
static void set(void *context, const char *key, const char *value, int line)
{
    buf_printf(context, "%s=%s@%d ", key, value, line);
}

static void removed(void *context, const char *key, int line)
{
    buf_printf(context, "-%s@%d ", key, line);
}

static void warned(void *context, const char *code, const char *key, int line,
                   const char *message)
{
    ck_assert(*message);
    buf_printf(context, "!%s(%s)@%d ", code, key, line);
}

static char *read(const char *text, size_t len, struct fault *fault)
{
    struct buf seen = {0};
    const struct values_sink sink = {set, removed, warned, &seen};
    char *exact = mem_realloc(NULL, len + 1);

    memcpy(exact, text, len);
    *fault = (struct fault){0};
    bool ok = values_read(exact, len, &sink, fault);
    ck_assert(ok == (fault->kind == FAULT_NONE));
    ck_assert(ok || seen.len == 0);
    free(exact);
    return buf_take(&seen);
}

static const struct {
    const char *text, *seen;
} files[] = {
    /* What the chart knows, and where it stands. */
    {"smtp:\n  host: m\n  port: 587\n", "Smtp:Host=m@2 Smtp:Port=587@3 "},
    {"email:\n  smtp:\n    host: m\n", "Email:Smtp:Host=m@3 "},
    {"notify:\n  email: {host: m}\n", "Notify:Email:Host=m@2 "},
    {"notify: {slack: {webhookUrl: u}}\nteams: {webhookUrl: v}\n",
     "Notify:Slack:WebhookUrl=u@1 Teams:WebhookUrl=v@2 "},
    {"smtp: {useSsl: true, existingSecret: s}\n", "Smtp:UseSsl=true@1 Smtp:ExistingSecret=s@1 "},
    {"smtp: {other: 1}\nother: {host: m}\n", ""},
    {"smtp.host: m\n", ""},
    {"", ""},
    {"# nothing\n", ""},
    {"~\n", ""},
    {"smtp: {host: m}\n---\nsmtp: {host: n}\n", "Smtp:Host=m@1 "},
    {"\xEF\xBB\xBFsmtp:\r\n  host: m\r\n", "Smtp:Host=m@2 "},
    /* Scalars of YAML 1.1, of plain ones alone. */
    {"smtp: {port: 0587}\n", "Smtp:Port=587@1 "},
    {"smtp: {port: 0x24B}\n", "Smtp:Port=587@1 "},
    {"smtp: {port: 5_87}\n", "Smtp:Port=587@1 "},
    {"smtp: {port: +587}\n", "Smtp:Port=587@1 "},
    {"smtp: {port: 587.0}\n", "Smtp:Port=587@1 "},
    {"smtp: {port: 5.87e2}\n", "Smtp:Port=587@1 "},
    {"smtp: {port: 1000000}\n", "Smtp:Port=1e+06@1 "},
    {"smtp: {port: 999999}\n", "Smtp:Port=999999@1 "},
    {"smtp: {port: 1:30}\n", "Smtp:Port=1:30@1 "},
    {"smtp: {port: \"0465\"}\n", "Smtp:Port=0465@1 "},
    {"smtp: {port: '5.87e2'}\n", "Smtp:Port=5.87e2@1 "},
    {"smtp: {host: 'no'}\n", "Smtp:Host=no@1 "},
    {"smtp: {host: ''}\n", "Smtp:Host=@1 "},
    {"smtp:\n  host: ::1\n", "Smtp:Host=::1@2 "},
    {"smtp: {host: \"[::1]\"}\n", "Smtp:Host=[::1]@1 "},
    {"smtp:\n  host: >\n    m\n", "Smtp:Host=m\n@2 "},
    {"smtp:\n  host: >-\n    m\n", "Smtp:Host=m@2 "},
    {"smtp: {host: !!str 25}\n", "Smtp:Host=25@1 "},
    {"smtp: {host: [a]}\n", "Smtp:Host=[...]@1 "},
    {"smtp: {host: {}}\n", "Smtp:Host=map[]@1 "},
    {"smtp: {host: \"{{ x }}\"}\n", "Smtp:Host={{ x }}@1 "},
    /* What takes an earlier file's value away. */
    {"smtp: {host: ~}\n", "-Smtp:Host@1 "},
    {"smtp: {host: }\n", "-Smtp:Host@1 "},
    {"smtp: {host: null}\n", "-Smtp:Host@1 "},
    {"smtp: {host: 'null'}\n", "Smtp:Host=null@1 "},
    {"smtp: ~\n", "-Smtp@1 "},
    {"smtp: text\n", "-Smtp@1 "},
    {"email: []\n", "-Email:Smtp@1 "},
    {"notify:\n  email: 1\n", "-Notify:Email@2 "},
    /* Aliases and merges. */
    {"x: &x {host: m}\nsmtp: *x\n", "Smtp:Host=m@1 "},
    {"x: &x {host: m, port: 25}\nsmtp:\n  <<: *x\n  port: 587\n",
     "Smtp:Host=m@1 Smtp:Port=587@4 "},
    {"x: &x {host: a}\ny: &y {host: b}\nsmtp: {<<: [*x, *y]}\n", "Smtp:Host=a@1 "},
    {"x: &x m\nsmtp: {host: *x}\n", "Smtp:Host=m@2 "},
    {"x: &x host\nsmtp: {*x : m}\n", "Smtp:Host=m@2 "},
    {"x: &x a\ny: &x b\nsmtp: {host: *x}\n", "Smtp:Host=b@3 "},
    {"x: &x {host: a}\ny: &y {<<: *x, port: 1}\nsmtp:\n  <<: *y\n",
     "Smtp:Host=a@1 Smtp:Port=1@2 "},
    {"x: &x {smtp: {host: a}}\n<<: *x\n", "Smtp:Host=a@1 "},
    {"smtp: {\"<<\": {host: a}}\n", ""},
    {"smtp: {!!merge \"<<\": {host: a}}\n", "Smtp:Host=a@1 "},
    {"smtp: {host: <<}\n", "Smtp:Host=<<@1 "},
    /* go-yaml merges where the << stands. */
    {"x: &x {host: a}\nsmtp:\n  host: m\n  <<: *x\n",
     "Smtp:Host=a@1 !yaml-duplicate-key(smtp.host)@3 "},
    /* What only looks like something else. */
    {"smtp: {host: ! \"5.0\"}\n", "Smtp:Host=5@1 "},
    {"smtp: {host: \"a\\0b\"}\n", "Smtp:Host=a\xC0\x80" "b@1 "},
    {"smtp: {host: \"a?b\"}\n", "Smtp:Host=a?b@1 "},
    {"slack:\n  webhookUrl: https://h/?a\n", "Slack:WebhookUrl=https://h/?a@2 "},
    {"%YAML 1.1\n---\nsmtp: {host: m}\n", "Smtp:Host=m@3 "},
    {"a: {~x: 1}\nb: {'': 2}\n", ""},
    {"a: \".inf\"\n", ""},
    /* Warnings. */
    {"smtp: {port: 0465}\n", "Smtp:Port=309@1 !yaml-octal(Smtp:Port)@1 "},
    {"smtp: {port: 025}\n", "Smtp:Port=21@1 !yaml-octal(Smtp:Port)@1 "},
    {"smtp: {host: no}\n", "Smtp:Host=false@1 !yaml-bool-host(Smtp:Host)@1 "},
    {"smtp: {host: Y}\n", "Smtp:Host=true@1 !yaml-bool-host(Smtp:Host)@1 "},
    {"smtp: {useSsl: yes}\n", "Smtp:UseSsl=true@1 "},
    {"smtp: {host: m}\nSMTP: {host: n}\n", "Smtp:Host=m@1 !yaml-case(SMTP)@2 "},
    {"smtp: {Host: m}\n", "!yaml-case(smtp.Host)@1 "},
    {"smtp: {usessl: true}\n", "!yaml-case(smtp.usessl)@1 "},
    {"email:\n  Smtp: {host: m}\n", "!yaml-case(email.Smtp)@2 "},
    {"SMTP: {host: m}\nSmtp: {host: m}\n", "!yaml-case(SMTP)@1 "},
    {"smtp: {host: m, usersname: n}\n", "Smtp:Host=m@1 "},
    {"smtp: {host: m}\nsmtp: {port: 1}\n", "Smtp:Port=1@2 !yaml-duplicate-key(smtp)@2 "},
    {"smtp:\n  host: m\n  host: k\n", "Smtp:Host=k@3 !yaml-duplicate-key(smtp.host)@3 "},
    {"email:\n  smtp:\n    host: m\n    host: k\n",
     "Email:Smtp:Host=k@4 !yaml-duplicate-key(email.smtp.host)@4 "},
    {"email: {}\nemail:\n  smtp: {}\n  smtp: {}\n",
     "!yaml-duplicate-key(email)@2 !yaml-duplicate-key(email.smtp)@4 "},
    {"smtp: {}\nsmtp: {}\nsmtp: {}\n", "!yaml-duplicate-key(smtp)@3 "},
    {"smtp: {host: m, host: }\n", "-Smtp:Host@1 !yaml-duplicate-key(smtp.host)@1 "},
    {"other: 1\nother: 2\n", ""},
    {"smtp: {port: \"025\"}\n", "Smtp:Port=025@1 "},
    {"smtp: {host: \"on\"}\n", "Smtp:Host=on@1 "},
};

static void assert_reads(const char *text, const char *seen)
{
    struct fault fault;
    char *is = read(text, strlen(text), &fault);

    ck_assert_msg(fault.kind == FAULT_NONE, "\"%s\": %s", text, fault.reason.text);
    ck_assert_msg(strcmp(is, seen) == 0, "\"%s\" gives \"%s\", not \"%s\"", text, is, seen);
    free(is);
}

START_TEST(test_reads)
{
    assert_reads(files[_i].text, files[_i].seen);
}
END_TEST

static const struct {
    const char *text;
    enum fault_class kind;
    int line;
} bad[] = {
    {"smtp:\n  host: [::1]\n", FAULT_PARSE, 2},
    {"smtp:\n\thost: m\n", FAULT_PARSE, 2},
    {"smtp: {host: m\n", FAULT_PARSE, 2},
    {"smtp: {host: *unknown}\n", FAULT_PARSE, 1},
    {"smtp: {host: m}\nhost: {{ x }}\n", FAULT_PARSE, 2},
    {"- smtp\n", FAULT_TOP_LEVEL, 1},
    {"text\n", FAULT_TOP_LEVEL, 1},
    {"5\n", FAULT_TOP_LEVEL, 1},
    {"smtp: {host: \"\xFF\"}\n", FAULT_ENCODING, 1},
    {"smtp:\n  host: a\x01\n", FAULT_ENCODING, 2},
    {"%YAML 1.2\n---\nsmtp: {host: m}\n", FAULT_PARSE, 1},
    {"a:\n- &x [*x]\n", FAULT_PARSE, 2},
    {"a:\n  ~: 1\n", FAULT_PARSE, 2},
    {"a:\n  ? [b]\n  : 1\n", FAULT_PARSE, 2},
    {"x: &x [b]\na:\n  *x : 1\n", FAULT_PARSE, 3},
    {"a:\n  <<: text\n", FAULT_PARSE, 2},
    {"x: &x [b]\na: {<<: *x}\n", FAULT_PARSE, 2},
    {"a: {<<: [{b: 1}, c]}\n", FAULT_PARSE, 1},
    {"a: .inf\n", FAULT_PARSE, 1},
    {"a: -.INF\n", FAULT_PARSE, 1},
    {"a: .nan\n", FAULT_PARSE, 1},
    {"a: !!int x\n", FAULT_PARSE, 1},
    {"a: !!binary eA==\n", FAULT_PARSE, 1},
    {"slack: {webhookUrl: https://h/?a}\n", FAULT_PARSE, 1},
};

START_TEST(test_refuses)
{
    struct fault fault;
    char *seen = read(bad[_i].text, strlen(bad[_i].text), &fault);

    ck_assert_str_eq(fault_name(fault.kind), fault_name(bad[_i].kind));
    ck_assert_int_eq(fault.line, bad[_i].line);
    ck_assert(fault.reason.text[0]);
    free(seen);
}
END_TEST

START_TEST(test_survives_every_truncation)
{
    const char *text = files[_i].text;
    struct fault fault;

    for (size_t n = 0; n < strlen(text); n++)
        free(read(text, n, &fault));
}
END_TEST

START_TEST(test_survives_every_truncation_of_bad_files)
{
    struct fault fault;

    for (int i = 0; i < COUNT(bad); i++)
        for (size_t n = 0; n < strlen(bad[i].text); n++)
            free(read(bad[i].text, n, &fault));
}
END_TEST

START_TEST(test_reads_utf_16)
{
    static const char little[] = "\xFF\xFEt\0e\0a\0m\0s\0:\0\n\0 \0w\0e\0b\0h\0o\0o\0k\0U\0r\0l\0"
                                 ":\0 \0\xE9\0\n";
    static const char big[] = "\xFE\xFF\0t\0e\0a\0m\0s\0:\0\n\0 \0w\0e\0b\0h\0o\0o\0k\0U\0r\0l\0:"
                              "\0 \0\xE9\0\n";
    struct fault fault;
    char *seen = read(_i ? little : big, _i ? sizeof little : sizeof big - 1, &fault);

    ck_assert_str_eq(seen, "Teams:WebhookUrl=\xC3\xA9@2 ");
    free(seen);
}
END_TEST

START_TEST(test_refuses_nul)
{
    static const char text[] = "smtp:\n  host: a\0b\n";
    struct fault fault;

    free(read(text, sizeof text - 1, &fault));
    ck_assert_int_eq(fault.kind, FAULT_ENCODING);
    ck_assert_int_eq(fault.line, 2);
}
END_TEST

/* The scalar without quotes, and what a template prints; NULL for null. */
static const struct {
    const char *text, *printed;
    bool is_octal;
} scalars[] = {
    {"", NULL, false},
    {"~", NULL, false},
    {"null", NULL, false},
    {"Null", NULL, false},
    {"NULL", NULL, false},
    {"nULL", "nULL", false},
    {"y", "true", false},
    {"Y", "true", false},
    {"Yes", "true", false},
    {"YES", "true", false},
    {"yES", "yES", false},
    {"True", "true", false},
    {"tRUE", "tRUE", false},
    {"On", "true", false},
    {"oN", "oN", false},
    {"n", "false", false},
    {"NO", "false", false},
    {"nO", "nO", false},
    {"OFF", "false", false},
    {"False", "false", false},
    {"0", "0", false},
    {"00", "0", true},
    {"025", "21", true},
    {"-025", "-21", true},
    {"0_25", "21", true},
    {"08", "8", false},
    {"0o1113", "587", true},
    {"0O17", "15", true},
    {"0o8", "0o8", false},
    {"0x24B", "587", false},
    {"-0X24b", "-587", false},
    {"0x", "0x", false},
    {"0xg", "0xg", false},
    {"0b11", "3", false},
    {"0b2", "0b2", false},
    {"5_87", "587", false},
    {"_587", "_587", false},
    {"+587", "587", false},
    {"--5", "--5", false},
    {"+", "+", false},
    {"587.", "587", false},
    {"587.0", "587", false},
    {"5.87e2", "587", false},
    {"5.87E+2", "587", false},
    {"5e", "5e", false},
    {".5", "0.5", false},
    {".", ".", false},
    {"-.5e1", "-5", false},
    {"1.5.2", "1.5.2", false},
    {"1:30", "1:30", false},
    {"2001-01-01", "2001-01-01", false},
    {"-0.0", "-0", false},
    {"-0", "0", false},
    {"999999.5", "999999.5", false},
    {"100000", "100000", false},
    {"1000000", "1e+06", false},
    {"123456789", "1.23456789e+08", false},
    {"0.0001", "0.0001", false},
    {"0.00001", "1e-05", false},
    {"0.1", "0.1", false},
    {"1e21", "1e+21", false},
    {"1e100", "1e+100", false},
    {"1e400", "1e400", false},
    {"1e-400", "0", false},
    {"9223372036854775807", "9.223372036854776e+18", false},
    {"18446744073709551616", "1.8446744073709552e+19", false},
    {"0xFFFFFFFFFFFFFFFF", "1.8446744073709552e+19", false},
    {"0x10000000000000000", "0x10000000000000000", false},
    {"0777777777777777777777", "9.223372036854776e+18", true},
};

START_TEST(test_prints_scalars)
{
    for (int i = 0; i < COUNT(scalars); i++) {
        const char *printed = scalars[i].printed;
        char *text = mem_printf("smtp:\n  port: %s\n", scalars[i].text);
        char *seen = !printed ? mem_strdup("-Smtp:Port@2 ")
                              : mem_printf("Smtp:Port=%s@2 %s", printed,
                                           scalars[i].is_octal ? "!yaml-octal(Smtp:Port)@2 " : "");
        assert_reads(text, seen);
        free(seen);
        free(text);
    }
}
END_TEST

static const struct {
    const char *text, *printed;
} tagged[] = {
    {"!!str 025", "025"},    {"!!str ~", "~"},         {"!!str", ""},
    {"!!int \"5\"", "5"},    {"!!float 5", "5"},       {"!!float \"5.50\"", "5.5"},
    {"!!bool yes", "true"},  {"!!bool \"n\"", "false"}, {"!other 025", "025"},
    {"! 5.0", "5"},          {"!!timestamp 2001-01-01", "2001-01-01"},
};

START_TEST(test_heeds_tags)
{
    for (int i = 0; i < COUNT(tagged); i++) {
        char *text = mem_printf("smtp:\n  username: %s\n", tagged[i].text);
        char *seen = mem_printf("Smtp:Username=%s@2 ", tagged[i].printed);
        assert_reads(text, seen);
        free(seen);
        free(text);
    }
}
END_TEST

static const char *const misfits[] = {
    "!!int abc", "!!int 5.0", "!!float x", "!!bool x", "!!bool 1", "!!null x", "!!timestamp 5",
    "!!binary eA==",
};

START_TEST(test_refuses_tags_that_do_not_fit)
{
    for (int i = 0; i < COUNT(misfits); i++) {
        char *text = mem_printf("smtp:\n  username: %s\n", misfits[i]);
        struct fault fault;

        free(read(text, strlen(text), &fault));
        ck_assert_int_eq(fault.kind, FAULT_PARSE);
        ck_assert_int_eq(fault.line, 2);
        free(text);
    }
}
END_TEST

/* Ten lines that stand for ten thousand million texts. */
START_TEST(test_alias_bomb)
{
    struct buf text = {0};
    struct fault fault;

    buf_puts(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++)
        buf_printf(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i,
                   i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    buf_puts(&text, "smtp: {host: *a9}\n");
    free(read(text.data, text.len, &fault));
    ck_assert_int_eq(fault.kind, FAULT_PARSE);
    buf_clear(&text);
}
END_TEST

/* The same of mappings that merge each other, below a key that is not there. */
START_TEST(test_merge_bomb)
{
    struct buf text = {0};
    struct fault fault;

    buf_puts(&text, "a0: &a0 {x: y}\n");
    for (int i = 1; i < 40; i++)
        buf_printf(&text, "a%d: &a%d {<<: [*a%d, *a%d]}\n", i, i, i - 1, i - 1);
    buf_puts(&text, "smtp: *a39\n");
    free(read(text.data, text.len, &fault));
    ck_assert_int_eq(fault.kind, FAULT_PARSE);
    buf_clear(&text);
}
END_TEST

/* One text that many aliases name is no bomb. */
START_TEST(test_many_aliases)
{
    struct buf text = {0};

    buf_puts(&text, "x: &x m\na: [*x");
    for (int i = 0; i < 2000; i++)
        buf_puts(&text, ", *x");
    buf_puts(&text, "]\nsmtp: {host: *x}\n");
    assert_reads(text.data, "Smtp:Host=m@3 ");
    buf_clear(&text);
}
END_TEST

/* libyaml takes the square of their number. */
START_TEST(test_many_tag_lines)
{
    static const int counts[] = {100, 200 * 1000};
    struct buf text = {0};
    struct fault fault;

    for (int i = 0; i < counts[_i]; i++)
        buf_printf(&text, "%%TAG !a%d! x\n", i);
    buf_puts(&text, "---\na: b\n");
    free(read(text.data, text.len, &fault));
    ck_assert_int_eq(fault.kind, _i ? FAULT_PARSE : FAULT_NONE);
    buf_clear(&text);
}
END_TEST

START_TEST(test_depth)
{
    static const int depths[] = {99, 100, 20000};
    struct buf text = {0};
    struct fault fault;

    buf_puts(&text, "a: ");
    for (int i = 1; i < depths[_i]; i++)
        buf_putc(&text, '[');
    for (int i = 1; i < depths[_i]; i++)
        buf_putc(&text, ']');
    free(read(text.data, text.len, &fault));
    ck_assert_int_eq(fault.kind, depths[_i] > 100 ? FAULT_DEPTH : FAULT_NONE);
    buf_clear(&text);
}
END_TEST

START_TEST(test_many_keys)
{
    enum { KEYS = 20 * 1000 };
    struct buf text = {0};
    struct fault fault;

    for (int i = 0; i < KEYS; i++)
        buf_printf(&text, "key%d: {a: %d}\n", i, i);
    buf_puts(&text, "smtp: {host: m}\n");
    char *seen = read(text.data, text.len, &fault);
    ck_assert_str_eq(seen, "Smtp:Host=m@20001 ");
    free(seen);
    buf_clear(&text);
}
END_TEST

Suite *values_suite(void)
{
    Suite *suite = suite_create("values");
    TCase *tcase = tcase_create("read");

    tcase_add_loop_test(tcase, test_reads, 0, COUNT(files));
    tcase_add_loop_test(tcase, test_refuses, 0, COUNT(bad));
    tcase_add_loop_test(tcase, test_survives_every_truncation, 0, COUNT(files));
    tcase_add_test(tcase, test_survives_every_truncation_of_bad_files);
    tcase_add_loop_test(tcase, test_reads_utf_16, 0, 2);
    tcase_add_test(tcase, test_refuses_nul);
    tcase_add_test(tcase, test_prints_scalars);
    tcase_add_test(tcase, test_heeds_tags);
    tcase_add_test(tcase, test_refuses_tags_that_do_not_fit);
    tcase_add_test(tcase, test_alias_bomb);
    tcase_add_test(tcase, test_merge_bomb);
    tcase_add_test(tcase, test_many_aliases);
    tcase_add_loop_test(tcase, test_many_tag_lines, 0, 2);
    tcase_add_loop_test(tcase, test_depth, 0, 3);
    tcase_add_test(tcase, test_many_keys);
    suite_add_tcase(suite, tcase);
    return suite;
}
