#include "probe/contrast.h"

#include "base/mem.h"
#include "probe/connect.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

struct pending {
    LIST_ENTRY(pending) link;
    struct contrast *contrast;
    uv_poll_t poll;
    int fd;
    size_t index; /* in evidence->contrasts */
};

struct contrast {
    uv_loop_t *loop;
    struct evidence *evidence;
    LIST_HEAD(, pending) pending;
    void (*done)(void *context);
    void *context;
};

static void free_pending(uv_handle_t *poll)
{
    free(poll->data);
}

static void end_attempt(struct attempt *attempt, enum step_status status, int error)
{
    attempt->status = status;
    attempt->error = error;
    attempt->ended = clock_now_us();
}

static void close_pending(struct pending *pending, bool connected)
{
    LIST_REMOVE(pending, link);
    uv_close((uv_handle_t *)&pending->poll, free_pending);
    if (connected)
        connect_part(pending->fd);
    else
        close(pending->fd);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct pending *pending = poll->data;
    struct contrast *contrast = pending->contrast;
    struct attempt *attempt = &contrast->evidence->contrasts[pending->index];
    int error = connect_result(pending->fd, &attempt->icmp);

    (void)status;
    (void)events;
    end_attempt(attempt, error ? STEP_FAILED : STEP_OK, error);
    close_pending(pending, error == 0);
    if (LIST_EMPTY(&contrast->pending) && contrast->done)
        contrast->done(contrast->context);
}

static int watch(struct contrast *contrast, size_t index, int fd)
{
    struct pending *pending = mem_zalloc(sizeof *pending);
    int error = uv_poll_init(contrast->loop, &pending->poll, fd);

    if (error) {
        free(pending);
        return -error;
    }
    pending->contrast = contrast;
    pending->fd = fd;
    pending->index = index;
    pending->poll.data = pending;
    LIST_INSERT_HEAD(&contrast->pending, pending, link);
    uv_poll_start(&pending->poll, UV_WRITABLE, on_ready);
    return 0;
}

static void start_one(struct contrast *contrast, const struct dial_address *to)
{
    struct evidence *evidence = contrast->evidence;
    size_t index = evidence->ncontrasts;
    int fd;

    evidence->contrasts = mem_grow(evidence->contrasts, index, sizeof *evidence->contrasts);
    evidence->ncontrasts++;
    connect_describe(to, &evidence->contrasts[index]);
    int error = connect_begin(to, &fd);
    if (!error)
        error = watch(contrast, index, fd);
    if (!error)
        return;
    if (fd >= 0)
        close(fd);
    end_attempt(&evidence->contrasts[index], STEP_FAILED, error);
}

static struct dial_address with_port(const struct dial_address *address, uint16_t port)
{
    struct dial_address to = *address;

    if (to.address.ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&to.address)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)&to.address)->sin_port = htons(port);
    return to;
}

struct contrast *contrast_start(uv_loop_t *loop, const struct dial_address *addresses,
                                size_t naddresses, const uint16_t *ports, size_t nports,
                                struct evidence *evidence, void (*done)(void *context),
                                void *context)
{
    struct contrast *contrast = mem_zalloc(sizeof *contrast);
    size_t count = 0;

    contrast->loop = loop;
    contrast->evidence = evidence;
    contrast->done = done;
    contrast->context = context;
    for (size_t i = 0; i < naddresses; i++)
        for (size_t j = 0; j < nports && count < CONTRAST_ATTEMPTS; j++, count++) {
            const struct dial_address to = with_port(&addresses[i], ports[j]);
            start_one(contrast, &to);
        }
    return contrast;
}

void contrast_stop(struct contrast *contrast)
{
    struct pending *pending;

    if (!contrast)
        return;
    while ((pending = LIST_FIRST(&contrast->pending))) {
        end_attempt(&contrast->evidence->contrasts[pending->index], STEP_TIMEOUT, 0);
        close_pending(pending, false);
    }
    free(contrast);
}
