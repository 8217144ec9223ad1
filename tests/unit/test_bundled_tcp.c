/* Every command of the bundled articles that connects, against real ports of this machine:
 * one that takes connections, one that refuses them, and one that stays silent. */
#include "base/mem.h"
#include "bundled.h"
#include "loopback.h"
#include "stand_ins.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMMANDS = 18 }; /* that connect */

static char *port;
static const char *expected;         /* what they print last */
static const char *expected_telnet;  /* somewhere in what it prints */
static int connecting;

static void setup(void)
{
    stand_ins_setup();
    connecting = 0;
}

static bool connects(const char *text)
{
    return strstr(text, "/dev/tcp") || strstr(text, "nc -") || strstr(text, "telnet ");
}

/* With less patience than the article has. */
static char *hurry(const char *text)
{
    ck_assert_msg(strstr(text, "timeout 5 ") || strstr(text, "-w 5 "), "no limit: %s", text);
    return bundled_replace(bundled_replace(mem_strdup(text), "timeout 5 ", "timeout 0.2 "),
                           "-w 5 ", "-w 1 ");
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

static bool is_as_expected(const char *text, const char *out)
{
    const char *other = strcmp(expected, "OK\n") == 0 ? "FAIL" : "OK";

    if (strstr(text, "telnet "))
        return strstr(out, expected_telnet) != NULL;
    return ends_with(out, expected) && !strstr(out, other);
}

static void try(const char *article, enum platform platform, const struct step_command *command)
{
    if (!connects(command->text))
        return;
    char *text = hurry(command->text);
    struct stand_ins_run run = stand_ins_run(text, port);
    ck_assert_msg(is_as_expected(text, run.out), "%s, %s, %s: printed\n%s", article,
                  platform_title(platform), command->title, run.out);
    connecting++;
    stand_ins_clear(&run);
    free(text);
}

static void try_all(void)
{
    bundled_visit(try);
    ck_assert_int_eq(connecting, COMMANDS);
}

START_TEST(test_tells_an_open_port)
{
    int server = loopback_open(&port);

    expected = "OK\n";
    expected_telnet = "Connected to 127.0.0.1.\n";
    try_all();
    loopback_close(server, port);
}
END_TEST

START_TEST(test_tells_a_refused_port)
{
    int holder = loopback_refusing(&port);

    expected = "FAIL\n";
    expected_telnet = "Connection refused\n";
    try_all();
    loopback_close(holder, port);
}
END_TEST

/* Only the command's own limit ends it, long before the kernel would give up. */
START_TEST(test_does_not_hang_on_a_silent_port)
{
    int filler, server = loopback_silent(&port, &filler);

    expected = "FAIL\n";
    expected_telnet = "Trying 127.0.0.1...\n";
    try_all();
    close(filler);
    loopback_close(server, port);
}
END_TEST

Suite *bundled_tcp_suite(void)
{
    Suite *suite = suite_create("bundled_tcp");
    TCase *tcase = tcase_create("ports");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, temporary_remove);
    tcase_add_test(tcase, test_tells_an_open_port);
    tcase_add_test(tcase, test_tells_a_refused_port);
    tcase_add_test(tcase, test_does_not_hang_on_a_silent_port);
    suite_add_tcase(suite, tcase);
    return suite;
}
