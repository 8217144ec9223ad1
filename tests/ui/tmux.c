#include "tests/ui/tmux.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "tests/ui/pty.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Output wakes a wait; the end of the program does not, so look now and then. */
enum { LOOK_MS = 15 };

struct tmux {
    pid_t pid; /* the client */
    int fd;    /* its standard input and output */
    char directory[sizeof "/tmp/stella-tmux-XXXXXX"];
    struct buf received; /* not yet a whole line */
    struct buf reply;    /* to the last command */
};

static clock_us deadline_in(int ms)
{
    return clock_now_us() + (clock_us)ms * CLOCK_MS;
}

/* Reads what the client wrote; false when nothing came until deadline. */
static bool receive(struct tmux *tmux, clock_us deadline)
{
    struct pollfd fd = {.fd = tmux->fd, .events = POLLIN};
    clock_us left = deadline - clock_now_us();
    char bytes[16384];

    if (poll(&fd, 1, left > 0 ? (int)((left + CLOCK_MS - 1) / CLOCK_MS) : 0) <= 0)
        return false;
    ssize_t n = recv(tmux->fd, bytes, sizeof bytes, 0);
    if (n <= 0)
        ck_abort_msg("tmux has ended: %s", tmux->received.len ? tmux->received.data : "no reason");
    buf_add(&tmux->received, bytes, (size_t)n);
    return true;
}

static void drop_received(struct tmux *tmux, size_t n)
{
    tmux->received.len -= n;
    memmove(tmux->received.data, tmux->received.data + n, tmux->received.len + 1);
}

/* Takes the next line, without its line feed; the caller frees it. */
static char *receive_line(struct tmux *tmux, clock_us deadline)
{
    size_t seen = 0;
    char *end = NULL;

    while (!end) {
        if (tmux->received.len > seen)
            end = memchr(tmux->received.data + seen, '\n', tmux->received.len - seen);
        seen = tmux->received.len;
        if (!end && !receive(tmux, deadline))
            ck_abort_msg("tmux does not answer");
    }
    size_t n = (size_t)(end - tmux->received.data);
    char *line = mem_strndup(tmux->received.data, n);
    drop_received(tmux, n + 1);
    return line;
}

/* Waits for anything to happen on the screen, and drops the news of it. */
static void await_news(struct tmux *tmux, clock_us deadline)
{
    clock_us look = deadline_in(LOOK_MS);

    receive(tmux, look < deadline ? look : deadline);
    const char *end = tmux->received.len ? strrchr(tmux->received.data, '\n') : NULL;
    if (end)
        drop_received(tmux, (size_t)(end + 1 - tmux->received.data));
}

/* The tag of a line such as "%begin 1795529140 272 1", whose last number is 1
 * for what this client asked; NULL for any other line. */
static const char *reply_tag(const char *line, const char *kind)
{
    size_t n = strlen(kind), len = strlen(line);
    bool ours = strncmp(line, kind, n) == 0 && len > n + 2 && strcmp(line + len - 2, " 1") == 0;
    return ours ? line + n : NULL;
}

/* Reads lines up to the start of the reply; its tag is freed by the caller. */
static char *reply_begin(struct tmux *tmux, clock_us deadline)
{
    char *tag = NULL;

    while (!tag) {
        char *line = receive_line(tmux, deadline);
        const char *found = reply_tag(line, "%begin ");
        tag = mem_strdup(found);
        free(line);
    }
    return tag;
}

static bool is_end(const char *line, const char *kind, const char *tag)
{
    const char *found = reply_tag(line, kind);
    return found && strcmp(found, tag) == 0;
}

/* Collects the reply; false if tmux calls it an error. */
static bool receive_reply(struct tmux *tmux)
{
    clock_us deadline = deadline_in(TMUX_TIMEOUT_MS);
    char *tag = reply_begin(tmux, deadline);
    bool ended = false, failed = false;

    buf_clear(&tmux->reply);
    buf_puts(&tmux->reply, "");
    while (!ended) {
        char *line = receive_line(tmux, deadline);
        failed = is_end(line, "%error ", tag);
        ended = failed || is_end(line, "%end ", tag);
        if (!ended) {
            buf_puts(&tmux->reply, line);
            buf_putc(&tmux->reply, '\n');
        }
        free(line);
    }
    free(tag);
    return !failed;
}

/* Sends a command line and returns its reply. */
__attribute__((format(printf, 2, 3)))
static const char *ask(struct tmux *tmux, const char *format, ...)
{
    struct buf command = {0};
    va_list args;

    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        ck_abort_msg("out of memory");
    va_end(args);
    buf_printf(&command, "%s\n", text);
    if (send(tmux->fd, command.data, command.len, MSG_NOSIGNAL) != (ssize_t)command.len)
        ck_abort_msg("tmux has ended: %s", strerror(errno));
    bool done = receive_reply(tmux);
    ck_assert_msg(done, "tmux: %s: %s", text, tmux->reply.data);
    buf_clear(&command);
    free(text);
    return tmux->reply.data;
}
