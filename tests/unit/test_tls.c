#include "suites.h"

#include "base/mem.h"
#include "probe/tls.h"
#include "temporary.h"
#include "tls_peer.h"

#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char HOST[] = "mail.example.com";

static struct identity *root, *own;

/* A server whose certificate has no fault. */
static void setup(void)
{
    root = identity_new(&(struct identity_wish){.common_name = "Root", .authority = true});
    own = identity_new(&(struct identity_wish){.common_name = HOST, .names = HOST, .issuer = root});
    identity_trust(root);
}

static void teardown(void)
{
    identity_free(root);
    identity_free(own);
    temporary_remove();
}

static struct tls_server *new_server(int version)
{
    return tls_server_new(&(struct tls_server_wish){.own = own, .version = version});
}

static const struct {
    const char *host, *asked;
} asked_names[] = {
    {"mail.example.com", "mail.example.com"},
    {"mail.example.com.", "mail.example.com"},
    {"192.0.2.1", NULL},
    {"::1", NULL},
    {"fe80::1%eth0", NULL},
};

static void check_asked(const char *host, const char *asked)
{
    struct tls_server *server = new_server(0);
    struct tls_session *session = peer_session(host);

    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    ck_assert_pstr_eq(tls_server_name(server), asked);
    tls_free(session);
    tls_server_free(server);
}

/* Not a test each, here and below: under valgrind it is loading OpenSSL that takes time. */
START_TEST(server_name_is_asked_for)
{
    for (size_t i = 0; i < sizeof asked_names / sizeof *asked_names; i++)
        check_asked(asked_names[i].host, asked_names[i].asked);
}
END_TEST

static const struct version {
    int number;
    const char *name;
    const char *ids;
} versions[] = {
    {TLS1_VERSION, "TLSv1", "tls-too-old"},
    {TLS1_1_VERSION, "TLSv1.1", "tls-too-old"},
    {TLS1_2_VERSION, "TLSv1.2", ""},
    {TLS1_3_VERSION, "TLSv1.3", ""},
};

static void check_version(const struct version *version)
{
    struct tls_server *server = new_server(version->number);
    struct tls_session *session = peer_session(HOST);

    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    ck_assert_str_eq(tls_facts(session)->protocol, version->name);
    peer_judge(session, version->name, version->ids, version->name);
    tls_free(session);
    tls_server_free(server);
}

START_TEST(old_versions_are_found)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        check_version(&versions[i]);
}
END_TEST

/* The hello of a server that speaks SSL 3 alone, with TLS_RSA_WITH_AES_128_CBC_SHA. */
#define SSL3_HELLO \
    "\x16\x03\x00\x00\x2A\x02\x00\x00\x26\x03\x00" "01234567890123456789012345678901" \
    "\x00\x00\x2F\x00"

#define BYTES(text) text, sizeof(text) - 1
static const struct {
    const char *bytes;
    size_t n;
    enum tls_failure failure;
    const char *ids;
    const char *text;
} peers[] = {
    {BYTES("220 mail.example.com ESMTP\r\n"), TLS_FAILURE_NOT_TLS, "tls-failed",
     "the server does not speak TLS here: \"220 mail.example.com ESMTP\""},
    {BYTES("HTTP/1.1 400 Bad Request\r\nServer: x\r\n"), TLS_FAILURE_NOT_TLS,
     "tls-failed", "\"HTTP/1.1 400 Bad Request\""},
    {BYTES("\x1b]52;c;eA==\x07\xff\u202e\n"), TLS_FAILURE_NOT_TLS, "tls-failed",
     "\"\\x1b]52;c;eA==\\x07\\xff\\u202e\""},
    {BYTES("\x00\x01\x02\x03\x04\x05\x06\x07\x08"), TLS_FAILURE_NOT_TLS,
     "tls-failed", "\\x00\\x01"},
    {BYTES("2"), TLS_FAILURE_NOT_TLS, "tls-failed", "\"2\""},
    {BYTES("\x15\x03\x01\x00\x02\x02\x28"), TLS_FAILURE_OTHER, "tls-failed",
     "the server refused with alert 40: handshake failure"},
    {BYTES("\x15\x03\x03\x00\x02\x02\x46"), TLS_FAILURE_TOO_OLD, "tls-too-old",
     "alert 70: protocol version"},
    {BYTES("\x15\x03\x03\x00\x02\x02\xFE"), TLS_FAILURE_OTHER, "tls-failed",
     "alert 254: unknown"},
    {BYTES(SSL3_HELLO), TLS_FAILURE_TOO_OLD, "tls-too-old", "unsupported protocol"},
    {BYTES("\x16\x03\x03\xFF\xFFxxxx"), TLS_FAILURE_OTHER, "tls-failed",
     "what the server sent cannot be accepted: "},
    {BYTES("\x16\x03\x03\x00\x04\x00\x00\x00\x00"), TLS_FAILURE_OTHER, "tls-failed",
     "in the handshake, after 9 bytes of the server"},
    {BYTES("\x16\x03\x01\x00\x0A\x01xxx"), TLS_FAILURE_NOT_TLS, "tls-failed",
     "does not speak TLS here"}, /* a ClientHello: an echo of ours */
    {BYTES("\x16\x03"), TLS_FAILURE_OTHER, "tls-failed",
     "in the handshake, after 2 bytes of the server"},
    {BYTES(""), TLS_FAILURE_OTHER, "tls-failed",
     "in the handshake, after 0 bytes of the server"},
};

static void check_failure(size_t at, size_t step)
{
    struct tls_session *session = peer_session(HOST);
    size_t n = peers[at].n;

    for (size_t done = 0; done < n; done += step)
        tls_receive(session, peers[at].bytes + done, step < n ? step : n);
    tls_closed(session);
    ck_assert_int_eq(tls_state(session), TLS_FAILED);
    ck_assert_int_eq(tls_failure(session), peers[at].failure);
    peer_judge(session, peers[at].text, peers[at].ids, peers[at].text);
    tls_receive(session, "more", 4);
    ck_assert_int_eq(tls_state(session), TLS_FAILED);
    tls_free(session);
}

START_TEST(failures_are_told_apart)
{
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++) {
        check_failure(i, PEER_WHOLE);
        check_failure(i, 1);
    }
}
END_TEST

static void check_pieces(int version, size_t piece)
{
    struct tls_server *server = new_server(version);
    struct tls_session *session = peer_session(HOST);

    peer_talk(session, server, piece, PEER_WHOLE);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    peer_judge(session, "pieces", "", "");
    tls_free(session);
    tls_server_free(server);
}

START_TEST(pieces_make_no_difference)
{
    static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 1000};

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        check_pieces(TLS1_2_VERSION, pieces[i]);
        check_pieces(TLS1_3_VERSION, pieces[i]);
    }
}
END_TEST

/* What it ends with, after so many bytes of the server: in time a stall, else a failure.
 * False if the server had no more to say: that is no cut. */
static bool check_cut(size_t limit)
{
    struct tls_server *server = new_server(TLS1_2_VERSION);
    struct tls_session *session = peer_session(HOST);
    bool cut = peer_talk(session, server, PEER_WHOLE, limit) > limit;

    ck_assert_int_eq(tls_state(session), cut ? TLS_HANDSHAKE : TLS_ESTABLISHED);
    peer_judge(session, "stall", cut ? "tls-stalled" : "", "");
    if (cut) {
        tls_closed(session);
        ck_assert_int_eq(tls_state(session), TLS_FAILED);
        peer_judge(session, "cut", "tls-failed", "");
    }
    tls_free(session);
    tls_server_free(server);
    return cut;
}

/* At every byte. In TLS 1.2 the client needs all that the server says, which is a byte or
 * two more or less each time: signatures differ in length. */
START_TEST(cut_handshakes_stall_or_fail)
{
    size_t limit = 0;

    while (check_cut(limit))
        limit++;
    ck_assert_uint_gt(limit, 500);
}
END_TEST

START_TEST(silence_is_a_stall)
{
    struct tls_session *session = peer_session(HOST);
    size_t n;

    tls_output(session, &n);
    tls_sent(session, n);
    char *text = mem_printf("%zu bytes were sent and 0 received, but no more came", n);
    ck_assert_uint_gt(n, 100);
    tls_output(session, &n);
    ck_assert_uint_eq(n, 0);
    peer_judge(session, "silence", "tls-stalled", text);
    free(text);
    tls_free(session);
}
END_TEST

START_TEST(words_go_both_ways)
{
    struct tls_server *server = new_server(0);
    struct tls_session *session = peer_session(HOST);
    char text[8] = "";

    tls_write(session, "early", 5);
    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 0);
    tls_write(session, "", 0);
    tls_write(session, "EHLO x", 6);
    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    ck_assert_uint_eq(tls_server_read(server, text, sizeof text), 6);
    ck_assert_mem_eq(text, "EHLO x", 6);
    tls_server_write(server, "250 longer");
    tls_server_finish(server);
    peer_talk(session, server, 1, PEER_WHOLE);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 8);
    ck_assert_mem_eq(text, "250 long", 8);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 2);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 0);
    ck_assert_int_eq(tls_state(session), TLS_CLOSED);
    tls_free(session);
    tls_server_free(server);
}
END_TEST

/* What came before the end can be read, though nobody said goodbye. */
START_TEST(end_without_goodbye_closes)
{
    struct tls_server *server = new_server(0);
    struct tls_session *session = peer_session(HOST);
    char text[8];

    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    tls_server_write(server, "221");
    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    tls_closed(session);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 3);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 0);
    ck_assert_int_eq(tls_state(session), TLS_CLOSED);
    peer_judge(session, "closed", "", "");
    tls_free(session);
    tls_server_free(server);
}
END_TEST

START_TEST(goodbye_is_said)
{
    struct tls_server *server = new_server(0);
    struct tls_session *session = peer_session(HOST);
    size_t n;

    tls_finish(session);
    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    tls_output(session, &n);
    ck_assert_uint_eq(n, 0);
    tls_finish(session);
    tls_output(session, &n);
    ck_assert_uint_gt(n, 0);
    tls_free(session);
    tls_server_free(server);
}
END_TEST

/* In TLS 1.3 the refusal comes when the handshake is over for the client. */
START_TEST(late_refusal_fails)
{
    struct tls_server *server =
        tls_server_new(&(struct tls_server_wish){.own = own, .wants_certificate = true});
    struct tls_session *session = peer_session(HOST);
    char text[8];

    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 0);
    ck_assert_int_eq(tls_state(session), TLS_FAILED);
    peer_judge(session, "refused", "tls-failed", "alert 116: certificate required");
    tls_free(session);
    tls_server_free(server);
}
END_TEST

/* A library that cannot be opened is one that is not there. */
START_TEST(missing_library_is_told)
{
    struct error err = {0};
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){.rlim_max = limit.rlim_max});
    struct tls_session *session = tls_new(HOST, &err);
    setrlimit(RLIMIT_NOFILE, &limit);
    ck_assert_ptr_null(session);
    ck_assert_str_eq(err.text,
                     "libssl.so.3 is not here (package libssl3): TLS was not looked at");
    tls_free(NULL);
}
END_TEST

Suite *tls_suite(void)
{
    Suite *suite = suite_create("tls");
    TCase *peer = tcase_create("peer"), *alone = tcase_create("alone");

    tcase_add_checked_fixture(peer, setup, teardown);
    tcase_set_timeout(peer, 30);
    tcase_add_test(peer, server_name_is_asked_for);
    tcase_add_test(peer, old_versions_are_found);
    tcase_add_test(peer, pieces_make_no_difference);
    tcase_add_test(peer, cut_handshakes_stall_or_fail);
    tcase_add_test(peer, words_go_both_ways);
    tcase_add_test(peer, end_without_goodbye_closes);
    tcase_add_test(peer, goodbye_is_said);
    tcase_add_test(peer, late_refusal_fails);
    suite_add_tcase(suite, peer);
    tcase_add_test(alone, failures_are_told_apart);
    tcase_add_test(alone, silence_is_a_stall);
    tcase_add_test(alone, missing_library_is_told);
    suite_add_tcase(suite, alone);
    return suite;
}
