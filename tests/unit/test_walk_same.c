/* What is shown is what is copied is what is run, and the program behind the shell gets the
 * value: of an article's steps, and of any value, which the settings' rules would refuse. */
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "guide/clipboard.h"
#include "guide/perform.h"
#include "hostile.h"
#include "suites.h"
#include "temporary.h"
#include "ui/walk_view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOST "smtp.example.com"

/* Columns for the longest line; no value of the generator has that many. */
enum { HOSTILE_VALUES = 60, WIDE = 1000, HIGH = 1000 };

static const char *const sources[] = {"env-file:.env"};
static struct session session;
static struct walk *walk;
static struct perform *perform;
static bool ended;
static char *copied;

static void on_ended(void *context)
{
    *(bool *)context = true;
}

/* nc writes down what the shell got, and what itself. */
static void setup(void)
{
    const struct perform_observer observer = {.ended = on_ended, .context = &ended};
    struct error err = {0};
    const char *folder = temporary_directory();
    char *path = mem_printf("%s/bin:%s", folder, getenv("PATH"));

    temporary_file(".env", "Smtp__Host=" HOST "\n");
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(setenv("XDG_RUNTIME_DIR", folder, 1), 0);
    ck_assert_int_eq(setenv("PATH", path, 1), 0);
    const char *nc = temporary_file("bin/nc", "#!/bin/sh\ncat /proc/$PPID/cmdline >shell\n"
                                              "printf '%s\\0' \"$@\" >arguments\n");
    ck_assert_int_eq(chmod(nc, 0700), 0);
    ck_assert_msg(session_open(&session, &(struct session_options){
        .sources = sources, .nsources = 1}, &err), "%s", err.text);
    walk = walk_open(&(struct walk_options){
        .session = &session, .check = catalog_find(session.catalog, "check.integration.smtp"),
        .platform = PLATFORM_COMPOSE}, &err);
    ck_assert_msg(walk != NULL, "%s", err.text);
    perform = perform_new(&session, walk, &observer);
    free(path);
}

static void teardown(void)
{
    perform_free(perform);
    uv_run(session.loop, UV_RUN_DEFAULT);
    walk_close(walk);
    session_close(&session);
    ck_assert_int_eq(chdir("/"), 0);
    temporary_remove();
}

static char *read_back(const char *name, size_t *len)
{
    struct error err = {0};
    char *data;

    ck_assert_msg(file_read(name, &data, len, &err), "%s", err.text);
    return data;
}

/* As a terminal shows it, with a stop every four columns. */
static char *expand(const char *text)
{
    struct buf out = {0};
    int col = 0;

    for (size_t at = 0, n = strlen(text), step; at < n; at += step) {
        uint32_t c;
        step = text_decode(text + at, n - at, &c);
        if (c == '\t')
            do
                buf_putc(&out, ' ');
            while (++col % 4);
        else
            buf_add(&out, text + at, step);
        col = c == '\n' ? 0 : c == '\t' ? col : col + text_char_cols(c);
    }
    return buf_take(&out);
}

/* The rows of the command, without their indent. */
static void assert_shown(const char *text)
{
    struct walk_view view;
    char *lines = expand(text);
    struct buf shown = {0};

    walk_view_open(&view, walk, perform, false, false);
    walk_view_settle(&view, HIGH, WIDE, 0);
    for (size_t i = 0; i < view.rows.count; i++) {
        const struct row *row = &view.rows.rows[i];
        struct buf line = {0};
        buf_puts(&line, "");
        for (size_t k = row->first; k < row->first + row->count; k++)
            buf_add(&line, view.rows.text.data + view.rows.spans[k].start,
                    view.rows.spans[k].len);
        if (row->code && line.len >= 2)
            buf_printf(&shown, "%s\n", line.data + 2);
        buf_clear(&line);
    }
    ck_assert_msg(shown.len > 0 && strncmp(shown.data, lines, strlen(lines)) == 0,
                  "shown:\n%s\nnot:\n%s", shown.len ? shown.data : "", lines);
    buf_clear(&shown);
    walk_view_close(&view);
    free(lines);
}

static void on_copied(void *context, const struct clipboard_result *result)
{
    const char *path = strstr(result->note, "file ") + strlen("file ");
    char *name = mem_strndup(path, strcspn(path, ":"));
    size_t len;

    ck_assert_int_eq(result->route, CLIPBOARD_FILE);
    copied = read_back(name, &len);
    free(name);
    *(bool *)context = true;
}

static void assert_copied(const char *text)
{
    bool done = false;
    struct clipboard *clipboard =
        clipboard_copy(session.loop, &(struct clipboard_options){0}, text, on_copied, &done);

    while (!done)
        uv_run(session.loop, UV_RUN_ONCE);
    ck_assert_str_eq(copied, text);
    clipboard_free(clipboard);
    free(copied);
}

/* "shell" is the shell's command line: its last word is what it was given. */
static void assert_run(const char *text, const char *value)
{
    size_t len, at = 0;
    char *expected = mem_strdup(text);

    ended = false;
    ck_assert(perform_run(perform, -1));
    while (!ended)
        uv_run(session.loop, UV_RUN_ONCE);
    char *received = read_back("shell", &len);
    while (at + strlen(received + at) + 1 < len)
        at += strlen(received + at) + 1;
    ck_assert_str_eq(received + at, expected);
    char *arguments = read_back("arguments", &len);
    ck_assert_str_eq(arguments, "-z");
    ck_assert_str_eq(arguments + 3, value);
    free(arguments);
    free(received);
    free(expected);
}

/* As the page has it, wherever that came from. */
static void assert_same(const char *value)
{
    const char *text = walk_page(walk)->text;

    ck_assert_ptr_null(walk_page(walk)->withheld);
    assert_shown(text);
    assert_copied(text);
    assert_run(text, value);
}

static char *fill(const char *template, const char *value)
{
    const struct fill_value values[] = {{HOST, value}, {"587", "2525"}};
    struct filled filled;

    if (!fill_text(template, FILL_SHELL, FILL_PLAIN, values, 2, &filled, NULL))
        return NULL;
    char *text = mem_strdup(filled.text);
    filled_clear(&filled);
    return text;
}

static const char *const templates[] = {
    "nc -z " HOST " 587 && true",
    "nc -z \"" HOST "\" 587; true",
    "# " HOST "\n\tnc -z \\\n\t\t'" HOST "' 587\ntrue",
    "bash -c 'nc -z \"$1\"' - " HOST "; true",
};

START_TEST(test_hostile)
{
    unsigned seed = (unsigned)_i + 1;
    int count = 0;

    for (int i = 0; i < HOSTILE_VALUES; i++) {
        char *value = hostile_value(&seed), *text = fill(templates[_i], value);
        if (text) {
            walk_edit(walk, text);
            ck_assert_str_eq(walk_page(walk)->text, text);
            assert_same(value);
            count++;
        }
        free(text);
        free(value);
    }
    ck_assert_int_gt(count, HOSTILE_VALUES / 2);
}
END_TEST

/* The article's own step, filled in by the walk. */
START_TEST(test_step)
{
    while (!strstr(walk_page(walk)->text, "platform nc -z"))
        ck_assert(walk_page(walk)->choice + 1 < walk_page(walk)->step->ncommands
                      ? (walk_choose(walk), true) : walk_turn(walk, 1));
    const char *docker = temporary_file(
        "bin/docker", "#!/bin/sh\nshift 4\nnc -z \"$4\"\ncat /proc/$PPID/cmdline >shell\n");
    ck_assert_int_eq(chmod(docker, 0700), 0);
    ck_assert_uint_eq(walk_page(walk)->nspans, 2);
    assert_same(HOST);
}
END_TEST

Suite *walk_same_suite(void)
{
    Suite *suite = suite_create("walk_same");
    TCase *tcase = tcase_create("same");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_hostile, 0, sizeof templates / sizeof *templates);
    tcase_add_test(tcase, test_step);
    suite_add_tcase(suite, tcase);
    return suite;
}
