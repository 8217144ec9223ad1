/* A paste, as terminals say it and as they do not, anywhere: nothing runs, and the screen
 * is what it was. */
#include "suites.h"
#include "base/mem.h"
#include "tests/ui/walkthrough.h"
#include "tests/unit/temporary.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { PASTE_BYTES = 1024 * 1024, TRY_MS = 2000 };

static const char small_paste[] = "x\ny\n";

/* Every answer and every key of a walkthrough that begins something. */
static const char big_line[] = "x\ny\nxy\nrestarts\nc\ns\nv\ne\nx\nu\n";

static const char *write_paste(bool big)
{
    struct buf text = {0};

    while (big && text.len < PASTE_BYTES)
        buf_puts(&text, big_line);
    const char *path = temporary_file("paste", big ? text.data : small_paste);
    buf_clear(&text);
    return path;
}

/* The help opens and closes once all that was pasted has been taken; keys that come right
 * behind it count as pasted. */
static void settle(struct tmux *tmux)
{
    do
        tmux_send(tmux, "?");
    while (!tmux_shows(tmux, "\xE2\x96\xB6 Keys", TRY_MS));
    tmux_send(tmux, "q");
    tmux_wait_gone(tmux, "\xE2\x96\xB6 Keys");
}

static void open_page(struct tmux *tmux)
{
    tmux_send(tmux, "w");
    tmux_wait_row(tmux, 0, "Fix SMTP Email Connectivity");
}

static void open_filter(struct tmux *tmux)
{
    tmux_send(tmux, "/");
    tmux_wait_row(tmux, 23, "Enter keeps");
}

static void open_value(struct tmux *tmux)
{
    open_page(tmux);
    walkthrough_go_to(tmux, "Set host, port");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "Enter takes it");
}

static void open_consent(struct tmux *tmux)
{
    open_page(tmux);
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "type y to run it");
}

static void open_word(struct tmux *tmux)
{
    open_page(tmux);
    walkthrough_go_to(tmux, "Recreate the container");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "type restarts to run it");
    tmux_type(tmux, "resta");
    tmux_wait_row(tmux, 23, "run it: resta");
}

static void open_editor(struct tmux *tmux)
{
    walkthrough_stand_in("edit", "echo editing; read line; exit 0");
    open_page(tmux);
    tmux_send(tmux, "e");
    tmux_wait(tmux, "editing");
}

static void close_nothing(struct tmux *tmux)
{
    (void)tmux;
}

static void close_filter(struct tmux *tmux)
{
    tmux_send(tmux, "F10");
}

static void close_value(struct tmux *tmux)
{
    tmux_send(tmux, "Escape");
    tmux_wait_row(tmux, 23, "x run");
}

static const struct place {
    void (*open)(struct tmux *tmux), (*close)(struct tmux *tmux);
    const char *after; /* on the screen, then */
} places[] = {
    {close_nothing, close_nothing, "Checks by"},
    {open_filter, close_filter, "Checks by"},
    {open_page, close_nothing, " 1/7 "},
    {open_value, close_value, " 4/7 "},
    {open_consent, close_nothing, " 1/7 "},
    {open_word, close_nothing, " 7/7 "},
    {open_editor, close_nothing, " 1/7 "},
};

enum { PLACES = sizeof places / sizeof *places };

/* The editor and its files are no step's. */
static void assert_nothing_ran(void)
{
    const char *journal = walkthrough_read("state/stella/doctor/journal.jsonl");

    ck_assert_ptr_null(strstr(journal, "\"step-began\""));
    ck_assert_ptr_null(strstr(walkthrough_record(), "docker"));
    ck_assert_ptr_null(strstr(walkthrough_record(), "serve"));
}

static void paste(const struct place *place, bool big, bool bracketed)
{
    struct tmux *tmux = walkthrough_start("--source env-file:.env");

    tmux_send(tmux, "r");
    tmux_wait_row(tmux, 1, "1 FAIL");
    place->open(tmux);
    tmux_paste(tmux, write_paste(big), bracketed);
    place->close(tmux);
    settle(tmux);
    tmux_wait(tmux, place->after);
    ck_assert_ptr_null(strstr(tmux_screen(tmux), "Result"));
    ck_assert_ptr_null(strstr(tmux_screen(tmux), "Verify"));
    assert_nothing_ran();
    tmux_stop(tmux);
}

START_TEST(a_small_paste)
{
    paste(&places[_i / 2], false, _i % 2);
}
END_TEST

/* Keys of the list may do what they do there: none of them runs a command. */
START_TEST(a_megabyte)
{
    paste(&places[_i], true, true);
}
END_TEST

START_TEST(a_megabyte_that_is_not_called_a_paste)
{
    paste(&places[_i + 2], true, false);
}
END_TEST

/* Letter for letter, in pieces that are too short for a paste. */
START_TEST(what_came_before_the_question_does_not_answer_it)
{
    static const char *const texts[] = {"xy", "x\r\ry\r", "x\ny\n", "xyxyxyxyxyxyxy"};
    struct tmux *tmux = walkthrough_open_compose();

    tmux_type(tmux, texts[_i]);
    settle(tmux);
    tmux_wait(tmux, "reads   open");
    assert_nothing_ran();
    tmux_stop(tmux);
}
END_TEST

/* A word that comes with its Enter may be a paste that no terminal marks. */
START_TEST(an_enter_that_came_with_the_word_is_not_taken)
{
    struct tmux *tmux = walkthrough_start("--source env-file:.env");

    open_page(tmux);
    walkthrough_go_to(tmux, "Recreate the container");
    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "type restarts to run it");
    tmux_paste(tmux, temporary_file("paste", "restarts\n"), false);
    tmux_wait_row(tmux, 22, "it came in one go, as a paste does: press Enter again");
    tmux_wait_row(tmux, 23, "Enter runs it: restarts");
    assert_nothing_ran();
    tmux_send(tmux, "Enter");
    tmux_wait(tmux, "Result  exit status 0");
    tmux_stop(tmux);
}
END_TEST

/* Nor does a key in the same read turn the page between the consent and the run. */
START_TEST(a_y_that_came_with_more_is_not_taken)
{
    static const char *const texts[] = {"y\r", "yn"};
    struct tmux *tmux = walkthrough_open_compose();

    tmux_send(tmux, "x");
    tmux_wait_row(tmux, 23, "type y to run it");
    tmux_type(tmux, texts[_i]);
    tmux_wait_row(tmux, 22, "more came with it, as in a paste: press y again, by itself");
    assert_nothing_ran();
    tmux_type(tmux, "y");
    tmux_wait(tmux, "Result  exit status 0");
    tmux_wait(tmux, " 1/7 ");
    tmux_stop(tmux);
}
END_TEST

START_TEST(a_value_replaces_the_one_that_is_proposed)
{
    struct tmux *tmux = walkthrough_start("--source env-file:.env");

    open_value(tmux);
    tmux_paste(tmux, temporary_file("paste", "mail.example\n"), true);
    tmux_wait_row(tmux, 23, " host: mail.example ");
    tmux_type(tmux, ".org");
    tmux_wait_row(tmux, 23, " host: mail.example.org ");
    tmux_stop(tmux);
}
END_TEST

Suite *walk_paste_suite(void)
{
    Suite *suite = suite_create("walk_paste");
    TCase *tcase = tcase_create("walk_paste");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, walkthrough_setup, walkthrough_teardown);
    tcase_add_loop_test(tcase, a_small_paste, 0, 2 * PLACES);
    tcase_add_loop_test(tcase, a_megabyte, 0, PLACES);
    tcase_add_loop_test(tcase, a_megabyte_that_is_not_called_a_paste, 0, PLACES - 2);
    tcase_add_loop_test(tcase, what_came_before_the_question_does_not_answer_it, 0, 4);
    tcase_add_test(tcase, an_enter_that_came_with_the_word_is_not_taken);
    tcase_add_loop_test(tcase, a_y_that_came_with_more_is_not_taken, 0, 2);
    tcase_add_test(tcase, a_value_replaces_the_one_that_is_proposed);
    suite_add_tcase(suite, tcase);
    return suite;
}
