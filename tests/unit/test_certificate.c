#include "suites.h"

#include "base/clock.h"
#include "probe/tls.h"
#include "run/certificate_lines.h"
#include "temporary.h"
#include "tls_peer.h"

#include <stdlib.h>
#include <string.h>

static const char HOST[] = "mail.example.com";

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

static void drop_own(void)
{
    identity_free(between);
    identity_free(own);
    between = own = NULL;
}

static void teardown(void)
{
    drop_own();
    identity_free(root);
    identity_free(stranger);
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

static const struct verdict {
    const char *what;
    enum voucher voucher;
    const char *names; /* NULL: only the common name, which is HOST */
    const char *host;
    time_t begin, end; /* from PEER_NOW; 0: a year */
    const char *ids;
    const char *text; /* in that of the first */
} verdicts[] = {
    {"good", ROOT, HOST, HOST, 0, 0, "", ""},
    {"sent chain", BETWEEN, HOST, HOST, 0, 0, "", ""},
    {"common name", ROOT, NULL, HOST, 0, 0, "", ""},
    {"case", ROOT, "MAIL.example.COM", HOST, 0, 0, "", ""},
    {"dot of the root", ROOT, HOST, "mail.example.com.", 0, 0, "", ""},
    {"second name", ROOT, "example.com|mail.example.com", HOST, 0, 0, "", ""},
    {"wildcard", ROOT, "*.example.com", HOST, 0, 0, "", ""},
    {"IPv4", ROOT, "192.0.2.1", "192.0.2.1", 0, 0, "", ""},
    {"IPv6", ROOT, "2001:db8::1", "2001:DB8:0::1", 0, 0, "", ""},
    {"IPv6 with a zone", ROOT, "fe80::1", "fe80::1%eth0", 0, 0, "", ""},
    {"wrong name", ROOT, "www.example.com", HOST, 0, 0, "cert-wrong-name",
     "wanted mail.example.com, the certificate is for www.example.com"},
    {"deep wildcard", ROOT, "*.com", HOST, 0, 0, "cert-wrong-name",
     "certificate is for *.com"},
    {"partial wildcard", ROOT, "m*.example.com", HOST, 0, 0, "cert-wrong-name", ""},
    {"many names", ROOT, "a|b|c|d|e|f|g", HOST, 0, 0, "cert-wrong-name",
     "is for a, b, c, d, e and 2 more"},
    {"name for an address", ROOT, "192.0.2.2|x", "192.0.2.1", 0, 0,
     "cert-wrong-name", "wanted 192.0.2.1, the certificate is for 192.0.2.2, x"},
    {"NUL in a name", ROOT, "mail.example.com@.evil.test", HOST, 0, 0,
     "cert-wrong-name", "is for mail.example.com\\x00.evil.test"},
    {"expired", ROOT, HOST, HOST, 0, -23 * PEER_DAY, "cert-expired",
     "CN=mail.example.com expired on 2026-11-01T12:00:00Z, 23 days ago "
     "(the clock here says 2026-11-24T12:00:00Z)"},
    {"just expired", ROOT, HOST, HOST, 0, -1, "cert-expired", "1 seconds ago"},
    {"not yet valid", ROOT, HOST, HOST, 3 * 3600, 0, "cert-not-yet-valid",
     "is valid from 2026-11-24T15:00:00Z, in 3 hours: suspect the clock here, which says "
     "2026-11-24T12:00:00Z"},
    {"valid from now", ROOT, HOST, HOST, -1, 0, "", ""},
    {"13 days", ROOT, HOST, HOST, 0, 13 * PEER_DAY, "cert-expires-soon",
     "expires on 2026-12-07T12:00:00Z, in 13 days"},
    {"14 days", ROOT, HOST, HOST, 0, 14 * PEER_DAY, "", ""},
    {"15 days", ROOT, HOST, HOST, 0, 15 * PEER_DAY, "", ""},
    {"self-signed", ITSELF, HOST, HOST, 0, 0, "cert-self-signed",
     "CN=mail.example.com is signed by itself"},
    {"self-signed, expired, wrong name", ITSELF, "x", HOST, 0, -PEER_DAY,
     "cert-expired cert-wrong-name cert-self-signed", "24 hours ago"},
    {"unknown issuer", STRANGER, HOST, HOST, 0, 0, "cert-untrusted",
     "CN=mail.example.com was issued by CN=Stranger, which is not trusted here; the server does "
     "not send that one's certificate"},
    {"unknown issuer, expired", STRANGER, HOST, HOST, 0, -2 * PEER_DAY,
     "cert-expired cert-untrusted", "2 days ago"},
    {"unknown root, sent", STRANGER_SENT, HOST, HOST, 0, 0, "cert-untrusted",
     "the authority CN=Stranger is not trusted here"},
    {"unknown root", STRANGER_BETWEEN, HOST, HOST, 0, 0, "cert-untrusted",
     "CN=Between was issued by CN=Stranger, which is not trusted here"},
    {"intermediate missing", BETWEEN_UNSENT, HOST, HOST, 0, 0, "cert-incomplete",
     "was issued by CN=Between, whose certificate is missing among the 1 sent"},
    {"intermediate missing or unknown", BETWEEN_UNKNOWN, HOST, HOST, 0, 0,
     "cert-untrusted", "was issued by CN=Between, which is not trusted"},
    {"another intermediate", BETWEEN_OTHER, HOST, HOST, 0, 0, "cert-incomplete",
     "was issued by CN=Between, whose certificate is missing among the 2 sent"},
    {"intermediate expired", BETWEEN_EXPIRED, HOST, HOST, 0, 0, "cert-expired",
     "CN=Between expired on 2026-11-21T12:00:00Z, 3 days ago"},
    {"no authority", NO_AUTHORITY, HOST, HOST, 0, 0, "cert-untrusted",
     "CN=Between: invalid CA certificate"},
};

static time_t from_now(time_t seconds)
{
    return seconds ? PEER_NOW + seconds : 0;
}

static void check_verdict(const struct verdict *verdict)
{
    struct tls_server *server = new_server(
        verdict->voucher,
        (struct identity_wish){.common_name = HOST, .names = verdict->names,
                               .begin = from_now(verdict->begin), .end = from_now(verdict->end)},
        0);
    struct tls_session *session = peer_session(verdict->host);

    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    ck_assert_int_eq(tls_state(session), TLS_ESTABLISHED);
    peer_judge(session, verdict->what, verdict->ids, verdict->text);
    tls_free(session);
    tls_server_free(server);
    drop_own();
}

/* Not a test each: under valgrind it is loading OpenSSL that takes time. */
START_TEST(certificates_are_judged)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        check_verdict(&verdicts[i]);
}
END_TEST

static const struct shown {
    enum voucher voucher;
    const char *names, *host;
    time_t begin, end; /* from PEER_NOW; 0: a year */
    const char *lines[CERTIFICATE_LINES];
} shown[] = {
    {BETWEEN, "*.example.com|x", HOST, 0, 60 * PEER_DAY + 5,
     {"CN=mail.example.com, for *.example.com, issued by CN=Between",
      "valid from 2025-11-24 to 2027-01-23, 60 days left",
      "chain CN=mail.example.com < CN=Between < CN=Root: verified, its root is trusted here"}},
    {ROOT, "a|b|c|d|e|f", "192.0.2.1", 0, -3 * PEER_DAY - 3600,
     {"CN=mail.example.com, for a, b, c, d, e and 1 more and not for this host, issued by CN=Root",
      "valid from 2025-11-24 to 2026-11-21, expired 3 days ago",
      "chain CN=mail.example.com < CN=Root: not verified, certificate has expired"}},
    {STRANGER, HOST, HOST, 5 * 3600, 0,
     {"CN=mail.example.com, for mail.example.com, issued by CN=Stranger",
      "valid from 2026-11-24 to 2027-11-24, valid in 5 hours",
      "chain CN=mail.example.com: not verified, unable to get local issuer certificate"}},
    {STRANGER_SENT, "192.0.2.1", "192.0.2.1", 0, 0,
     {"CN=mail.example.com, for 192.0.2.1, issued by CN=Stranger",
      "valid from 2025-11-24 to 2027-11-24, 365 days left",
      "chain CN=mail.example.com < CN=Stranger: not verified, self-signed certificate in "
      "certificate chain"}},
    {ITSELF, HOST, HOST, 0, 0,
     {"CN=mail.example.com, for mail.example.com, issued by CN=mail.example.com",
      "valid from 2025-11-24 to 2027-11-24, 365 days left",
      "chain CN=mail.example.com: not verified, self-signed certificate"}},
};

static void check_lines(const struct shown *row, struct certificate *certificate)
{
    for (int i = 0; i < CERTIFICATE_LINES; i++) {
        char *line = certificate_line(certificate, (enum certificate_line)i);
        ck_assert_str_eq(line, row->lines[i]);
        free(line);
    }
    certificate_free(certificate);
}

static void check_shown(const struct shown *row)
{
    struct tls_server *server = new_server(
        row->voucher,
        (struct identity_wish){.common_name = HOST, .names = row->names,
                               .begin = from_now(row->begin), .end = from_now(row->end)},
        0);
    struct tls_session *session = peer_session(row->host);
    struct findings findings = {0};

    ck_assert_ptr_null(tls_take_certificate(session));
    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    tls_judge(session, PEER_NOW, &findings);
    tls_judge(session, PEER_NOW, &findings); /* it may be asked again */
    check_lines(row, tls_take_certificate(session));
    ck_assert_ptr_null(tls_take_certificate(session));
    findings_clear(&findings);
    tls_free(session);
    tls_server_free(server);
    drop_own();
}

START_TEST(certificates_are_shown)
{
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        check_shown(&shown[i]);
    certificate_free(NULL);
}
END_TEST

START_TEST(facts_are_told)
{
    struct tls_server *server = new_server(
        BETWEEN, (struct identity_wish){.common_name = HOST, .names = "a.test|2001:db8::1"}, 0);
    struct tls_session *session = peer_session(HOST);
    char end[21];

    ck_assert_ptr_null(tls_facts(session));
    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
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
        certificate_days_left(&facts->certificate, facts->certificate.not_after + 1), 0);
    ck_assert_int_eq(certificate_days_left(&facts->certificate,
                                           facts->certificate.not_after + 3 * PEER_DAY + 3600),
                     -3);
    tls_free(session);
    tls_server_free(server);
}
END_TEST

START_TEST(hostile_names_are_spelled_out)
{
    struct tls_server *server = new_server(
        STRANGER,
        (struct identity_wish){.common_name = "a\x1b]52;c;eA==\x07@\n\u202e\xc2\x9b",
                               .names = "b\x1b[2J\r\n|\xe2\x80|c@d\u200b||\x7f|f"},
        0);
    struct tls_session *session = peer_session("wanted\x1b.example");

    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    const struct certificate *certificate = &tls_facts(session)->certificate;
    ck_assert_str_eq(certificate->subject,
                     "CN=a\\1B]52\\;c\\;eA==\\07\\00\\0A\\u202e\\x9b");
    char *names = certificate_names(certificate);
    ck_assert_str_eq(names, "b\\x1b[2J\\r\\n, \\xe2\\x80, c\\x00d\\u200b, , \\x7f and 1 more");
    free(names);
    peer_judge(session, "hostile", "cert-wrong-name cert-untrusted", "");
    tls_free(session);
    tls_server_free(server);
}
END_TEST

static const struct subject {
    const char *common_name;
    bool wide;
    const char *subject, *names;
} subjects[] = {
    {"B\u00fccher", false, "CN=B\u00fccher", "B\u00fccher"},
    {"@B\1@@\x1b", true, "CN=B\u0100\\1B", "B\u0100\\x1b"},
    {NULL, false, "(no name)", "no name"},
};

static void check_subject(const struct subject *subject)
{
    struct tls_server *server = new_server(
        ITSELF, (struct identity_wish){.common_name = subject->common_name, .wide = subject->wide},
        0);
    struct tls_session *session = peer_session(HOST);

    peer_talk(session, server, PEER_WHOLE, PEER_WHOLE);
    const struct certificate *certificate = &tls_facts(session)->certificate;
    char *names = certificate_names(certificate);
    ck_assert_str_eq(certificate->subject, subject->subject);
    ck_assert_str_eq(certificate->issuer, subject->subject);
    ck_assert_str_eq(names, subject->names);
    free(names);
    peer_judge(session, subject->subject, "cert-wrong-name cert-self-signed", subject->names);
    tls_free(session);
    tls_server_free(server);
    drop_own();
}

START_TEST(subjects_are_read_in_any_encoding)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        check_subject(&subjects[i]);
}
END_TEST

Suite *certificate_suite(void)
{
    Suite *suite = suite_create("certificate");
    TCase *tcase = tcase_create("judge");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, certificates_are_judged);
    tcase_add_test(tcase, certificates_are_shown);
    tcase_add_test(tcase, facts_are_told);
    tcase_add_test(tcase, subjects_are_read_in_any_encoding);
    tcase_add_test(tcase, hostile_names_are_spelled_out);
    suite_add_tcase(suite, tcase);
    return suite;
}
