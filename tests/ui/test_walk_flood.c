/* A step that writes without end costs the terminal a few screens a second, and no memory
 * to speak of. */
#include "suites.h"
#include "base/mem.h"
#include "tests/ui/pty.h"
#include "tests/ui/walkthrough.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIMIT_US = 60 * CLOCK_SECOND,
    FLOOD_MIB = 200,
    FRAMES_A_SECOND = 10,
    FRAME_BYTES = 4000, /* of a screen of 80x24 that is all new */
    SLACK_FRAMES = 10,
    MEMORY_KIB = 32 * 1024
};

static long memory_peak_kib(pid_t pid)
{
    return dashboard_status(pid, "VmHWM:");
}

static struct pty *open_on_pty(void)
{
    char *command = mem_printf("cd '%s'; export PATH=$PWD/bin:$PATH XDG_STATE_HOME=$PWD/state "
                               "XDG_CONFIG_HOME=/nonexistent; exec %s doctor "
                               "--no-default-sources --source env-file:.env fix "
                               "check.integration.smtp",
                               fixable_folder(), dashboard_program());
    const struct pty_options options = {.cols = 80, .rows = 24};
    const char *const argv[] = {"sh", "-c", command, NULL};
    struct pty *pty = pty_start(&options, argv);

    ck_assert_int_ge(pty_wait(pty, 0, "1/7", LIMIT_US), 0);
    free(command);
    return pty;
}

static void press(struct pty *pty, const char *keys, const char *shown)
{
    size_t offset = pty->output.len;

    pty_write(pty, keys, strlen(keys));
    ck_assert_msg(pty_wait(pty, offset, shown, LIMIT_US) >= 0, "no \"%s\"", shown);
}

START_TEST(a_flood_is_painted_by_the_clock)
{
    char *flood = mem_printf("seq 1 100000000 | head -c %dM", FLOOD_MIB);
    walkthrough_stand_in("docker", flood);
    struct pty *pty = open_on_pty();

    press(pty, "n", "2/7");
    press(pty, "x", "to run it");
    long before = memory_peak_kib(pty->pid);
    size_t bytes = pty->output.len;
    clock_us began = clock_now_us();
    press(pty, "y", "exit status");
    clock_us took = clock_now_us() - began;
    bytes = pty->output.len - bytes;
    size_t frames = (size_t)(took * FRAMES_A_SECOND / CLOCK_SECOND) + SLACK_FRAMES;
    ck_assert_msg(bytes <= frames * FRAME_BYTES, "%zu bytes in %.1f s", bytes,
                  (double)took / CLOCK_SECOND);
    ck_assert_int_le(memory_peak_kib(pty->pid) - before, MEMORY_KIB);
    pty_stop(pty);
    free(flood);
}
END_TEST

Suite *walk_flood_suite(void)
{
    Suite *suite = suite_create("walk_flood");
    TCase *tcase = tcase_create("walk_flood");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, walkthrough_setup, walkthrough_teardown);
    tcase_add_test(tcase, a_flood_is_painted_by_the_clock);
    suite_add_tcase(suite, tcase);
    return suite;
}
