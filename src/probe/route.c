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
    union {
        struct rtmsg route;
        struct ndmsg neighbour;
    } about;
    char attributes[64];
};

union reply {
    struct nlmsghdr header;
    char bytes[4096];
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

static void add_address(struct query *query, unsigned short type, const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6)
        add_attribute(query, type, &((const struct sockaddr_in6 *)address)->sin6_addr,
                      sizeof(struct in6_addr));
    else
        add_attribute(query, type, &((const struct sockaddr_in *)address)->sin_addr,
                      sizeof(struct in_addr));
}

static struct query ask_for_route(const struct sockaddr *address)
{
    struct query query = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof query.about.route),
                                     .nlmsg_type = RTM_GETROUTE,
                                     .nlmsg_flags = NLM_F_REQUEST},
                          .about.route = {.rtm_family = (unsigned char)address->sa_family}};
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
    bool ipv6 = address->sa_family == AF_INET6;

    query.about.route.rtm_dst_len = ipv6 ? 128 : 32;
    add_address(&query, RTA_DST, address);
    if (ipv6 && in6->sin6_scope_id)
        add_attribute(&query, RTA_OIF, &in6->sin6_scope_id, sizeof in6->sin6_scope_id);
    return query;
}

static struct query ask_for_neighbour(const struct sockaddr *address, int interface)
{
    struct query query = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof query.about.neighbour),
                                     .nlmsg_type = RTM_GETNEIGH,
                                     .nlmsg_flags = NLM_F_REQUEST},
                          .about.neighbour = {.ndm_family = (unsigned char)address->sa_family,
                                              .ndm_ifindex = interface}};

    add_address(&query, NDA_DST, address);
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

static struct route read_attributes(const struct nlmsghdr *header, const struct rtmsg *message,
                                    int *interface)
{
    struct route route = {.kind = ROUTE_ON_LINK};
    const char *end = (const char *)header + header->nlmsg_len;

    for (const struct rtattr *a = RTM_RTA(message);
         (const char *)(a + 1) <= end && a->rta_len >= sizeof *a;
         a = (const void *)((const char *)a + RTA_ALIGN(a->rta_len))) {
        if (a->rta_type == RTA_OIF)
            memcpy(interface, RTA_DATA(a), sizeof *interface);
        else if (a->rta_type == RTA_GATEWAY)
            name_gateway(&route, message->rtm_family, RTA_DATA(a));
        else if (a->rta_type == RTA_VIA) /* IPv4 by an IPv6 gateway */
            name_gateway(&route, ((const struct rtvia *)RTA_DATA(a))->rtvia_family,
                         ((const struct rtvia *)RTA_DATA(a))->rtvia_addr);
    }
    if (route.kind == ROUTE_ON_LINK && !has_neighbours(*interface))
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

static struct route read_route(const struct nlmsghdr *header, int *interface)
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
        return read_attributes(header, message, interface);
    }
}

/* Of an entry that somebody made by hand the kernel asks nobody. */
static enum neighbour_state read_neighbour(const struct nlmsghdr *header)
{
    if (header->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *message = NLMSG_DATA(header);
        return message->error == -ENOENT ? NEIGHBOUR_UNCONFIRMED : NEIGHBOUR_UNKNOWN;
    }
    if (header->nlmsg_type != RTM_NEWNEIGH)
        return NEIGHBOUR_UNKNOWN;
    const struct ndmsg *message = NLMSG_DATA(header);
    if (message->ndm_state & (NUD_PERMANENT | NUD_NOARP))
        return NEIGHBOUR_UNKNOWN;
    return message->ndm_state & NUD_REACHABLE ? NEIGHBOUR_ANSWERED : NEIGHBOUR_UNCONFIRMED;
}

/* The kernel has answered by the time that send(2) returns. */
static bool ask(int fd, const struct query *query, union reply *reply)
{
    if (send(fd, query, query->header.nlmsg_len, 0) != (ssize_t)query->header.nlmsg_len)
        return false;
    ssize_t n = recv(fd, reply, sizeof *reply, MSG_DONTWAIT);
    return n > 0 && NLMSG_OK(&reply->header, (unsigned)n);
}

struct route route_to(const struct sockaddr *address)
{
    struct query query = ask_for_route(address);
    union reply reply;
    struct route route = {.kind = ROUTE_UNKNOWN};
    int interface = 0;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd < 0)
        return route;
    if (ask(fd, &query, &reply))
        route = read_route(&reply.header, &interface);
    if (route.kind == ROUTE_ON_LINK) {
        query = ask_for_neighbour(address, interface);
        if (ask(fd, &query, &reply))
            route.neighbour = read_neighbour(&reply.header);
    }
    close(fd);
    return route;
}
