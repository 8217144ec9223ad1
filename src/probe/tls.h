/* TLS as a client, RFC 8446 and before, to find out what a server offers. A pure state
 * machine: bytes in, bytes out, no socket and no clock; where the peer's bytes are
 * split makes no difference. It accepts what must not be trusted (any certificate, TLS
 * 1.0, weak keys) in order to say so: nothing secret may be written to it.
 *
 * The caller loops: send tls_output (and say tls_sent), give what arrives to
 * tls_receive and an end to tls_closed, until tls_state is no longer TLS_HANDSHAKE.
 * Then tls_judge, and if TLS_ESTABLISHED, tls_write and tls_read; after each tls_receive
 * read until there is nothing more. */
#ifndef PROBE_TLS_H
#define PROBE_TLS_H

#include "base/error.h"
#include "probe/banner.h"
#include "probe/certificate.h"
#include "probe/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum tls_state {
    TLS_HANDSHAKE,
    TLS_ESTABLISHED,
    TLS_CLOSED, /* was established, and the peer has ended it; all has been read */
    TLS_FAILED
};

enum tls_failure {
    TLS_FAILURE_NONE,
    TLS_FAILURE_NOT_TLS, /* the first bytes are none of TLS: the peer speaks in the clear */
    TLS_FAILURE_TOO_OLD, /* no version of TLS in common */
    TLS_FAILURE_OTHER
};

/* What the handshake agreed upon. */
struct tls_facts {
    const char *protocol; /* "TLSv1.3" */
    const char *cipher;   /* "TLS_AES_256_GCM_SHA384" */
    size_t chain;         /* certificates that the server sent; 0: none, the next is empty */
    struct certificate certificate; /* the server's own; judged by tls_judge */
};

struct tls_session;

/* Starts: tls_output has the ClientHello. host, which is copied, is the name that the
 * certificate must bear and, unless it is an address, the one that is asked for (SNI).
 * NULL with err set where OpenSSL is missing. Free takes NULL. */
struct tls_session *tls_new(const char *host, struct error *err);
void tls_free(struct tls_session *session);

enum tls_state tls_state(const struct tls_session *session);
enum tls_failure tls_failure(const struct tls_session *session);

/* Whether anything came of the peer. */
bool tls_heard(const struct tls_session *session);

/* NULL before the handshake has ended well; then as long as the session. */
const struct tls_facts *tls_facts(const struct tls_session *session);

/* The *n bytes to send next (0: none), valid until the next call that is not const.
 * A failed session may still have an alert to send. */
const char *tls_output(const struct tls_session *session, size_t *n);

/* The first n of them have been sent. */
void tls_sent(struct tls_session *session, size_t n);

/* n bytes arrived. Once it failed or closed they change nothing, except that the
 * first line of a peer in the clear is completed (tls_greeting). */
void tls_receive(struct tls_session *session, const char *bytes, size_t n);

/* Nothing will arrive any more. */
void tls_closed(struct tls_session *session);

/* Encrypts n bytes into the output. Ignored unless TLS_ESTABLISHED. */
void tls_write(struct tls_session *session, const char *bytes, size_t n);

/* Decrypts what has arrived, at most size bytes at a time; returns how many, 0 if there
 * is nothing, when tls_state tells whether more can come. */
size_t tls_read(struct tls_session *session, char *bytes, size_t size);

/* Says goodbye: the close_notify that ends what was written. */
void tls_finish(struct tls_session *session);

/* The first line of what arrived, as an excerpt: what a peer that is
 * TLS_FAILURE_NOT_TLS says. The caller frees it. */
char *tls_greeting(const struct tls_session *session);

/* The protocol of what arrived (banner_classify); BANNER_ECHO where that is what was sent. */
enum banner tls_banner(const struct tls_session *session);

/* Adds what is to be found in the present state; now is the wall clock, for the dates.
 * TLS_HANDSHAKE counts as a stall, tls-stalled: the caller's time is over. A failure is
 * tls-too-old or tls-failed; a caller who knows that TLS_FAILURE_NOT_TLS means
 * tls-mode-mismatch says that instead. What was established is tls-too-old under
 * TLS 1.2, and the certificates are judged (certificate.h). */
void tls_judge(struct tls_session *session, time_t now, struct findings *findings);

/* Moves the server's own certificate out of the session's facts; NULL where there is none.
 * The caller frees it (certificate_free). */
struct certificate *tls_take_certificate(struct tls_session *session);

/* Adds why a session that was established, and judged, has broken since: TLS 1.3 servers
 * refuse a client without a certificate only then. */
void tls_judge_break(const struct tls_session *session, struct findings *findings);

#endif
