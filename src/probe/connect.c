#include "probe/connect.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

/* What a server may have sent by the time its connection is closed. */
enum { DRAIN_LIMIT_BYTES = 64 * 1024 };

void connect_describe(const struct dial_address *to, struct attempt *attempt)
{
    const struct sockaddr *address = (const struct sockaddr *)&to->address;

    *attempt = (struct attempt){.status = STEP_RUNNING, .started = clock_now_us()};
    getnameinfo(address, to->length, attempt->address, sizeof attempt->address, NULL, 0,
                NI_NUMERICHOST);
    attempt->port = ntohs(address->sa_family == AF_INET6
                              ? ((const struct sockaddr_in6 *)&to->address)->sin6_port
                              : ((const struct sockaddr_in *)&to->address)->sin_port);
}

int connect_begin(const struct dial_address *to, int *fd)
{
    *fd = socket(to->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return errno;
    errqueue_enable(*fd, to->address.ss_family);
    if (connect(*fd, (const struct sockaddr *)&to->address, to->length) < 0 &&
        errno != EINPROGRESS)
        return errno;
    return 0;
}

/* A socket that connects to its own port (the target is a closed port of this
 * host out of which the kernel chose the source, RFC 9293 section 3.5) proves
 * that nobody listens there. */
static bool is_self_connected(const struct sockaddr_storage *local,
                              const struct sockaddr_storage *peer, socklen_t length)
{
    return memcmp(local, peer, length) == 0;
}

static int pending_error(int fd)
{
    struct sockaddr_storage local, peer;
    socklen_t local_length = sizeof local, peer_length = sizeof peer;
    int error;
    socklen_t error_length = sizeof error;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_length) < 0)
        return errno;
    if (error)
        return error;
    if (getpeername(fd, (struct sockaddr *)&peer, &peer_length) < 0 ||
        getsockname(fd, (struct sockaddr *)&local, &local_length) < 0)
        return errno;
    return is_self_connected(&local, &peer, local_length) ? ECONNREFUSED : 0;
}

int connect_result(int fd, struct icmp_answer *icmp)
{
    int error = pending_error(fd);

    if (error)
        errqueue_read(fd, icmp);
    return error;
}

bool connect_is_dropped_here(int fd)
{
    struct tcp_info info = {0};
    socklen_t length = sizeof info;

    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
           info.tcpi_state == TCP_SYN_SENT && info.tcpi_total_retrans > 0 &&
           info.tcpi_retrans == 0;
}

/* Closing with bytes unread would send a reset, which servers log as an error:
 * say the end first and read what is there. */
void connect_part(int fd)
{
    char bytes[4096];
    size_t total = 0;
    ssize_t n;

    shutdown(fd, SHUT_WR);
    while (total < DRAIN_LIMIT_BYTES && (n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        total += (size_t)n;
    close(fd);
}
