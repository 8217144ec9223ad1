#include "suites.h"
#include "base/mem.h"
#include "tests/ui/dashboard.h"

#include <check.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* True when an escape sequence of a styled screen sets a colour: SGR 30 to 37,
 * 38, 40 to 48, 90 to 107. */
static bool has_colour(const char *styled)
{
    for (const char *at = styled; (at = strstr(at, "\033["));) {
        at += 2;
        while (isdigit((unsigned char)*at) || *at == ';') {
            char *end;
            long code = strtol(at, &end, 10);
            if ((code >= 30 && code <= 48 && code != 39) || (code >= 90 && code <= 107))
                return true;
            at = *end == ';' ? end + 1 : end;
        }
    }
    return false;
}

/* Goes through what the dashboard can show, with expect at every stop. */
static void visit(struct tmux *tmux, void (*expect)(struct tmux *tmux))
{
    expect(tmux);
    tmux_send(tmux, "R");
    tmux_wait(tmux, " of 0.7 s");
    expect(tmux);
    tmux_wait(tmux, "Timed out after 0.7 s");
    expect(tmux);
    tmux_send(tmux, "Enter z");
    tmux_wait(tmux, "Common Causes");
    tmux_send(tmux, "PageDown PageDown 3");
    tmux_wait(tmux, "[3 Kubernetes / Helm]");
    expect(tmux);
    tmux_send(tmux, "G");
    tmux_wait(tmux, "Why It Matters");
    expect(tmux);
    tmux_send(tmux, "?");
    tmux_wait_row(tmux, 0, "Keys");
    expect(tmux);
    tmux_send(tmux, "q q q t t t");
    tmux_wait(tmux, "Checks by outcome");
    expect(tmux);
    tmux_type(tmux, "/smtp");
    tmux_wait(tmux, "Esc clears");
    expect(tmux);
    tmux_send(tmux, "F10");
    tmux_wait_gone(tmux, "Esc clears");
    tmux_send(tmux, "q");
    ck_assert_int_eq(tmux_wait_dead(tmux), 0);
    expect(tmux);
    tmux_stop(tmux);
}

static void expect_no_colour(struct tmux *tmux)
{
    ck_assert(!has_colour(tmux_screen_styled(tmux)));
}

static void expect_ascii(struct tmux *tmux)
{
    for (const char *at = tmux_screen(tmux); *at; at++)
        ck_assert_msg((unsigned char)*at < 0x80, "not ASCII: %.20s", at);
}

static const char *const no_color[] = {"XDG_CONFIG_HOME=/nonexistent", "NO_COLOR=1", NULL};
static const char *const lang_c[] = {"XDG_CONFIG_HOME=/nonexistent", "LANG=C", NULL};

static const struct {
    const char *arguments;
    struct tmux_options options;
    void (*expect)(struct tmux *tmux);
} looks[] = {
    {"", {80, 24, NULL, no_color}, expect_no_colour},
    {"--no-color", {200, 60, NULL, NULL}, expect_no_colour},
    {"--ascii", {200, 60, NULL, NULL}, expect_ascii},
    {"", {80, 24, NULL, lang_c}, expect_ascii},
    {"--ascii", {80, 24, "vt100", NULL}, expect_ascii},
};
enum { LOOKS = sizeof looks / sizeof *looks };

START_TEST(every_screen_keeps_its_look)
{
    char *arguments = mem_printf("--demo --timeout 700ms %s", looks[_i].arguments);

    visit(dashboard_open_on(&looks[_i].options, arguments), looks[_i].expect);
    free(arguments);
}
END_TEST

START_TEST(colours_tell_the_outcomes)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "j r j r");
    tmux_wait_row(tmux, 1, "1 FAIL   \xE2\x9C\x94 1 PASS");
    ck_assert(has_colour(tmux_screen_styled(tmux)));
    dashboard_quit(tmux);
}
END_TEST

/* The sizes in turn, with what the dashboard shows in each: the row of the
 * list's title and of the details', or -1. */
static const struct {
    int cols, rows, list_row, detail_row;
} sizes[] = {
    {80, 24, 2, 10}, {200, 60, 2, 2}, {100, 20, 2, 2},  {99, 20, 2, 8}, {40, 10, 1, -1},
    {40, 30, 2, 12}, {300, 12, 1, 1}, {80, 17, 2, -1}, {80, 24, 2, 10},
};

START_TEST(every_size_is_painted_whole)
{
    struct tmux *tmux = dashboard_open("");

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        tmux_resize(tmux, sizes[i].cols, sizes[i].rows);
        tmux_wait_row(tmux, sizes[i].rows - 1, "? help");
        tmux_wait_row(tmux, sizes[i].list_row - 1, "0 FAIL");
        tmux_wait_row(tmux, sizes[i].list_row, "Checks by plugin and tag");
        tmux_wait_row(tmux, sizes[i].list_row + 1, "stellaops.doctor.integration  3");
        if (sizes[i].detail_row >= 0)
            tmux_wait_row(tmux, sizes[i].detail_row, "SMTP Email Connectivity \xE2\x94\x80");
        tmux_wait_cursor(tmux, "not run  SMTP");
    }
    dashboard_quit(tmux);
}
END_TEST

START_TEST(too_small_says_so_and_comes_back)
{
    struct tmux *tmux = dashboard_open("");

    tmux_resize(tmux, 30, 8);
    tmux_wait_row(tmux, 0, "30x8 is too small, q quits");
    tmux_wait_row(tmux, 1, "40x10 is needed");
    tmux_send(tmux, "j");
    tmux_resize(tmux, 39, 24);
    tmux_wait_row(tmux, 0, "39x24 is too small");
    tmux_resize(tmux, 80, 9);
    tmux_wait_row(tmux, 0, "80x9 is too small");
    tmux_resize(tmux, 80, 24);
    tmux_wait_cursor(tmux, "Slack Webhook");
    tmux_resize(tmux, 4, 2);
    tmux_wait_row(tmux, 0, "4x2");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(help_follows_the_size)
{
    struct tmux *tmux = dashboard_open("");

    tmux_send(tmux, "?");
    tmux_wait_row(tmux, 0, "Keys");
    tmux_resize(tmux, 40, 10);
    tmux_wait_row(tmux, 0, " 1-8 of ");
    tmux_wait_row(tmux, 9, "q back");
    tmux_wait_row(tmux, 2, "details: scroll,");
    tmux_wait_gone(tmux, "then the next link");
    tmux_send(tmux, "End");
    tmux_wait_row(tmux, 7, "suspend; fg");
    tmux_resize(tmux, 120, 40);
    tmux_wait(tmux, "suspend; fg comes back");
    tmux_send(tmux, "q");
    tmux_wait_row(tmux, 2, "Checks by");
    dashboard_quit(tmux);
}
END_TEST

Suite *looks_suite(void)
{
    Suite *suite = suite_create("looks");
    TCase *tcase = tcase_create("looks");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, every_screen_keeps_its_look, 0, LOOKS);
    tcase_add_test(tcase, colours_tell_the_outcomes);
    tcase_add_test(tcase, every_size_is_painted_whole);
    tcase_add_test(tcase, too_small_says_so_and_comes_back);
    tcase_add_test(tcase, help_follows_the_size);
    suite_add_tcase(suite, tcase);
    return suite;
}
