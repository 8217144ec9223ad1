#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "settings/source.h"
#include "suites.h"
#include "temporary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES(text) text, sizeof(text) - 1
#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

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

/* Adds bytes in a file of its own as --source KIND:FILE. */
static void add_bytes(const char *kind, const char *bytes, size_t len)
{
    char *name = mem_printf("%zu", settings_source_count(settings));
    char *source = mem_printf("%s:%s", kind, temporary_file(name, ""));
    struct error err = {0};

    FILE *file = fopen(source + strlen(kind) + 1, "w");
    ck_assert_ptr_nonnull(file);
    fwrite(bytes, 1, len, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_msg(settings_add_source(settings, source, SOURCE_DOTNET_DEFAULT, &err), "%s",
                  err.text);
    free(source);
    free(name);
}

static void add(const char *kind, const char *text)
{
    add_bytes(kind, text, strlen(text));
}

/* The answer as "value@layer:line", "(null)", "(missing)" or "(ambiguous)"; what it
 * hides follows as " < value@layer:line", and rivals as " | value@layer:line". */
static char *answer(const char *key)
{
    static const char *const states[] = {[SETTING_MISSING] = "(missing)",
                                         [SETTING_NULL] = "(null)",
                                         [SETTING_AMBIGUOUS] = "(ambiguous)"};
    struct setting setting = settings_get(settings, key);
    struct buf text = {0};

    if (setting.state == SETTING_TEXT || setting.state == SETTING_EMPTY)
        buf_printf(&text, "%s@%d:%d", setting.shown, setting.layer, setting.line);
    else
        buf_puts(&text, states[setting.state]);
    for (size_t i = 0; i < setting.ncandidates; i++)
        buf_printf(&text, " | %s@%d:%d", setting.candidates[i].shown, setting.candidates[i].layer,
                   setting.candidates[i].line);
    for (size_t i = 0; i < setting.nhidden; i++)
        buf_printf(&text, " < %s@%d:%d",
                   setting.hidden[i].shown ? setting.hidden[i].shown : "(null)",
                   setting.hidden[i].layer, setting.hidden[i].line);
    setting_clear(&setting);
    return buf_take(&text);
}

static void assert_answer(const char *key, const char *wanted)
{
    char *found = answer(key);

    ck_assert_str_eq(found, wanted);
    free(found);
}

static const struct {
    const char *kind, *text;
    size_t len;
    enum fault_class fault;
    int line;
} faults[] = {
    {"json", BYTES("{}"), FAULT_NONE, 0},
    {"json", BYTES(""), FAULT_PARSE, 1},
    {"json", BYTES("{\n\"a\":1"), FAULT_PARSE, 2},
    {"json", BYTES("{\"a\":1,\n\"A\":2}"), FAULT_DUPLICATE_KEY, 2},
    {"json", BYTES("[]"), FAULT_TOP_LEVEL, 1},
    {"json", BYTES("\xFF\xFE{\0}\0"), FAULT_NONE, 0},
    {"json", BYTES("{\"a\":\"\xFF\"}"), FAULT_NONE, 0},
    {"ini", BYTES(""), FAULT_NONE, 0},
    {"ini", BYTES("[a]\nb=1\n[c]\nb=1\n"), FAULT_NONE, 0},
    {"ini", BYTES("a=1\nb\n"), FAULT_PARSE, 2},
    {"ini", BYTES("a=1\n[b\n"), FAULT_PARSE, 2},
    {"ini", BYTES("[a]\nb=1\n\n[A]\nB=1\n"), FAULT_DUPLICATE_KEY, 5},
    {"ini", BYTES("a:b=1\n[a]\nb=1\n"), FAULT_DUPLICATE_KEY, 3},
    {"ini", BYTES("oops\na=1\na=1\n"), FAULT_PARSE, 1},
    {"ini", BYTES("a=1\na=1\noops\n"), FAULT_DUPLICATE_KEY, 2},
    {"ini", BYTES("a=1\n\nb=\0"), FAULT_ENCODING, 3},
    {"ini", BYTES("\xFF\xFE" "a\0=\0b\0"), FAULT_ENCODING, 1},
    {"env-file", BYTES("A=1\nA=2\n"), FAULT_NONE, 0},
    {"env-file", BYTES("A=\xFF\n"), FAULT_NONE, 0},
    {"env-file", BYTES("A=1\n; c\n"), FAULT_PARSE, 2},
    {"env-file", BYTES("A=1\nB='x\n"), FAULT_PARSE, 2},
    {"env-file", BYTES("A=${\n"), FAULT_PARSE, 1},
    {"env-file", BYTES("A=1\nB=\0"), FAULT_ENCODING, 2},
    {"unit-env-file", BYTES("A B\n; c\nexport C=1\nD=\"x"), FAULT_NONE, 0},
    {"unit-env-file", BYTES("A=1\nB=\xFF\n"), FAULT_ENCODING, 2},
    {"unit-env-file", BYTES("A=\0"), FAULT_ENCODING, 1},
    {"docker-env-file", BYTES("A=\"x\nB.C=1\n"), FAULT_NONE, 0},
    {"docker-env-file", BYTES("A=1\nB =1\n"), FAULT_PARSE, 2},
    {"docker-env-file", BYTES("A=1\nB=\xFF\n"), FAULT_ENCODING, 2},
    {"docker-env-file", BYTES("A=\0"), FAULT_ENCODING, 1},
    {"values", BYTES("smtp:\n  host: a\n"), FAULT_NONE, 0},
    {"values", BYTES("smtp:\n  host: [::1]\n"), FAULT_PARSE, 2},
    {"values", BYTES("- a\n"), FAULT_TOP_LEVEL, 1},
    {"environ", BYTES("A=1\0B\0=\0A=2\0"), FAULT_NONE, 0},
    {"cmdline", BYTES("--a=1\0-b\0run\0--c\0"), FAULT_NONE, 0},
    {"cmdline", BYTES("--a=1\0-b=1\0"), FAULT_PARSE, 0},
};

/* A layer that failed has its class and line, and leaves nothing behind. */
START_TEST(test_faults)
{
    add_bytes(faults[_i].kind, faults[_i].text, faults[_i].len);
    const struct source *source = settings_source(settings, 0);
    ck_assert_str_eq(source->kind, faults[_i].kind);
    ck_assert_str_eq(fault_name(source->fault.kind), fault_name(faults[_i].fault));
    ck_assert_int_eq(source->fault.line, faults[_i].line);
    ck_assert_int_eq(source->status, faults[_i].fault ? SOURCE_ERROR : SOURCE_OK);
    ck_assert_int_eq(!settings_failure(settings), !faults[_i].fault);
    ck_assert_int_eq(!*source->fault.reason.text, !faults[_i].fault);
    ck_assert_ptr_null(settings_unreadable(settings));
    if (faults[_i].fault)
        assert_answer("a", "(missing)");
}
END_TEST

/* Cut anywhere, a text of any kind is read or refused, and JSON refused as bad syntax. */
START_TEST(test_survives_every_truncation)
{
    for (size_t n = 0; n < faults[_i].len; n++) {
        char *part = mem_realloc(NULL, n ? n : 1);
        memcpy(part, faults[_i].text, n);
        size_t index = settings_add_text(settings, faults[_i].kind, "part", part, n, 10);
        const struct source *source = settings_source(settings, index);
        bool is_json = strcmp(faults[_i].kind, "json") == 0;
        ck_assert(!is_json || source->fault.kind == FAULT_PARSE);
        ck_assert((source->status == SOURCE_OK) == (source->fault.kind == FAULT_NONE));
        free(part);
    }
}
END_TEST

static const struct {
    const char *kind, *path;
    bool is_optional;
    enum source_status status;
    enum fault_class fault;
} unopened[] = {
    {"json", "/nonexistent/a", false, SOURCE_ABSENT, FAULT_UNREADABLE},
    {"json", "/nonexistent/a", true, SOURCE_ABSENT, FAULT_NONE},
    {"json", "/dev/null/a", true, SOURCE_ABSENT, FAULT_NONE},
    {"ini", "/", true, SOURCE_ERROR, FAULT_UNREADABLE},
    {"environ", "/dev/null", true, SOURCE_ERROR, FAULT_UNREADABLE},
};

START_TEST(test_files_that_cannot_be_opened)
{
    size_t index = settings_add_file(settings, unopened[_i].kind, unopened[_i].path,
                                     unopened[_i].is_optional, 10);
    const struct source *source = settings_source(settings, index);

    ck_assert_uint_eq(index, 0);
    ck_assert_str_eq(source->path, unopened[_i].path);
    ck_assert_int_eq(source->status, unopened[_i].status);
    ck_assert_str_eq(fault_name(source->fault.kind), fault_name(unopened[_i].fault));
    ck_assert_int_eq(!settings_failure(settings), !unopened[_i].fault);
    ck_assert_ptr_null(settings_unreadable(settings));
}
END_TEST

START_TEST(test_a_file_that_is_too_large)
{
    char *source = mem_printf("json:%s", temporary_file("large", "{}"));

    ck_assert_int_eq(truncate(source + 5, FILE_LIMIT_BYTES + 1), 0);
    ck_assert(settings_add_source(settings, source, 10, NULL));
    ck_assert_int_eq(settings_source(settings, 0)->status, SOURCE_ERROR);
    ck_assert_int_eq(settings_source(settings, 0)->fault.kind, FAULT_TOO_LARGE);
    ck_assert_ptr_eq(settings_unreadable(settings), settings_source(settings, 0));
    free(source);
}
END_TEST

/* What nobody named is no fault of the command line. */
START_TEST(test_unreadable_sources)
{
    settings_add_file(settings, "json", "/nonexistent/a", false, 10);
    ck_assert_str_eq(settings_failure(settings), "/nonexistent/a: No such file or directory");
    ck_assert_ptr_null(settings_unreadable(settings));
    ck_assert(settings_add_source(settings, "ini:/nonexistent/b", 10, NULL));
    ck_assert(settings_add_source(settings, "ini:/nonexistent/c", 10, NULL));
    ck_assert_str_eq(settings_failure(settings), "/nonexistent/a: No such file or directory");
    ck_assert_ptr_eq(settings_unreadable(settings), settings_source(settings, 1));
}
END_TEST

START_TEST(test_sources_and_notes)
{
    char *block[] = {"A=1", NULL};

    settings_add_environ(settings, block);
    ck_assert(settings_add_set(settings, "a=2", NULL));
    layer_put(settings_add_layer(settings, "unit", "/etc/a\x1b.service"), "a", "3", 4);
    settings_add_note(settings, "%s", "no unit\n");
    settings_set_note(settings, 2, "PID %d", 1);
    settings_set_note(settings, 2, "PID %d", 7);
    ck_assert_uint_eq(settings_source_count(settings), 3);
    ck_assert_str_eq(settings_source(settings, 0)->kind, "environ");
    ck_assert_ptr_null(settings_source(settings, 0)->path);
    ck_assert_str_eq(settings_source(settings, 1)->kind, "set");
    ck_assert_str_eq(settings_source(settings, 2)->path, "/etc/a\\x1b.service");
    ck_assert_str_eq(settings_source(settings, 2)->note, "PID 7");
    ck_assert_uint_eq(settings_note_count(settings), 1);
    ck_assert_str_eq(settings_note(settings, 0), "no unit\\n");
    assert_answer("A", "3@2:4 < 2@1:0 < 1@0:0");
}
END_TEST

static const struct {
    const char *kind, *text;
    size_t len;
    const char *key, *answer;
} rules[] = {
    /* Twice the same name. */
    {"environ", BYTES("A=1\0A=2"), "a", "1@0:0"},
    {"environ", BYTES("A=1\0a=1"), "a", "1@0:0"},
    {"environ", BYTES("A=1\0a=2"), "a", "(ambiguous) | 1@0:0 | 2@0:0"},
    {"environ", BYTES("A__B=1\0A:B=2\0a__b=1"), "a:b", "(ambiguous) | 1@0:0 | 2@0:0 | 1@0:0"},
    {"environ", BYTES("A=\0a=1"), "a", "(ambiguous) | @0:0 | 1@0:0"},
    {"env-file", BYTES("A=1\nA=2\n"), "a", "2@0:2"},
    {"env-file", BYTES("A=1\na=2\nA=2\n"), "a", "2@0:3"},
    {"env-file", BYTES("A=1\na=2\n"), "a", "(ambiguous) | 1@0:1 | 2@0:2"},
    {"unit-env-file", BYTES("A=1\nA=2\n"), "a", "2@0:2"},
    {"unit-env-file", BYTES("A=1\na=2\n"), "a", "(ambiguous) | 1@0:1 | 2@0:2"},
    {"docker-env-file", BYTES("A=1\nA=2\n"), "a", "2@0:2"},
    {"cmdline", BYTES("A=1\0--a\0002"), "a", "2@0:0"},
    {"values", BYTES("smtp: {host: a}\nsmtp: {port: 25}\n"), "Smtp:Host", "(missing)"},
    /* The command line is taken as it is. */
    {"cmdline", BYTES("dotnet\0a.dll\0a=1"), "a", "1@0:0"},
    {"cmdline", BYTES("--a\0--b=1"), "a", "--b=1@0:0"},
    {"cmdline", BYTES("Smtp__Host=a"), "Smtp:Host", "(missing)"},
    /* "__" is ":" in variables alone. */
    {"environ", BYTES("Smtp__Host=a"), "smtp:host", "a@0:0"},
    {"json", BYTES("{\"Smtp__Host\":\"a\"}"), "Smtp:Host", "(missing)"},
    {"ini", BYTES("Smtp__Host=a"), "Smtp:Host", "(missing)"},
    /* Other letters are never folded onto A-Z. */
    {"json", BYTES("{\"\xC5\xBFmtp\":\"a\",\"H\xC4\xB1\":\"b\"}"), "Smtp", "(missing)"},
    {"json", BYTES("{\"H\xC4\xB1\":\"b\"}"), "HI", "(missing)"},
    /* The host's own variables: below all else, at their own level. */
    {"environ", BYTES("DOTNET_Smtp__Host=a"), "Smtp:Host", "a@0:0"},
    {"environ", BYTES("dotnet_SMTP__HOST=a"), "Smtp:Host", "a@0:0"},
    {"environ", BYTES("DOTNET_Smtp__Host=a\0Smtp__Host=b"), "Smtp:Host", "b@0:0 < a@0:0"},
    {"environ", BYTES("ASPNETCORE_A=1\0DOTNET_A=2"), "A", "2@0:0 < 1@0:0"},
    {"environ", BYTES("DOTNET_A=1\0dotnet_a=2"), "A", "(ambiguous) | 1@0:0 | 2@0:0"},
    {"environ", BYTES("DOTNET_A=1"), "DOTNET_A", "1@0:0"},
    {"environ", BYTES("DOTNET__A=1"), "A", "(missing)"},
    {"environ", BYTES("XDOTNET_A=1"), "A", "(missing)"},
    {"env-file", BYTES("DOTNET_A=1\n"), "A", "1@0:1"},
    {"unit-env-file", BYTES("\nASPNETCORE_A=1\n"), "A", "1@0:2"},
    {"docker-env-file", BYTES("DOTNET_A__B=1\n"), "A:B", "1@0:1"},
    {"json", BYTES("{\"DOTNET_A\":1}"), "A", "(missing)"},
    /* Connection strings, which hold passwords. */
    {"environ", BYTES("SQLCONNSTR_a__b=x"), "ConnectionStrings:a:b", "***@0:0"},
    {"environ", BYTES("sqlazureconnstr_a=x"), "ConnectionStrings:a", "***@0:0"},
    {"env-file", BYTES("NOTIFICATIONHUBCONNSTR_a=x\n"), "ConnectionStrings:A", "***@0:1"},
    {"environ", BYTES("SQLCONNSTR_a=x"), "SQLCONNSTR_a", "(missing)"},
    {"environ", BYTES("NOCONNSTR_a=x"), "ConnectionStrings:a", "(missing)"},
    {"json", BYTES("{\"Db\":{\"ConnectionString\":\"x\"}}"), "Db:ConnectionString", "***@0:1"},
};

START_TEST(test_rules)
{
    add_bytes(rules[_i].kind, rules[_i].text, rules[_i].len);
    ck_assert_msg(!settings_failure(settings), "%s", settings_failure(settings));
    assert_answer(rules[_i].key, rules[_i].answer);
}
END_TEST

/* Up to three sources, lowest first. */
static const struct {
    const char *sources[3][2];
    const char *key, *answer;
} stacks[] = {
    {{{"json", "{\"a\":1}"}, {"ini", "\na=2"}}, "A", "2@1:2 < 1@0:1"},
    {{{"json", "{\"a\":1}"}, {"ini", "\nb=2"}}, "A", "1@0:1"},
    {{{"json", "{\"a\":1}"}, {"json", "{\"a\":null}"}}, "a", "(null) < 1@0:1"},
    {{{"json", "{\"a\":null}"}, {"json", "{\"a\":1}"}}, "a", "1@1:1 < (null)@0:1"},
    {{{"json", "{\"a\":1}"}, {"ini", "a="}}, "a", "@1:1 < 1@0:1"},
    /* Arrays merge by index. */
    {{{"json", "{\"a\":[1,2]}"}, {"json", "{\"a\":[3]}"}}, "a:1", "2@0:1"},
    {{{"json", "{\"a\":[1,2]}"}, {"json", "{\"a\":[3]}"}}, "a:0", "3@1:1 < 1@0:1"},
    /* A higher layer's prefixed variable is still below a lower layer. */
    {{{"json", "{\"a\":1}"}, {"env-file", "DOTNET_A=2"}}, "a", "1@0:1 < 2@1:1"},
    {{{"env-file", "DOTNET_A=1"}, {"env-file", "ASPNETCORE_A=2"}}, "a", "1@0:1 < 2@1:1"},
    {{{"env-file", "DOTNET_A=1"}, {"env-file", "DOTNET_A=2"}}, "a", "2@1:1 < 1@0:1"},
    {{{"json", "{\"a\":1}"}, {"env-file", "A=2\na=3"}}, "a", "(ambiguous) | 2@1:1 | 3@1:2 < 1@0:1"},
    {{{"env-file", "A=2\na=3"}, {"json", "{\"a\":1}"}}, "a", "1@1:1 < 2@0:1 < 3@0:2"},
    /* Values files that follow each other are one to Helm. */
    {{{"values", "smtp: {host: a}"}, {"values", "smtp: {host: b}"}}, "Smtp:Host", "b@1:1 < a@0:1"},
    {{{"values", "smtp: {host: a}"}, {"values", "smtp: {port: 25}"}}, "Smtp:Host", "a@0:1"},
    {{{"values", "smtp: {host: a}"}, {"values", "smtp: {host: null}"}}, "Smtp:Host", "(missing)"},
    {{{"values", "smtp: {host: a}"}, {"values", "smtp:"}}, "Smtp:Host", "(missing)"},
    {{{"values", "smtp: {host: a}"}, {"values", "smtp: x"}}, "Smtp:Host", "(missing)"},
    {{{"values", "smtp: {host: a}"}, {"values", "smtp:"}, {"values", "smtp: {port: 1}"}},
     "Smtp:Host", "(missing)"},
    {{{"values", "smtp: {host: a}"}, {"values", "smtp:"}, {"values", "smtp: {host: c}"}},
     "Smtp:Host", "c@2:1"},
    {{{"values", "smtp: {host: a}"}, {"json", "{}"}, {"values", "smtp: {host: null}"}}, "Smtp:Host",
     "a@0:1"},
    {{{"json", "{\"Smtp\":{\"Host\":1}}"}, {"values", "smtp: {host: null}"}}, "Smtp:Host", "1@0:1"},
};

START_TEST(test_stacks)
{
    for (size_t i = 0; i < 3 && stacks[_i].sources[i][0]; i++)
        add(stacks[_i].sources[i][0], stacks[_i].sources[i][1]);
    ck_assert_msg(!settings_failure(settings), "%s", settings_failure(settings));
    assert_answer(stacks[_i].key, stacks[_i].answer);
}
END_TEST

static void list_key(void *context, const char *key)
{
    buf_printf(context, "%s ", key);
}

START_TEST(test_each_key)
{
    struct buf seen = {0};

    settings_each_key(settings, list_key, &seen);
    ck_assert_uint_eq(seen.len, 0);
    add("json", "{\"b\":{\"c\":{\"e\":1,\"D\":2},\"c:d\":{\"x\":[3]}},\"b-\":4,\"a\":{}}");
    add("ini", "[B:C]\nd=5\nE=6\n[b:c:D]\nx:0=7\nx:1=8\nx=9\n");
    add("env-file", "B__C__d=1\n");
    settings_each_key(settings, list_key, &seen);
    ck_assert_str_eq(seen.data, "a b- b:c:D b:c:D:x b:c:d:x:0 b:c:D:x:1 b:c:e ");
    buf_clear(&seen);
}
END_TEST

START_TEST(test_a_key_is_shown_clean)
{
    struct setting setting = settings_get(settings, "a\x1b");

    ck_assert_str_eq(setting.key, "a\\x1b");
    setting_clear(&setting);
}
END_TEST

Suite *source_suite(void)
{
    Suite *suite = suite_create("source");
    TCase *tcase = tcase_create("sources");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_faults, 0, COUNT(faults));
    tcase_add_loop_test(tcase, test_survives_every_truncation, 0, COUNT(faults));
    tcase_add_loop_test(tcase, test_files_that_cannot_be_opened, 0, COUNT(unopened));
    tcase_add_test(tcase, test_a_file_that_is_too_large);
    tcase_add_test(tcase, test_unreadable_sources);
    tcase_add_test(tcase, test_sources_and_notes);
    tcase_add_loop_test(tcase, test_rules, 0, COUNT(rules));
    tcase_add_loop_test(tcase, test_stacks, 0, COUNT(stacks));
    tcase_add_test(tcase, test_each_key);
    tcase_add_test(tcase, test_a_key_is_shown_clean);
    suite_add_tcase(suite, tcase);
    return suite;
}
