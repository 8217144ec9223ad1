#include "probe/tcp.h"

#include "base/mem.h"
#include "probe/dial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

/* What a server may have sent by the time its connection is closed. */
enum { DRAIN_LIMIT_BYTES = 64 * 1024 };

/* An open attempt. */
struct connection {
    LIST_ENTRY(connection) link;
    struct tcp_probe *probe;
    uv_poll_t poll;
    int fd;
    size_t index; /* in the dial and in evidence->attempts */
};

/* Each callback of the loop ends with notify(), after which the probe is not
 * touched: the observer may cancel it. */
struct tcp_probe {
    uv_loop_t *loop;
    uv_timer_t timer;
    struct tcp_observer observer;
    struct evidence *evidence;
    struct lookup *lookup; /* while it is pending */
    struct dial *dial;     /* from then on */
    LIST_HEAD(, connection) connections;
    uint16_t port;
    bool last_look; /* the deadline passed; judged when the timer fires again */
};

static void notify(struct tcp_probe *probe)
{
    const struct tcp_observer *observer = &probe->observer;

    if (probe->evidence->ended)
        observer->done(observer->context);
    else
        observer->changed(observer->context);
}

static void begin_phase(struct evidence *evidence, enum phase_kind kind)
{
    evidence->phases = mem_grow(evidence->phases, evidence->nphases, sizeof *evidence->phases);
    evidence->phases[evidence->nphases++] = (struct phase){
        .kind = kind,
        .status = STEP_RUNNING,
        .started = clock_now_us(),
    };
}

/* Phases follow each other: the last one is the one that runs. */
static struct phase *last_phase(struct evidence *evidence)
{
    return &evidence->phases[evidence->nphases - 1];
}

static void end_phase(struct evidence *evidence, enum step_status status)
{
    struct phase *phase = last_phase(evidence);

    phase->status = status;
    phase->ended = clock_now_us();
}

static void add_attempt(struct tcp_probe *probe, const struct dial_address *to)
{
    struct evidence *evidence = probe->evidence;

    evidence->attempts =
        mem_grow(evidence->attempts, evidence->nattempts, sizeof *evidence->attempts);
    struct attempt *attempt = &evidence->attempts[evidence->nattempts++];
    *attempt = (struct attempt){
        .port = probe->port,
        .status = STEP_RUNNING,
        .started = clock_now_us(),
    };
    getnameinfo((const struct sockaddr *)&to->address, to->length, attempt->address,
                sizeof attempt->address, NULL, 0, NI_NUMERICHOST);
}

static void end_attempt(struct tcp_probe *probe, size_t index, int error)
{
    struct attempt *attempt = &probe->evidence->attempts[index];

    attempt->status = error ? STEP_FAILED : STEP_OK;
    attempt->error = error;
    attempt->ended = clock_now_us();
    dial_ended(probe->dial, index, error);
}

static char *attempt_target(const struct attempt *attempt)
{
    bool ipv6 = strchr(attempt->address, ':');
    return mem_printf("%s%s%s:%u", ipv6 ? "[" : "", attempt->address, ipv6 ? "]" : "",
                      attempt->port);
}

static void free_connection(uv_handle_t *poll)
{
    free(poll->data);
}

static void close_connection(struct connection *connection)
{
    LIST_REMOVE(connection, link);
    uv_close((uv_handle_t *)&connection->poll, free_connection);
    close(connection->fd);
}

static void close_connections(struct tcp_probe *probe, enum step_status status)
{
    struct connection *connection;

    while ((connection = LIST_FIRST(&probe->connections))) {
        struct attempt *attempt = &probe->evidence->attempts[connection->index];
        attempt->status = status;
        attempt->ended = clock_now_us();
        close_connection(connection);
    }
}

static void free_probe(uv_handle_t *timer)
{
    free(timer->data);
}

/* Ends the running phase, and with it the probe. */
static void finish(struct tcp_probe *probe, enum step_status status, enum failure_kind failure)
{
    struct evidence *evidence = probe->evidence;

    close_connections(probe, status == STEP_TIMEOUT ? STEP_TIMEOUT : STEP_CANCELLED);
    end_phase(evidence, status);
    evidence->failure = failure;
    evidence->failed_phase = last_phase(evidence)->kind;
    evidence->ended = last_phase(evidence)->ended;
    if (probe->lookup)
        lookup_abandon(probe->lookup);
    dial_free(probe->dial);
    uv_close((uv_handle_t *)&probe->timer, free_probe);
}

static void finish_connected(struct tcp_probe *probe, size_t index)
{
    struct evidence *evidence = probe->evidence;

    last_phase(evidence)->detail = attempt_target(&evidence->attempts[index]);
    finish(probe, STEP_OK, FAILURE_NONE);
}

static void finish_unconnected(struct tcp_probe *probe)
{
    struct evidence *evidence = probe->evidence;
    const struct attempt *decisive = &evidence->attempts[dial_decisive(probe->dial)];

    last_phase(evidence)->detail = attempt_target(decisive);
    evidence->error = decisive->error;
    finish(probe, STEP_FAILED, failure_of_errno(decisive->error));
}

/* A socket that connects to its own port (the target is a closed port of this
 * host out of which the kernel chose the source, RFC 9293 section 3.5) proves
 * that nobody listens there. */
static bool is_self_connected(const struct sockaddr_storage *local,
                              const struct sockaddr_storage *peer, socklen_t length)
{
    return memcmp(local, peer, length) == 0;
}

/* 0 if the socket is connected, else why not. */
static int connect_result(int fd)
{
    struct sockaddr_storage local, peer;
    socklen_t local_length = sizeof local, peer_length = sizeof peer;
    int error;
    socklen_t error_length = sizeof error;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_length) < 0)
        return errno;
    if (error)
        return error;
    if (getpeername(fd, (struct sockaddr *)&peer, &peer_length) < 0 ||
        getsockname(fd, (struct sockaddr *)&local, &local_length) < 0)
        return errno;
    return is_self_connected(&local, &peer, local_length) ? ECONNREFUSED : 0;
}

/* Closing with bytes unread would send a reset, which servers log as an error:
 * say the end first and read what is there. */
static void part_politely(int fd)
{
    char bytes[4096];
    size_t total = 0;
    ssize_t n;

    shutdown(fd, SHUT_WR);
    while (total < DRAIN_LIMIT_BYTES && (n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        total += (size_t)n;
}

static void step(struct tcp_probe *probe);

/* The status is of no use: libuv says UV_EBADF for any error of the socket. */
static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct connection *connection = poll->data;
    struct tcp_probe *probe = connection->probe;
    size_t index = connection->index;
    int error = connect_result(connection->fd);

    (void)status;
    (void)events;
    if (!error)
        part_politely(connection->fd);
    close_connection(connection);
    end_attempt(probe, index, error);
    step(probe);
    notify(probe);
}

/* Returns 0 or an errno; takes the descriptor only when it succeeds. */
static int watch(struct tcp_probe *probe, size_t index, int fd)
{
    struct connection *connection = mem_zalloc(sizeof *connection);
    int error = uv_poll_init(probe->loop, &connection->poll, fd);

    if (error) {
        free(connection);
        return -error;
    }
    connection->probe = probe;
    connection->fd = fd;
    connection->index = index;
    connection->poll.data = connection;
    LIST_INSERT_HEAD(&probe->connections, connection, link);
    uv_poll_start(&connection->poll, UV_WRITABLE, on_ready);
    return 0;
}

static int connect_start(const struct dial_address *to, int *fd)
{
    *fd = socket(to->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return errno;
    if (connect(*fd, (const struct sockaddr *)&to->address, to->length) < 0 &&
        errno != EINPROGRESS)
        return errno;
    return 0;
}

static void start_attempt(struct tcp_probe *probe, size_t index)
{
    const struct dial_address *to = dial_address(probe->dial, index);
    int fd;

    add_attempt(probe, to);
    int error = connect_start(to, &fd);
    if (!error)
        error = watch(probe, index, fd);
    if (error) {
        if (fd >= 0)
            close(fd);
        end_attempt(probe, index, error);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct tcp_probe *probe = timer->data;

    if (probe->last_look)
        finish(probe, STEP_TIMEOUT, FAILURE_TIMEOUT);
    else
        step(probe);
    notify(probe);
}

/* libuv counts from its own idea of now, which may be old: a timer that fires
 * early is armed again by step(). */
static void wait_until(struct tcp_probe *probe, clock_us until)
{
    clock_us left = until - clock_now_us();
    uint64_t ms = left > 0 ? (uint64_t)(left + CLOCK_MS - 1) / CLOCK_MS : 0;
    uv_timer_start(&probe->timer, on_timer, ms, 0);
}

/* libuv runs timers before it polls. After a process was stopped the answer
 * may be there already: judge when the loop has polled once more. */
static void look_once_more(struct tcp_probe *probe)
{
    if (probe->last_look)
        return;
    probe->last_look = true;
    uv_timer_start(&probe->timer, on_timer, 1, 0);
}

static void step_lookup(struct tcp_probe *probe)
{
    clock_us deadline = probe->evidence->deadline;

    if (clock_now_us() < deadline)
        wait_until(probe, deadline);
    else
        look_once_more(probe);
}

static void step_dial(struct tcp_probe *probe)
{
    enum dial_step next;
    size_t index;
    clock_us until;

    while ((next = dial_next(probe->dial, clock_now_us(), &index, &until)) == DIAL_START)
        start_attempt(probe, index);
    if (next == DIAL_WAIT)
        wait_until(probe, until);
    else if (next == DIAL_WON)
        finish_connected(probe, index);
    else if (next == DIAL_FAILED)
        finish_unconnected(probe);
    else
        look_once_more(probe);
}

/* Goes on with whatever is possible now. */
static void step(struct tcp_probe *probe)
{
    if (probe->lookup)
        step_lookup(probe);
    else
        step_dial(probe);
}

static void start_dial(struct tcp_probe *probe, const struct addrinfo *list)
{
    probe->dial = dial_new(list, probe->evidence->deadline);
    size_t count = dial_count(probe->dial);
    last_phase(probe->evidence)->detail =
        mem_printf("%zu address%s", count, count == 1 ? "" : "es");
    end_phase(probe->evidence, STEP_OK);
    begin_phase(probe->evidence, PHASE_CONNECT);
    step(probe);
}

static void on_lookup(void *context, int error, struct addrinfo *list)
{
    struct tcp_probe *probe = context;

    probe->lookup = NULL;
    probe->evidence->lookup_error = error;
    if (error)
        finish(probe, STEP_FAILED, failure_of_lookup(error));
    else if (clock_now_us() >= probe->evidence->deadline)
        finish(probe, STEP_TIMEOUT, FAILURE_TIMEOUT);
    else
        start_dial(probe, list);
    if (list)
        freeaddrinfo(list);
    notify(probe);
}

struct tcp_probe *tcp_probe_start(uv_loop_t *loop, struct resolver *resolver, const char *host,
                                  uint16_t port, clock_us budget_us, struct evidence *evidence,
                                  const struct tcp_observer *observer)
{
    struct tcp_probe *probe = mem_zalloc(sizeof *probe);

    probe->loop = loop;
    probe->observer = *observer;
    probe->evidence = evidence;
    probe->port = port;
    uv_timer_init(loop, &probe->timer);
    probe->timer.data = probe;
    evidence->started = clock_now_us();
    evidence->deadline = evidence->started + budget_us;
    begin_phase(evidence, PHASE_LOOKUP);
    probe->lookup = resolver_lookup(resolver, host, port, on_lookup, probe);
    step(probe);
    return probe;
}

void tcp_probe_cancel(struct tcp_probe *probe)
{
    finish(probe, STEP_CANCELLED, FAILURE_CANCELLED);
    notify(probe);
}
