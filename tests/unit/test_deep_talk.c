#include "suites.h"

#include "base/buf.h"
#include "numeric.h"
#include "phases.h"
#include "probe/deep_talk.h"
#include "probe/smtp.h"
#include "process.h"
#include "temporary.h"
#include "tls_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUDGET_US = 8 * CLOCK_SECOND, SHORT_US = 400 * CLOCK_MS, CLIENTS = 4 };
enum { LATE_US = SMTP_LATE_US + CLOCK_SECOND }; /* a second dialogue has begun by then */

/* When a server begins TLS. */
enum manner {
    NEVER,
    AT_ONCE,
    AT_ONCE_IMAP,   /* and inside it another protocol */
    AT_ONCE_SILENT, /* and nothing inside it */
    REFUSED,        /* with an alert for each client */
    AFTER_STARTTLS,
    AUTH_FIRST, /* the same, and AUTH is offered before */
    STALLS_AFTER_STARTTLS,
    INJECTS_AFTER_STARTTLS, /* once the ClientHello has come */
    SILENT,
    HANGS_UP, /* silent, until something is said to it */
    SAYS_NO,  /* likewise */
    CUTS_IN   /* with more than its greeting, in one piece */
};

struct client {
    int fd;
    bool live, greeted;
    bool deaf; /* to what comes in the clear */
    uv_poll_t reading;
    struct tls_server *tls;
    struct buf line;
};

static uv_loop_t loop;
static uv_poll_t accepting;
static struct client clients[CLIENTS];
static size_t nclients;
static int listener, descriptors, ends;
static uint16_t port;
static enum manner manner;
static bool no_mail;
static struct identity *authority, *own;
static struct evidence evidence;
static struct findings findings;
static struct buf heard;

static void send_secured(struct client *client)
{
    char bytes[4096];
    size_t n;

    while ((n = tls_server_take(client->tls, bytes, sizeof bytes)) > 0)
        send(client->fd, bytes, n, MSG_NOSIGNAL);
}

static void say(struct client *client, const char *text)
{
    if (!client->tls) {
        send(client->fd, text, strlen(text), MSG_NOSIGNAL);
        return;
    }
    tls_server_write(client->tls, text);
    send_secured(client);
}

static void begin_tls(struct client *client)
{
    client->tls = tls_server_new(&(struct tls_server_wish){.own = own});
}

static void answer(struct client *client, const char *line)
{
    buf_printf(&heard, "%s%s\n", client->tls ? "+" : "", line);
    if (strncmp(line, "EHLO", 4) == 0 && client->tls)
        say(client, "250-a.example\r\n250 AUTH PLAIN LOGIN\r\n");
    else if (strncmp(line, "EHLO", 4) == 0)
        say(client, manner == NEVER        ? "250 a.example\r\n"
                    : manner == AUTH_FIRST ? "250-a.example\r\n250-AUTH LOGIN\r\n250 STARTTLS\r\n"
                                           : "250-a.example\r\n250 STARTTLS\r\n");
    else if (strcmp(line, "STARTTLS") == 0)
        say(client, "220 go on\r\n");
    else
        say(client, "221 bye\r\n");
    if (strcmp(line, "STARTTLS") == 0 && (manner == AFTER_STARTTLS || manner == AUTH_FIRST))
        begin_tls(client);
    else if (strcmp(line, "STARTTLS") == 0)
        client->deaf = true;
}

static bool is_tls_at_once(void)
{
    return manner == AT_ONCE || manner == AT_ONCE_IMAP || manner == AT_ONCE_SILENT;
}

/* What it says first inside TLS. */
static void greet_secured(struct client *client)
{
    client->greeted = true;
    if (manner == AT_ONCE)
        say(client, "220 a.example ESMTP\r\n");
    else if (manner == AT_ONCE_IMAP)
        say(client, "* OK ready\r\n");
}

static void take_clear(struct client *client, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            answer(client, client->line.data);
            buf_clear(&client->line);
        } else if (bytes[i] != '\r') {
            buf_putc(&client->line, bytes[i]);
        }
    }
}

static void take_secured(struct client *client, const char *bytes, size_t n)
{
    char clear[4096];
    size_t count;

    tls_server_receive(client->tls, bytes, n);
    while ((count = tls_server_read(client->tls, clear, sizeof clear)) > 0)
        take_clear(client, clear, count);
    send_secured(client);
    if (is_tls_at_once() && !client->greeted && tls_server_is_ready(client->tls))
        greet_secured(client);
}

static void end_client(struct client *client)
{
    if (!client->live)
        return;
    client->live = false;
    uv_close((uv_handle_t *)&client->reading, NULL);
    close(client->fd);
    if (client->tls)
        tls_server_free(client->tls);
    client->tls = NULL;
    buf_clear(&client->line);
}

static void on_bytes(uv_poll_t *poll, int status, int events)
{
    struct client *client = poll->data;
    char bytes[4096];
    ssize_t n = recv(client->fd, bytes, sizeof bytes, 0);

    (void)status;
    (void)events;
    if (n <= 0)
        end_client(client);
    else if (client->tls)
        take_secured(client, bytes, (size_t)n);
    else if (!client->deaf)
        take_clear(client, bytes, (size_t)n);
    else if (manner == INJECTS_AFTER_STARTTLS)
        say(client, "250 late\r\n");
    else if (manner == HANGS_UP)
        end_client(client);
    else if (manner == SAYS_NO)
        say(client, "550 wait for your turn\r\n");
}

static bool is_silent(void)
{
    return manner == SILENT || manner == HANGS_UP || manner == SAYS_NO;
}

static void on_client(uv_poll_t *poll, int status, int events)
{
    struct client *client = &clients[nclients++];

    (void)poll;
    (void)status;
    (void)events;
    ck_assert_uint_le(nclients, CLIENTS);
    client->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    client->live = true;
    client->deaf = is_silent() || manner == REFUSED || no_mail;
    uv_poll_init(&loop, &client->reading, client->fd);
    client->reading.data = client;
    uv_poll_start(&client->reading, UV_READABLE, on_bytes);
    if (is_tls_at_once())
        begin_tls(client);
    else if (manner == REFUSED)
        send(client->fd, "\x15\x03\x01\x00\x02\x02\x28", 7, MSG_NOSIGNAL);
    else if (manner == CUTS_IN)
        say(client, "220 a ESMTP\r\n221 bye\r\n");
    else if (!is_silent())
        say(client, "220 a.example ESMTP\r\n");
}

static void open_listener(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, length), 0);
    ck_assert_int_eq(listen(listener, 8), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    port = ntohs(address.sin_port);
    uv_poll_init(&loop, &accepting, listener);
    uv_poll_start(&accepting, UV_READABLE, on_client);
}

static void setup(void)
{
    time_t now = time(NULL);
    const struct identity_wish root = {.common_name = "Test Root", .authority = true,
                                       .begin = now - PEER_DAY, .end = now + 90 * PEER_DAY};

    use_decimal_points();
    authority = identity_new(&root);
    own = identity_new(&(struct identity_wish){.common_name = "a.example", .names = "a.example",
                                               .issuer = authority, .begin = now - PEER_DAY,
                                               .end = now + 60 * PEER_DAY + 60});
    identity_trust(authority);
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    descriptors = process_descriptors();
    open_listener();
}

static void teardown(void)
{
    for (size_t i = 0; i < nclients; i++)
        end_client(&clients[i]);
    uv_close((uv_handle_t *)&accepting, NULL);
    close(listener);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(process_descriptors(), descriptors);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    identity_free(own);
    identity_free(authority);
    evidence_clear(&evidence);
    findings_clear(&findings);
    buf_clear(&heard);
    temporary_remove();
}

static void on_done(void *context)
{
    (void)context;
    ends++;
}

struct row {
    enum manner manner;
    const char *host;
    bool no_mail; /* TLS is all that should be there */
    enum talk_ssl ssl;
    clock_us budget;
    const char *ids, *text; /* of the findings, and of the first */
    const char *phases;
    const char *heard; /* lines of the client, + for those inside TLS */
};

static const struct row rows[] = {
    {AFTER_STARTTLS, "a.example", false, TALK_SSL_TRUE, BUDGET_US, "", "",
     "greeting:ok ehlo:ok starttls:ok tls:ok ehlo-tls:ok quit:ok",
     "EHLO [127.0.0.1]\nSTARTTLS\n+EHLO [127.0.0.1]\n+QUIT\n"},
    {AFTER_STARTTLS, "b.example", false, TALK_SSL_UNSET, BUDGET_US, "cert-wrong-name ",
     "wanted b.example, the certificate is for a.example",
     "greeting:ok ehlo:ok starttls:ok tls:ok ehlo-tls:ok quit:ok",
     "EHLO [127.0.0.1]\nSTARTTLS\n+EHLO [127.0.0.1]\n+QUIT\n"},
    {AFTER_STARTTLS, "a.example", false, TALK_SSL_FALSE, BUDGET_US, "tls-mode-mismatch ",
     "offers AUTH only inside TLS: without it nobody can log in",
     "greeting:ok ehlo:ok starttls:ok tls:ok ehlo-tls:ok quit:ok",
     "EHLO [127.0.0.1]\nSTARTTLS\n+EHLO [127.0.0.1]\n+QUIT\n"},
    {AUTH_FIRST, "a.example", false, TALK_SSL_FALSE, BUDGET_US, "auth-in-clear ",
     "Smtp:UseSsl = false, and port", "greeting:ok ehlo:ok starttls:ok tls:ok ehlo-tls:ok quit:ok",
     "EHLO [127.0.0.1]\nSTARTTLS\n+EHLO [127.0.0.1]\n+QUIT\n"},
    {AUTH_FIRST, "a.example", false, TALK_SSL_TRUE, BUDGET_US, "", "",
     "greeting:ok ehlo:ok starttls:ok tls:ok ehlo-tls:ok quit:ok",
     "EHLO [127.0.0.1]\nSTARTTLS\n+EHLO [127.0.0.1]\n+QUIT\n"},
    {STALLS_AFTER_STARTTLS, "a.example", false, TALK_SSL_UNSET, SHORT_US, "tls-stalled ",
     "0 received", "greeting:ok ehlo:ok starttls:ok tls:timeout", "EHLO [127.0.0.1]\nSTARTTLS\n"},
    {INJECTS_AFTER_STARTTLS, "a.example", false, TALK_SSL_UNSET, BUDGET_US, "starttls-injection ",
     "STARTTLS was answered, and the unencrypted line after it is \"250 late\"",
     "greeting:ok ehlo:ok starttls:ok tls:failed", "EHLO [127.0.0.1]\nSTARTTLS\n"},
    {NEVER, "a.example", false, TALK_SSL_TRUE, BUDGET_US,
     "starttls-absent auth-absent tls-mode-mismatch ", "", "greeting:ok ehlo:ok quit:ok",
     "EHLO [127.0.0.1]\nQUIT\n"},
    {NEVER, "a.example", false, TALK_SSL_FALSE, BUDGET_US, "starttls-absent auth-absent ", "",
     "greeting:ok ehlo:ok quit:ok", "EHLO [127.0.0.1]\nQUIT\n"},
    {AT_ONCE, "a.example", false, TALK_SSL_TRUE, BUDGET_US, "tls-mode-mismatch ",
     "speaks TLS from the first byte; Smtp:UseSsl = true does not fit that, nor does "
     "false: true usually means STARTTLS here",
     "greeting:cancelled tls:ok greeting:ok ehlo-tls:ok quit:ok", "+EHLO [127.0.0.1]\n+QUIT\n"},
    {AT_ONCE_IMAP, "a.example", false, TALK_SSL_TRUE, BUDGET_US, "wrong-protocol ",
     "IMAP answers inside TLS: the first line is \"* OK ready\"",
     "greeting:cancelled tls:ok greeting:failed", ""},
    {AT_ONCE_SILENT, "a.example", false, TALK_SSL_TRUE, LATE_US, "tls-answers no-greeting ",
     "answers in TLS, and no greeting of SMTP was seen inside it",
     "greeting:timeout tls:ok greeting:timeout", ""},
    {REFUSED, "a.example", false, TALK_SSL_UNSET, BUDGET_US, "tls-answers tls-failed ",
     "answers in TLS, and no handshake came to its end", "greeting:failed tls:failed", ""},
    {SILENT, "a.example", false, TALK_SSL_TRUE, SHORT_US, "no-greeting ", "out of time",
     "greeting:timeout", ""},
    {SILENT, "a.example", false, TALK_SSL_TRUE, LATE_US, "no-greeting tls-tried ", "out of time",
     "greeting:timeout tls:timeout", ""},
    {HANGS_UP, "a.example", false, TALK_SSL_UNSET, LATE_US, "no-greeting tls-hung-up ",
     "out of time", "greeting:timeout tls:failed", ""},
    {SAYS_NO, "a.example", false, TALK_SSL_UNSET, LATE_US, "slow-greeting ",
     "a second connection: TLS from the first byte was expected, and the server speaks in the "
     "clear: \"550 wait for your turn\"", "greeting:timeout tls:failed", ""},
    {CUTS_IN, "a.example", false, TALK_SSL_UNSET, BUDGET_US, "garbage-reply ",
     "in place of the answer to EHLO is \"221 bye\"", "greeting:ok ehlo:failed", ""},
    {AT_ONCE, "a.example", true, TALK_SSL_UNSET, BUDGET_US, "", "", "tls:ok", ""},
    {AT_ONCE, "b.example", true, TALK_SSL_UNSET, BUDGET_US, "cert-wrong-name ", "wanted b.example",
     "tls:ok", ""},
    {NEVER, "a.example", true, TALK_SSL_UNSET, BUDGET_US, "wrong-protocol ",
     "SMTP answers: the first line is \"220 a.example ESMTP\"", "tls:failed", ""},
    {SILENT, "a.example", true, TALK_SSL_UNSET, SHORT_US, "tls-stalled ", "0 received",
     "tls:timeout", ""},
};

static void assert_findings(const struct row *row)
{
    struct buf ids = {0};

    buf_puts(&ids, "");
    for (size_t i = 0; i < findings.count; i++)
        buf_printf(&ids, "%s ", finding_name(findings.items[i].id));
    ck_assert_str_eq(ids.data, row->ids);
    ck_assert(findings.count == 0 || strstr(findings.items[0].text, row->text));
    buf_clear(&ids);
}

START_TEST(test_talks)
{
    const struct row *row = &rows[_i];
    const struct talk_target target = {.host = row->host, .address = "127.0.0.1", .port = port,
                                       .smtp = !row->no_mail, .ssl_key = "Smtp:UseSsl",
                                       .ssl = row->ssl};

    manner = row->manner;
    no_mail = row->no_mail;
    ck_assert_ptr_nonnull(talk_start(&loop, &target, clock_now_us() + row->budget, &evidence,
                                     &findings, on_done, NULL));
    while (ends == 0)
        uv_run(&loop, UV_RUN_ONCE);
    assert_findings(row);
    phases_assert(&evidence, row->phases);
    ck_assert_str_eq(heard.data ? heard.data : "", row->heard);
}
END_TEST

/* At any moment, a handshake included. */
START_TEST(test_stops)
{
    const struct talk_target target = {.host = "a.example", .address = "127.0.0.1",
                                       .port = port, .smtp = true};

    manner = AFTER_STARTTLS;
    struct talk *talk = talk_start(&loop, &target, clock_now_us() + BUDGET_US, &evidence,
                                   &findings, on_done, NULL);
    for (int i = 0; i < _i && ends == 0; i++)
        uv_run(&loop, UV_RUN_ONCE);
    if (ends == 0)
        talk_stop(talk);
    talk_stop(NULL);
    ck_assert_uint_eq(findings.count, 0);
    for (size_t i = 0; i < evidence.nphases; i++)
        ck_assert_int_ne(evidence.phases[i].status, STEP_RUNNING);
}
END_TEST

START_TEST(test_no_address)
{
    const struct talk_target target = {.host = "a.example", .address = "a.example", .port = 25};

    ck_assert_ptr_null(talk_start(&loop, &target, clock_now_us() + BUDGET_US, &evidence, &findings,
                                  on_done, NULL));
}
END_TEST

Suite *deep_talk_suite(void)
{
    Suite *suite = suite_create("deep_talk");
    TCase *tcase = tcase_create("loopback");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, test_talks, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(tcase, test_stops, 0, 25);
    tcase_add_test(tcase, test_no_address);
    suite_add_tcase(suite, tcase);
    return suite;
}
