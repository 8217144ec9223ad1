#include "cli/ask.h"

#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* A terminal gives no longer line (N_TTY_BUF_SIZE of Linux). */
enum { LINE_BYTES = 4096, HANDLES = 2 };

static const char too_early[] = "it came before the question could be read: not taken";
static const char more_than_one[] = "more than one line came at once: none is taken";

enum stage {
    STAGE_IDLE,    /* nothing is asked, and nothing read */
    STAGE_ARMING,  /* what the question is about is being read */
    STAGE_OPEN,    /* the question is there */
    STAGE_TAKEN,   /* a line has come: does it stay alone? */
    STAGE_DRAINING /* what came is no answer: it is thrown away up to its end */
};

struct ask {
    uv_poll_t input;
    uv_timer_t timer;
    int open_handles;
    int fd;
    struct termios found; /* the terminal's modes, if they had to be others */
    bool was_insane;
    enum stage stage;
    char *question;
    uint64_t arm_ms;
    char *line;      /* in STAGE_TAKEN */
    const char *why; /* in STAGE_DRAINING */
    struct ask_observer observer;
};

static void drop_line(struct ask *ask)
{
    free(ask->line);
    ask->line = NULL;
}

static void settle(struct ask *ask)
{
    uv_poll_stop(&ask->input);
    uv_timer_stop(&ask->timer);
    ask->stage = STAGE_IDLE;
}

static void print_question(struct ask *ask)
{
    ask->stage = STAGE_OPEN;
    fputs(ask->question, stdout);
    fflush(stdout);
}

static void on_timer(uv_timer_t *timer);

static void wait_ms(struct ask *ask, uint64_t ms)
{
    uv_update_time(ask->timer.loop);
    uv_timer_start(&ask->timer, on_timer, ms, 0);
}

static void drain(struct ask *ask, const char *why)
{
    if (ask->stage != STAGE_DRAINING)
        ask->why = why;
    ask->stage = STAGE_DRAINING;
    drop_line(ask);
    wait_ms(ask, ASK_QUIET_MS);
}

/* A line that was begun and not ended must not become the beginning of an answer: a
 * terminal tells of it only outside of its canonical mode. */
static bool has_more(const struct ask *ask)
{
    struct termios modes;
    int bytes = 0;

    if (tcgetattr(ask->fd, &modes) != 0)
        return false;
    struct termios raw = modes;
    raw.c_lflag &= ~(tcflag_t)ICANON;
    tcsetattr(ask->fd, TCSANOW, &raw);
    ioctl(ask->fd, FIONREAD, &bytes);
    tcsetattr(ask->fd, TCSANOW, &modes);
    return bytes > 0;
}

static void give_answer(struct ask *ask)
{
    if (has_more(ask)) {
        drain(ask, more_than_one);
        return;
    }
    char *line = ask->line;

    ask->line = NULL;
    settle(ask);
    ask->observer.answered(ask->observer.context, line);
    free(line);
}

static void on_timer(uv_timer_t *timer)
{
    struct ask *ask = timer->data;

    switch (ask->stage) {
    case STAGE_ARMING:
        if (has_more(ask))
            drain(ask, too_early);
        else
            print_question(ask);
        break;
    case STAGE_TAKEN:
        give_answer(ask);
        break;
    case STAGE_DRAINING:
        tcflush(ask->fd, TCIFLUSH);
        settle(ask);
        ask->observer.refused(ask->observer.context, ask->why);
        break;
    default:
        break;
    }
}

/* Terminals mark what is pasted where a program has asked them to and did not take that
 * back. */
static bool is_pasted(const char *line, size_t n)
{
    return memmem(line, n, "\033[200~", 6) || memmem(line, n, "\033[201~", 6);
}

static void take_line(struct ask *ask, const char *line, size_t n)
{
    if (is_pasted(line, n)) {
        drain(ask, "it was pasted: not taken");
    } else if (line[n - 1] != '\n') {
        drain(ask, "it was not a whole line: not taken");
    } else {
        ask->line = text_sanitise(line, n - 1, TEXT_ONE_LINE);
        ask->stage = STAGE_TAKEN;
        wait_ms(ask, ASK_ALONE_MS);
    }
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct ask *ask = poll->data;
    char line[LINE_BYTES];
    ssize_t n = read(ask->fd, line, sizeof line);

    (void)status;
    (void)events;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        settle(ask);
        ask->observer.ended(ask->observer.context);
    } else if (ask->stage == STAGE_OPEN) {
        take_line(ask, line, (size_t)n);
    } else {
        drain(ask, ask->stage == STAGE_ARMING ? too_early : more_than_one);
    }
}

void ask_put(struct ask *ask, const char *question, uint64_t arm_ms)
{
    char *kept = mem_strdup(question);

    settle(ask);
    drop_line(ask);
    free(ask->question);
    ask->question = kept;
    ask->arm_ms = arm_ms;
    fflush(stdout);
    tcflush(ask->fd, TCIFLUSH);
    uv_poll_start(&ask->input, UV_READABLE | UV_DISCONNECT, on_readable);
    if (arm_ms == 0) {
        print_question(ask);
        return;
    }
    ask->stage = STAGE_ARMING;
    wait_ms(ask, arm_ms);
}

void ask_again(struct ask *ask)
{
    if (ask->stage != STAGE_IDLE)
        ask_put(ask, ask->question, ask->arm_ms);
}

/* What a program that crashed may have left behind: no lines, no echo, no Ctrl-C. */
static void make_sane(struct ask *ask)
{
    const tcflag_t input = ICRNL, output = OPOST, local = ICANON | ECHO | ECHOE | ISIG | IEXTEN;

    if (tcgetattr(ask->fd, &ask->found) != 0)
        return;
    struct termios modes = ask->found;
    modes.c_iflag |= input;
    modes.c_oflag |= output;
    modes.c_lflag |= local;
    ask->was_insane = (ask->found.c_iflag & input) != input ||
                      (ask->found.c_oflag & output) != output ||
                      (ask->found.c_lflag & local) != local;
    if (ask->was_insane)
        tcsetattr(ask->fd, TCSANOW, &modes);
}

struct ask *ask_new(uv_loop_t *loop, const struct ask_observer *observer, struct error *err)
{
    int fd = open("/dev/tty", O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) {
        error_set(err, "/dev/tty: %s", strerror(errno));
        return NULL;
    }
    struct ask *ask = mem_zalloc(sizeof *ask);
    *ask = (struct ask){.fd = fd, .open_handles = HANDLES, .observer = *observer};
    make_sane(ask);
    uv_poll_init(loop, &ask->input, fd);
    uv_timer_init(loop, &ask->timer);
    ask->input.data = ask->timer.data = ask;
    return ask;
}

static void on_closed(uv_handle_t *handle)
{
    struct ask *ask = handle->data;

    if (--ask->open_handles > 0)
        return;
    close(ask->fd);
    free(ask->question);
    free(ask->line);
    free(ask);
}

void ask_free(struct ask *ask)
{
    if (!ask)
        return;
    if (ask->was_insane)
        tcsetattr(ask->fd, TCSANOW, &ask->found);
    uv_close((uv_handle_t *)&ask->input, on_closed);
    uv_close((uv_handle_t *)&ask->timer, on_closed);
}
