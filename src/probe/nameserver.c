#include "probe/nameserver.h"

#include "base/file.h"
#include "base/mem.h"
#include "probe/nameserver_reply.h"
#include "probe/resolvconf.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/uio.h>
#include <unistd.h>

/* A lost packet must not look like a dead server. */
enum { TRY_MS = 1500, TRIES = 3, TICK_MS = 500 };

enum { ASK_A = 1, ASK_AAAA = 2 };

/* One nameserver with a channel of its own: c-ares asks the next one by itself. */
struct server {
    struct nameservers *all;
    ares_channel channel;
    size_t index; /* in evidence->nameservers */
    int pending;  /* ASK_A | ASK_AAAA */
    int silent;   /* given up without an answer, the same */
    int error;    /* errno of its sockets, which c-ares does not tell */
    bool connected;
    bool broken;  /* something came that c-ares does not take for a reply */
    LIST_HEAD(, watch) watches;
};

/* One socket of a channel. */
struct watch {
    LIST_ENTRY(watch) link;
    struct server *server;
    uv_poll_t poll;
    ares_socket_t fd;
};

struct nameservers {
    uv_loop_t *loop;
    struct evidence *evidence;
    struct server servers[MAXNS];
    size_t count;
    int asks; /* ASK_A | ASK_AAAA: what libc asks for */
    enum resolvconf resolvconf;
    uv_timer_t timer; /* repeats what got lost */
    void (*done)(void *context);
    void *context;
};

static struct nameserver *answer_of(const struct server *server)
{
    return &server->all->evidence->nameservers[server->index];
}

static bool all_answered(const struct nameservers *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->servers[i].pending)
            return false;
    return true;
}

/* Of the ICMP messages that say "unreachable" only a firewall's end a connected UDP socket
 * (udp(7): others are passed over); without a route it is connect(2) that fails. */
static enum nameserver_status status_of_socket(const struct server *server)
{
    switch (server->error) {
    case 0:
    case ECONNREFUSED:
        return NAMESERVER_PORT_CLOSED;
    case EACCES:
    case EPERM:
        return NAMESERVER_PROHIBITED;
    case EHOSTUNREACH:
        return server->connected ? NAMESERVER_PROHIBITED : NAMESERVER_UNREACHABLE;
    default:
        return NAMESERVER_UNREACHABLE;
    }
}

/* Why c-ares ends a question without a reply. */
static enum nameserver_status status_without_reply(const struct server *server, int status)
{
    switch (status) {
    case ARES_ECONNREFUSED:
    case ARES_ECANCELLED:
        return status_of_socket(server);
    case ARES_ETIMEOUT:
    case ARES_EDESTRUCTION:
        return NAMESERVER_SILENT;
    case ARES_EBADRESP:
        return NAMESERVER_GARBAGE;
    default: /* it did not ask: the name is none that DNS has room for */
        return NAMESERVER_SKIPPED;
    }
}

static void take_answer(struct server *server, int asked, enum nameserver_status said)
{
    struct nameserver *answer = answer_of(server);

    server->pending &= ~asked;
    if (said > answer->status)
        answer->status = said;
    if (said == NAMESERVER_SILENT)
        server->silent |= server->broken ? 0 : asked;
    else
        answer->ended = clock_now_us();
    answer->a_silent = server->silent == ASK_A && !server->pending;
    answer->aaaa_silent = server->silent == ASK_AAAA && !server->pending;
}

static void notify(struct nameservers *all)
{
    if (all->done && all_answered(all))
        all->done(all->context);
}

static void on_a(void *context, int status, int timeouts, unsigned char *reply, int len)
{
    (void)timeouts;
    take_answer(context, ASK_A,
                reply ? nameserver_read_reply(ns_t_a, reply, (size_t)len)
                      : status_without_reply(context, status));
}

static void on_aaaa(void *context, int status, int timeouts, unsigned char *reply, int len)
{
    (void)timeouts;
    take_answer(context, ASK_AAAA,
                reply ? nameserver_read_reply(ns_t_aaaa, reply, (size_t)len)
                      : status_without_reply(context, status));
}

/* An error of its socket ends it, as with libc: c-ares would ask on, and the second of
 * two questions takes the error that the first one waits for. */
static void process(struct server *server, ares_socket_t readable, ares_socket_t writable)
{
    ares_process_fd(server->channel, readable, writable);
    if (server->error)
        ares_cancel(server->channel);
}

static void free_handle(uv_handle_t *handle)
{
    free(handle->data);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;
    struct server *server = watch->server;
    ares_socket_t fd = watch->fd;

    /* An error waits on the socket, to be read by c-ares. */
    bool readable = status < 0 || events & UV_READABLE;
    process(server, readable ? fd : ARES_SOCKET_BAD,
            events & UV_WRITABLE ? fd : ARES_SOCKET_BAD);
    notify(server->all);
}

static struct watch *find_watch(const struct server *server, ares_socket_t fd)
{
    struct watch *watch;

    LIST_FOREACH(watch, &server->watches, link)
        if (watch->fd == fd)
            return watch;
    return NULL;
}

static struct watch *add_watch(struct server *server, ares_socket_t fd)
{
    struct watch *watch = mem_zalloc(sizeof *watch);

    if (uv_poll_init(server->all->loop, &watch->poll, fd) != 0) {
        free(watch);
        return NULL;
    }
    watch->server = server;
    watch->fd = fd;
    watch->poll.data = watch;
    LIST_INSERT_HEAD(&server->watches, watch, link);
    return watch;
}

/* c-ares wants to know when fd can be read or written, or, with neither, no more. */
static void on_socket_state(void *context, ares_socket_t fd, int readable, int writable)
{
    struct server *server = context;
    struct watch *watch = find_watch(server, fd);

    if (readable || writable) {
        if (watch || (watch = add_watch(server, fd)))
            uv_poll_start(&watch->poll,
                          (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0), on_ready);
    } else if (watch) {
        LIST_REMOVE(watch, link);
        uv_close((uv_handle_t *)&watch->poll, free_handle);
    }
}

/* The socket functions are those of c-ares itself, but keep the errno. */
static ares_socket_t open_socket(int family, int type, int protocol, void *context)
{
    (void)context;
    return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

static int close_socket(ares_socket_t fd, void *context)
{
    (void)context;
    return close(fd);
}

static ssize_t keep_error(struct server *server, ssize_t result)
{
    if (result < 0 && errno != EAGAIN && errno != EINPROGRESS)
        server->error = errno;
    return result;
}

static int connect_socket(ares_socket_t fd, const struct sockaddr *to, ares_socklen_t length,
                          void *context)
{
    struct server *server = context;
    int result = (int)keep_error(server, connect(fd, to, length));

    server->connected = result == 0;
    return result;
}

/* An answer, if none that says anything: c-ares, and libc, wait on. */
static void note_broken(struct server *server)
{
    struct nameserver *answer = answer_of(server);

    server->broken = true;
    if (answer->status < NAMESERVER_GARBAGE)
        answer->status = NAMESERVER_GARBAGE;
    answer->ended = clock_now_us();
}

static ares_ssize_t receive(ares_socket_t fd, void *bytes, size_t n, int flags,
                            struct sockaddr *from, ares_socklen_t *length, void *context)
{
    ssize_t got = keep_error(context, recvfrom(fd, bytes, n, flags, from, length));

    if (got >= 0 && got < NS_HFIXEDSZ)
        note_broken(context);
    return got;
}

static ares_ssize_t transmit(ares_socket_t fd, const struct iovec *parts, int count, void *context)
{
    return keep_error(context, writev(fd, parts, count));
}

static bool open_channel(struct server *server)
{
    static const struct ares_socket_functions functions = {open_socket, close_socket,
                                                           connect_socket, receive, transmit};
    struct ares_options options = {.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_STAYOPEN,
                                   .timeout = TRY_MS,
                                   .tries = TRIES,
                                   .lookups = (char *)"b",
                                   .sock_state_cb = on_socket_state,
                                   .sock_state_cb_data = server};
    const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
                     ARES_OPT_SOCK_STATE_CB;

    if (ares_init_options(&server->channel, &options, mask) != ARES_SUCCESS)
        return false;
    ares_set_socket_functions(server->channel, &functions, server);
    return true;
}

static bool set_server(const struct server *server, const struct sockaddr *address)
{
    struct ares_addr_port_node node = {.family = address->sa_family};

    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
        memcpy(&node.addr.addr6, &in6->sin6_addr, sizeof node.addr.addr6);
        node.udp_port = node.tcp_port = ntohs(in6->sin6_port);
    } else {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        node.addr.addr4 = in->sin_addr;
        node.udp_port = node.tcp_port = ntohs(in->sin_port);
    }
    return ares_set_servers_ports(server->channel, &node) == ARES_SUCCESS;
}

static bool has_zone(const struct sockaddr *address)
{
    return address->sa_family == AF_INET6 &&
           ((const struct sockaddr_in6 *)address)->sin6_scope_id != 0;
}

/* Where resolv.conf names none, libc's list has one all the same: this host. */
static enum resolvconf read_resolvconf(void)
{
    char *text;
    size_t len;

    if (!file_read(_PATH_RESCONF, &text, &len, NULL))
        return RESOLVCONF_NAMES_NONE;
    enum resolvconf read = resolvconf_read(text);
    free(text);
    return read;
}

static void ask(struct nameservers *all, const struct sockaddr *address, const char *name)
{
    struct evidence *evidence = all->evidence;
    struct server *server = &all->servers[all->count];

    evidence->nameservers = mem_grow(evidence->nameservers, evidence->nnameservers,
                                     sizeof *evidence->nameservers);
    struct nameserver *answer = &evidence->nameservers[evidence->nnameservers];
    *answer = (struct nameserver){.status = NAMESERVER_SKIPPED, .assumed = all->resolvconf != RESOLVCONF_NAMES,
                                  .misnamed = all->resolvconf == RESOLVCONF_NO_ADDRESS,
                                  .started = clock_now_us()};
    getnameinfo(address, address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                        : sizeof(struct sockaddr_in),
                answer->address, sizeof answer->address, NULL, 0, NI_NUMERICHOST);
    *server = (struct server){.all = all, .index = evidence->nnameservers++};
    if (has_zone(address) || !open_channel(server))
        return;
    all->count++;
    if (!set_server(server, address))
        return;
    answer->status = NAMESERVER_SILENT;
    server->pending = all->asks;
    ares_query(server->channel, name, ns_c_in, ns_t_a, on_a, server);
    if (all->asks & ASK_AAAA)
        ares_query(server->channel, name, ns_c_in, ns_t_aaaa, on_aaaa, server);
}

/* As libc completes a name: one with fewer dots than ndots gets a search domain. */
static char *complete(const char *host, const struct __res_state *state)
{
    unsigned dots = 0;

    for (const char *p = host; *p; p++)
        dots += *p == '.';
    if (dots >= state->ndots || !state->dnsrch[0] || !*state->dnsrch[0])
        return mem_strdup(host);
    return mem_printf("%s.%s", host, state->dnsrch[0]);
}

static void ask_all(struct nameservers *all, const char *host)
{
    struct __res_state state = {0};

    if (res_ninit(&state) != 0)
        return;
    all->asks = state.options & RES_NOAAAA ? ASK_A : ASK_A | ASK_AAAA;
    all->resolvconf = read_resolvconf();
    char *name = complete(host, &state);
    for (int i = 0; i < state.nscount && i < MAXNS; i++) {
        const struct sockaddr_in6 *in6 = state._u._ext.nsaddrs[i];
        const struct sockaddr *address = state.nsaddr_list[i].sin_family || !in6
                                             ? (const struct sockaddr *)&state.nsaddr_list[i]
                                             : (const struct sockaddr *)in6;
        ask(all, address, name);
    }
    free(name);
    res_nclose(&state);
}

static void on_tick(uv_timer_t *timer)
{
    struct nameservers *all = timer->data;

    for (size_t i = 0; i < all->count; i++)
        process(&all->servers[i], ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    notify(all);
}

static bool is_literal(const char *host)
{
    struct in6_addr address;

    return strchr(host, ':') || inet_pton(AF_INET, host, &address) == 1;
}

struct nameservers *nameservers_ask(uv_loop_t *loop, const char *host, struct evidence *evidence,
                                    void (*done)(void *context), void *context)
{
    if (is_literal(host))
        return NULL;
    struct nameservers *all = mem_zalloc(sizeof *all);
    all->loop = loop;
    all->evidence = evidence;
    all->done = done;
    all->context = context;
    uv_timer_init(loop, &all->timer);
    all->timer.data = all;
    uv_timer_start(&all->timer, on_tick, TRY_MS, TICK_MS);
    ask_all(all, host);
    if (!all_answered(all))
        return all;
    nameservers_stop(all);
    return NULL;
}

/* What arrived while the loop was elsewhere counts: libc's answer came by the same
 * way, and later. */
static void take_arrived(struct server *server)
{
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    int mask = ares_getsock(server->channel, sockets, ARES_GETSOCK_MAXNUM);

    for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++)
        if (ARES_GETSOCK_READABLE(mask, i))
            process(server, sockets[i], ARES_SOCKET_BAD);
}

static void free_all(uv_handle_t *timer)
{
    free(timer->data);
}

void nameservers_stop(struct nameservers *all)
{
    if (!all)
        return;
    all->done = NULL;
    for (size_t i = 0; i < all->count; i++) {
        take_arrived(&all->servers[i]);
        answer_of(&all->servers[i])->until = clock_now_us();
        ares_destroy(all->servers[i].channel);
    }
    uv_close((uv_handle_t *)&all->timer, free_all);
}
