/* 10,000 values, each through every place where one can stand: the readers behind them get
 * the very bytes, nothing else runs, and what is blocked is what has to be. */
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "guide/fill.h"
#include "hostile.h"
#include "readers.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOST "smtp.example.com"
#define NUL "; printf '\\0'"

enum { VALUES = 10000, BATCH = 2500, SANITISED_BATCH = 250, VALGRIND_BATCH = 25 };

enum { BASH = 1, HISTORY = 2, DASH = 4, ZSH = 8, BASHES = BASH | HISTORY | ZSH, ALL = BASHES | DASH };

/* With a history a "!" is expanded, as at a prompt. */
static const struct shell {
    int bit;
    const char *command, *start;
} shells[] = {
    {BASH, "bash", ""},
    {HISTORY, "bash -o history -H", "set -o history -H\necho first >/dev/null\n"},
    {DASH, "dash", ""},
    {ZSH, "zsh -f", ""},
};
enum { SHELLS = (int)(sizeof shells / sizeof *shells) };

/* Stand-ins that need no process: nc prints its last argument, cat what it reads, and the
 * shells read their code here. */
static const char stand_ins[] =
    "nc() { while [ $# -gt 1 ]; do shift; done; printf '%s\\0' \"$1\"; }\n"
    "cat() { t=; while IFS= read -r l; do t=\"$t$l\n\"; done; printf '%s\\0' \"$t$l\"; }\n"
    "bash() { c=$2; shift 2; [ $# = 0 ] || shift; eval \"$c\"; }\n"
    "sh() { bash \"$@\"; }\n"
    "env() { \"$@\"; }\n"
    "docker() { shift 3; \"$@\"; }\n";

/* What a place adds to the value, or drops of it. */
enum change { SAME, ADDS_FEED, DROPS_FEEDS, ONLY_A };

/* What is blocked where a text's reader is not known well enough. */
enum {
    OPTION = HOSTILE_OPTION,
    ODD = HOSTILE_NOT_PLAIN,
    LINES = HOSTILE_DELIMITER,
    SLASH = HOSTILE_BACKSLASH,
    RAW = HOSTILE_NOT_PLAIN | HOSTILE_OPTION,
    INI = HOSTILE_QUOTED,
};

static const struct place {
    const char *text;
    enum fill_syntax syntax, embeds;
    int shells;   /* none: a document by itself */
    reader *read; /* NULL: the value itself comes out */
    enum change change;
    int blocks; /* the kinds of value that it blocks */
} places[] = {
    {"nc " HOST, FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"nc -z -w 5 '" HOST "'", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"nc \"" HOST "\"", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"nc $'" HOST "'", FILL_SHELL, FILL_PLAIN, BASHES, NULL, SAME, OPTION},
    {"printf '%s\\0' " HOST, FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, 0},
    {"printf '" HOST "\\0'", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"printf \"%s" HOST "\\0\" ''", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"echo " HOST NUL, FILL_SHELL, FILL_PLAIN, ALL, NULL, ADDS_FEED, OPTION | SLASH},
    {"x=" HOST "; nc \"$x\"", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, 0},
    {"x=\"" HOST "\" && nc \"$x\"", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, 0},
    {"nc \"$(printf %s " HOST ")\"", FILL_SHELL, FILL_PLAIN, ALL, NULL, DROPS_FEEDS, 0},
    {"{ nc " HOST "\n}", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"false || nc " HOST " # " HOST, FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"nc a # " HOST, FILL_SHELL, FILL_PLAIN, ALL, NULL, ONLY_A, 0},
    {"docker compose exec platform nc -z " HOST, FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"bash -c 'nc \"$1\"' - " HOST, FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"bash -c 'nc " HOST "'", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"bash -c 'nc \"" HOST "\"'", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"bash -c \"nc '" HOST "'\"", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"env sh -c 'nc '\\''" HOST "'\\'", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"bash -c 'bash -c \"nc '\\''" HOST "'\\''\"'", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, OPTION},
    {"cat <<END\n" HOST "\nEND", FILL_SHELL, FILL_PLAIN, ALL, NULL, ADDS_FEED, LINES},
    {"cat <<'END'\n" HOST "\nEND", FILL_SHELL, FILL_PLAIN, ALL, NULL, ADDS_FEED, LINES},
    {"cat <<-END\n\t" HOST "\n\tEND", FILL_SHELL, FILL_PLAIN, ALL, NULL, ADDS_FEED,
     LINES | HOSTILE_TAB_LINE},
    {"cat <<<" HOST, FILL_SHELL, FILL_PLAIN, BASHES, NULL, ADDS_FEED, 0},
    {"cat <<<\"" HOST "\"", FILL_SHELL, FILL_PLAIN, BASHES, NULL, ADDS_FEED, 0},
    {"nc \"${NONE:-" HOST "}\"", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, RAW},
    {"nc ${NONE-" HOST "}", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, RAW},
    {"nc `printf %s " HOST "`", FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, RAW},
    {"printf '%b\\0' " HOST, FILL_SHELL, FILL_PLAIN, ALL, NULL, SAME, ODD},

    {"printf '%s\\n' Smtp__Host=" HOST " Smtp__Port=587" NUL, FILL_SHELL, FILL_ENV, ALL, read_env,
     SAME, 0},
    {"printf 'Smtp__Host=%s\\n' " HOST NUL, FILL_SHELL, FILL_ENV, ALL, read_env, SAME, 0},
    {"printf '%s=%s\\n' Smtp__Host " HOST NUL, FILL_SHELL, FILL_ENV, ALL, read_env, SAME, 0},
    {"printf 'Smtp__Host=\"%s\"\\n' " HOST NUL, FILL_SHELL, FILL_ENV, ALL, read_env, SAME, 0},
    {"printf \"Smtp__Host='%s'\\n\" " HOST NUL, FILL_SHELL, FILL_ENV, ALL, read_env, SAME,
     HOSTILE_SLASHED_QUOTE},
    {"printf 'Smtp__Host=" HOST "\\n'" NUL, FILL_SHELL, FILL_ENV, ALL, read_env, SAME, 0},
    {"echo Smtp__Host=" HOST NUL, FILL_SHELL, FILL_ENV, ALL, read_env, SAME, HOSTILE_ESCAPED},
    {"cat <<END\nSmtp__Host=" HOST "\nEND", FILL_SHELL, FILL_ENV, ALL, read_env, SAME, 0},
    {"cat <<'END'\nSmtp__Host=\"" HOST "\"\nEND", FILL_SHELL, FILL_ENV, ALL, read_env, SAME, 0},
    {"cat <<<Smtp__Host=" HOST, FILL_SHELL, FILL_ENV, BASHES, read_env, SAME, 0},
    {"bash -c \"printf '%s\\\\n' 'Smtp__Host=" HOST "'\"" NUL, FILL_SHELL, FILL_ENV, ALL, read_env,
     SAME, 0},
    {"x=" HOST "; printf 'Smtp__Host=%s\\n' \"$x\"" NUL, FILL_SHELL, FILL_ENV, ALL, read_env, SAME,
     ODD},
    {"printf '%s\\n' '{\"Host\": \"" HOST "\", \"Port\": 587}'" NUL, FILL_SHELL, FILL_JSON, ALL,
     read_json, SAME, 0},
    {"printf '{\"Host\": \"%s\"}\\n' " HOST NUL, FILL_SHELL, FILL_JSON, ALL, read_json, SAME, 0},
    {"cat <<END\n{\"Host\": \"" HOST "\"}\nEND", FILL_SHELL, FILL_JSON, ALL, read_json, SAME, 0},
    {"cat <<END\nsmtp:\n  host: " HOST "\n  port: 587\nEND", FILL_SHELL, FILL_YAML, ALL, read_yaml,
     SAME, 0},
    {"printf 'host: %s\\n' " HOST NUL, FILL_SHELL, FILL_YAML, ALL, read_yaml, SAME, 0},
    {"printf '[smtp]\\nhost = \"%s\"\\n' " HOST NUL, FILL_SHELL, FILL_INI, ALL, read_ini, SAME, INI},

    {"Smtp__Host=" HOST "\nSmtp__Port=587\n", FILL_ENV, FILL_PLAIN, 0, read_env, SAME, 0},
    {"Smtp__Host=\"" HOST "\"\n", FILL_ENV, FILL_PLAIN, 0, read_env, SAME, 0},
    {"Smtp__Host='" HOST "'\n", FILL_ENV, FILL_PLAIN, 0, read_env, SAME,
     HOSTILE_SLASHED_QUOTE},
    {"# " HOST "\nSmtp__Host=a\n", FILL_ENV, FILL_PLAIN, 0, read_env, ONLY_A, 0},
    {"Smtp__Host=${NONE:-" HOST "}\n", FILL_ENV, FILL_PLAIN, 0, read_default, SAME, ODD},
    {"{\"Host\": \"" HOST "\", \"Port\": 587}", FILL_JSON, FILL_PLAIN, 0, read_json, SAME, 0},
    {"smtp:\n  host: " HOST "\n  port: 587\n", FILL_YAML, FILL_PLAIN, 0, read_yaml, SAME, 0},
    {"host: \"" HOST "\"\n", FILL_YAML, FILL_PLAIN, 0, read_yaml, SAME, 0},
    {"host: '" HOST "'\n", FILL_YAML, FILL_PLAIN, 0, read_yaml, SAME, HOSTILE_FEED},
    {"{host: " HOST ", port: 587}\n", FILL_YAML, FILL_PLAIN, 0, read_yaml, SAME, 0},
    {"host: |-\n  " HOST "\n", FILL_YAML, FILL_PLAIN, 0, read_yaml, SAME,
     HOSTILE_FEED | HOSTILE_BLANK},
    {"services:\n  x:\n    host: " HOST "\n", FILL_YAML, FILL_PLAIN, 0, read_yaml, SAME,
     HOSTILE_DOLLAR},
    {"host: ${NONE:-" HOST "}\n", FILL_YAML, FILL_PLAIN, 0, read_default, SAME, ODD},
    {"[smtp]\nhost = " HOST "\n", FILL_INI, FILL_PLAIN, 0, read_ini, SAME, ODD | HOSTILE_PERCENT},
    {"[smtp]\nhost = \"" HOST "\" # x\n", FILL_INI, FILL_PLAIN, 0, read_ini, SAME, INI},
    {"[smtp]\nhost = '" HOST "'\n", FILL_INI, FILL_PLAIN, 0, read_ini, SAME, INI},
    {HOST, FILL_PLAIN, FILL_PLAIN, 0, NULL, SAME, HOSTILE_FEED},
};
enum { PLACES = sizeof places / sizeof *places };

static const char *folder;
static char *values[BATCH];

/* What one place makes of the values. */
struct batch {
    const struct place *place;
    struct buf script;
    char *texts[BATCH];    /* filled, or NULL: blocked */
    char *expected[BATCH]; /* of those that are not */
    size_t count;          /* of both without the gaps */
};

static void setup(void)
{
    folder = temporary_directory();
}

static void teardown(void)
{
    temporary_remove();
}

static char *expected_of(const struct place *place, const char *value)
{
    size_t n = strlen(value);

    while (place->change == DROPS_FEEDS && n > 0 && value[n - 1] == '\n')
        n--;
    if (place->change == ONLY_A)
        return mem_strdup("a");
    return place->change == ADDS_FEED ? mem_printf("%s\n", value) : mem_strndup(value, n);
}

static void add_value(struct batch *batch, const char *value)
{
    const struct place *place = batch->place;
    const struct fill_value fill[] = {{HOST, value}, {"587", "2525"}};
    struct filled filled;
    struct error err = {0};
    bool ok = fill_text(place->text, place->syntax, place->embeds, fill, 2, &filled, &err);
    bool blocks = hostile_kinds(value) & (place->blocks | HOSTILE_UNSHOWN);

    ck_assert_msg(ok != blocks, "%s: \"%s\" is %s: %s", place->text, value,
                  ok ? "filled in" : "blocked", ok ? filled.text : err.text);
    if (ok) {
        buf_printf(&batch->script, "%s\n", filled.text);
        batch->expected[batch->count] = expected_of(place, value);
        batch->texts[batch->count++] = mem_strdup(filled.text);
    }
    filled_clear(&filled);
}

/* What came out, one after the other, each with a NUL. */
static size_t split(char *data, size_t len, char **texts)
{
    size_t count = 0;

    for (size_t at = 0; at < len && count < BATCH; at += strlen(data + at) + 1)
        texts[count++] = mem_strdup(data + at);
    return count;
}

static void compare(const struct batch *batch, const char *shell, char **found, size_t count)
{
    for (size_t i = 0; i < count && i < batch->count; i++)
        ck_assert_msg(found[i] && strcmp(found[i], batch->expected[i]) == 0,
                      "%s: %s\ngives: %s\nnot: %s", shell, batch->texts[i],
                      found[i] ? found[i] : "(nothing)", batch->expected[i]);
    ck_assert_msg(count == batch->count, "%s: %s: %zu of %zu came out", shell, batch->place->text,
                  count, batch->count);
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
}

/* The values, and nothing else: the directory where it runs stays empty. */
static void run_in(const struct batch *batch, const struct shell *shell)
{
    static char *found[BATCH];
    char *script = mem_printf("%s%s%s", stand_ins, shell->start, batch->script.data);
    char *command = mem_printf("cd '%s/run' && %s ../script >../out 2>../err", folder,
                               shell->command);
    char *out = mem_printf("%s/out", folder), *run = mem_printf("%s/run", folder), *data;
    size_t len;

    temporary_file("script", script);
    ck_assert_int_eq(mkdir(run, 0700), 0);
    ck_assert_int_ne(system(command), -1);
    ck_assert_msg(rmdir(run) == 0, "%s: %s: something ran", shell->command, batch->place->text);
    ck_assert(file_read(out, &data, &len, NULL));
    size_t count = split(data, len, found);
    if (batch->place->read)
        batch->place->read(found, count);
    compare(batch, shell->command, found, count);
    free_texts(found, count);
    free(data);
    free(run);
    free(out);
    free(command);
    free(script);
}

static void read_documents(const struct batch *batch)
{
    char *found[BATCH];

    for (size_t i = 0; i < batch->count; i++)
        found[i] = mem_strdup(batch->texts[i]);
    if (batch->place->read)
        batch->place->read(found, batch->count);
    compare(batch, "read", found, batch->count);
    free_texts(found, batch->count);
}

/* Each batch goes through another shell; where a place is not for that one, through bash. */
static const struct shell *shell_for(const struct place *place, int turn)
{
    const struct shell *shell = &shells[turn % SHELLS];

    return place->shells & shell->bit ? shell : &shells[0];
}

static void try_place(const struct place *place, int turn, size_t count)
{
    static struct batch batch;

    batch = (struct batch){.place = place};
    buf_puts(&batch.script, "");
    for (size_t i = 0; i < count; i++)
        add_value(&batch, values[i]);
    if (place->shells)
        run_in(&batch, shell_for(place, turn));
    else
        read_documents(&batch);
    free_texts(batch.texts, batch.count);
    free_texts(batch.expected, batch.count);
    buf_clear(&batch.script);
}

/* Each value there would take an hour, and one place is as good as another for memory. */
static bool on_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");

    return preloaded && strstr(preloaded, "vgpreload");
}

/* gcc says so; elsewhere they would take minutes too. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITISED = 1 };
#else
enum { SANITISED = 0 };
#endif

/* All of them go through the plain build, in each locale. */
static size_t batch_size(void)
{
    return SANITISED ? SANITISED_BATCH : on_valgrind() ? VALGRIND_BATCH : BATCH;
}

START_TEST(test_round_trips)
{
    int turn = _i / PLACES;
    unsigned seed = (unsigned)turn + 1;
    size_t count = batch_size();

    for (size_t i = 0; i < count; i++)
        values[i] = hostile_value(&seed);
    try_place(&places[_i % PLACES], turn, count);
    free_texts(values, count);
}
END_TEST

Suite *round_trips_suite(void)
{
    Suite *suite = suite_create("round_trips");
    TCase *tcase = tcase_create("values");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_round_trips, 0, PLACES * (VALUES / BATCH));
    suite_add_tcase(suite, tcase);
    return suite;
}
