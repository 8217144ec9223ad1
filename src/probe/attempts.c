#include "probe/attempts.h"

#include "base/mem.h"
#include "probe/connect.h"

#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

/* An open attempt. */
struct connection {
    LIST_ENTRY(connection) link;
    struct attempts *attempts;
    uv_poll_t poll;
    int fd;
    size_t index; /* in the list */
    struct dial_address to;
};

struct attempts {
    uv_loop_t *loop;
    struct attempt_list list;
    LIST_HEAD(, connection) open;
    void (*ended)(void *context, size_t index);
    void *context;
};

struct attempts *attempts_new(uv_loop_t *loop, struct attempt_list list,
                              void (*ended)(void *context, size_t index), void *context)
{
    struct attempts *attempts = mem_zalloc(sizeof *attempts);

    attempts->loop = loop;
    attempts->list = list;
    attempts->ended = ended;
    attempts->context = context;
    return attempts;
}

static struct attempt *attempt_at(const struct attempts *attempts, size_t index)
{
    return &(*attempts->list.items)[index];
}

static void end(struct attempt *attempt, enum step_status status, int error,
                const struct dial_address *to)
{
    attempt->status = status;
    attempt->error = error;
    attempt->ended = clock_now_us();
    if (status != STEP_CANCELLED)
        attempt->route = route_to((const struct sockaddr *)&to->address);
}

static void free_connection(uv_handle_t *poll)
{
    free(poll->data);
}

static void close_connection(struct connection *connection, bool connected)
{
    LIST_REMOVE(connection, link);
    uv_close((uv_handle_t *)&connection->poll, free_connection);
    if (connected)
        connect_part(connection->fd);
    else
        close(connection->fd);
}

/* The status is of no use: libuv says UV_EBADF for any error of the socket. */
static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct connection *connection = poll->data;
    struct attempts *attempts = connection->attempts;
    size_t index = connection->index;
    struct attempt *attempt = attempt_at(attempts, index);
    int error = connect_result(connection->fd, &attempt->icmp);

    (void)status;
    (void)events;
    end(attempt, error ? STEP_FAILED : STEP_OK, error, &connection->to);
    close_connection(connection, error == 0);
    attempts->ended(attempts->context, index);
}

/* Returns 0 or an errno; takes the descriptor only when it succeeds. */
static int watch(struct attempts *attempts, size_t index, const struct dial_address *to, int fd)
{
    struct connection *connection = mem_zalloc(sizeof *connection);
    int error = uv_poll_init(attempts->loop, &connection->poll, fd);

    if (error) {
        free(connection);
        return -error;
    }
    connection->attempts = attempts;
    connection->fd = fd;
    connection->index = index;
    connection->to = *to;
    connection->poll.data = connection;
    LIST_INSERT_HEAD(&attempts->open, connection, link);
    uv_poll_start(&connection->poll, UV_WRITABLE, on_ready);
    return 0;
}

int attempts_start(struct attempts *attempts, const struct dial_address *to)
{
    const struct attempt_list *list = &attempts->list;
    size_t index = *list->count;
    int fd;

    *list->items = mem_grow(*list->items, index, sizeof **list->items);
    connect_describe(to, &(*list->items)[(*list->count)++]);
    int error = connect_begin(to, &fd);
    if (!error)
        error = watch(attempts, index, to, fd);
    if (!error)
        return 0;
    if (fd >= 0)
        close(fd);
    end(attempt_at(attempts, index), STEP_FAILED, error, to);
    return error;
}

bool attempts_are_over(const struct attempts *attempts)
{
    return LIST_EMPTY(&attempts->open);
}

void attempts_free(struct attempts *attempts, enum step_status status)
{
    struct connection *connection;

    if (!attempts)
        return;
    while ((connection = LIST_FIRST(&attempts->open))) {
        struct attempt *attempt = attempt_at(attempts, connection->index);
        attempt->dropped_here =
            status == STEP_TIMEOUT && connect_is_dropped_here(connection->fd);
        end(attempt, status, 0, &connection->to);
        close_connection(connection, false);
    }
    free(attempts);
}
