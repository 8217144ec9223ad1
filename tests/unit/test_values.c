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
    /* Warnings. */
    {"smtp: {port: 0465}\n", "Smtp:Port=309@1 !yaml-octal(Smtp:Port)@1 "},
    {"smtp: {port: 025}\n", "Smtp:Port=21@1 !yaml-octal(Smtp:Port)@1 "},
    {"smtp: {host: no}\n", "Smtp:Host=false@1 !yaml-bool-host(Smtp:Host)@1 "},
    {"smtp: {host: Y}\n", "Smtp:Host=true@1 !yaml-bool-host(Smtp:Host)@1 "},
    {"smtp: {useSsl: yes}\n", "Smtp:UseSsl=true@1 "},
    {"smtp: {host: m}\nSMTP: {host: n}\n", "Smtp:Host=m@1 !yaml-case(SMTP)@2 "},
    {"smtp: {Host: m}\n", "!yaml-case(Host)@1 "},
    {"smtp: {usessl: true}\n", "!yaml-case(usessl)@1 "},
    {"smtp: {host: m}\nsmtp: {port: 1}\n", "Smtp:Port=1@2 !yaml-duplicate-key(smtp)@2 "},
    {"smtp:\n  host: m\n  host: k\n", "Smtp:Host=k@3 !yaml-duplicate-key(smtp.host)@3 "},
    {"other: 1\nother: 2\n", ""},
};

START_TEST(test_reads)
{
    struct fault fault;
    char *seen = read(files[_i].text, strlen(files[_i].text), &fault);

    ck_assert_msg(fault.kind == FAULT_NONE, "%s", fault.reason.text);
    ck_assert_str_eq(seen, files[_i].seen);
    free(seen);
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
    {"smtp: {host: \"\xFF\"}\n", FAULT_ENCODING, 1},
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
    tcase_add_test(tcase, test_alias_bomb);
    tcase_add_loop_test(tcase, test_depth, 0, 3);
    tcase_add_test(tcase, test_many_keys);
    suite_add_tcase(suite, tcase);
    return suite;
}
