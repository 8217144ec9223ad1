#include "suites.h"
#include "base/mem.h"
#include "tests/ui/dashboard.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t server;
static uint16_t port;

/* Says what an SSH server says to each client, until it is killed or orphaned. */
static void serve(int listener)
{
    static const char banner[] = "SSH-2.0-OpenSSH_9.2\r\n";

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        char byte;
        int client = accept(listener, NULL, NULL);
        send(client, banner, sizeof banner - 1, MSG_NOSIGNAL);
        while (recv(client, &byte, 1, 0) > 0)
            ;
        close(client);
    }
}

static void setup(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, length), 0);
    ck_assert_int_eq(listen(listener, 8), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    port = ntohs(address.sin_port);
    server = fork();
    ck_assert_int_ge(server, 0);
    if (server == 0)
        serve(listener);
    close(listener);
}

static void teardown(void)
{
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
}

static struct tmux *open_on(int cols, int rows, const char *arguments)
{
    const struct tmux_options options = {.cols = cols, .rows = rows};
    char *all = mem_printf("--no-default-sources --set Smtp:Host=127.0.0.1 --set Smtp:Port=%u %s",
                           port, arguments);
    struct tmux *tmux = dashboard_open_on(&options, all);

    free(all);
    return tmux;
}

/* A pass that digging deeper makes doubtful says so in the header, the list and the
 * details, each by a sign and not by colour alone. */
START_TEST(what_was_found_is_seen_at_a_glance)
{
    struct tmux *tmux = open_on(80, 24, "");

    tmux_send(tmux, "d");
    tmux_wait_row(tmux, 1, "\xE2\x9C\x94 1 PASS   \xC2\xB7 2 not run   \xE2\x96\xB2 1 found");
    tmux_wait_cursor(tmux, "\xE2\x9C\x94 PASS     SMTP Email Connectivity  \xE2\x96\xB2 1 found");
    tmux_wait(tmux, "\xE2\x9C\x94 PASS  \xE2\x96\xB2 1 found  ");
    tmux_wait(tmux, "Found   \xE2\x96\xB2 wrong-protocol: SSH answers: ");
    tmux_wait(tmux, "Fix: Set host and port to the mail server's submission service");
    tmux_send(tmux, "f");
    tmux_wait_row(tmux, 2, "1 of 3");
    tmux_wait_row(tmux, 3, "stellaops.doctor.integration  1  \xE2\x96\xB2 1");
    tmux_send(tmux, "f");
    dashboard_quit(tmux);
}
END_TEST

START_TEST(without_colour_and_unicode)
{
    struct tmux *tmux = open_on(140, 40, "--ascii --no-color");

    tmux_send(tmux, "d");
    tmux_wait_row(tmux, 1, "+ 1 PASS   . 2 not run   ! 1 found");
    tmux_wait(tmux, "+ PASS  ! 1 found  ");
    tmux_wait(tmux, "Found   ! wrong-protocol: SSH answers: ");
    tmux_wait(tmux, "Fix: Set host and port to the mail server's submission service");
    dashboard_quit(tmux);
}
END_TEST

/* Digging at a port that refused takes a second and a half: leaving meanwhile, by key or
 * by signal, loses no verdict. */
static const struct {
    const char *keys;
    int status;
} ways_out[] = {{"q", 1}, {"C-c C-c", 1}};

START_TEST(leaving_while_it_digs_keeps_the_verdict)
{
    struct tmux *tmux = dashboard_open("--exit-status");

    tmux_send(tmux, "j d");
    tmux_wait_row(tmux, 1, "\xE2\x9C\x98 1 FAIL   \xE2\x9C\x94 0 PASS   \xC2\xB7 2 not run   "
                           "\xE2\x96\xB6 1 digging");
    tmux_wait_cursor(tmux, "\xE2\x9C\x98 FAIL     Slack Webhook Connectivity  "
                           "\xE2\x96\xB6 digging");
    tmux_wait(tmux, "connectivity  3  \xE2\x9C\x98 1");
    tmux_send(tmux, ways_out[_i].keys);
    ck_assert_int_eq(tmux_wait_dead(tmux), ways_out[_i].status);
    tmux_wait(tmux, "FAIL   check.integration.slack");
    tmux_wait(tmux, "0 pass, 1 fail, 0 skip, 0 error; seen from ");
    tmux_stop(tmux);
}
END_TEST

Suite *deeper_suite(void)
{
    Suite *suite = suite_create("deeper");
    TCase *tcase = tcase_create("deeper");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, what_was_found_is_seen_at_a_glance);
    tcase_add_loop_test(tcase, leaving_while_it_digs_keeps_the_verdict, 0,
                        sizeof ways_out / sizeof *ways_out);
    tcase_add_test(tcase, without_colour_and_unicode);
    suite_add_tcase(suite, tcase);
    return suite;
}
