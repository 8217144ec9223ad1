/* The bytes of a conversation with a server: a connected socket, and TLS over it from
 * the moment that it is asked for. Nothing blocks; the loop that waits is the caller's. */
#ifndef PROBE_CHANNEL_H
#define PROBE_CHANNEL_H

#include "probe/tls.h"

#include <sys/types.h>

struct channel {
    int fd;
    struct tls_session *tls; /* NULL in the clear */
};

/* Starts TLS with a server that must be `host` (tls.h). False with err where OpenSSL is
 * missing. */
bool channel_secure(struct channel *channel, const char *host, struct error *err);

/* Goes on with the handshake as far as the bytes that are there allow; tls_state tells
 * whether it is over. What the server sent behind it is kept for channel_receive. */
void channel_shake_hands(struct channel *channel);

/* Like recv(2) without waiting: bytes in the clear; 0 at the end; -1 with errno, EAGAIN
 * where nothing is there, EPROTO where TLS broke. Not during a handshake. */
ssize_t channel_receive(struct channel *channel, char *bytes, size_t size);

/* Sends some of n bytes, and returns how many. An error is left to the next receive: of a
 * connection that broke, what was received tells more. */
size_t channel_send(struct channel *channel, const char *bytes, size_t n);

/* Sends what TLS has to send; true if some of it still waits for the socket. */
bool channel_flush(struct channel *channel);

/* Says goodbye in TLS, parts without a reset, and closes. */
void channel_close(struct channel *channel);

#endif
