/* Which way this host sends what is for an address: what its routing table says, asked
 * of the kernel (rtnetlink(7)), which needs no privilege and sends no packet. */
#ifndef PROBE_ROUTE_H
#define PROBE_ROUTE_H

#include <sys/socket.h>

enum route_kind {
    ROUTE_UNKNOWN, /* the kernel did not say, or a tunnel, behind which anything may be */
    ROUTE_OWN,     /* an address of this host itself */
    ROUTE_ON_LINK, /* on a network of this host: its neighbours are asked for it */
    ROUTE_GATEWAY, /* by way of a gateway on such a network */
    ROUTE_NONE     /* no route, or one that forbids */
};
enum { ROUTES = ROUTE_NONE + 1 };

/* What the neighbour table of this host says of an address on a network of its own. */
enum neighbour_state {
    NEIGHBOUR_UNKNOWN,     /* not asked, or the kernel (before 5.0) did not say */
    NEIGHBOUR_UNCONFIRMED, /* nobody has answered for it lately */
    NEIGHBOUR_ANSWERED     /* somebody has, within the last minute */
};

struct route {
    enum route_kind kind;
    enum neighbour_state neighbour; /* of ROUTE_ON_LINK alone */
    char gateway[80]; /* its numeric address, of ROUTE_GATEWAY alone */
};

/* The route to an address of AF_INET or AF_INET6, and the neighbour that has it, as they
 * are now. Never waits. */
struct route route_to(const struct sockaddr *address);

/* "unknown", "own", "on-link", "gateway", "none". */
const char *route_name(enum route_kind kind);

#endif
