#include "tests/ui/tmux.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "tests/ui/pty.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
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
    pid_t pid;    /* the client */
    int fd;       /* its standard input and output */
    pid_t server;
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
    const char *end = NULL;
    if (tmux->received.len)
        end = memrchr(tmux->received.data, '\n', tmux->received.len);
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
    buf_puts(&tmux->reply, ""); /* never NULL */
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

static void send_text(struct tmux *tmux, const char *text)
{
    size_t n = strlen(text);
    if (send(tmux->fd, text, n, MSG_NOSIGNAL) != (ssize_t)n)
        ck_abort_msg("tmux has ended: %s", strerror(errno));
}

/* Sends a command line, printf-like, and returns its reply. */
static const char *ask(struct tmux *tmux, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static const char *ask(struct tmux *tmux, const char *format, ...)
{
    char *command = NULL;
    va_list args;

    va_start(args, format);
    int n = vasprintf(&command, format, args);
    va_end(args);
    ck_assert_int_ge(n, 0);
    send_text(tmux, command);
    send_text(tmux, "\n");
    bool done = receive_reply(tmux);
    ck_assert_msg(done, "tmux: %s: %s", command, tmux->reply.data);
    free(command);
    return tmux->reply.data;
}

/* The arguments of the client; the caller frees the array and what is in it. */
static char **client_arguments(const struct tmux *tmux, const struct tmux_options *options,
                               const char *command)
{
    char *line = mem_printf(
        "tmux -u -C -f /dev/null -S %s/socket start-server ; set -g status off"
        " ; set -s escape-time 0 ; set -g default-shell /bin/sh ; set -g default-terminal %s"
        " ; set -g remain-on-exit on ; set -g remain-on-exit-format  ; new-session -x %d -y %d",
        tmux->directory, options->term ? options->term : "tmux-256color", options->cols,
        options->rows);
    char **arguments = NULL;
    size_t count = 0;

    for (char *rest = line, *word; (word = strsep(&rest, " "));) {
        arguments = mem_grow(arguments, count, sizeof *arguments);
        arguments[count++] = mem_strdup(word);
    }
    for (const char *const *env = options->env; env && *env; env++) {
        arguments = mem_grow(arguments, count, sizeof *arguments);
        arguments[count++] = mem_printf("-e%s", *env);
    }
    arguments = mem_grow(arguments, count, sizeof *arguments);
    arguments[count++] = mem_strdup(command);
    arguments = mem_grow(arguments, count, sizeof *arguments);
    arguments[count] = NULL;
    free(line);
    return arguments;
}

static void free_arguments(char **arguments)
{
    for (char **argument = arguments; *argument; argument++)
        free(*argument);
    free(arguments);
}

static void run_client(int fd, char **arguments)
{
    dup2(fd, STDIN_FILENO);
    dup2(fd, STDOUT_FILENO);
    pty_set_environment(NULL);
    execvp(arguments[0], arguments);
    _exit(127);
}

/* The client reads its input while the server still works on its arguments: a question
 * that comes before there is a session has no current target. */
static void await_session(struct tmux *tmux)
{
    static const char news[] = "%session-changed ";
    clock_us deadline = deadline_in(TMUX_TIMEOUT_MS);
    bool there = false;

    while (!there) {
        char *line = receive_line(tmux, deadline);
        there = strncmp(line, news, sizeof news - 1) == 0;
        free(line);
    }
}

/* From here on nothing is left behind: the server ends with its client. */
static void settle(struct tmux *tmux)
{
    char *socket_path = mem_printf("%s/socket", tmux->directory);

    await_session(tmux);
    ask(tmux, "set -g destroy-unattached on");
    tmux->server = (pid_t)strtol(tmux_format(tmux, "#{pid}"), NULL, 10);
    unlink(socket_path);
    rmdir(tmux->directory);
    free(socket_path);
}

struct tmux *tmux_start(const struct tmux_options *options, const char *command)
{
    struct tmux *tmux = mem_zalloc(sizeof *tmux);
    int fds[2];

    strcpy(tmux->directory, "/tmp/stella-tmux-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(tmux->directory));
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    char **arguments = client_arguments(tmux, options, command);
    tmux->fd = fds[0];
    tmux->pid = fork();
    ck_assert_int_ge(tmux->pid, 0);
    if (tmux->pid == 0)
        run_client(fds[1], arguments);
    free_arguments(arguments);
    close(fds[1]);
    settle(tmux);
    return tmux;
}

void tmux_stop(struct tmux *tmux)
{
    if (!tmux)
        return;
    close(tmux->fd);
    waitpid(tmux->pid, NULL, 0);
    buf_clear(&tmux->received);
    buf_clear(&tmux->reply);
    free(tmux);
}

void tmux_send(struct tmux *tmux, const char *keys)
{
    ask(tmux, "send-keys %s", keys);
}

void tmux_type(struct tmux *tmux, const char *text)
{
    struct buf bytes = {0};

    for (; *text; text++)
        buf_printf(&bytes, " %02x", (unsigned char)*text);
    if (bytes.len)
        ask(tmux, "send-keys -H%s", bytes.data);
    buf_clear(&bytes);
}

void tmux_paste(struct tmux *tmux, const char *path, bool bracketed)
{
    ask(tmux, "load-buffer '%s'", path);
    ask(tmux, "paste-buffer -d -r%s", bracketed ? " -p" : "");
}

const char *tmux_screen(struct tmux *tmux)
{
    return ask(tmux, "capture-pane -p");
}

const char *tmux_screen_styled(struct tmux *tmux)
{
    return ask(tmux, "capture-pane -p -e");
}

const char *tmux_row(struct tmux *tmux, int row)
{
    return ask(tmux, "capture-pane -p -S %d -E %d", row, row);
}

/* Whether text is on the screen, or is not, within a time. */
static bool becomes(struct tmux *tmux, const char *text, bool shown, int limit_ms)
{
    clock_us deadline = deadline_in(limit_ms);

    while ((strstr(tmux_screen(tmux), text) != NULL) != shown) {
        if (clock_now_us() >= deadline)
            return false;
        await_news(tmux, deadline);
    }
    return true;
}

static void wait_shown(struct tmux *tmux, const char *text, bool shown, int limit_ms)
{
    if (becomes(tmux, text, shown, limit_ms))
        return;
    fprintf(stderr, "%s\n", tmux->reply.data);
    ck_abort_msg("after %d ms the screen still %s \"%s\"", limit_ms, shown ? "lacks" : "shows",
                 text);
}

bool tmux_shows(struct tmux *tmux, const char *text, int limit_ms)
{
    return becomes(tmux, text, true, limit_ms);
}

void tmux_wait(struct tmux *tmux, const char *text)
{
    wait_shown(tmux, text, true, TMUX_TIMEOUT_MS);
}

void tmux_wait_ms(struct tmux *tmux, const char *text, int limit_ms)
{
    wait_shown(tmux, text, true, limit_ms);
}

static int count(const char *screen, const char *text)
{
    int found = 0;

    for (; (screen = strstr(screen, text)); screen++)
        found++;
    return found;
}

void tmux_wait_times(struct tmux *tmux, const char *text, int times)
{
    clock_us deadline = deadline_in(TMUX_TIMEOUT_MS);

    while (count(tmux_screen(tmux), text) < times) {
        if (clock_now_us() >= deadline) {
            fprintf(stderr, "%s\n", tmux->reply.data);
            ck_abort_msg("the screen shows \"%s\" less than %d times", text, times);
        }
        await_news(tmux, deadline);
    }
}

void tmux_wait_gone(struct tmux *tmux, const char *text)
{
    wait_shown(tmux, text, false, TMUX_TIMEOUT_MS);
}

/* Waits until a row shows text; a row below 0 is that of the cursor. */
static void wait_row(struct tmux *tmux, int row, const char *text)
{
    clock_us deadline = deadline_in(TMUX_TIMEOUT_MS);
    int col, at = row;

    for (;;) {
        if (row < 0)
            tmux_cursor(tmux, &col, &at);
        if (strstr(tmux_row(tmux, at), text))
            return;
        if (clock_now_us() >= deadline) {
            fprintf(stderr, "%s\n", tmux_screen(tmux));
            ck_abort_msg("after %d ms row %d still lacks \"%s\"", TMUX_TIMEOUT_MS, at, text);
        }
        await_news(tmux, deadline);
    }
}

void tmux_wait_row(struct tmux *tmux, int row, const char *text)
{
    wait_row(tmux, row, text);
}

void tmux_wait_cursor(struct tmux *tmux, const char *text)
{
    wait_row(tmux, -1, text);
}

bool tmux_dead(struct tmux *tmux, int *status)
{
    /* The server misses a child that ends while libutempter has SIGCHLD (tmux issue 311). */
    kill(tmux->server, SIGCHLD);
    const char *state = tmux_format(
        tmux, "#{?pane_dead,#{pane_dead_status}#{?pane_dead_signal,+#{pane_dead_signal},},}");

    /* The terminal closes before the status is there: empty is not yet. */
    *status = *state == '+' ? 128 + atoi(state + 1) : atoi(state);
    return *state != '\0';
}

int tmux_wait_dead(struct tmux *tmux)
{
    clock_us deadline = deadline_in(TMUX_TIMEOUT_MS);
    int status;

    while (!tmux_dead(tmux, &status)) {
        if (clock_now_us() >= deadline) {
            fprintf(stderr, "%s\n", tmux_screen(tmux));
            ck_abort_msg("after %d ms the program still runs", TMUX_TIMEOUT_MS);
        }
        await_news(tmux, deadline);
    }
    return status;
}

void tmux_cursor(struct tmux *tmux, int *col, int *row)
{
    const char *place = tmux_format(tmux, "#{cursor_x} #{cursor_y}");
    ck_assert_int_eq(sscanf(place, "%d %d", col, row), 2);
}

void tmux_resize(struct tmux *tmux, int cols, int rows)
{
    ask(tmux, "resize-window -x %d -y %d", cols, rows);
}

const char *tmux_format(struct tmux *tmux, const char *format)
{
    ask(tmux, "display-message -p '%s'", format);
    tmux->reply.data[strcspn(tmux->reply.data, "\n")] = '\0';
    return tmux->reply.data;
}
