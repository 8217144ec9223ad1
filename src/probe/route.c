#include "probe/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct query {
    struct nlmsghdr header;
    struct rtmsg route;
    char attributes[64];
};

const char *route_name(enum route_kind kind)
{
    static const char *const names[ROUTES] = {"unknown", "own", "on-link", "gateway", "none"};
    return names[kind];
}

static void add_attribute(struct query *query, unsigned short type, const void *data, size_t n)
{
    size_t at = NLMSG_ALIGN(query->header.nlmsg_len);
    struct rtattr attribute = {.rta_type = type, .rta_len = (unsigned short)RTA_LENGTH(n)};

    memcpy((char *)query + at, &attribute, sizeof attribute);
    memcpy((char *)query + at + RTA_LENGTH(0), data, n);
    query->header.nlmsg_len = (unsigned)(at + RTA_LENGTH(n));
}

static struct query make_query(const struct sockaddr *address)
{
    struct query query = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof query.route),
                                     .nlmsg_type = RTM_GETROUTE,
                                     .nlmsg_flags = NLM_F_REQUEST},
                          .route = {.rtm_family = (unsigned char)address->sa_family}};

    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
        query.route.rtm_dst_len = 128;
        add_attribute(&query, RTA_DST, &in6->sin6_addr, sizeof in6->sin6_addr);
        if (in6->sin6_scope_id)
            add_attribute(&query, RTA_OIF, &in6->sin6_scope_id, sizeof in6->sin6_scope_id);
    } else {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        query.route.rtm_dst_len = 32;
        add_attribute(&query, RTA_DST, &in->sin_addr, sizeof in->sin_addr);
    }
    return query;
}

/* Nobody is asked for by address behind a point-to-point link (VPN, PPP): a route
 * without a gateway says nothing about what is there. */
static bool has_neighbours(int index)
{
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool known = fd >= 0 && if_indextoname((unsigned)index, request.ifr_name) &&
                 ioctl(fd, SIOCGIFFLAGS, &request) == 0;

    if (fd >= 0)
        close(fd);
    return known && !(request.ifr_flags & (IFF_POINTOPOINT | IFF_NOARP));
}

static void name_gateway(struct route *route, int family, const void *bytes)
{
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct sockaddr_in in = {.sin_family = AF_INET};
    bool ipv6 = family == AF_INET6;

    if (ipv6)
        memcpy(&in6.sin6_addr, bytes, sizeof in6.sin6_addr);
    else
        memcpy(&in.sin_addr, bytes, sizeof in.sin_addr);
    getnameinfo(ipv6 ? (const struct sockaddr *)&in6 : (const struct sockaddr *)&in,
                ipv6 ? sizeof in6 : sizeof in, route->gateway, sizeof route->gateway, NULL, 0,
                NI_NUMERICHOST);
    route->kind = ROUTE_GATEWAY;
}

static struct route read_attributes(const struct nlmsghdr *header, const struct rtmsg *message)
{
    struct route route = {.kind = ROUTE_ON_LINK};
    const char *end = (const char *)header + header->nlmsg_len;
    int interface = 0;

    for (const struct rtattr *a = RTM_RTA(message);
         (const char *)(a + 1) <= end && a->rta_len >= sizeof *a;
         a = (const void *)((const char *)a + RTA_ALIGN(a->rta_len))) {
        if (a->rta_type == RTA_OIF)
            memcpy(&interface, RTA_DATA(a), sizeof interface);
        else if (a->rta_type == RTA_GATEWAY)
            name_gateway(&route, message->rtm_family, RTA_DATA(a));
        else if (a->rta_type == RTA_VIA) /* IPv4 by an IPv6 gateway */
            name_gateway(&route, ((const struct rtvia *)RTA_DATA(a))->rtvia_family,
                         ((const struct rtvia *)RTA_DATA(a))->rtvia_addr);
    }
    if (route.kind == ROUTE_ON_LINK && !has_neighbours(interface))
        route.kind = ROUTE_UNKNOWN;
    return route;
}

/* A route that forbids comes as its errno, or as a route of that type. */
static struct route read_error(const struct nlmsgerr *message)
{
    switch (-message->error) {
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EACCES:
    case EINVAL:
        return (struct route){.kind = ROUTE_NONE};
    default:
        return (struct route){.kind = ROUTE_UNKNOWN};
    }
}

static struct route read_reply(const struct nlmsghdr *header)
{
    if (header->nlmsg_type == NLMSG_ERROR)
        return read_error(NLMSG_DATA(header));
    if (header->nlmsg_type != RTM_NEWROUTE)
        return (struct route){.kind = ROUTE_UNKNOWN};
    const struct rtmsg *message = NLMSG_DATA(header);
    switch (message->rtm_type) {
    case RTN_LOCAL:
        return (struct route){.kind = ROUTE_OWN};
    case RTN_UNREACHABLE:
    case RTN_PROHIBIT:
    case RTN_BLACKHOLE:
        return (struct route){.kind = ROUTE_NONE};
    default:
        return read_attributes(header, message);
    }
}

/* The kernel has answered by the time that send(2) returns. */
struct route route_to(const struct sockaddr *address)
{
    const struct query query = make_query(address);
    union {
        struct nlmsghdr header;
        char bytes[4096];
    } reply;
    struct route route = {.kind = ROUTE_UNKNOWN};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd < 0)
        return route;
    if (send(fd, &query, query.header.nlmsg_len, 0) == (ssize_t)query.header.nlmsg_len) {
        ssize_t n = recv(fd, &reply, sizeof reply, MSG_DONTWAIT);
        if (n > 0 && NLMSG_OK(&reply.header, (unsigned)n))
            route = read_reply(&reply.header);
    }
    close(fd);
    return route;
}
