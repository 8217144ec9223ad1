#include "probe/nameserver_reply.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <limits.h>

/* c-ares calls a lone CNAME a success too: it is the addresses that count. */
static enum nameserver_status read_records(int type, const unsigned char *bytes, int n)
{
    struct ares_addrttl a;
    struct ares_addr6ttl aaaa;
    int count = 1;
    int status = type == ns_t_aaaa ? ares_parse_aaaa_reply(bytes, n, NULL, &aaaa, &count)
                                   : ares_parse_a_reply(bytes, n, NULL, &a, &count);

    if (status == ARES_SUCCESS && count > 0)
        return NAMESERVER_ADDRESSES;
    return status == ARES_SUCCESS || status == ARES_ENODATA ? NAMESERVER_NO_ADDRESS
                                                            : NAMESERVER_GARBAGE;
}

enum nameserver_status nameserver_read_reply(int type, const unsigned char *bytes, size_t n)
{
    bool is_reply = n >= NS_HFIXEDSZ && n <= INT_MAX && bytes[2] & 0x80; /* QR */

    if (!is_reply)
        return NAMESERVER_GARBAGE;
    switch (bytes[3] & 0x0f) { /* RCODE */
    case ns_r_noerror:
        return read_records(type, bytes, (int)n);
    case ns_r_servfail:
        return NAMESERVER_SERVFAIL;
    case ns_r_nxdomain:
        return NAMESERVER_NO_NAME;
    case ns_r_refused:
        return NAMESERVER_REFUSED;
    case ns_r_notimpl:
        return NAMESERVER_NOTIMP;
    case ns_r_formerr:
        return NAMESERVER_FORMERR;
    default:
        return NAMESERVER_GARBAGE;
    }
}
