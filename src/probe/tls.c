#include "probe/tls.h"

#include "base/buf.h"
#include "base/mem.h"
#include "probe/openssl.h"

#include <stdlib.h>
#include <string.h>

/* SECLEVEL: RFC 9325 would have us refuse what is to be found. Ciphers without a
 * certificate are not among the default ones. */
#define CIPHERS "DEFAULT:@SECLEVEL=0"

struct tls_session {
    const struct openssl *lib;
    SSL *ssl;
    BIO *in, *out; /* the SSL owns them */
    enum tls_state state;
    enum tls_failure failure;
    char *why; /* it failed, clean; or NULL */
    char *host;
    char head[FINDING_EXCERPT_BYTES + 1]; /* the first bytes that arrived */
    size_t head_bytes, received, sent;
    bool ended; /* nothing will arrive any more */
    struct tls_facts facts;
};

static SSL *new_ssl(const struct openssl *lib)
{
    SSL_CTX *context = lib->SSL_CTX_new(lib->TLS_client_method());

    lib->SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_VERSION, NULL);
    lib->SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_RENEGOTIATION);
    lib->SSL_CTX_set_cipher_list(context, CIPHERS);
    SSL *ssl = lib->SSL_new(context);
    lib->SSL_CTX_free(context);
    return ssl;
}

static void ask_for_name(struct tls_session *session)
{
    char name[CERTIFICATE_HOST_BYTES];

    certificate_host(session->host, name);
    if (!certificate_host_is_address(name))
        session->lib->SSL_ctrl(session->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
                               TLSEXT_NAMETYPE_host_name, name);
}

static void fail(struct tls_session *session, enum tls_failure failure, char *why)
{
    session->state = TLS_FAILED;
    session->failure = failure;
    session->why = why;
}

static bool is_alert(unsigned long error)
{
    int reason = ERR_GET_REASON(error);

    return ERR_GET_LIB(error) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET &&
           reason <= SSL_AD_REASON_OFFSET + 255;
}

static bool is_about_version(int reason)
{
    return reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION || reason == SSL_R_UNSUPPORTED_PROTOCOL ||
           reason == SSL_R_WRONG_SSL_VERSION;
}

/* "handshake failure" of OpenSSL's "sslv3 alert handshake failure": a version in front
 * tells when the alert was invented, not which is spoken. */
static const char *alert_name(const char *reason)
{
    const char *alert = strstr(reason, "alert ");

    if (alert)
        return alert + strlen("alert ");
    return strncmp(reason, "tlsv1 ", 6) == 0 ? reason + 6 : reason;
}

/* By what OpenSSL says: an alert of the peer, or why it refused the peer's bytes. */
static void fail_by_library(struct tls_session *session)
{
    unsigned long error = session->lib->ERR_peek_error();
    int reason = ERR_GET_REASON(error);
    const char *text = session->lib->ERR_reason_error_string(error);
    char *why;

    if (!text)
        text = "unknown";
    if (is_alert(error))
        why = mem_printf("the server refused with alert %d: %s", reason - SSL_AD_REASON_OFFSET,
                         alert_name(text));
    else
        why = mem_printf("what the server sent cannot be accepted: %s", text);
    fail(session, is_about_version(reason) ? TLS_FAILURE_TOO_OLD : TLS_FAILURE_OTHER, why);
    session->lib->ERR_clear_error();
}

static void establish(struct tls_session *session)
{
    const struct openssl *lib = session->lib;
    const OPENSSL_STACK *chain =
        (const OPENSSL_STACK *)lib->SSL_get_peer_cert_chain(session->ssl);
    int sent = lib->OPENSSL_sk_num(chain);

    session->state = TLS_ESTABLISHED;
    session->facts.protocol = lib->SSL_get_version(session->ssl);
    session->facts.cipher = lib->SSL_CIPHER_get_name(lib->SSL_get_current_cipher(session->ssl));
    if (sent <= 0)
        return;
    session->facts.chain = (size_t)sent;
    certificate_read(&session->facts.certificate, lib->OPENSSL_sk_value(chain, 0));
}

static void shake_hands(struct tls_session *session)
{
    session->lib->ERR_clear_error();
    int result = session->lib->SSL_do_handshake(session->ssl);

    if (result == 1)
        establish(session);
    else if (session->lib->SSL_get_error(session->ssl, result) != SSL_ERROR_WANT_READ)
        fail_by_library(session);
}

struct tls_session *tls_new(const char *host, struct error *err)
{
    const struct openssl *lib = openssl_load(err);

    if (!lib)
        return NULL;
    struct tls_session *session = mem_zalloc(sizeof *session);
    session->lib = lib;
    session->ssl = new_ssl(lib);
    session->in = lib->BIO_new(lib->BIO_s_mem());
    session->out = lib->BIO_new(lib->BIO_s_mem());
    session->host = mem_strdup(host);
    lib->SSL_set_bio(session->ssl, session->in, session->out);
    lib->SSL_set_connect_state(session->ssl);
    ask_for_name(session);
    shake_hands(session);
    return session;
}

void tls_free(struct tls_session *session)
{
    if (!session)
        return;
    session->lib->SSL_free(session->ssl);
    certificate_clear(&session->facts.certificate);
    free(session->host);
    free(session->why);
    free(session);
}

enum tls_state tls_state(const struct tls_session *session)
{
    return session->state;
}

enum tls_failure tls_failure(const struct tls_session *session)
{
    return session->failure;
}

bool tls_heard(const struct tls_session *session)
{
    return session->received > 0;
}

const struct tls_facts *tls_facts(const struct tls_session *session)
{
    return session->facts.protocol ? &session->facts : NULL;
}

const char *tls_output(const struct tls_session *session, size_t *n)
{
    char *bytes = NULL;

    *n = (size_t)session->lib->BIO_ctrl(session->out, BIO_CTRL_INFO, 0, &bytes);
    return bytes;
}

void tls_sent(struct tls_session *session, size_t n)
{
    char discarded[1024];

    session->sent += n;
    while (n > 0) {
        size_t step = n < sizeof discarded ? n : sizeof discarded;
        session->lib->BIO_read(session->out, discarded, (int)step);
        n -= step;
    }
}

/* A port that echoes sends our own ClientHello back: no server's first message is one. */
static bool is_echo(const struct tls_session *session)
{
    return session->head_bytes > 5 && session->head[0] == 0x16 && session->head[5] == 1;
}

enum banner tls_banner(const struct tls_session *session)
{
    if (is_echo(session))
        return BANNER_ECHO;
    return banner_classify(session->head, session->head_bytes);
}

static void keep_head(struct tls_session *session, const char *bytes, size_t n)
{
    size_t room = sizeof session->head - session->head_bytes;

    if (n > room)
        n = room;
    memcpy(session->head + session->head_bytes, bytes, n);
    session->head_bytes += n;
}

/* Judged before OpenSSL sees them: it waits for five bytes, and its "wrong version
 * number" is also what it calls broken records. */
void tls_receive(struct tls_session *session, const char *bytes, size_t n)
{
    size_t written;

    keep_head(session, bytes, n);
    session->received += n;
    if (session->state == TLS_HANDSHAKE && tls_banner(session) != BANNER_UNDECIDED &&
        tls_banner(session) != BANNER_TLS)
        fail(session, TLS_FAILURE_NOT_TLS, NULL);
    if (session->state != TLS_HANDSHAKE && session->state != TLS_ESTABLISHED)
        return;
    session->lib->BIO_write_ex(session->in, bytes, n, &written);
    if (session->state == TLS_HANDSHAKE)
        shake_hands(session);
}

void tls_closed(struct tls_session *session)
{
    session->ended = true;
    if (session->state != TLS_HANDSHAKE)
        return;
    if (session->received > 0 && tls_banner(session) != BANNER_TLS)
        fail(session, TLS_FAILURE_NOT_TLS, NULL);
    else
        fail(session, TLS_FAILURE_OTHER,
             mem_printf("the connection ended in the handshake, after %zu bytes of the server",
                        session->received));
}

void tls_write(struct tls_session *session, const char *bytes, size_t n)
{
    size_t written;

    if (session->state != TLS_ESTABLISHED || n == 0)
        return;
    session->lib->ERR_clear_error();
    if (!session->lib->SSL_write_ex(session->ssl, bytes, n, &written))
        fail_by_library(session);
}

size_t tls_read(struct tls_session *session, char *bytes, size_t size)
{
    size_t n = 0;

    if (session->state != TLS_ESTABLISHED)
        return 0;
    session->lib->ERR_clear_error();
    int result = session->lib->SSL_read_ex(session->ssl, bytes, size, &n);
    int error = session->lib->SSL_get_error(session->ssl, result);
    if (error == SSL_ERROR_ZERO_RETURN || (error == SSL_ERROR_WANT_READ && session->ended))
        session->state = TLS_CLOSED;
    else if (error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_READ)
        fail_by_library(session);
    return n;
}

void tls_finish(struct tls_session *session)
{
    if (session->state == TLS_ESTABLISHED)
        session->lib->SSL_shutdown(session->ssl);
}

char *tls_greeting(const struct tls_session *session)
{
    size_t n = 0;

    while (n < session->head_bytes && session->head[n] != '\r' && session->head[n] != '\n')
        n++;
    return finding_excerpt(session->head, n);
}

static void judge_failure(const struct tls_session *session, struct findings *findings)
{
    if (session->failure == TLS_FAILURE_NOT_TLS) {
        char *greeting = tls_greeting(session);
        findings_add(findings, FINDING_TLS_FAILED, "the server does not speak TLS here: \"%s\"",
                     greeting);
        free(greeting);
    } else if (session->failure == TLS_FAILURE_TOO_OLD) {
        findings_add(findings, FINDING_TLS_TOO_OLD, "%s", session->why);
    } else if (session->failure == TLS_FAILURE_OTHER) {
        findings_add(findings, FINDING_TLS_FAILED, "%s", session->why);
    }
}

static void judge_established(struct tls_session *session, time_t now,
                              struct findings *findings)
{
    if (session->lib->SSL_version(session->ssl) < TLS1_2_VERSION)
        findings_add(findings, FINDING_TLS_TOO_OLD, "%s is the newest that the server speaks",
                     session->facts.protocol);
    if (session->facts.chain > 0)
        certificate_judge(session->lib->SSL_get_peer_cert_chain(session->ssl), session->host, now,
                          &session->facts.certificate, findings);
}

struct certificate *tls_take_certificate(struct tls_session *session)
{
    struct certificate *certificate;

    if (!session->facts.certificate.subject)
        return NULL;
    certificate = mem_zalloc(sizeof *certificate);
    *certificate = session->facts.certificate;
    session->facts.certificate = (struct certificate){0};
    return certificate;
}

void tls_judge_break(const struct tls_session *session, struct findings *findings)
{
    judge_failure(session, findings);
}

void tls_judge(struct tls_session *session, time_t now, struct findings *findings)
{
    if (session->state == TLS_HANDSHAKE)
        findings_add(findings, FINDING_TLS_STALLED,
                     "%zu bytes were sent and %zu received, but no more came", session->sent,
                     session->received);
    if (session->facts.protocol)
        judge_established(session, now, findings);
    judge_failure(session, findings);
}
