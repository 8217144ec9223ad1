#include "probe/deep_dialogue.h"

#include "base/mem.h"
#include "probe/connect.h"
#include "probe/evidence.h"
#include "probe/smtp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Each callback of the loop ends with go_on(), after which the dialogue is not
 * touched: it may be over. */
struct dialogue {
    uv_loop_t *loop;
    uv_poll_t poll;
    uv_timer_t timer;
    int open_handles; /* that libuv has to close before the memory may go */
    int fd;           /* -1: none, or closed */
    int error;        /* errno for which it could not begin, or 0 */
    clock_us started, deadline;
    struct smtp *smtp; /* once connected */
    struct findings *findings;
    void (*done)(void *context);
    void *context;
};

static void on_closed(uv_handle_t *handle)
{
    struct dialogue *dialogue = handle->data;

    if (--dialogue->open_handles == 0)
        free(dialogue);
}

static void release(struct dialogue *dialogue)
{
    if (dialogue->open_handles == 2)
        uv_close((uv_handle_t *)&dialogue->poll, on_closed);
    uv_close((uv_handle_t *)&dialogue->timer, on_closed);
    if (dialogue->smtp)
        connect_part(dialogue->fd);
    else if (dialogue->fd >= 0)
        close(dialogue->fd);
    smtp_free(dialogue->smtp);
}

static void finish(struct dialogue *dialogue)
{
    void (*done)(void *) = dialogue->done;
    void *context = dialogue->context;

    release(dialogue);
    done(context);
}

/* The verdict was that it can be connected to: that this one fails is news. */
static void finish_unconnected(struct dialogue *dialogue, int error)
{
    double seconds = (double)(clock_now_us() - dialogue->started) / CLOCK_SECOND;

    if (error)
        findings_add(dialogue->findings, FINDING_CONNECTION_LOST,
                     "a second connection failed after %.2f s: %s", seconds, errno_name(error));
    else
        findings_add(dialogue->findings, FINDING_CONNECTION_LOST,
                     "a second connection was not answered in %.2f s", seconds);
    finish(dialogue);
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" */
static void own_literal(int fd, char *text, size_t size)
{
    struct sockaddr_storage own = {0};
    socklen_t length = sizeof own;
    char address[INET6_ADDRSTRLEN] = "127.0.0.1";
    bool v6 = getsockname(fd, (struct sockaddr *)&own, &length) == 0 && own.ss_family == AF_INET6;

    if (v6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&own)->sin6_addr, address, sizeof address);
    else if (own.ss_family == AF_INET)
        inet_ntop(AF_INET, &((struct sockaddr_in *)&own)->sin_addr, address, sizeof address);
    snprintf(text, size, "[%s%s]", v6 ? "IPv6:" : "", address);
}

static void begin_talk(struct dialogue *dialogue)
{
    char literal[INET6_ADDRSTRLEN + sizeof "[IPv6:]"];

    own_literal(dialogue->fd, literal, sizeof literal);
    dialogue->smtp = smtp_new(literal, false, clock_now_us(), dialogue->deadline,
                              dialogue->findings);
}

/* The machine ends by itself where a server sends without end. */
static void receive_all(struct dialogue *dialogue)
{
    char bytes[4096];
    ssize_t n = 1;

    while (n > 0 && smtp_waits_for(dialogue->smtp) != SMTP_ENDED) {
        n = recv(dialogue->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n > 0)
            smtp_receive(dialogue->smtp, bytes, (size_t)n, clock_now_us());
    }
    if (smtp_waits_for(dialogue->smtp) == SMTP_ENDED)
        return;
    if (n == 0)
        smtp_closed(dialogue->smtp, 0, clock_now_us());
    else if (errno != EAGAIN && errno != EINTR)
        smtp_closed(dialogue->smtp, errno, clock_now_us());
}

/* Of a connection that broke, what was received tells more: an error here is left
 * to the next recv(2). */
static void send_all(struct dialogue *dialogue)
{
    const char *bytes;
    size_t n;
    ssize_t sent;

    while ((bytes = smtp_output(dialogue->smtp, &n), n > 0) &&
           (sent = send(dialogue->fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL)) > 0)
        smtp_sent(dialogue->smtp, (size_t)sent);
}

static void on_ready(uv_poll_t *poll, int status, int events);
static void on_timer(uv_timer_t *timer);

/* libuv counts from its own idea of now, which may be old: a timer that fires
 * early is armed again. */
static void await(struct dialogue *dialogue)
{
    clock_us until = dialogue->smtp ? smtp_deadline(dialogue->smtp) : dialogue->deadline;
    clock_us left = until - clock_now_us();
    bool writing = true;

    if (dialogue->smtp) {
        size_t unsent;
        smtp_output(dialogue->smtp, &unsent);
        writing = unsent > 0;
    }
    uv_poll_start(&dialogue->poll, UV_READABLE | (writing ? UV_WRITABLE : 0), on_ready);
    uv_timer_start(&dialogue->timer, on_timer,
                   left > 0 ? (uint64_t)(left + CLOCK_MS - 1) / CLOCK_MS : 0, 0);
}

static void go_on(struct dialogue *dialogue)
{
    send_all(dialogue);
    enum smtp_wait now = smtp_waits_for(dialogue->smtp);

    if (now == SMTP_ENDED || now == SMTP_WAIT_TLS)
        finish(dialogue);
    else
        await(dialogue);
}

static void on_connected(struct dialogue *dialogue)
{
    struct icmp_answer icmp;
    int error = connect_result(dialogue->fd, &icmp);

    /* A reset that answers a SYN is a refusal: this one came after the connection. */
    if (error && error != ECONNRESET) {
        finish_unconnected(dialogue, error);
        return;
    }
    begin_talk(dialogue);
    if (error)
        smtp_closed(dialogue->smtp, error, clock_now_us());
    go_on(dialogue);
}

/* The status is of no use: libuv says UV_EBADF for any error of the socket. */
static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct dialogue *dialogue = poll->data;

    (void)status;
    (void)events;
    if (!dialogue->smtp) {
        on_connected(dialogue);
        return;
    }
    receive_all(dialogue);
    go_on(dialogue);
}

/* libuv runs timers before it polls: after a process was stopped the answer may be
 * there already, so look before judging. */
static void on_timer(uv_timer_t *timer)
{
    struct dialogue *dialogue = timer->data;

    if (dialogue->error || (!dialogue->smtp && clock_now_us() >= dialogue->deadline)) {
        finish_unconnected(dialogue, dialogue->error);
    } else if (!dialogue->smtp) {
        await(dialogue);
    } else {
        receive_all(dialogue);
        smtp_expire(dialogue->smtp, clock_now_us());
        go_on(dialogue);
    }
}

static int connect_and_watch(struct dialogue *dialogue, const struct dial_address *to)
{
    int error = connect_begin(to, &dialogue->fd);

    if (!error)
        error = -uv_poll_init(dialogue->loop, &dialogue->poll, dialogue->fd);
    if (error)
        return error;
    dialogue->poll.data = dialogue;
    dialogue->open_handles++;
    return 0;
}

struct dialogue *dialogue_start(uv_loop_t *loop, const struct dial_address *to,
                                clock_us deadline, struct findings *findings,
                                void (*done)(void *context), void *context)
{
    struct dialogue *dialogue = mem_zalloc(sizeof *dialogue);

    dialogue->loop = loop;
    dialogue->started = clock_now_us();
    dialogue->deadline = deadline;
    dialogue->findings = findings;
    dialogue->done = done;
    dialogue->context = context;
    uv_timer_init(loop, &dialogue->timer);
    dialogue->timer.data = dialogue;
    dialogue->open_handles = 1;
    dialogue->error = connect_and_watch(dialogue, to);
    if (dialogue->error)
        uv_timer_start(&dialogue->timer, on_timer, 0, 0);
    else
        await(dialogue);
    return dialogue;
}

void dialogue_stop(struct dialogue *dialogue)
{
    if (dialogue)
        release(dialogue);
}
