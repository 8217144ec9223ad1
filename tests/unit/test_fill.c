#include "guide/fill.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "settings/source.h"
#include "suites.h"
#include "temporary.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yaml.h>

#define HOST "smtp.example.com"

enum { VALUES = 10000, BATCH = 1000, PIECES_MOST = 6 };

static const char *folder;
static struct filled filled;
static struct error err;

static bool fill(const char *text, enum fill_syntax syntax, enum fill_syntax embeds,
                 const char *host)
{
    const struct fill_value values[] = {{HOST, host}, {"587", "2525"}};

    filled_clear(&filled);
    err = (struct error){0};
    return fill_text(text, syntax, embeds, values, 2, &filled, &err);
}

static void setup(void)
{
    folder = temporary_directory();
}

static void teardown(void)
{
    filled_clear(&filled);
    temporary_remove();
}

/* Every place where a value can stand in what a walkthrough runs; each prints the value
 * that a program gets there, and a NUL. */
static const char *const places[] = {
    "printf '%s\\0' " HOST,
    "printf '%s\\0' '" HOST "'",
    "printf '%s\\0' \"" HOST "\"",
    "printf '%s\\0' a" "=" HOST " | sed -z 's/^a=//'",
    "bash -c 'printf \"%s\\0\" \"$0\"' " HOST,
    "bash -c 'printf \"%s\\0\" " HOST "'",
    "bash -c 'printf \"%s\\0\" \"" HOST "\"'",
    "bash -c \"printf '%s\\\\0' '" HOST "'\"",
    "env sh -c 'printf \"%s\\0\" '\\''" HOST "'\\'",
    "bash -c 'bash -c \"printf %s\\\\\\\\0 '" HOST "'\"'",
    "cat <<END | tr -d '\\n'; printf '\\0'\n" HOST "\nEND\n",
    "cat <<'END' | tr -d '\\n'; printf '\\0'\n" HOST "\nEND\n",
    "X=" HOST "; printf '%s\\0' \"$X\"",
    "printf '%s\\0' \"$(printf %s " HOST ")\"",
    "{ printf '%s\\0' " HOST "\n}",
    "true && printf '%s\\0' " HOST " || false # " HOST,
};
enum { PLACES = sizeof places / sizeof *places };

/* Text that a shell would act on, if it stood bare somewhere. */
static const char *const pieces[] = {
    "; touch x", "$(touch x)", "`touch x`", "'", "\"", "\\", "\n", "\t", "%", "%s", "!", "!!", "*", "?",
    "~", "{a,b}", "-", "--", "a", "b", " ", "  ", "\xC3\xA9", "\xE6\x97\xA5", "#", "&", "|", "<", ">",
    "${HOME}", "$x", "$$", "\\n", "=", ":", "(", ")", "[", "]", "^", "&& touch x", "END", "smtp.example.com",
    "587", "'\"'", "\\'", "\xE2\x80\x99",
};
enum { PIECES = sizeof pieces / sizeof *pieces };

static char *random_value(unsigned *seed)
{
    struct buf value = {0};
    int count = 1 + rand_r(seed) % PIECES_MOST;

    for (int i = 0; i < count; i++)
        buf_puts(&value, pieces[rand_r(seed) % PIECES]);
    return buf_take(&value);
}

/* What a here-document loses here: its line feeds, which tr takes. */
static char *without_feeds(const char *value)
{
    struct buf text = {0};

    buf_puts(&text, "");
    for (; *value; value++)
        if (*value != '\n')
            buf_putc(&text, *value);
    return buf_take(&text);
}

/* $(...) drops the line feeds at the end. */
static char *expected_at(size_t place, const char *value)
{
    if (strstr(places[place], "tr -d"))
        return without_feeds(value);
    size_t n = strlen(value);
    while (strstr(places[place], "$(printf") && n > 0 && value[n - 1] == '\n')
        n--;
    return mem_strndup(value, n);
}

struct batch {
    struct buf script, expected;
    size_t filled, blocked;
};

static void add_value(struct batch *batch, size_t place, const char *value)
{
    if (!fill(places[place], FILL_SHELL, FILL_PLAIN, value)) {
        batch->blocked++;
        return;
    }
    batch->filled++;
    buf_puts(&batch->script, filled.text);
    buf_putc(&batch->script, '\n');
    char *expected = expected_at(place, value);
    buf_add(&batch->expected, expected, strlen(expected) + 1);
    free(expected);
}

static void run_batch(const char *shell, struct batch *batch)
{
    char *data;
    size_t len;
    char *command = mem_printf("cd '%s/run' && %s ../script >../out 2>../err", folder, shell);
    char *out = mem_printf("%s/out", folder), *stray = mem_printf("%s/run/x", folder);

    temporary_file("run/.keep", "");
    temporary_file("script", batch->script.data);
    ck_assert_int_ne(system(command), -1);
    ck_assert(file_read(out, &data, &len, NULL));
    size_t same = 0;
    while (same < len && same < batch->expected.len && data[same] == batch->expected.data[same])
        same++;
    ck_assert_msg(len == batch->expected.len && same == len,
                  "%s: differs from byte %zu (of %zu and %zu): got \"%.60s\", expected \"%.60s\"",
                  shell, same, len, batch->expected.len, data + (same > 20 ? same - 20 : 0),
                  batch->expected.data + (same > 20 ? same - 20 : 0));
    ck_assert_int_ne(access(stray, F_OK), 0);
    free(data);
    free(stray);
    free(out);
    free(command);
}

static void clear_batch(struct batch *batch)
{
    buf_clear(&batch->script);
    buf_clear(&batch->expected);
}

/* 10,000 values, each in one place after the other, through bash and dash. */
START_TEST(test_round_trips)
{
    static const char *const shells[] = {"bash", "sh"};
    unsigned seed = (unsigned)_i + 1;
    struct batch batch = {0};

    for (int i = 0; i < BATCH; i++) {
        char *value = random_value(&seed);
        add_value(&batch, (size_t)(i % PLACES), value);
        free(value);
    }
    for (size_t i = 0; i < 2; i++)
        run_batch(shells[i], &batch);
    ck_assert_uint_gt(batch.filled, BATCH / 2);
    clear_batch(&batch);
}
END_TEST

/* What a walkthrough copies is pasted into a shell at a prompt, with its history. */
START_TEST(test_history_stays_out)
{
    static const char *const values[] = {"a!b", "!!", "!echo", "x\"!y", "'!'", "a !b $(c)"};
    struct batch batch = {0};

    buf_puts(&batch.script, "set -o history -H\necho first >/dev/null\n");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t place = 0; place < 3; place++)
            add_value(&batch, place, values[i]);
    run_batch("bash -o history -H", &batch);
    clear_batch(&batch);
}
END_TEST

static const struct {
    const char *text, *value, *filled; /* NULL: blocked */
} shells[] = {
    {"nc -z " HOST " 587", "mail.corp", "nc -z mail.corp 2525"},
    {"nc -z x" HOST " 15870 587.5", "mail.corp", "nc -z x" HOST " 15870 587.5"},
    {"echo " HOST "pany", "mail.corp", "echo " HOST "pany"},
    {"nc " HOST, "a b", "nc 'a b'"},
    {"nc " HOST, "-e", NULL},
    {"nc -- " HOST, "-e", NULL},
    {"cat <<END\n" HOST "\nEND", "END\xC3\xA9", NULL},
    {"nc 2 " HOST, "a\nb", "nc 2 'a\nb'"},
    {"echo '" HOST "'", "it's", "echo 'it'\\''s'"},
    {"nc " HOST, NULL, NULL},
    {"nc localhost", NULL, "nc localhost"},
    {"nc " HOST, "a\033[2Jb", NULL},
    {"echo `nc " HOST "`", "$(id)", NULL},
    {"cat <<END\n" HOST "\nEND", "x\nEND\ntouch y", NULL},
};

START_TEST(test_shell)
{
    bool ok = fill(shells[_i].text, FILL_SHELL, FILL_PLAIN, shells[_i].value);

    ck_assert_msg(ok == (shells[_i].filled != NULL), "%s", ok ? filled.text : err.text);
    if (ok)
        ck_assert_str_eq(filled.text, shells[_i].filled);
    else
        ck_assert_ptr_nonnull(strstr(err.text, HOST));
    /* A blocked value is not told: it may be anything. */
    ck_assert(ok || !shells[_i].value || strlen(shells[_i].value) < 3 ||
              !strstr(err.text, shells[_i].value));
}
END_TEST

START_TEST(test_spans)
{
    ck_assert(fill("nc " HOST " 587 " HOST, FILL_SHELL, FILL_PLAIN, "a b"));
    ck_assert_uint_eq(filled.nspans, 3);
    for (size_t i = 0; i < filled.nspans; i++) {
        const struct fill_span *span = &filled.spans[i];
        ck_assert(strncmp(filled.text + span->start, i == 1 ? "2525" : "'a b'", span->len) == 0);
        ck_assert_uint_eq(span->value, i == 1);
    }
}
END_TEST

/* The value of the variable in what Compose reads of text. */
static void assert_env(const char *text, const char *value)
{
    char *path = mem_strdup(temporary_file(".env", text));
    struct settings *settings = settings_new();
    char *source = mem_printf("env-file:%s", path);

    ck_assert(settings_add_source(settings, source, 10, NULL));
    struct setting setting = settings_get(settings, "Smtp:Host");
    char *clean = text_sanitise(value, strlen(value), TEXT_ONE_LINE);
    ck_assert_msg(strcmp(setting.shown, clean) == 0, "%s: %s is not %s", text, setting.shown, clean);
    setting_clear(&setting);
    settings_free(settings);
    free(clean);
    free(source);
    free(path);
}

static char *value_of_json(const char *text)
{
    char *whole = mem_printf("{%s}", text);
    json_t *object = json_loads(whole, 0, NULL);

    ck_assert_msg(object != NULL, "%s", whole);
    char *value = mem_strdup(json_string_value(json_object_get(object, "Host")));
    json_decref(object);
    free(whole);
    return value;
}

/* The last scalar but the port's. */
static char *value_of_yaml(const char *text)
{
    yaml_parser_t parser;
    yaml_event_t event;
    char *value = NULL;
    bool is_next = false, goes_on = true;

    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    while (goes_on && yaml_parser_parse(&parser, &event)) {
        const char *scalar = event.type == YAML_SCALAR_EVENT
                                 ? (const char *)event.data.scalar.value : "";
        if (is_next && !value)
            value = mem_strdup(scalar);
        is_next |= strcmp(scalar, "host") == 0;
        goes_on = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return value;
}

/* Each text is read back by the reader that it is for. */
START_TEST(test_documents)
{
    unsigned seed = 42;
    size_t filled_count = 0;

    for (int i = 0; i < 300; i++) {
        char *value = random_value(&seed);
        if (fill("Smtp__Host=" HOST "\n", FILL_ENV, FILL_PLAIN, value)) {
            assert_env(filled.text, value);
            filled_count++;
        }
        if (fill("\"Host\": \"" HOST "\", \"Port\": 587", FILL_JSON, FILL_PLAIN, value)) {
            char *found = value_of_json(filled.text);
            ck_assert_str_eq(found, value);
            free(found);
            filled_count++;
        }
        if (fill("smtp:\n  host: " HOST "\n  port: 587\n", FILL_YAML, FILL_PLAIN, value)) {
            char *found = value_of_yaml(filled.text);
            ck_assert_pstr_eq(found, value);
            free(found);
            filled_count++;
        }
        free(value);
    }
    ck_assert_uint_gt(filled_count, 600);
}
END_TEST

static const struct {
    enum fill_syntax syntax;
    const char *text, *value, *filled;
} documents[] = {
    {FILL_ENV, "Smtp__Host=" HOST "\nSmtp__Port=587\n", "mail.corp",
     "Smtp__Host=mail.corp\nSmtp__Port=2525\n"},
    {FILL_YAML, "host: " HOST "\n", "true", "host: \"true\"\n"},
    {FILL_YAML, "host: " HOST "\n", "12", "host: \"12\"\n"},
    {FILL_JSON, "\"Host\": \"" HOST "\"", "a\"b", "\"Host\": \"a\\\"b\""},
    {FILL_PLAIN, "ask " HOST, "a b", "ask a b"},
};

START_TEST(test_document)
{
    ck_assert_msg(fill(documents[_i].text, documents[_i].syntax, FILL_PLAIN, documents[_i].value),
                  "%s", err.text);
    ck_assert_str_eq(filled.text, documents[_i].filled);
}
END_TEST

Suite *fill_suite(void)
{
    Suite *suite = suite_create("fill");
    TCase *tcase = tcase_create("values");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_round_trips, 0, VALUES / BATCH);
    tcase_add_test(tcase, test_history_stays_out);
    tcase_add_loop_test(tcase, test_shell, 0, sizeof shells / sizeof *shells);
    tcase_add_test(tcase, test_spans);
    tcase_add_test(tcase, test_documents);
    tcase_add_loop_test(tcase, test_document, 0, sizeof documents / sizeof *documents);
    suite_add_tcase(suite, tcase);
    return suite;
}
