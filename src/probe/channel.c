#include "probe/channel.h"

#include "probe/connect.h"

#include <errno.h>
#include <sys/socket.h>

bool channel_secure(struct channel *channel, const char *host, struct error *err)
{
    channel->tls = tls_new(host, err);
    return channel->tls != NULL;
}

/* Takes what is there for TLS; returns what recv(2) did. */
static ssize_t take(struct channel *channel)
{
    char bytes[4096];
    ssize_t n = recv(channel->fd, bytes, sizeof bytes, MSG_DONTWAIT);

    if (n > 0)
        tls_receive(channel->tls, bytes, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        tls_closed(channel->tls);
    return n;
}

void channel_shake_hands(struct channel *channel)
{
    channel_flush(channel);
    while (tls_state(channel->tls) == TLS_HANDSHAKE && take(channel) > 0)
        channel_flush(channel);
    channel_flush(channel);
}

static ssize_t receive_secure(struct channel *channel, char *bytes, size_t size)
{
    ssize_t n = 1;

    while (n > 0) {
        size_t clear = tls_read(channel->tls, bytes, size);
        if (clear > 0)
            return (ssize_t)clear;
        if (tls_state(channel->tls) == TLS_CLOSED)
            return 0;
        if (tls_state(channel->tls) == TLS_FAILED) {
            errno = EPROTO;
            return -1;
        }
        n = take(channel);
    }
    return n;
}

ssize_t channel_receive(struct channel *channel, char *bytes, size_t size)
{
    if (channel->tls)
        return receive_secure(channel, bytes, size);
    return recv(channel->fd, bytes, size, MSG_DONTWAIT);
}

static size_t send_some(const struct channel *channel, const char *bytes, size_t n)
{
    ssize_t sent = send(channel->fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL);

    return sent > 0 ? (size_t)sent : 0;
}

size_t channel_send(struct channel *channel, const char *bytes, size_t n)
{
    if (!channel->tls)
        return send_some(channel, bytes, n);
    tls_write(channel->tls, bytes, n);
    channel_flush(channel);
    return n;
}

bool channel_flush(struct channel *channel)
{
    size_t waiting = 0, sent;

    if (!channel->tls)
        return false;
    do {
        const char *bytes = tls_output(channel->tls, &waiting);
        sent = waiting ? send_some(channel, bytes, waiting) : 0;
        tls_sent(channel->tls, sent);
    } while (sent > 0);
    return waiting > 0;
}

void channel_close(struct channel *channel)
{
    if (channel->tls) {
        tls_finish(channel->tls);
        channel_flush(channel);
        tls_free(channel->tls);
        channel->tls = NULL;
    }
    connect_part(channel->fd);
    channel->fd = -1;
}
