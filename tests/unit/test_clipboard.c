#include "suites.h"

#include "base/file.h"
#include "base/mem.h"
#include "guide/clipboard.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

static const struct clipboard_place inside_tmux = {true, "/tmp/tmux-0/default,1,0", NULL, "tmux"};
static const struct clipboard_place terminal = {true, NULL, NULL, "xterm"};
static const struct clipboard_place nothing = {false, NULL, NULL, NULL};

static const struct {
    struct clipboard_place place;
    size_t bytes;
    enum clipboard_route route;
    const char *why;
} routes[] = {
    {{true, NULL, NULL, "xterm-256color"}, 10, CLIPBOARD_TERMINAL, NULL},
    {{true, "", "", "foot"}, 0, CLIPBOARD_TERMINAL, NULL},
    {{true, NULL, NULL, "xterm"}, CLIPBOARD_OSC52_BYTES, CLIPBOARD_TERMINAL, NULL},
    {{true, NULL, NULL, "xterm"}, CLIPBOARD_OSC52_BYTES + 1, CLIPBOARD_FILE,
     "too long for a terminal's clipboard"},
    {{true, "/tmp/t,1,0", NULL, "tmux-256color"}, 10, CLIPBOARD_TMUX, NULL},
    {{true, "/tmp/t,1,0", NULL, "screen"}, 1000000, CLIPBOARD_TMUX, NULL},
    {{false, "/tmp/t,1,0", "1.pts-0.host", NULL}, 10, CLIPBOARD_TMUX, NULL},
    {{true, NULL, "1.pts-0.host", "screen"}, 10, CLIPBOARD_FILE,
     "screen does not pass on what is copied"},
    {{true, NULL, NULL, "screen-256color"}, 10, CLIPBOARD_TERMINAL, NULL},
    {{true, NULL, NULL, "linux"}, 10, CLIPBOARD_FILE, "this terminal has no clipboard"},
    {{true, NULL, NULL, "linux-16color"}, 10, CLIPBOARD_FILE, "this terminal has no clipboard"},
    {{true, NULL, NULL, "dumb"}, 10, CLIPBOARD_FILE, "this terminal has no clipboard"},
    {{true, NULL, NULL, ""}, 10, CLIPBOARD_FILE, "this terminal has no clipboard"},
    {{true, NULL, NULL, NULL}, 10, CLIPBOARD_FILE, "this terminal has no clipboard"},
    {{false, NULL, NULL, "xterm"}, 10, CLIPBOARD_FILE, "there is no terminal"},
};

START_TEST(the_way_is_chosen_by_the_place)
{
    const char *why = "nothing";

    ck_assert_int_eq(clipboard_route(&routes[_i].place, routes[_i].bytes, &why), routes[_i].route);
    if (routes[_i].why)
        ck_assert_str_eq(why, routes[_i].why);
    else
        ck_assert_ptr_null(why);
}
END_TEST

START_TEST(the_place_is_the_environments)
{
    setenv("TMUX", "a", 1);
    setenv("STY", "b", 1);
    setenv("TERM", "c", 1);
    struct clipboard_place place = clipboard_place_here(true);
    ck_assert(place.terminal);
    ck_assert_str_eq(place.tmux, "a");
    ck_assert_str_eq(place.screen, "b");
    ck_assert_str_eq(place.term, "c");
    unsetenv("TMUX");
    ck_assert_ptr_null(clipboard_place_here(false).tmux);
}
END_TEST

/* RFC 4648, section 10. */
static const struct {
    const char *text, *sequence;
} sequences[] = {
    {"", "\033]52;c;\a"},
    {"f", "\033]52;c;Zg==\a"},
    {"fo", "\033]52;c;Zm8=\a"},
    {"foo", "\033]52;c;Zm9v\a"},
    {"foob", "\033]52;c;Zm9vYg==\a"},
    {"fooba", "\033]52;c;Zm9vYmE=\a"},
    {"foobar", "\033]52;c;Zm9vYmFy\a"},
    {"\xfb\xff\xbf", "\033]52;c;+/+/\a"},
    {"é\n\033", "\033]52;c;w6kKGw==\a"},
};

START_TEST(a_sequence_is_base64)
{
    char *sequence = clipboard_osc52(sequences[_i].text);
    ck_assert_str_eq(sequence, sequences[_i].sequence);
    free(sequence);
}
END_TEST

START_TEST(the_longest_sequence_has_a_hundred_thousand_bytes)
{
    char *text = mem_zalloc(CLIPBOARD_OSC52_BYTES + 1);

    memset(text, 'x', CLIPBOARD_OSC52_BYTES);
    char *sequence = clipboard_osc52(text);
    ck_assert_uint_eq(strlen(sequence), 100000);
    free(sequence);
    free(text);
}
END_TEST

static uv_loop_t loop;
static const char *directory;
static struct clipboard *clipboard;
static int calls;
static enum clipboard_route route;
static char *note, *sequence;

static char *below(const char *name)
{
    return mem_printf("%s/%s", directory, name);
}

static void set_below(const char *variable, const char *name)
{
    char *path = below(name);
    setenv(variable, path, 1);
    free(path);
}

static void make_directory(const char *name, mode_t mode)
{
    char *path = below(name);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(chmod(path, mode), 0);
    free(path);
}

static void setup(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    directory = temporary_directory();
    make_directory("run", 0700);
    set_below("XDG_RUNTIME_DIR", "run");
    set_below("XDG_STATE_HOME", "state");
}

static void teardown(void)
{
    clipboard_free(clipboard);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    temporary_remove();
    free(note);
    free(sequence);
}

static void on_done(void *context, const struct clipboard_result *result)
{
    ck_assert_ptr_eq(context, &loop);
    calls++;
    route = result->route;
    note = mem_strdup(result->note);
    sequence = mem_strdup(result->sequence);
}

static void start(const struct clipboard_place *place, const char *text, clock_us limit_us)
{
    const struct clipboard_options options = {*place, limit_us};

    clipboard = clipboard_copy(&loop, &options, text, on_done, &loop);
    ck_assert_int_eq(calls, 0);
}

static void copy(const struct clipboard_place *place, const char *text)
{
    start(place, text, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(calls, 1);
}

static void assert_file(const char *name, const char *text)
{
    char *path = below(name), *data = NULL;
    size_t len;
    struct error err = {0};
    struct stat status;

    ck_assert_msg(file_read(path, &data, &len, &err), "%s", err.text);
    ck_assert_str_eq(data, text);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode, S_IFREG | 0600);
    free(data);
    free(path);
}

/* The note is "file FILE: WHY". */
static void assert_written(const char *name, const char *why)
{
    char *expected = mem_printf("file %s/%s: %s", directory, name, why);
    ck_assert_int_eq(route, CLIPBOARD_FILE);
    ck_assert_str_eq(note, expected);
    ck_assert_ptr_null(sequence);
    free(expected);
}

START_TEST(a_terminal_gets_a_sequence)
{
    copy(&terminal, "foobar");
    ck_assert_int_eq(route, CLIPBOARD_TERMINAL);
    ck_assert_str_eq(sequence, "\033]52;c;Zm9vYmFy\a");
    ck_assert_str_eq(note, "OSC 52: sent to the terminal's clipboard; it may refuse, so paste to "
                           "see");
}
END_TEST

static const char tricky[] = "printf '%s\\n' \"$(id)\" `id` é\n\t-x \\\n! \033[31m";

START_TEST(a_file_holds_the_text_as_it_is)
{
    umask(0);
    copy(&nothing, tricky);
    assert_written("run/stella-step.sh", "there is no terminal");
    assert_file("run/stella-step.sh", tricky);
}
END_TEST

START_TEST(a_file_of_before_is_replaced)
{
    temporary_file("run/stella-step.sh", "a longer text that was there before\n");
    copy(&nothing, "new");
    assert_file("run/stella-step.sh", "new");
}
END_TEST

START_TEST(without_a_runtime_directory_it_is_the_state_directory)
{
    if (_i == 0)
        unsetenv("XDG_RUNTIME_DIR");
    else
        setenv("XDG_RUNTIME_DIR", _i == 1 ? "run" : "/nowhere", 1);
    copy(&nothing, "text");
    assert_written("state/stella/doctor/stella-step.sh", "there is no terminal");
    assert_file("state/stella/doctor/stella-step.sh", "text");
}
END_TEST

/* The name could be a link that another user has put there. */
START_TEST(what_others_may_write_to_is_passed_over)
{
    make_directory("open", 0770);
    set_below("XDG_RUNTIME_DIR", "open");
    copy(&nothing, "text");
    assert_written("state/stella/doctor/stella-step.sh", "there is no terminal");
}
END_TEST

static const struct {
    const char *state, *reason;
} homes[] = {
    {"/dev/null", "/dev/null/stella/doctor: Not a directory"},
    {NULL, "HOME is not set"},
    {"/dev/null/\033[31m", "/dev/null/\\x1b[31m/stella/doctor: Not a directory"},
};

START_TEST(without_any_directory_nothing_is_claimed)
{
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    if (homes[_i].state)
        setenv("XDG_STATE_HOME", homes[_i].state, 1);
    copy(&nothing, "text");
    ck_assert_int_eq(route, CLIPBOARD_NOWHERE);
    char *expected = mem_printf("not copied: there is no terminal; nor can a file be written: %s",
                                homes[_i].reason);
    ck_assert_str_eq(note, expected);
    free(expected);
}
END_TEST

/* Puts a tmux with this script onto the front of PATH. */
static void stand_in(const char *script)
{
    char *text = mem_printf("#!/bin/sh\ncd %s || exit\n%s\n", directory, script);
    char *path = mem_printf("%s/bin:%s", directory, getenv("PATH"));

    ck_assert_int_eq(chmod(temporary_file("bin/tmux", text), 0700), 0);
    setenv("PATH", path, 1);
    free(path);
    free(text);
}

START_TEST(tmux_gets_the_text_as_it_is)
{
    setenv("TMUX", inside_tmux.tmux, 1);
    umask(077);
    stand_in("echo \"$# $*\" >arguments; cat >text; printf %s \"$TMUX\" >place");
    copy(&inside_tmux, tricky);
    ck_assert_int_eq(route, CLIPBOARD_TMUX);
    ck_assert_str_eq(note, "tmux's buffer: prefix ] pastes it; the clipboard too, where that is "
                           "allowed");
    ck_assert_ptr_null(sequence);
    assert_file("arguments", "3 load-buffer -w -\n");
    assert_file("text", tricky);
    assert_file("place", inside_tmux.tmux);
}
END_TEST

static const struct {
    const char *script, *why;
} failures[] = {
    {"echo 'no server running' >&2; echo more; exit 1", "tmux failed: no server running"},
    {"printf 'a\\033[31m' >&2; exit 2", "tmux failed: a\\x1b[31m"},
    {"exit 3", "tmux failed with exit status 3"},
    {"kill -9 $$", "tmux was ended by signal 9"},
};

START_TEST(where_tmux_fails_it_becomes_a_file)
{
    stand_in(failures[_i].script);
    copy(&inside_tmux, tricky);
    assert_written("run/stella-step.sh", failures[_i].why);
    assert_file("run/stella-step.sh", tricky);
}
END_TEST

START_TEST(a_tmux_that_hangs_is_not_waited_for)
{
    stand_in("exec tail -f /dev/null");
    start(&inside_tmux, "text", 50 * CLOCK_MS);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_written("run/stella-step.sh", "tmux did not answer in time");
}
END_TEST

START_TEST(without_tmux_it_becomes_a_file)
{
    set_below("PATH", "bin");
    copy(&inside_tmux, "text");
    ck_assert_int_eq(route, CLIPBOARD_FILE);
    ck_assert_ptr_nonnull(strstr(note, ": tmux failed: "));
    ck_assert_ptr_nonnull(strstr(note, "not found"));
}
END_TEST

START_TEST(can_be_freed_before_it_is_done)
{
    stand_in("exec tail -f /dev/null");
    start(_i ? &inside_tmux : &terminal, "text", 0);
    clipboard_free(clipboard);
    clipboard = NULL;
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(calls, 0);
}
END_TEST

static void free_done(void *context, const struct clipboard_result *result)
{
    on_done(context, result);
    clipboard_free(clipboard);
    clipboard = NULL;
}

START_TEST(can_be_freed_when_it_is_done)
{
    const struct clipboard_options options = {_i ? inside_tmux : terminal, 0};

    stand_in("cat >/dev/null");
    clipboard = clipboard_copy(&loop, &options, "text", free_done, &loop);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(calls, 1);
}
END_TEST

static TCase *pure_case(void)
{
    TCase *tcase = tcase_create("pure");
    tcase_add_loop_test(tcase, the_way_is_chosen_by_the_place, 0, COUNT(routes));
    tcase_add_test(tcase, the_place_is_the_environments);
    tcase_add_loop_test(tcase, a_sequence_is_base64, 0, COUNT(sequences));
    tcase_add_test(tcase, the_longest_sequence_has_a_hundred_thousand_bytes);
    return tcase;
}

static TCase *copy_case(void)
{
    TCase *tcase = tcase_create("copy");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_terminal_gets_a_sequence);
    tcase_add_test(tcase, a_file_holds_the_text_as_it_is);
    tcase_add_test(tcase, a_file_of_before_is_replaced);
    tcase_add_loop_test(tcase, without_a_runtime_directory_it_is_the_state_directory, 0, 3);
    tcase_add_test(tcase, what_others_may_write_to_is_passed_over);
    tcase_add_loop_test(tcase, without_any_directory_nothing_is_claimed, 0, COUNT(homes));
    tcase_add_test(tcase, tmux_gets_the_text_as_it_is);
    tcase_add_loop_test(tcase, where_tmux_fails_it_becomes_a_file, 0, COUNT(failures));
    tcase_add_test(tcase, a_tmux_that_hangs_is_not_waited_for);
    tcase_add_test(tcase, without_tmux_it_becomes_a_file);
    tcase_add_loop_test(tcase, can_be_freed_before_it_is_done, 0, 2);
    tcase_add_loop_test(tcase, can_be_freed_when_it_is_done, 0, 2);
    return tcase;
}

Suite *clipboard_suite(void)
{
    Suite *suite = suite_create("clipboard");
    suite_add_tcase(suite, pure_case());
    suite_add_tcase(suite, copy_case());
    return suite;
}
