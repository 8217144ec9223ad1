#include "probe/deep_dialogue.h"

#include "base/mem.h"
#include "probe/channel.h"
#include "probe/connect.h"
#include "probe/smtp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Each callback of the loop ends with go_on() or finish(), after which the dialogue is
 * not touched: it may be over. */
struct dialogue {
    uv_loop_t *loop;
    uv_poll_t poll;
    uv_timer_t timer;
    int open_handles; /* that libuv has to close before the memory may go */
    int error;        /* errno for which it could not begin, or 0 */
    enum dialogue_kind kind;
    char *host;
    bool connected, over;
    clock_us started, deadline;
    clock_us shaking; /* since when a handshake is under way, or 0 */
    struct channel channel; /* fd -1: none, or closed */
    struct smtp *smtp;      /* from the connection, or the handshake, on */
    bool secured, spoke_tls, heard, other, untested, clear_mail, hung_up;
    struct evidence *evidence;
    struct findings *findings;
    size_t told; /* steps of the phases that changed has told */
    void (*changed)(void *context); /* or NULL */
    void (*done)(void *context, const struct dialogue_outcome *outcome);
    void *context;
};

static void on_closed(uv_handle_t *handle)
{
    struct dialogue *dialogue = handle->data;

    if (--dialogue->open_handles == 0)
        free(dialogue);
}

static struct phase *running_phase(const struct dialogue *dialogue)
{
    const struct evidence *evidence = dialogue->evidence;
    struct phase *last = evidence->nphases ? &evidence->phases[evidence->nphases - 1] : NULL;

    return last && last->status == STEP_RUNNING ? last : NULL;
}

/* Takes detail over. */
static void end_phase(struct dialogue *dialogue, enum step_status status, char *detail)
{
    struct phase *phase = running_phase(dialogue);

    if (phase) {
        phase->detail = detail;
        evidence_end_phase(dialogue->evidence, status, clock_now_us());
    } else {
        free(detail);
    }
}

static void release(struct dialogue *dialogue)
{
    bool late = clock_now_us() >= dialogue->deadline; /* another's timer was the first */

    end_phase(dialogue, late ? STEP_TIMEOUT : STEP_CANCELLED, NULL);
    if (dialogue->open_handles == 2)
        uv_close((uv_handle_t *)&dialogue->poll, on_closed);
    uv_close((uv_handle_t *)&dialogue->timer, on_closed);
    if (dialogue->connected)
        channel_close(&dialogue->channel);
    else if (dialogue->channel.fd >= 0)
        close(dialogue->channel.fd);
    smtp_free(dialogue->smtp);
    free(dialogue->host);
}

struct dialogue_outcome dialogue_outcome(const struct dialogue *dialogue)
{
    struct dialogue_outcome outcome = {.secured = dialogue->secured, .heard = dialogue->heard,
                                       .other = dialogue->other,
                                       .clear_mail = dialogue->clear_mail,
                                       .hung_up = dialogue->hung_up,
                                       .untested = dialogue->untested,
                                       .spoke_tls = dialogue->spoke_tls};

    if (dialogue->smtp) {
        const struct smtp_facts *facts = smtp_facts(dialogue->smtp);
        outcome.banner = facts->banner;
        outcome.greeted = facts->greeting != NULL;
        outcome.offered = facts->offered;
        outcome.starttls = facts->starttls;
        outcome.clear_auth = facts->clear_auth;
        outcome.clear_password = facts->clear_password;
        outcome.tls_auth = facts->tls && facts->auth;
    }
    return outcome;
}

static void finish(struct dialogue *dialogue)
{
    struct dialogue_outcome outcome = dialogue_outcome(dialogue);
    void (*done)(void *, const struct dialogue_outcome *) = dialogue->done;
    void *context = dialogue->context;

    release(dialogue);
    done(context, &outcome);
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

/* The phase that a wait of the dialogue belongs to, or -1. */
static int phase_of(enum smtp_wait wait, bool tls)
{
    switch (wait) {
    case SMTP_WAIT_GREETING:
    case SMTP_WAIT_BANNER:
        return PHASE_GREETING;
    case SMTP_WAIT_EHLO:
    case SMTP_WAIT_HELO:
        return tls ? PHASE_EHLO_TLS : PHASE_EHLO;
    case SMTP_WAIT_STARTTLS:
        return PHASE_STARTTLS;
    case SMTP_WAIT_TLS:
    case SMTP_WAIT_INJECTED:
        return PHASE_TLS;
    case SMTP_WAIT_QUIT:
        return PHASE_QUIT;
    case SMTP_ENDED:
        break;
    }
    return -1;
}

static char *describe_phase(const struct phase *phase, const struct smtp_facts *facts)
{
    if (phase->kind == PHASE_GREETING && facts->greeting)
        return mem_strdup(facts->greeting);
    if ((phase->kind == PHASE_EHLO || phase->kind == PHASE_EHLO_TLS) && facts->auth)
        return mem_printf("AUTH %s", facts->auth);
    return NULL;
}

/* Brings the phases up to where the dialogue is. */
static void note_phase(struct dialogue *dialogue)
{
    const struct smtp_facts *facts = smtp_facts(dialogue->smtp);
    int now = phase_of(smtp_waits_for(dialogue->smtp), facts->tls);
    const struct phase *running = running_phase(dialogue);

    if (running && (int)running->kind == now)
        return;
    if (running)
        end_phase(dialogue, facts->step, describe_phase(running, facts));
    if (now >= 0)
        evidence_begin_phase(dialogue->evidence, (enum phase_kind)now, clock_now_us());
}

static void begin_talk(struct dialogue *dialogue, bool tls)
{
    char literal[INET6_ADDRSTRLEN + sizeof "[IPv6:]"];

    own_literal(dialogue->channel.fd, literal, sizeof literal);
    dialogue->smtp = smtp_new(literal, tls, clock_now_us(), dialogue->deadline,
                              dialogue->findings);
    note_phase(dialogue);
}

static void begin_handshake(struct dialogue *dialogue)
{
    struct error err = {0};

    dialogue->shaking = clock_now_us();
    if (dialogue->smtp)
        note_phase(dialogue);
    else
        evidence_begin_phase(dialogue->evidence, PHASE_TLS, dialogue->shaking);
    if (!channel_secure(&dialogue->channel, dialogue->host, &err)) {
        findings_add(dialogue->findings, FINDING_TLS_UNTESTED, "%s", err.text);
        dialogue->untested = dialogue->over = true;
    }
}

/* The answer to a ClientHello on a port that should speak TLS from the first byte. */
static void judge_clear(struct dialogue *dialogue)
{
    char *greeting = tls_greeting(dialogue->channel.tls);
    enum banner banner = banner_of_line(tls_banner(dialogue->channel.tls), greeting);

    dialogue->other = banner != BANNER_SMTP || dialogue->kind == DIALOGUE_TLS;
    dialogue->clear_mail = !dialogue->other;
    if (dialogue->clear_mail)
        findings_add(dialogue->findings, FINDING_TLS_MODE_MISMATCH,
                     "TLS from the first byte was expected, and the server speaks in the clear: "
                     "\"%s\"", greeting);
    else if (banner_is_text(banner))
        findings_add(dialogue->findings, FINDING_WRONG_PROTOCOL,
                     "%s answers: the first line is \"%s\"", banner_name(banner), greeting);
    else
        findings_add(dialogue->findings, FINDING_WRONG_PROTOCOL, "%s answers",
                     banner_name(banner));
    free(greeting);
}

/* What came after a 220 to STARTTLS is no TLS, whether it was sent on purpose or by a
 * server that cannot do what it says. */
static void judge_injection(struct dialogue *dialogue)
{
    char *line = tls_greeting(dialogue->channel.tls);

    findings_add(dialogue->findings, FINDING_STARTTLS_INJECTION,
                 "STARTTLS was answered, and the unencrypted line after it is \"%s\"", line);
    free(line);
}

/* It ended, well or not, or its time is over. */
static void end_handshake(struct dialogue *dialogue)
{
    struct tls_session *tls = dialogue->channel.tls;
    const struct tls_facts *facts = tls_facts(tls);

    dialogue->shaking = 0;
    dialogue->secured = facts != NULL;
    dialogue->hung_up = tls_state(tls) == TLS_FAILED && !tls_heard(tls);
    dialogue->spoke_tls = tls_heard(tls) && tls_failure(tls) != TLS_FAILURE_NOT_TLS;
    if (tls_failure(tls) != TLS_FAILURE_NOT_TLS)
        tls_judge(tls, time(NULL), dialogue->findings);
    else if (dialogue->smtp)
        judge_injection(dialogue);
    else
        judge_clear(dialogue);
    dialogue->evidence->certificate = tls_take_certificate(tls);
    end_phase(dialogue, facts ? STEP_OK : tls_state(tls) == TLS_FAILED ? STEP_FAILED : STEP_TIMEOUT,
              facts ? mem_strdup(facts->protocol) : NULL);
    if (!facts || dialogue->kind == DIALOGUE_TLS)
        dialogue->over = true;
    else if (dialogue->smtp)
        smtp_secured(dialogue->smtp, clock_now_us());
    else
        begin_talk(dialogue, true);
}

/* Line by line: each may end a phase, and the next one begin another. */
static void take(struct dialogue *dialogue, const char *bytes, size_t n)
{
    while (n > 0 && smtp_waits_for(dialogue->smtp) != SMTP_ENDED) {
        const char *end = memchr(bytes, '\n', n);
        size_t line = end ? (size_t)(end - bytes) + 1 : n;
        smtp_receive(dialogue->smtp, bytes, line, clock_now_us());
        note_phase(dialogue);
        bytes += line;
        n -= line;
    }
}

/* The machine ends by itself where a server sends without end. */
static void receive_all(struct dialogue *dialogue)
{
    char bytes[4096];
    ssize_t n = 1;

    while (n > 0 && smtp_waits_for(dialogue->smtp) != SMTP_ENDED) {
        n = channel_receive(&dialogue->channel, bytes, sizeof bytes);
        if (n > 0)
            take(dialogue, bytes, (size_t)n);
    }
    if (smtp_waits_for(dialogue->smtp) == SMTP_ENDED)
        return;
    if (n == 0) {
        smtp_closed(dialogue->smtp, 0, clock_now_us());
    } else if (errno == EPROTO) {
        tls_judge_break(dialogue->channel.tls, dialogue->findings);
        end_phase(dialogue, STEP_FAILED, NULL);
        dialogue->over = true;
    } else if (errno != EAGAIN && errno != EINTR) {
        smtp_closed(dialogue->smtp, errno, clock_now_us());
    }
}

/* Returns whether something still waits for the socket. */
static bool send_all(struct dialogue *dialogue)
{
    size_t n, sent = 1;
    const char *bytes;

    while (dialogue->smtp && sent > 0 && (bytes = smtp_output(dialogue->smtp, &n), n > 0)) {
        sent = channel_send(&dialogue->channel, bytes, n);
        smtp_sent(dialogue->smtp, sent);
    }
    return channel_flush(&dialogue->channel) || sent == 0;
}

static void on_ready(uv_poll_t *poll, int status, int events);
static void on_timer(uv_timer_t *timer);

/* libuv counts from its own idea of now, which may be old: a timer that fires
 * early is armed again. */
static void await(struct dialogue *dialogue, bool writing, clock_us until)
{
    clock_us left = until - clock_now_us();

    uv_poll_start(&dialogue->poll, UV_READABLE | (writing ? UV_WRITABLE : 0), on_ready);
    uv_timer_start(&dialogue->timer, on_timer,
                   left > 0 ? (uint64_t)(left + CLOCK_MS - 1) / CLOCK_MS : 0, 0);
}

static clock_us next_deadline(const struct dialogue *dialogue)
{
    clock_us handshake = dialogue->shaking + DIALOGUE_TLS_US;

    if (dialogue->shaking)
        return handshake < dialogue->deadline ? handshake : dialogue->deadline;
    return dialogue->smtp ? smtp_deadline(dialogue->smtp) : dialogue->deadline;
}

/* What came before the ClientHello has been received, and judged, by now. */
static bool is_ready_for_tls(const struct dialogue *dialogue)
{
    return dialogue->smtp && !dialogue->shaking &&
           smtp_waits_for(dialogue->smtp) == SMTP_WAIT_TLS;
}

/* The observer may end it all: nothing comes after this. */
static void tell(struct dialogue *dialogue)
{
    size_t steps = 2 * dialogue->evidence->nphases - (running_phase(dialogue) != NULL);

    if (steps == dialogue->told || !dialogue->changed)
        return;
    dialogue->told = steps;
    dialogue->changed(dialogue->context);
}

static void go_on(struct dialogue *dialogue)
{
    bool writing = send_all(dialogue);

    if (!dialogue->over && !writing && is_ready_for_tls(dialogue)) {
        begin_handshake(dialogue);
        writing = send_all(dialogue);
    }
    if (!dialogue->over && dialogue->smtp) {
        note_phase(dialogue);
        dialogue->over = smtp_waits_for(dialogue->smtp) == SMTP_ENDED;
    }
    if (dialogue->over) {
        finish(dialogue);
    } else {
        await(dialogue, writing, next_deadline(dialogue));
        tell(dialogue);
    }
}

static void on_connected(struct dialogue *dialogue)
{
    struct icmp_answer icmp;
    int error = connect_result(dialogue->channel.fd, &icmp);

    /* A reset that answers a SYN is a refusal: this one came after the connection. */
    if (error && error != ECONNRESET) {
        finish_unconnected(dialogue, error);
        return;
    }
    dialogue->connected = true;
    if (dialogue->kind == DIALOGUE_SMTP)
        begin_talk(dialogue, false);
    else
        begin_handshake(dialogue);
    if (error && dialogue->smtp)
        smtp_closed(dialogue->smtp, error, clock_now_us());
    go_on(dialogue);
}

/* Takes what has come, wherever the dialogue is. */
static void look(struct dialogue *dialogue)
{
    if (dialogue->shaking && !dialogue->over) {
        channel_shake_hands(&dialogue->channel);
        if (tls_state(dialogue->channel.tls) != TLS_HANDSHAKE)
            end_handshake(dialogue);
    }
    if (dialogue->smtp && !dialogue->shaking && !dialogue->over)
        receive_all(dialogue);
    dialogue->heard |= dialogue->smtp && smtp_facts(dialogue->smtp)->received > 0;
}

/* The status is of no use: libuv says UV_EBADF for any error of the socket. */
static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct dialogue *dialogue = poll->data;

    (void)status;
    (void)events;
    if (!dialogue->connected) {
        on_connected(dialogue);
        return;
    }
    look(dialogue);
    go_on(dialogue);
}

/* libuv runs timers before it polls: after a process was stopped the answer may be
 * there already, so look before judging. */
static void on_timer(uv_timer_t *timer)
{
    struct dialogue *dialogue = timer->data;
    clock_us now = clock_now_us();

    if (dialogue->error || (!dialogue->connected && now >= dialogue->deadline)) {
        finish_unconnected(dialogue, dialogue->error);
    } else if (!dialogue->connected) {
        await(dialogue, true, dialogue->deadline);
    } else {
        look(dialogue);
        if (dialogue->shaking && now >= next_deadline(dialogue))
            end_handshake(dialogue);
        else if (dialogue->smtp && !dialogue->shaking)
            smtp_expire(dialogue->smtp, now);
        go_on(dialogue);
    }
}

static int connect_and_watch(struct dialogue *dialogue, const struct dial_address *to)
{
    int error = connect_begin(to, &dialogue->channel.fd);

    if (!error)
        error = -uv_poll_init(dialogue->loop, &dialogue->poll, dialogue->channel.fd);
    if (error)
        return error;
    dialogue->poll.data = dialogue;
    dialogue->open_handles++;
    return 0;
}

struct dialogue *dialogue_start(uv_loop_t *loop, const struct dialogue_target *target,
                                clock_us deadline, struct evidence *evidence,
                                struct findings *findings,
                                void (*done)(void *context, const struct dialogue_outcome *),
                                void *context)
{
    struct dialogue *dialogue = mem_zalloc(sizeof *dialogue);

    *dialogue = (struct dialogue){.loop = loop, .kind = target->kind, .started = clock_now_us(),
                                  .deadline = deadline, .evidence = evidence,
                                  .findings = findings, .changed = target->changed,
                                  .done = done, .context = context, .channel.fd = -1};
    dialogue->host = mem_strdup(target->host);
    uv_timer_init(loop, &dialogue->timer);
    dialogue->timer.data = dialogue;
    dialogue->open_handles = 1;
    dialogue->error = connect_and_watch(dialogue, &target->to);
    if (dialogue->error)
        uv_timer_start(&dialogue->timer, on_timer, 0, 0);
    else
        await(dialogue, true, deadline);
    return dialogue;
}

void dialogue_stop(struct dialogue *dialogue)
{
    if (dialogue)
        release(dialogue);
}
