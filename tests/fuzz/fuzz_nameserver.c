/* What a hostile nameserver replies: probe/nameserver_reply.h, and the same bytes on
 * their way through c-ares, probe/nameserver.h. An input is one reply for x.test; where
 * it goes its id is added to that of the question, so that 0 is the right one. */
#include "fuzz.h"
#include "probe/nameserver.h"
#include "probe/nameserver_reply.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <assert.h>
#include <resolv.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A UDP datagram holds no more. */
enum { REPLY_BYTES = 65507 };

static struct sockaddr_in address = {.sin_family = AF_INET};
static uv_loop_t loop;
static int server = -1;

/* In libc's place: the one nameserver is ours. */
int res_ninit(res_state state)
{
    state->_vcsock = -1; /* which res_nclose(3) would close */
    state->ndots = 1;
    state->nscount = 1;
    state->nsaddr_list[0] = address;
    return 0;
}

static void start_server(void)
{
    socklen_t length = sizeof address;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert(bind(server, (struct sockaddr *)&address, length) == 0);
    assert(getsockname(server, (struct sockaddr *)&address, &length) == 0);
    assert(uv_loop_init(&loop) == 0);
}

static enum nameserver_status read_reply(int type, const uint8_t *reply, size_t n)
{
    enum nameserver_status status = nameserver_read_reply(type, reply, n);
    bool is_reply = n >= NS_HFIXEDSZ && reply[2] & 0x80;
    int rcode = is_reply ? reply[3] & 0x0f : -1;

    assert(status >= NAMESERVER_REFUSED && status <= NAMESERVER_ADDRESSES);
    assert((status == NAMESERVER_REFUSED) == (rcode == ns_r_refused));
    assert((status == NAMESERVER_SERVFAIL) == (rcode == ns_r_servfail));
    assert((status == NAMESERVER_NO_NAME) == (rcode == ns_r_nxdomain));
    assert(status < NAMESERVER_NO_ADDRESS || rcode == ns_r_noerror);
    /* A record's data, behind the ten bytes that say what it is. */
    size_t least = NS_HFIXEDSZ + NS_RRFIXEDSZ + (type == ns_t_aaaa ? NS_IN6ADDRSZ : NS_INADDRSZ);
    assert(status != NAMESERVER_ADDRESSES || n > least);
    return status;
}

/* Returns what the reply says to the question it is sent to, if it repeats it. Loopback
 * delivers within the call that sends. */
static enum nameserver_status answer_question(const uint8_t *data, size_t size)
{
    static uint8_t reply[REPLY_BYTES];
    uint8_t question[NS_PACKETSZ];
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t n = recvfrom(server, question, sizeof question, 0, (struct sockaddr *)&from, &length);

    assert(n > NS_HFIXEDSZ + NS_QFIXEDSZ);
    memcpy(reply, data, size);
    for (size_t i = 0; i < size && i < NS_INT16SZ; i++)
        reply[i] = (uint8_t)(reply[i] + question[i]);
    assert(sendto(server, reply, size, 0, (struct sockaddr *)&from, length) == (ssize_t)size);
    return read_reply(question[n - 3], reply, size);
}

/* Of the two questions a reply repeats one at most. */
static void ask(const uint8_t *data, size_t size)
{
    struct evidence evidence = {0};
    struct nameservers *asked = nameservers_ask(&loop, "x.test", &evidence, NULL, NULL);
    enum nameserver_status a = answer_question(data, size);
    enum nameserver_status aaaa = answer_question(data, size);

    nameservers_stop(asked);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert(evidence.nnameservers == 1);
    const struct nameserver *said = &evidence.nameservers[0];
    bool is_silent = said->status == NAMESERVER_SILENT;
    assert(is_silent || said->status == (said->aaaa_silent ? a : aaaa));
    assert(is_silent == (said->ended == 0));
    evidence_clear(&evidence);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > REPLY_BYTES)
        return 0;
    read_reply(ns_t_a, data, size);
    read_reply(ns_t_aaaa, data, size);
    if (server < 0)
        start_server();
    ask(data, size);
    return 0;
}
