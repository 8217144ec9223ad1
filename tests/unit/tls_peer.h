/* The other end for tests of TLS, in this process: authorities, certificates and a
 * server that knows no socket. OpenSSL is loaded, not linked, as in the program. */
#ifndef TESTS_UNIT_TLS_PEER_H
#define TESTS_UNIT_TLS_PEER_H

#include "probe/tls.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* 2026-11-24T12:00:00Z: the time of these tests. */
enum { PEER_DAY = 24 * 3600 };
static const time_t PEER_NOW = 1795521600;

/* A certificate with its key. */
struct identity;

struct identity_wish {
    const char *common_name; /* bytes as they are, but @ stands for a NUL; NULL: none */
    bool wide;               /* they are UTF-16, a BMPString */
    const char *names;       /* likewise, "|" between them; NULL: none */
    const struct identity *issuer; /* NULL: it signs itself */
    time_t begin, end;             /* 0: a year before and after PEER_NOW */
    bool authority;
    bool names_place; /* where the issuer's certificate can be fetched */
};

struct identity *identity_new(const struct identity_wish *wish);
void identity_free(struct identity *identity);

/* Makes it the only authority that this process trusts. Makes and uses the test's
 * temporary directory. */
void identity_trust(const struct identity *identity);

struct tls_server;

struct tls_server_wish {
    const struct identity *own;
    const struct identity *sent; /* another certificate that it sends, or NULL */
    int version;                 /* the only one, as TLS1_VERSION; 0: any */
    bool wants_certificate;      /* of the client, and takes no for no */
};

/* Copies what it needs. */
struct tls_server *tls_server_new(const struct tls_server_wish *wish);
void tls_server_free(struct tls_server *server);

/* Bytes of the client arrive. */
void tls_server_receive(struct tls_server *server, const char *bytes, size_t n);

/* Whether the handshake is done: only then can it write. */
bool tls_server_is_ready(const struct tls_server *server);

/* Takes up to size bytes for the client; returns how many. */
size_t tls_server_take(struct tls_server *server, char *bytes, size_t size);

/* Plaintext to and from the client; a close_notify. */
void tls_server_write(struct tls_server *server, const char *text);
size_t tls_server_read(struct tls_server *server, char *bytes, size_t size);
void tls_server_finish(struct tls_server *server);

/* The name that the client asked for, or NULL. */
const char *tls_server_name(const struct tls_server *server);

/* A session for host that has begun. */
struct tls_session *peer_session(const char *host);

enum { PEER_WHOLE = 1 << 16 };

/* Both talk until neither has anything to say, the server in pieces of at most piece
 * bytes; past limit bytes its words are lost. Returns how many it had. */
size_t peer_talk(struct tls_session *session, struct tls_server *server, size_t piece,
                 size_t limit);

/* Asserts that the session, judged at PEER_NOW, has just these findings ("cert-expired
 * cert-untrusted", "" for none), all clean, and that text is in that of the first. */
void peer_judge(struct tls_session *session, const char *what, const char *ids,
                const char *text);

#endif
