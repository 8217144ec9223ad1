#include "suites.h"

#include "fake_getaddrinfo.h"
#include "numeric.h"
#include "phases.h"
#include "probe/deep.h"
#include "probe/tcp.h"
#include "process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUDGET_US = 2 * CLOCK_SECOND, SHORT_US = 400 * CLOCK_MS, SLACK_US = 300 * CLOCK_MS };

static uv_loop_t loop;
static struct resolver *resolver;
static struct evidence evidence, deeper;
static struct findings findings;
static struct deep_probe *deep;
static int verdicts, ends, descriptors, threads;
static clock_us began, took;

/* A server on the test's own loop: says `first` at once, then answers each line
 * that comes with the next of `replies`. */
struct script {
    const char *first;
    const char *replies[4];
    bool ends_at_once, resets;
};

struct server {
    const struct script *script;
    int listener, client;
    uint16_t port;
    bool is_polled;
    uv_poll_t accepting, reading;
    size_t answered, clients;
    char heard[512];
};

static struct server server;

static void send_text(const char *text)
{
    if (text)
        ck_assert_int_gt(send(server.client, text, strlen(text), MSG_NOSIGNAL), 0);
}

/* SO_LINGER with no time makes close(2) a reset. */
static void end_client(bool reset)
{
    const struct linger linger = {.l_onoff = 1};

    if (reset)
        setsockopt(server.client, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(server.client);
    server.client = -1;
}

static void on_line(uv_poll_t *poll, int status, int events)
{
    size_t len = strlen(server.heard);
    ssize_t n = recv(server.client, server.heard + len, sizeof server.heard - 1 - len, 0);

    (void)status;
    (void)events;
    if (n > 0) {
        const char *reply = server.answered < 4 ? server.script->replies[server.answered++] : NULL;
        send_text(reply);
        return;
    }
    uv_close((uv_handle_t *)poll, NULL);
    end_client(false);
}

static void stop_accepting(void)
{
    if (server.is_polled)
        uv_close((uv_handle_t *)&server.accepting, NULL);
    server.is_polled = false;
}

/* The first client is the run itself, the second one the dialogue. */
static void on_client(uv_poll_t *poll, int status, int events)
{
    int fd = accept4(server.listener, NULL, NULL, SOCK_CLOEXEC);

    (void)poll;
    (void)status;
    (void)events;
    ck_assert_int_ge(fd, 0);
    if (server.clients++ == 0) {
        close(fd);
        return;
    }
    stop_accepting();
    server.client = fd;
    send_text(server.script->first);
    if (server.script->ends_at_once || server.script->resets) {
        end_client(server.script->resets);
        return;
    }
    uv_poll_init(&loop, &server.reading, fd);
    uv_poll_start(&server.reading, UV_READABLE, on_line);
}

/* -1 where the port is taken. With *port 0 it gets a free one. */
static int try_bind(const char *host, uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_eq(inet_pton(AF_INET, host, &address.sin_addr), 1);
    if (bind(fd, (struct sockaddr *)&address, length) < 0) {
        close(fd);
        return -1;
    }
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int bind_to(const char *host, uint16_t *port)
{
    int fd = try_bind(host, port);

    ck_assert_int_ge(fd, 0);
    return fd;
}

/* Both of both.fake on one port, which may be free on the first and taken on the other. */
static uint16_t bind_both(int *first, int *second)
{
    uint16_t port = 0;

    *first = bind_to("127.0.0.2", &port);
    while ((*second = try_bind("127.0.0.1", &port)) < 0) {
        close(*first);
        *first = bind_to("127.0.0.2", (port = 0, &port));
    }
    ck_assert_int_eq(listen(*second, 8), 0);
    return port;
}

static int listen_on(const char *host, uint16_t *port)
{
    int fd = bind_to(host, port);

    ck_assert_int_eq(listen(fd, 8), 0);
    return fd;
}

static void serve(const struct script *script)
{
    server = (struct server){.script = script, .client = -1};
    server.listener = listen_on("127.0.0.1", &server.port);
    server.is_polled = true;
    uv_poll_init(&loop, &server.accepting, server.listener);
    uv_poll_start(&server.accepting, UV_READABLE, on_client);
}

static void stop_serving(void)
{
    stop_accepting();
    close(server.listener);
}

static void setup(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    resolver = resolver_new(&loop);
    descriptors = process_descriptors();
    threads = process_threads();
}

static void teardown(void)
{
    resolver_free(resolver);
    fake_release();
    process_await_threads(threads);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(process_descriptors(), descriptors);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    evidence_clear(&evidence);
    evidence_clear(&deeper);
    findings_clear(&findings);
}

static void on_deep_done(void *context)
{
    (void)context;
    took = clock_now_us() - began;
    ends++;
    deep = NULL;
}

static struct deep_target target;

static void on_changed(void *context)
{
    (void)context;
}

static void on_verdict(void *context)
{
    (void)context;
    verdicts++;
    began = clock_now_us();
    deep = deep_start(&loop, resolver, &target, &evidence, &deeper, &findings, on_deep_done, NULL);
    ck_assert_int_eq(ends, 0);
}

/* Runs the probe for host, then digs for it, to the end of both. */
static void start(const char *host, uint16_t port, bool smtp, clock_us budget)
{
    static const struct tcp_observer observer = {on_changed, on_verdict, NULL};
    const struct tcp_target what = {.host = host, .port = port, .budget_us = BUDGET_US};

    target.host = host;
    target.port = port;
    target.smtp = smtp;
    target.budget_us = budget;
    tcp_probe_start(&loop, resolver, &what, &evidence, &observer);
}

static void dig(const char *host, uint16_t port, bool smtp, clock_us budget)
{
    start(host, port, smtp, budget);
    while (ends == 0)
        uv_run(&loop, UV_RUN_ONCE);
    ck_assert_int_eq(verdicts, 1);
    ck_assert_int_lt(took, budget + SLACK_US);
}

static const char *text_of(enum finding_id id)
{
    for (size_t i = 0; i < findings.count; i++)
        if (findings.items[i].id == id)
            return findings.items[i].text;
    ck_abort_msg("no finding %s", finding_name(id));
}

static void assert_only(enum finding_id id, const char *part)
{
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_msg(strstr(text_of(id), part), "\"%s\" is not in \"%s\"", part, text_of(id));
}

static const struct {
    struct script script;
    enum finding_id id;
    const char *part;
    const char *heard; /* what the server must have got, in full, but for the address */
    const char *phases;
} cases[] = {
    {{.first = "220 mail.example ESMTP\r\n",
      .replies = {"250-mail.example\r\n250 SIZE 1000\r\n", "221 bye\r\n"}},
     FINDING_STARTTLS_ABSENT, "SIZE 1000", "EHLO [127.0.0.1]\r\nQUIT\r\n",
     "greeting:ok ehlo:ok quit:ok"},
    {{.first = NULL}, FINDING_NO_GREETING, "of waiting for the greeting", "", "greeting:timeout"},
    {{.ends_at_once = true}, FINDING_CLOSED_EARLY, "closed after", "", "greeting:failed"},
    {{.resets = true}, FINDING_RESET_EARLY, "reset after", "", "greeting:failed"},
    {{.first = "SSH-2.0-OpenSSH_9.2\r\n"}, FINDING_WRONG_PROTOCOL, "SSH", "", "greeting:failed"},
    {{.first = "HTTP/1.1 400 Bad\r\n\r\n"}, FINDING_WRONG_PROTOCOL, "HTTP", "", "greeting:failed"},
    {{.first = "421 too busy\r\n", .ends_at_once = true}, FINDING_GREETING_BUSY, "busy", "",
     "greeting:failed"},
    {{.first = "554 no, not you\r\n", .replies = {"221 bye\r\n"}},
     FINDING_GREETING_REFUSED, "no, not you", "QUIT\r\n", "greeting:failed quit:ok"},
    {{.first = "220 a ESMTP\r\n", .ends_at_once = true},
     FINDING_CLOSED_EARLY, "the answer to EHLO", "", "greeting:ok ehlo:failed"},
    {{.first = "220 \033]52;c;AAAA\007 ESMTP\r\n",
      .replies = {"550 \033[2J no\r\n", "221 bye\r\n"}},
     FINDING_EHLO_REFUSED, "550", "EHLO [127.0.0.1]\r\nQUIT\r\n",
     "greeting:ok ehlo:failed quit:ok"},
};

START_TEST(test_dialogue)
{
    serve(&cases[_i].script);
    dig("127.0.0.1", server.port, true, cases[_i].script.first ? BUDGET_US : SHORT_US);
    ck_assert_int_eq(evidence.failure, FAILURE_NONE);
    ck_assert_ptr_nonnull(strstr(text_of(cases[_i].id), cases[_i].part));
    ck_assert_uint_eq(findings.count, cases[_i].id == FINDING_STARTTLS_ABSENT ? 2 : 1);
    ck_assert_str_eq(server.heard, cases[_i].heard);
    phases_assert(&deeper, cases[_i].phases);
    for (size_t i = 0; i < findings.count; i++)
        ck_assert_ptr_null(strchr(findings.items[i].text, '\033'));
    stop_serving();
}
END_TEST

/* What is no mail server and speaks no TLS is not talked to. */
START_TEST(test_no_dialogue)
{
    static const struct script script = {.first = "220 mail.example ESMTP\r\n"};

    serve(&script);
    dig("127.0.0.1", server.port, false, BUDGET_US);
    ck_assert_uint_eq(findings.count, 0);
    ck_assert_uint_eq(server.clients, 1);
    ck_assert_uint_eq(deeper.nphases, 0);
    stop_serving();
}
END_TEST

START_TEST(test_refused_for_good)
{
    uint16_t port = 0;
    int deaf = bind_to("127.0.0.1", &port);

    dig("127.0.0.1", port, true, BUDGET_US);
    ck_assert_uint_eq(findings.count, 0);
    ck_assert_int_eq(evidence.failure, FAILURE_REFUSED);
    ck_assert_int_ge(took, DEEP_AGAIN_US);
    close(deaf);
}
END_TEST

static int deaf_one;

static void begin_to_listen(uv_timer_t *timer)
{
    ck_assert_int_eq(listen(deaf_one, 8), 0);
    uv_close((uv_handle_t *)timer, NULL);
}

START_TEST(test_accepted_later)
{
    uv_timer_t timer;
    uint16_t port = 0;

    deaf_one = bind_to("127.0.0.1", &port);
    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, begin_to_listen, 700, 0);
    dig("127.0.0.1", port, true, BUDGET_US);
    assert_only(FINDING_ACCEPTED_LATER, "127.0.0.1 port");
    ck_assert_int_eq(evidence.failure, FAILURE_REFUSED);
    close(deaf_one);
}
END_TEST

/* The address that won is left out; the other one is tried by itself. */
START_TEST(test_dead_address)
{
    int deaf, listener;
    uint16_t port = bind_both(&deaf, &listener);

    dig("both.fake", port, false, BUDGET_US);
    ck_assert_ptr_nonnull(strstr(text_of(FINDING_DEAD_ADDRESS), "127.0.0.2 port"));
    ck_assert_ptr_nonnull(strstr(text_of(FINDING_DEAD_ADDRESS), "ECONNREFUSED"));
    ck_assert_int_eq(evidence.failure, FAILURE_NONE);
    close(deaf);
    close(listener);
}
END_TEST

/* The attempt that was not waited for, since the other address was faster. */
START_TEST(test_silent_address)
{
    int silent, listener;
    uint16_t port = bind_both(&silent, &listener);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};

    ck_assert_int_eq(listen(silent, 0), 0); /* one connection fills its queue */
    inet_pton(AF_INET, "127.0.0.2", &address.sin_addr);
    ck_assert_int_eq(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    dig("both.fake", port, false, BUDGET_US);
    ck_assert_ptr_nonnull(strstr(text_of(FINDING_DEAD_ADDRESS), "127.0.0.2 port"));
    ck_assert_ptr_nonnull(strstr(text_of(FINDING_DEAD_ADDRESS), "no answer in "));
    ck_assert_int_ge(took, DEEP_CONTRAST_US);
    close(client);
    close(silent);
    close(listener);
}
END_TEST

START_TEST(test_other_host)
{
    uint16_t port = 0, open_port = 0;
    int deaf = bind_to("127.0.0.1", &port), listener = listen_on("127.0.0.3", &open_port);
    const struct deep_host others[] = {{"Notify:Email:Host", "unknown.fake", open_port},
                                       {"Email:Smtp:Host", "127.0.0.3", open_port}};

    target.others = others;
    target.nothers = 2;
    dig("127.0.0.1", port, true, BUDGET_US);
    assert_only(FINDING_OTHER_HOST_OPEN, "Email:Smtp:Host = 127.0.0.3 takes connections");
    close(deaf);
    close(listener);
}
END_TEST

/* Other ports become contrasts of the run, of which only mail ports are findings. */
START_TEST(test_other_ports)
{
    uint16_t port = 0, open_port = 0;
    int deaf = bind_to("127.0.0.1", &port), listener = listen_on("127.0.0.1", &open_port);
    const uint16_t ports[] = {port, open_port};

    target.ports = ports;
    target.nports = 2;
    dig("127.0.0.1", port, true, BUDGET_US);
    ck_assert_uint_eq(findings.count, 0);
    ck_assert_uint_eq(evidence.ncontrasts, 1);
    ck_assert_int_eq(evidence.contrasts[0].port, open_port);
    ck_assert_int_eq(evidence.contrasts[0].status, STEP_OK);
    close(deaf);
    close(listener);
}
END_TEST

/* What the run itself tried beside a silence is told, and not tried again. */
START_TEST(test_contrasts_of_the_run)
{
    const uint16_t ports[] = {465};

    evidence.failure = FAILURE_TIMEOUT;
    evidence.contrasts = calloc(1, sizeof *evidence.contrasts);
    evidence.contrasts[evidence.ncontrasts++] =
        (struct attempt){.address = "127.0.0.1", .port = 465, .status = STEP_OK};
    target = (struct deep_target){.host = "127.0.0.1", .port = 587, .smtp = true, .ports = ports,
                                  .nports = 1, .budget_us = BUDGET_US};
    on_verdict(NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_only(FINDING_OTHER_PORT_OPEN, "port 465 of 127.0.0.1");
    ck_assert_uint_eq(evidence.ncontrasts, 1);
}
END_TEST

START_TEST(test_slow_lookup)
{
    use_decimal_points();
    evidence.failure = FAILURE_NAME_UNKNOWN;
    evidence.lookup_error = EAI_NONAME;
    evidence_begin_phase(&evidence, PHASE_LOOKUP, 1);
    evidence_end_phase(&evidence, STEP_FAILED, 2 * CLOCK_SECOND);
    target = (struct deep_target){.host = "127.0.0.1", .port = 587, .budget_us = BUDGET_US};
    on_verdict(NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_only(FINDING_DNS_SLOW, "took 2.00 s");
}
END_TEST

/* At any moment: with a lookup stuck, a connection open, a second try to come. */
START_TEST(test_cancel)
{
    static const struct script script = {.first = "220 mail.example ESMTP\r\n"};
    const struct deep_host others[] = {{"Email:Smtp:Host", "stuck.fake", 587}};

    target.others = others;
    target.nothers = 1;
    serve(&script);
    start("127.0.0.1", _i == 0 ? server.port : 1, true, BUDGET_US);
    while (verdicts == 0 || (_i == 0 && server.heard[0] == '\0'))
        uv_run(&loop, UV_RUN_ONCE);
    deep_cancel(deep);
    deep_cancel(NULL);
    stop_serving();
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(ends, 0);
    ck_assert_uint_eq(findings.count, 0);
}
END_TEST

Suite *deep_suite(void)
{
    Suite *suite = suite_create("deep");
    TCase *tcase = tcase_create("loopback");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_dialogue, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, test_no_dialogue);
    tcase_add_test(tcase, test_refused_for_good);
    tcase_add_test(tcase, test_accepted_later);
    tcase_add_test(tcase, test_dead_address);
    tcase_add_test(tcase, test_silent_address);
    tcase_add_test(tcase, test_other_host);
    tcase_add_test(tcase, test_other_ports);
    tcase_add_test(tcase, test_contrasts_of_the_run);
    tcase_add_test(tcase, test_slow_lookup);
    tcase_add_loop_test(tcase, test_cancel, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
