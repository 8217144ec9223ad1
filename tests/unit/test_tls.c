#include "suites.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "probe/openssl.h"
#include "probe/tls.h"
#include "temporary.h"
#include "tls_peer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char HOST[] = "mail.example.com";

/* Bytes of a finding's id that no finding has. */
enum { NONE = -1, MOST = 3, WHOLE = 1 << 16 };

static struct findings findings;

static struct tls_session *new_session(const char *host)
{
    struct error err = {0};
    struct tls_session *session = tls_new(host, &err);

    ck_assert_msg(session != NULL, "%s", err.text);
    return session;
}

static void send_to_server(struct tls_session *session, struct tls_server *server)
{
    size_t n;
    const char *bytes;

    while (bytes = tls_output(session, &n), n > 0) {
        tls_server_receive(server, bytes, n);
        tls_sent(session, n);
    }
}

/* Both talk until neither has anything to say, the server in pieces; past limit bytes
 * its words are lost. Returns how many it had. */
static size_t talk(struct tls_session *session, struct tls_server *server, size_t piece,
                   size_t limit)
{
    static char bytes[WHOLE];
    size_t n, said = 0;

    send_to_server(session, server);
    while ((n = tls_server_take(server, bytes, piece)) > 0) {
        size_t left = said < limit ? limit - said : 0;
        if (left > 0)
            tls_receive(session, bytes, n < left ? n : left);
        said += n;
        send_to_server(session, server);
    }
    return said;
}

static void judge(const struct tls_session *session)
{
    findings_clear(&findings);
    tls_judge(session, PEER_NOW, &findings);
}

/* Just these, in this order, up to NONE. */
static void check_ids(const char *what, const int *ids)
{
    size_t count = 0;

    while (count < MOST && ids[count] != NONE)
        count++;
    ck_assert_msg(findings.count == count, "%s: %zu findings, the first: %s", what, findings.count,
                  findings.count ? findings.items[0].text : "none");
    for (size_t i = 0; i < count; i++)
        ck_assert_msg((int)findings.items[i].id == ids[i], "%s: %s: %s", what,
                      finding_name(findings.items[i].id), findings.items[i].text);
}

static void check_text(const char *part)
{
    ck_assert_uint_gt(findings.count, 0);
    ck_assert_msg(strstr(findings.items[0].text, part) != NULL, "%s in: %s", part,
                  findings.items[0].text);
}

static void check_clean(const char *text)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    ck_assert_str_eq(clean, text);
    free(clean);
}

/* Who vouches for the server, and which certificates it sends. */
enum voucher {
    ROOT,            /* trusted here */
    BETWEEN,         /* an authority below the root, sent along */
    BETWEEN_UNSENT,  /* the same, but its certificate is not sent; it says where it is */
    BETWEEN_UNKNOWN, /* nor does it say so */
    BETWEEN_OTHER,   /* another one is sent in its place */
    BETWEEN_EXPIRED, /* sent, but past its end */
    NO_AUTHORITY,    /* what was sent may not sign */
    STRANGER,        /* not known here, not sent */
    STRANGER_SENT,
    STRANGER_BETWEEN, /* below a stranger, sent without that one */
    ITSELF
};

static struct identity *root, *stranger, *between, *own;

static struct identity *new_authority(const char *name, const struct identity *issuer, time_t end,
                                      bool authority)
{
    return identity_new(&(struct identity_wish){
        .common_name = name, .issuer = issuer, .end = end, .authority = authority});
}

static void setup(void)
{
    root = new_authority("Root", NULL, 0, true);
    stranger = new_authority("Stranger", NULL, 0, true);
    between = own = NULL;
    identity_trust(root);
}

static void teardown(void)
{
    identity_free(root);
    identity_free(stranger);
    identity_free(between);
    identity_free(own);
    findings_clear(&findings);
    temporary_remove();
}

/* Makes own, and between where there is one; returns what is sent beside own. */
static const struct identity *make_own(enum voucher voucher, struct identity_wish wish)
{
    time_t end = voucher == BETWEEN_EXPIRED ? PEER_NOW - 3 * PEER_DAY : 0;

    if (voucher != ROOT && voucher != STRANGER && voucher != STRANGER_SENT && voucher != ITSELF)
        between = new_authority("Between", voucher == STRANGER_BETWEEN ? stranger : root, end,
                                voucher != NO_AUTHORITY);
    if (between)
        wish.issuer = between;
    else if (voucher != ITSELF)
        wish.issuer = voucher == ROOT ? root : stranger;
    wish.names_place = voucher == BETWEEN_UNSENT;
    own = identity_new(&wish);
    if (voucher == BETWEEN_OTHER || voucher == STRANGER_SENT)
        return stranger;
    return voucher == BETWEEN_UNSENT || voucher == BETWEEN_UNKNOWN ? NULL : between;
}

static struct tls_server *new_server(enum voucher voucher, struct identity_wish wish, int version)
{
    const struct identity *sent = make_own(voucher, wish);

    return tls_server_new(&(struct tls_server_wish){.own = own, .sent = sent, .version = version});
}

/* A server whose certificate has no fault. */
static struct tls_server *new_good_server(int version)
{
    return new_server(ROOT, (struct identity_wish){.common_name = HOST, .names = HOST}, version);
}

static const struct verdict {
    const char *what;
    enum voucher voucher;
    const char *names; /* NULL: only the common name, which is HOST */
    const char *host;
    time_t begin, end; /* from PEER_NOW; 0: a year */
    int ids[MOST];
    const char *text; /* in that of the first */
} verdicts[] = {
    {"good", ROOT, HOST, HOST, 0, 0, {NONE}, ""},
    {"sent chain", BETWEEN, HOST, HOST, 0, 0, {NONE}, ""},
    {"common name", ROOT, NULL, HOST, 0, 0, {NONE}, ""},
    {"case", ROOT, "MAIL.example.COM", HOST, 0, 0, {NONE}, ""},
    {"dot of the root", ROOT, HOST, "mail.example.com.", 0, 0, {NONE}, ""},
    {"second name", ROOT, "example.com|mail.example.com", HOST, 0, 0, {NONE}, ""},
    {"wildcard", ROOT, "*.example.com", HOST, 0, 0, {NONE}, ""},
    {"IPv4", ROOT, "192.0.2.1", "192.0.2.1", 0, 0, {NONE}, ""},
    {"IPv6", ROOT, "2001:db8::1", "2001:DB8:0::1", 0, 0, {NONE}, ""},
    {"IPv6 with a zone", ROOT, "fe80::1", "fe80::1%eth0", 0, 0, {NONE}, ""},
    {"wrong name", ROOT, "www.example.com", HOST, 0, 0, {FINDING_CERT_WRONG_NAME, NONE},
     "wanted mail.example.com, the certificate is for www.example.com"},
    {"deep wildcard", ROOT, "*.com", HOST, 0, 0, {FINDING_CERT_WRONG_NAME, NONE},
     "certificate is for *.com"},
    {"partial wildcard", ROOT, "m*.example.com", HOST, 0, 0, {FINDING_CERT_WRONG_NAME, NONE}, ""},
    {"many names", ROOT, "a|b|c|d|e|f|g", HOST, 0, 0, {FINDING_CERT_WRONG_NAME, NONE},
     "is for a, b, c, d, e and 2 more"},
    {"name for an address", ROOT, "192.0.2.2|x", "192.0.2.1", 0, 0,
     {FINDING_CERT_WRONG_NAME, NONE}, "wanted 192.0.2.1, the certificate is for 192.0.2.2, x"},
    {"NUL in a name", ROOT, "mail.example.com@.evil.test", HOST, 0, 0,
     {FINDING_CERT_WRONG_NAME, NONE}, "is for mail.example.com\\x00.evil.test"},
    {"expired", ROOT, HOST, HOST, 0, -23 * PEER_DAY, {FINDING_CERT_EXPIRED, NONE},
     "CN=mail.example.com expired on 2026-11-01T12:00:00Z, 23 days ago "
     "(the clock here says 2026-11-24T12:00:00Z)"},
    {"just expired", ROOT, HOST, HOST, 0, -1, {FINDING_CERT_EXPIRED, NONE}, "1 seconds ago"},
    {"not yet valid", ROOT, HOST, HOST, 3 * 3600, 0, {FINDING_CERT_NOT_YET_VALID, NONE},
     "is valid from 2026-11-24T15:00:00Z, in 3 hours: suspect the clock here, which says "
     "2026-11-24T12:00:00Z"},
    {"valid from now", ROOT, HOST, HOST, -1, 0, {NONE}, ""},
    {"13 days", ROOT, HOST, HOST, 0, 13 * PEER_DAY, {FINDING_CERT_EXPIRES_SOON, NONE},
     "expires on 2026-12-07T12:00:00Z, in 13 days"},
    {"14 days", ROOT, HOST, HOST, 0, 14 * PEER_DAY, {NONE}, ""},
    {"15 days", ROOT, HOST, HOST, 0, 15 * PEER_DAY, {NONE}, ""},
    {"self-signed", ITSELF, HOST, HOST, 0, 0, {FINDING_CERT_SELF_SIGNED, NONE},
     "CN=mail.example.com is signed by itself"},
    {"self-signed, expired, wrong name", ITSELF, "x", HOST, 0, -PEER_DAY,
     {FINDING_CERT_EXPIRED, FINDING_CERT_WRONG_NAME, FINDING_CERT_SELF_SIGNED}, "24 hours ago"},
    {"unknown issuer", STRANGER, HOST, HOST, 0, 0, {FINDING_CERT_UNTRUSTED, NONE},
     "CN=mail.example.com was issued by CN=Stranger, which is not trusted here; the server does "
     "not send that one's certificate"},
    {"unknown issuer, expired", STRANGER, HOST, HOST, 0, -2 * PEER_DAY,
     {FINDING_CERT_EXPIRED, FINDING_CERT_UNTRUSTED, NONE}, "2 days ago"},
    {"unknown root, sent", STRANGER_SENT, HOST, HOST, 0, 0, {FINDING_CERT_UNTRUSTED, NONE},
     "the authority CN=Stranger is not trusted here"},
    {"unknown root", STRANGER_BETWEEN, HOST, HOST, 0, 0, {FINDING_CERT_UNTRUSTED, NONE},
     "CN=Between was issued by CN=Stranger, which is not trusted here"},
    {"intermediate missing", BETWEEN_UNSENT, HOST, HOST, 0, 0, {FINDING_CERT_INCOMPLETE, NONE},
     "was issued by CN=Between, whose certificate is missing among the 1 sent"},
    {"intermediate missing or unknown", BETWEEN_UNKNOWN, HOST, HOST, 0, 0,
     {FINDING_CERT_UNTRUSTED, NONE}, "was issued by CN=Between, which is not trusted"},
    {"another intermediate", BETWEEN_OTHER, HOST, HOST, 0, 0, {FINDING_CERT_INCOMPLETE, NONE},
     "was issued by CN=Between, whose certificate is missing among the 2 sent"},
    {"intermediate expired", BETWEEN_EXPIRED, HOST, HOST, 0, 0, {FINDING_CERT_EXPIRED, NONE},
     "CN=Between expired on 2026-11-21T12:00:00Z, 3 days ago"},
    {"no authority", NO_AUTHORITY, HOST, HOST, 0, 0, {FINDING_CERT_UNTRUSTED, NONE},
     "CN=Between: invalid CA certificate"},
};
enum { VERDICTS = sizeof verdicts / sizeof *verdicts };

static time_t from_now(time_t seconds)
{
    return seconds ? PEER_NOW + seconds : 0;
}

START_TEST(certificates_are_judged)
{
    const struct verdict *verdict = &verdicts[_i];
    struct tls_server *server = new_server(
        verdict->voucher,
        (struct identity_wish){.common_name = HOST, .names = verdict->names,
                               .begin = from_now(verdict->begin), .end = from_now(verdict->end)},
        0);
    struct tls_session *session = new_session(verdict->host);

    talk(session, server, WHOLE, WHOLE);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    judge(session);
    check_ids(verdict->what, verdict->ids);
    if (findings.count > 0)
        check_text(verdict->text);
    tls_free(session);
    tls_server_free(server);
}
END_TEST

START_TEST(facts_are_told)
{
    struct tls_server *server = new_server(
        BETWEEN, (struct identity_wish){.common_name = HOST, .names = "a.test|2001:db8::1"}, 0);
    struct tls_session *session = new_session(HOST);
    char end[21];

    ck_assert_ptr_null(tls_facts(session));
    talk(session, server, WHOLE, WHOLE);
    const struct tls_facts *facts = tls_facts(session);
    ck_assert_str_eq(facts->protocol, "TLSv1.3");
    ck_assert_ptr_nonnull(strstr(facts->cipher, "TLS_"));
    ck_assert_uint_eq(facts->chain, 2);
    ck_assert_str_eq(facts->certificate.subject, "CN=mail.example.com");
    ck_assert_str_eq(facts->certificate.issuer, "CN=Between");
    char *names = certificate_names(&facts->certificate);
    ck_assert_str_eq(names, "a.test, 2001:db8::1");
    free(names);
    ck_assert(facts->certificate.dated);
    clock_format_utc(facts->certificate.not_after, end);
    ck_assert_str_eq(end, "2027-11-24T12:00:00Z");
    ck_assert_int_eq(certificate_days_left(&facts->certificate, PEER_NOW), 365);
    ck_assert_int_eq(certificate_days_left(&facts->certificate, PEER_NOW + 1), 364);
    ck_assert_int_eq(
        certificate_days_left(&facts->certificate, facts->certificate.not_after + 1), -1);
    tls_free(session);
    tls_server_free(server);
}
END_TEST

static const struct {
    const char *host, *asked;
} asked_names[] = {
    {"mail.example.com", "mail.example.com"},
    {"mail.example.com.", "mail.example.com"},
    {"192.0.2.1", NULL},
    {"::1", NULL},
    {"fe80::1%eth0", NULL},
};

START_TEST(server_name_is_asked_for)
{
    struct tls_server *server = new_good_server(0);
    struct tls_session *session = new_session(asked_names[_i].host);

    talk(session, server, WHOLE, WHOLE);
    ck_assert_pstr_eq(tls_server_name(server), asked_names[_i].asked);
    tls_free(session);
    tls_server_free(server);
}
END_TEST

static const struct {
    int version;
    const char *name;
    bool old;
} versions[] = {
    {TLS1_VERSION, "TLSv1", true},
    {TLS1_1_VERSION, "TLSv1.1", true},
    {TLS1_2_VERSION, "TLSv1.2", false},
    {TLS1_3_VERSION, "TLSv1.3", false},
};

START_TEST(old_versions_are_found)
{
    struct tls_server *server = new_good_server(versions[_i].version);
    struct tls_session *session = new_session(HOST);

    talk(session, server, WHOLE, WHOLE);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    ck_assert_str_eq(tls_facts(session)->protocol, versions[_i].name);
    judge(session);
    check_ids(versions[_i].name,
              versions[_i].old ? (int[]){FINDING_TLS_TOO_OLD, NONE} : (int[]){NONE});
    tls_free(session);
    tls_server_free(server);
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
    int ids[MOST];
    const char *text;
} peers[] = {
    {BYTES("220 mail.example.com ESMTP\r\n"), TLS_FAILURE_NOT_TLS, {FINDING_TLS_FAILED, NONE},
     "the server does not speak TLS here: \"220 mail.example.com ESMTP\""},
    {BYTES("HTTP/1.1 400 Bad Request\r\nServer: x\r\n"), TLS_FAILURE_NOT_TLS,
     {FINDING_TLS_FAILED, NONE}, "\"HTTP/1.1 400 Bad Request\""},
    {BYTES("\x1b]52;c;eA==\x07\xff\u202e\n"), TLS_FAILURE_NOT_TLS, {FINDING_TLS_FAILED, NONE},
     "\"\\x1b]52;c;eA==\\x07\\xff\\u202e\""},
    {BYTES("\x00\x01\x02\x03\x04\x05\x06\x07\x08"), TLS_FAILURE_NOT_TLS,
     {FINDING_TLS_FAILED, NONE}, "\\x00\\x01"},
    {BYTES("2"), TLS_FAILURE_NOT_TLS, {FINDING_TLS_FAILED, NONE}, "\"2\""},
    {BYTES("\x15\x03\x01\x00\x02\x02\x28"), TLS_FAILURE_OTHER, {FINDING_TLS_FAILED, NONE},
     "the server refused with alert 40, handshake failure"},
    {BYTES("\x15\x03\x03\x00\x02\x02\x46"), TLS_FAILURE_TOO_OLD, {FINDING_TLS_TOO_OLD, NONE},
     "alert 70, protocol version"},
    {BYTES("\x15\x03\x03\x00\x02\x02\xFE"), TLS_FAILURE_OTHER, {FINDING_TLS_FAILED, NONE},
     "alert 254, unknown"},
    {BYTES(SSL3_HELLO), TLS_FAILURE_TOO_OLD, {FINDING_TLS_TOO_OLD, NONE}, "unsupported protocol"},
    {BYTES("\x16\x03\x03\xFF\xFFxxxx"), TLS_FAILURE_OTHER, {FINDING_TLS_FAILED, NONE},
     "what the server sent cannot be accepted: "},
    {BYTES("\x16\x03\x03\x00\x04\x00\x00\x00\x00"), TLS_FAILURE_OTHER, {FINDING_TLS_FAILED, NONE},
     "in the handshake, after 9 bytes of the server"},
    {BYTES("\x16\x03"), TLS_FAILURE_OTHER, {FINDING_TLS_FAILED, NONE},
     "in the handshake, after 2 bytes of the server"},
    {BYTES(""), TLS_FAILURE_OTHER, {FINDING_TLS_FAILED, NONE},
     "in the handshake, after 0 bytes of the server"},
};
enum { PEERS = sizeof peers / sizeof *peers };

/* Each as a whole, and byte by byte. */
START_TEST(failures_are_told_apart)
{
    size_t at = (size_t)_i / 2, n = peers[at].n, step = _i % 2 ? 1 : n + 1;
    struct tls_session *session = new_session(HOST);

    for (size_t done = 0; done < n; done += step)
        tls_receive(session, peers[at].bytes + done, step < n ? step : n);
    tls_closed(session);
    ck_assert_int_eq(tls_state(session), TLS_FAILED);
    ck_assert_int_eq(tls_failure(session), peers[at].failure);
    judge(session);
    check_ids(peers[at].text, peers[at].ids);
    check_text(peers[at].text);
    check_clean(findings.items[0].text);
    tls_receive(session, "more", 4);
    ck_assert_int_eq(tls_state(session), TLS_FAILED);
    tls_free(session);
}
END_TEST

static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 1000};

START_TEST(pieces_make_no_difference)
{
    struct tls_server *server = new_good_server(_i % 2 ? TLS1_2_VERSION : TLS1_3_VERSION);
    struct tls_session *session = new_session(HOST);

    talk(session, server, pieces[_i / 2], WHOLE);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    judge(session);
    check_ids("pieces", (int[]){NONE});
    tls_free(session);
    tls_server_free(server);
}
END_TEST

/* What it ends with, after so many bytes of the server: in time a stall, else a failure. */
static void check_cut(struct tls_server *server, size_t limit)
{
    struct tls_session *session = new_session(HOST);

    talk(session, server, WHOLE, limit);
    ck_assert_int_eq(tls_state(session), TLS_HANDSHAKE);
    judge(session);
    check_ids("stall", (int[]){FINDING_TLS_STALLED, NONE});
    tls_closed(session);
    ck_assert_int_eq(tls_state(session), TLS_FAILED);
    judge(session);
    check_ids("cut", (int[]){FINDING_TLS_FAILED, NONE});
    tls_free(session);
}

/* The least that a session of TLS 1.2 needs ends with the server's last byte. */
START_TEST(cut_handshakes_stall_or_fail)
{
    struct tls_session *session = new_session(HOST);
    struct tls_server *server = new_good_server(TLS1_2_VERSION);
    struct tls_server_wish wish = {.own = own, .version = TLS1_2_VERSION};
    size_t whole = talk(session, server, WHOLE, WHOLE);

    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    tls_free(session);
    for (size_t limit = 0; limit + 8 < whole; limit += 61) {
        tls_server_free(server);
        server = tls_server_new(&wish);
        check_cut(server, limit);
    }
    tls_server_free(server);
}
END_TEST

START_TEST(silence_is_a_stall)
{
    struct tls_session *session = new_session(HOST);
    size_t n;

    tls_output(session, &n);
    tls_sent(session, n);
    char *text = mem_printf("%zu bytes were sent and 0 received, but no more came", n);
    ck_assert_uint_gt(n, 100);
    tls_output(session, &n);
    ck_assert_uint_eq(n, 0);
    judge(session);
    check_ids("silence", (int[]){FINDING_TLS_STALLED, NONE});
    check_text(text);
    free(text);
    tls_free(session);
}
END_TEST

START_TEST(words_go_both_ways)
{
    struct tls_server *server = new_good_server(0);
    struct tls_session *session = new_session(HOST);
    char text[8] = "";

    tls_write(session, "early", 5);
    talk(session, server, WHOLE, WHOLE);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 0);
    tls_write(session, "", 0);
    tls_write(session, "EHLO x", 6);
    talk(session, server, WHOLE, WHOLE);
    ck_assert_uint_eq(tls_server_read(server, text, sizeof text), 6);
    ck_assert_mem_eq(text, "EHLO x", 6);
    tls_server_write(server, "250 longer");
    tls_server_finish(server);
    talk(session, server, 1, WHOLE);
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
    struct tls_server *server = new_good_server(0);
    struct tls_session *session = new_session(HOST);
    char text[8];

    talk(session, server, WHOLE, WHOLE);
    tls_server_write(server, "221");
    talk(session, server, WHOLE, WHOLE);
    tls_closed(session);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 3);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 0);
    ck_assert_int_eq(tls_state(session), TLS_CLOSED);
    judge(session);
    check_ids("closed", (int[]){NONE});
    tls_free(session);
    tls_server_free(server);
}
END_TEST

START_TEST(goodbye_is_said)
{
    struct tls_server *server = new_good_server(0);
    struct tls_session *session = new_session(HOST);
    size_t n;

    tls_finish(session);
    talk(session, server, WHOLE, WHOLE);
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
    make_own(ROOT, (struct identity_wish){.common_name = HOST, .names = HOST});
    struct tls_server *server =
        tls_server_new(&(struct tls_server_wish){.own = own, .wants_certificate = true});
    struct tls_session *session = new_session(HOST);
    char text[8];

    talk(session, server, WHOLE, WHOLE);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    ck_assert_uint_eq(tls_read(session, text, sizeof text), 0);
    ck_assert_int_eq(tls_state(session), TLS_FAILED);
    judge(session);
    check_ids("refused", (int[]){FINDING_TLS_FAILED, NONE});
    check_text("alert 116, certificate required");
    tls_free(session);
    tls_server_free(server);
}
END_TEST

START_TEST(hostile_names_are_spelled_out)
{
    struct tls_server *server = new_server(
        STRANGER,
        (struct identity_wish){.common_name = "a\x1b]52;c;eA==\x07@\n\u202e\xc2\x9b\xff\xc3",
                               .names = "b\x1b[2J\r\n|\xe2\x80|c@d\u200b||\x7f|f"},
        0);
    struct tls_session *session = new_session("wanted\x1b.example");

    talk(session, server, WHOLE, WHOLE);
    const struct certificate *certificate = &tls_facts(session)->certificate;
    ck_assert_str_eq(certificate->subject,
                     "CN=a\\1B]52\\;c\\;eA==\\07\\00\\0A\\u202e\\x9b\\xff\\xc3");
    char *names = certificate_names(certificate);
    ck_assert_str_eq(names, "b\\x1b[2J\\r\\n, \\xe2\\x80, c\\x00d\\u200b, , \\x7f and 1 more");
    free(names);
    judge(session);
    check_ids("hostile", (int[]){FINDING_CERT_WRONG_NAME, FINDING_CERT_UNTRUSTED, NONE});
    for (size_t i = 0; i < findings.count; i++)
        check_clean(findings.items[i].text);
    tls_free(session);
    tls_server_free(server);
}
END_TEST

/* A library that cannot be opened is one that is not there. */
START_TEST(missing_library_is_told)
{
    struct error err = {0};

    setrlimit(RLIMIT_NOFILE, &(struct rlimit){0});
    ck_assert_ptr_null(tls_new(HOST, &err));
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
    tcase_add_loop_test(peer, certificates_are_judged, 0, VERDICTS);
    tcase_add_test(peer, facts_are_told);
    tcase_add_loop_test(peer, server_name_is_asked_for, 0,
                        sizeof asked_names / sizeof *asked_names);
    tcase_add_loop_test(peer, old_versions_are_found, 0, sizeof versions / sizeof *versions);
    tcase_add_loop_test(peer, pieces_make_no_difference, 0, 2 * sizeof pieces / sizeof *pieces);
    tcase_add_test(peer, cut_handshakes_stall_or_fail);
    tcase_add_test(peer, words_go_both_ways);
    tcase_add_test(peer, end_without_goodbye_closes);
    tcase_add_test(peer, goodbye_is_said);
    tcase_add_test(peer, late_refusal_fails);
    tcase_add_test(peer, hostile_names_are_spelled_out);
    suite_add_tcase(suite, peer);
    tcase_add_loop_test(alone, failures_are_told_apart, 0, 2 * PEERS);
    tcase_add_test(alone, silence_is_a_stall);
    tcase_add_test(alone, missing_library_is_told);
    suite_add_tcase(suite, alone);
    return suite;
}
