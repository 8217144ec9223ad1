/* What the network said about a TCP connection attempt: the kernel keeps the
 * ICMP message behind an error, with the address of the box that sent it, in the
 * socket's error queue (IP_RECVERR, IPV6_RECVERR). ip(7) says that TCP has none;
 * on Linux 6 it has, measured. */
#ifndef PROBE_ERRQUEUE_H
#define PROBE_ERRQUEUE_H

#include <stdbool.h>
#include <stdint.h>

/* An ICMP or ICMPv6 message about an attempt. */
struct icmp_answer {
    bool seen;
    bool local; /* this host itself sent it: its own firewall, or no neighbour answered */
    uint8_t type, code;
    char from[80]; /* numeric address of the sender */
};

/* Asks the kernel to keep such messages, before connect(2). family is AF_INET or
 * AF_INET6. A kernel that cannot is no error: then nothing is seen. */
void errqueue_enable(int fd, int family);

/* Takes the message of an attempt that failed; icmp->seen is false where there is
 * none: the answer was a reset, or the error is this kernel's own. */
void errqueue_read(int fd, struct icmp_answer *icmp);

#endif
