#include "suites.h"
#include "tests/ui/dashboard.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LIMIT_US = 10 * CLOCK_SECOND,
    FIRST_SCREEN_BYTES = 3000,
    CURSOR_KEY_BYTES = 250,
    RUNNING_BYTES_A_SECOND = 400,
    RUNNING_REPAINTS_A_SECOND = 10,
    RUNNING_SECONDS = 4,
    KEYS_AT_ONCE = 200,
    ESCAPE_US = 60 * CLOCK_MS,
    SLACK_US = 60 * CLOCK_MS, /* for a busy machine */
    RESIZES = 200,
    RESIZES_A_ROUND = 20
};

START_TEST(the_first_screen_is_small)
{
    struct pty *pty = dashboard_open_pty(NULL);

    ck_assert_uint_le(pty->output.len, FIRST_SCREEN_BYTES);
    pty_stop(pty);
}
END_TEST

/* How often the program was woken: the times it went to sleep by itself. */
static long wake_ups(pid_t pid)
{
    return dashboard_status(pid, "voluntary_ctxt_switches:");
}

START_TEST(idle_it_sleeps)
{
    struct pty *pty = dashboard_open_pty(NULL);

    dashboard_type_pty(pty, "jjr");
    long before = wake_ups(pty->pid);
    ck_assert_uint_eq(pty_record(pty, CLOCK_SECOND), 0);
    ck_assert_int_eq(wake_ups(pty->pid), before);
    pty_stop(pty);
}
END_TEST

/* Zoomed, so that nothing but the list changes. */
START_TEST(a_cursor_key_costs_little)
{
    static const char *const keys[] = {"j", "\033[B", "k", "\033OA", "j", "j", "k", "G", "g"};
    struct pty *pty = dashboard_open_pty(NULL);

    dashboard_type_pty(pty, "z");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        size_t bytes = dashboard_type_pty(pty, keys[i]);
        ck_assert_uint_gt(bytes, 0);
        ck_assert_uint_le(bytes, CURSOR_KEY_BYTES);
    }
    pty_stop(pty);
}
END_TEST

START_TEST(a_running_check_costs_little)
{
    struct pty *pty = dashboard_open_pty(NULL);

    pty_write(pty, "r", 1);
    ck_assert_int_ge(pty_wait(pty, 0, "connecting to", LIMIT_US), 0);
    pty_record(pty, 100 * CLOCK_MS);
    size_t chunks = pty->nchunks;
    size_t bytes = pty_record(pty, RUNNING_SECONDS * CLOCK_SECOND);
    ck_assert_uint_le(bytes, RUNNING_SECONDS * RUNNING_BYTES_A_SECOND);
    chunks = pty->nchunks - chunks;
    ck_assert_uint_ge(chunks, RUNNING_SECONDS);
    ck_assert_uint_le(chunks, RUNNING_SECONDS * RUNNING_REPAINTS_A_SECOND);
    pty_stop(pty);
}
END_TEST

/* Each key alone would open or close the help, a whole screen either way. */
START_TEST(many_keys_at_once_are_two_repaints_at_most)
{
    char keys[KEYS_AT_ONCE + 2];
    struct pty *pty = dashboard_open_pty(NULL);

    size_t opening = dashboard_type_pty(pty, "?"), closing = dashboard_type_pty(pty, "?");
    memset(keys, '?', KEYS_AT_ONCE + 1);
    keys[KEYS_AT_ONCE + 1] = '\0';
    size_t bytes = dashboard_type_pty(pty, keys);
    ck_assert_uint_gt(bytes, 0);
    ck_assert_uint_le(bytes, opening + closing);
    pty_stop(pty);
}
END_TEST

START_TEST(escape_acts_soon)
{
    struct pty *pty = dashboard_open_pty(NULL);

    dashboard_type_pty(pty, "?");
    size_t offset = pty->output.len;
    clock_us typed = clock_now_us();
    pty_write(pty, "\033", 1);
    clock_us closed = pty_wait(pty, offset, "stella doctor", LIMIT_US);
    ck_assert_int_ge(closed, 0);
    ck_assert_int_le(closed - typed, ESCAPE_US + SLACK_US);
    pty_stop(pty);
}
END_TEST

/* A paste holds no commands, and a sequence that no key sends is swallowed. */
START_TEST(what_no_key_sends_does_nothing)
{
    static const char *const texts[] = {"\033[200~Rq\033[201~", "\033[>0;136;0c",
                                        "\033]11;rgb:0/0/0\007", "\033[<0;5;5M",
                                        "\033P1$r0m\033\\"};
    struct pty *pty = dashboard_open_pty(NULL);

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        dashboard_type_pty(pty, texts[i]);
    ck_assert_uint_eq(pty_record(pty, 100 * CLOCK_MS), 0);
    size_t offset = pty->output.len;
    pty_write(pty, "\014", 1);
    ck_assert_int_ge(pty_wait(pty, offset, "3 not run", LIMIT_US), 0);
    pty_stop(pty);
}
END_TEST

/* Sizes change while a check runs and keys come; the last one is painted. */
START_TEST(the_last_size_is_painted)
{
    unsigned short seed[3] = {1, 2, 3};
    struct pty *pty = dashboard_open_pty("--timeout=60s");
    char text[64];

    pty_write(pty, "r", 1);
    for (int i = 1; i <= RESIZES; i++) {
        int cols = 1 + (int)(nrand48(seed) % 220), rows = 1 + (int)(nrand48(seed) % 70);
        bool last = i % RESIZES_A_ROUND == 0;
        if (last) {
            cols = 20 + i / RESIZES_A_ROUND;
            rows = 9;
        }
        snprintf(text, sizeof text, "%dx%d is too small", cols, rows);
        size_t offset = pty->output.len;
        pty_resize(pty, cols, rows);
        if (last)
            ck_assert_int_ge(pty_wait(pty, offset, text, LIMIT_US), 0);
        else
            pty_record(pty, nrand48(seed) % (8 * CLOCK_MS));
        if (i % 3 == 0)
            pty_write(pty, i % 2 ? "j" : "k", 1);
    }
    size_t offset = pty->output.len;
    pty_resize(pty, 80, 24);
    ck_assert_int_ge(pty_wait(pty, offset, "^C cancel", LIMIT_US), 0);
    pty_write(pty, "q", 1);
    int status;
    ck_assert(pty_wait_exit(pty, LIMIT_US, &status));
    ck_assert_int_eq(status, 0);
    pty_stop(pty);
}
END_TEST

START_TEST(it_ends_with_its_terminal)
{
    struct pty *pty = dashboard_open_pty(NULL);
    int status;

    close(pty->fd);
    pty->fd = -1;
    ck_assert(pty_wait_exit(pty, LIMIT_US, &status));
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGHUP);
    pty_stop(pty);
}
END_TEST

Suite *traffic_suite(void)
{
    Suite *suite = suite_create("traffic");
    TCase *tcase = tcase_create("traffic");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_first_screen_is_small);
    tcase_add_test(tcase, idle_it_sleeps);
    tcase_add_test(tcase, a_cursor_key_costs_little);
    tcase_add_test(tcase, a_running_check_costs_little);
    tcase_add_test(tcase, many_keys_at_once_are_two_repaints_at_most);
    tcase_add_test(tcase, escape_acts_soon);
    tcase_add_test(tcase, what_no_key_sends_does_nothing);
    tcase_add_test(tcase, the_last_size_is_painted);
    tcase_add_test(tcase, it_ends_with_its_terminal);
    suite_add_tcase(suite, tcase);
    return suite;
}
