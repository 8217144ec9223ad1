#include "base/buf.h"
#include "cli/options.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

static struct options options;
static struct error err;

/* Parses words that are parted by single blanks. */
static bool parse(const char *line)
{
    static char words[256];
    char *argv[32];
    int argc = 0;

    strcpy(words, line);
    for (char *p = strtok(words, " "); p; p = strtok(NULL, " "))
        argv[argc++] = p;
    argv[argc] = NULL;
    options_clear(&options);
    err.text[0] = '\0';
    return options_parse(&options, argc, argv, &err);
}

static void teardown(void)
{
    options_clear(&options);
}

START_TEST(test_commands)
{
    static const struct {
        const char *line;
        enum command command;
    } table[] = {
        {"stella doctor", COMMAND_DASHBOARD},
        {"/usr/bin/stella doctor run", COMMAND_RUN},
        {"stella doctor list", COMMAND_LIST},
        {"stella doctor show x", COMMAND_SHOW},
        {"stella-doctor", COMMAND_DASHBOARD},
        {"/usr/bin/stella-doctor run", COMMAND_RUN},
        {"stella doctor --tag a run", COMMAND_RUN},
        {"stella doctor run --tag a", COMMAND_RUN},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ck_assert_msg(parse(table[i].line), "%s: %s", table[i].line, err.text);
        ck_assert_int_eq(options.command, table[i].command);
    }
}
END_TEST

START_TEST(test_values)
{
    ck_assert(parse("stella doctor run --check a -c b --tag=t --plugin p --timeout 250ms "
                    "--concurrency 7 --set A=B -s C=D --source ini:x --data d --no-color"));
    ck_assert_uint_eq(options.checks.count, 2);
    ck_assert_str_eq(options.checks.items[1], "b");
    ck_assert_str_eq(options.tags.items[0], "t");
    ck_assert_str_eq(options.plugins.items[0], "p");
    ck_assert_int_eq(options.timeout_us, 250 * CLOCK_MS);
    ck_assert_uint_eq(options.concurrency, 7);
    ck_assert_uint_eq(options.sets.count, 2);
    ck_assert_str_eq(options.sources.items[0], "ini:x");
    ck_assert_str_eq(options.data_dir, "d");
    ck_assert(options.no_color && !options.ascii);
}
END_TEST

static const struct {
    const char *line, *error;
} bad[] = {
    {"stella", "this is the doctor of Stella Ops; try: stella doctor --help"},
    {"stella deploy", "this is the doctor of Stella Ops"},
    {"stella doctor rnu", "unknown command rnu; did you mean run?"},
    {"stella doctor run fast", "unexpected argument fast"},
    {"stella doctor run --chekc x", "unknown or ambiguous option --chekc; see stella doctor --help"},
    {"stella doctor run -x", "unknown or ambiguous option -x"},
    {"stella doctor run --check", "--check needs a value"},
    {"stella doctor run --demo=1", "--demo"},
    {"stella doctor run --timeout soon", "--timeout soon: not a time such as 5s or 500ms"},
    {"stella doctor run --timeout 0", "--timeout 0: not a time"},
    {"stella doctor run --concurrency 0", "--concurrency 0: not a number from 1 to 100000"},
    {"stella doctor run --concurrency 5x", "--concurrency 5x: not a number"},
    {"stella doctor --check x", "--check does not go with stella doctor"},
    {"stella doctor list --demo", "--demo does not go with stella doctor list"},
    {"stella doctor show", "stella doctor show takes ID; see its --help"},
    {"stella doctor show a b", "unexpected argument b"},
    {"stella doctor show", "takes ID"},
    {"stella doctor run --format yaml", "--format yaml: not one of text, json, jsonl"},
    {"stella doctor run --format jsno", "did you mean json?"},
    {"stella doctor list --format junit", "--format junit: not one of text, json"},
    {"stella doctor run --fail-on bad", "--fail-on bad: not one of warn, fail, never"},
    {"stella doctor run --for 5m", "--for goes with --until-pass N only"},
    {"stella doctor run --interval 5s", "--interval goes with --until-pass N only"},
    {"stella doctor show a --section cause", "did you mean causes?"},
    {"stella doctor show a --platform docker", "not one of compose, systemd, helm"},
    {"stella doctor completion ksh", "completion ksh: not one of bash, zsh, fish"},
    {"stella doctor docs", "takes lint | man PAGE"},
};

START_TEST(test_mistakes)
{
    ck_assert(!parse(bad[_i].line));
    ck_assert_msg(strstr(err.text, bad[_i].error), "%s", err.text);
}
END_TEST

/* The help of a command names its options and no others. */
START_TEST(test_help)
{
    char *text = NULL;
    size_t len;

    ck_assert(parse("stella doctor list --help"));
    ck_assert(options.help);
    FILE *out = open_memstream(&text, &len);
    options_print_help(&options, out);
    fclose(out);
    ck_assert_ptr_nonnull(strstr(text, "Usage: stella doctor list"));
    ck_assert_ptr_nonnull(strstr(text, "--tag TAG"));
    ck_assert_ptr_null(strstr(text, "--timeout"));
    ck_assert_ptr_nonnull(strstr(text, "\n                            one of text, json\n"));
    for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1)
        ck_assert_int_le(end - line, 100);
    free(text);
}
END_TEST

START_TEST(test_top_level)
{
    ck_assert(parse("stella --help"));
    ck_assert(options.help && options.command == COMMAND_DASHBOARD);
    ck_assert(parse("stella --version"));
    ck_assert(options.version);
    ck_assert(parse("stella-doctor --version"));
    ck_assert(options.version);
}
END_TEST

Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("parse");

    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_test(tcase, test_commands);
    tcase_add_test(tcase, test_values);
    tcase_add_loop_test(tcase, test_mistakes, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tcase, test_help);
    tcase_add_test(tcase, test_top_level);
    suite_add_tcase(suite, tcase);
    return suite;
}
