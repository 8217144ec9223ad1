/* Counters of the network namespace. */
#ifndef PROBE_NETSTAT_H
#define PROBE_NETSTAT_H

#include <stdint.h>

/* How often the kernel could not send a TCP segment again (TcpExt TCPRetransFail in
 * /proc/self/net/netstat): while a connection is silent this rises only where a
 * local rule drops what this host sends; measured. All processes of the namespace
 * count, so it is a hint. 0 where it cannot be read. */
uint64_t netstat_retransmit_failures(void);

#endif
