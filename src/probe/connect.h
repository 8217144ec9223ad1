/* One non-blocking TCP connection attempt, as a socket goes through it. The loop
 * that waits for it is the caller's. */
#ifndef PROBE_CONNECT_H
#define PROBE_CONNECT_H

#include "probe/dial.h"
#include "probe/evidence.h"

/* An attempt that begins now, with the numeric address and the port of `to`. */
void connect_describe(const struct dial_address *to, struct attempt *attempt);

/* Opens a socket and starts connecting, with ICMP messages kept (errqueue.h).
 * Returns 0, or an errno; *fd is -1 or has to be closed in either case. */
int connect_begin(const struct dial_address *to, int *fd);

/* Once the socket is writable: 0 if it is connected, else why not, with *icmp. A
 * socket that connected to itself counts as refused: nobody listens there. */
int connect_result(int fd, struct icmp_answer *icmp);

/* Whether, by now, this host itself dropped whatever of an attempt it sent again: then a
 * rule of its own (or its queues) lets nothing out. False during the first second, before
 * anything is sent again. Measured on Linux 6.18: the kernel counts a SYN that it could
 * not send among tcpi_total_retrans (tcp(7)), but not in tcpi_retrans. */
bool connect_is_dropped_here(int fd);

/* Parts from a connected server without a reset, and closes. */
void connect_part(int fd);

#endif
