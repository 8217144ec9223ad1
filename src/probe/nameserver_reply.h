/* What a nameserver's reply says about a name: bytes of a stranger, without a socket. */
#ifndef PROBE_NAMESERVER_REPLY_H
#define PROBE_NAMESERVER_REPLY_H

#include "probe/evidence.h"

#include <stddef.h>

/* Reads the n bytes of a reply (RFC 1035, section 4.1) to a question for records of
 * type, ns_t_a or ns_t_aaaa; that it is a reply to this very question is for the caller
 * to know. One of the statuses from NAMESERVER_REFUSED on: NAMESERVER_ADDRESSES only
 * where there is such a record, of the name or of what its CNAMEs lead to. */
enum nameserver_status nameserver_read_reply(int type, const unsigned char *bytes, size_t n);

#endif
