#include "loopback.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int bind_port(struct sockaddr_in *address)
{
    socklen_t size = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *address = (struct sockaddr_in){.sin_family = AF_INET};
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)address, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)address, &size), 0);
    return fd;
}

static int listen_on(char **port, int backlog, struct sockaddr_in *address)
{
    int fd = bind_port(address);

    ck_assert_int_eq(listen(fd, backlog), 0);
    *port = mem_printf("%u", ntohs(address->sin_port));
    return fd;
}

int loopback_open(char **port)
{
    struct sockaddr_in address;

    return listen_on(port, 128, &address);
}

int loopback_refusing(char **port)
{
    struct sockaddr_in address;
    int fd = bind_port(&address);

    *port = mem_printf("%u", ntohs(address.sin_port));
    return fd;
}

int loopback_silent(char **port, int *filler)
{
    struct sockaddr_in address;
    int fd = listen_on(port, 0, &address);

    *filler = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(*filler, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

void loopback_close(int fd, char *port)
{
    close(fd);
    free(port);
}
