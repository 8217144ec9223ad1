#include "run/demo.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SILENT, FILLER, REFUSING, ACCEPTING, SOCKETS };

struct demo {
    int sockets[SOCKETS];
    uv_poll_t accepting;
};

static struct sockaddr_in loopback_address(void)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A socket on a free loopback port; *address gets the port. -1 with errno. */
static int bind_loopback(struct sockaddr_in *address)
{
    socklen_t length = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    *address = loopback_address();
    if (fd < 0 || bind(fd, (struct sockaddr *)address, length) < 0 ||
        getsockname(fd, (struct sockaddr *)address, &length) < 0) {
        int saved = errno;
        if (fd >= 0)
            close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

/* With a backlog of 0 Linux queues one connection; ours takes that place, and
 * every later SYN is dropped: silence, as behind a firewall that drops. */
static bool open_silent(struct demo *demo, struct sockaddr_in *address)
{
    demo->sockets[SILENT] = bind_loopback(address);
    if (demo->sockets[SILENT] < 0 || listen(demo->sockets[SILENT], 0) < 0)
        return false;
    demo->sockets[FILLER] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return demo->sockets[FILLER] >= 0 &&
           connect(demo->sockets[FILLER], (struct sockaddr *)address, sizeof *address) == 0;
}

static bool open_refusing(struct demo *demo, struct sockaddr_in *address)
{
    demo->sockets[REFUSING] = bind_loopback(address);
    return demo->sockets[REFUSING] >= 0;
}

static void on_connection(uv_poll_t *handle, int status, int events)
{
    const struct demo *demo = handle->data;
    int fd;

    (void)status;
    (void)events;
    while ((fd = accept4(demo->sockets[ACCEPTING], NULL, NULL, SOCK_CLOEXEC)) >= 0)
        close(fd);
}

static bool open_accepting(struct demo *demo, uv_loop_t *loop, struct sockaddr_in *address)
{
    int fd = demo->sockets[ACCEPTING] = bind_loopback(address);

    if (fd < 0 || listen(fd, 64) < 0)
        return false;
    if (uv_poll_init(loop, &demo->accepting, fd) != 0)
        return false;
    demo->accepting.data = demo;
    uv_poll_start(&demo->accepting, UV_READABLE, on_connection);
    uv_unref((uv_handle_t *)&demo->accepting);
    return true;
}

/* Takes the value over. */
static void put(struct layer *layer, const char *key, char *value)
{
    layer_put(layer, key, value, 0);
    free(value);
}

static void close_sockets(const struct demo *demo)
{
    for (size_t i = 0; i < SOCKETS; i++)
        if (demo->sockets[i] >= 0)
            close(demo->sockets[i]);
}

struct demo *demo_start(uv_loop_t *loop, struct settings *settings, struct error *err)
{
    struct sockaddr_in silent, refusing, accepting;
    struct demo *demo = mem_zalloc(sizeof *demo);

    for (size_t i = 0; i < SOCKETS; i++)
        demo->sockets[i] = -1;
    if (!open_silent(demo, &silent) || !open_refusing(demo, &refusing) ||
        !open_accepting(demo, loop, &accepting)) {
        error_set(err, "the demo needs loopback sockets: %s", strerror(errno));
        close_sockets(demo);
        free(demo);
        return NULL;
    }
    struct layer *layer = settings_add_layer(settings, "demo", NULL);
    layer_put(layer, "Smtp:Host", "127.0.0.1", 0);
    put(layer, "Smtp:Port", mem_printf("%u", ntohs(silent.sin_port)));
    put(layer, "Slack:WebhookUrl",
        mem_printf("https://127.0.0.1:%u/services/demo", ntohs(refusing.sin_port)));
    put(layer, "Teams:WebhookUrl",
        mem_printf("http://127.0.0.1:%u/webhook/demo", ntohs(accepting.sin_port)));
    return demo;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void demo_stop(struct demo *demo)
{
    if (!demo)
        return;
    uv_close((uv_handle_t *)&demo->accepting, on_closed);
    close_sockets(demo);
}
