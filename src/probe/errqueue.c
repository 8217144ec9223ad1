#include "probe/errqueue.h"

#include <time.h> /* linux/errqueue.h needs struct timespec */

#include <linux/errqueue.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

void errqueue_enable(int fd, int family)
{
    const int on = 1;

    if (family == AF_INET)
        setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    else
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

static socklen_t address_length(const struct sockaddr *address)
{
    return address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                          : sizeof(struct sockaddr_in);
}

static bool is_same_address(const struct sockaddr *a, const struct sockaddr *b)
{
    if (a->sa_family != b->sa_family)
        return false;
    if (a->sa_family == AF_INET6)
        return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
                      &((const struct sockaddr_in6 *)b)->sin6_addr, sizeof(struct in6_addr)) == 0;
    return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
           ((const struct sockaddr_in *)b)->sin_addr.s_addr;
}

static bool is_own_address(int fd, const struct sockaddr *address)
{
    struct sockaddr_storage own = {0};
    socklen_t length = sizeof own;

    return getsockname(fd, (struct sockaddr *)&own, &length) == 0 &&
           is_same_address((const struct sockaddr *)&own, address);
}

static void take(int fd, const struct sock_extended_err *error, struct icmp_answer *icmp)
{
    const struct sockaddr *sender = SO_EE_OFFENDER(error);

    if (error->ee_origin != SO_EE_ORIGIN_ICMP && error->ee_origin != SO_EE_ORIGIN_ICMP6)
        return;
    icmp->seen = true;
    icmp->type = error->ee_type;
    icmp->code = error->ee_code;
    if (sender->sa_family == AF_UNSPEC)
        return;
    icmp->local = is_own_address(fd, sender);
    getnameinfo(sender, address_length(sender), icmp->from, sizeof icmp->from, NULL, 0,
                NI_NUMERICHOST);
}

void errqueue_read(int fd, struct icmp_answer *icmp)
{
    char control[512], byte;
    struct iovec data = {&byte, sizeof byte};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};

    *icmp = (struct icmp_answer){0};
    if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
        if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
            (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
            take(fd, (const struct sock_extended_err *)(const void *)CMSG_DATA(c), icmp);
}
