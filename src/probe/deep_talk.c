#include "probe/deep_talk.h"

#include "base/mem.h"
#include "probe/smtp.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each callback of the loop ends with settle(), after which the talk is not touched. */
struct talk {
    uv_loop_t *loop;
    uv_timer_t timer; /* to the second dialogue */
    struct dialogue_target target;
    char *host, *ssl_key;
    uint16_t port;
    enum talk_ssl ssl;
    clock_us deadline;
    struct dialogue *first; /* NULL once it has ended */
    struct dialogue_outcome outcome; /* of the first */
    struct dialogue *second; /* NULL before, and once it has ended */
    struct dialogue_outcome inner; /* of the second */
    bool adopts; /* the second is the right one: it heard TLS, or another protocol */
    /* The second keeps what it finds to itself until it is known to be the right one. */
    struct evidence second_evidence;
    struct findings second_findings;
    size_t found; /* findings that were there before */
    struct evidence *evidence;
    struct findings *findings;
    void (*changed)(void *context); /* or NULL */
    void (*done)(void *context);
    void *context;
};

static void free_talk(uv_handle_t *timer)
{
    free(timer->data);
}

static void release(struct talk *talk)
{
    dialogue_stop(talk->first);
    dialogue_stop(talk->second);
    evidence_clear(&talk->second_evidence);
    findings_clear(&talk->second_findings);
    free(talk->host);
    free(talk->ssl_key);
    uv_close((uv_handle_t *)&talk->timer, free_talk);
}

/* Behind those of the first, whose waiting it went beside. */
static void take_second_phases(struct talk *talk)
{
    struct evidence *evidence = talk->evidence, *second = &talk->second_evidence;

    for (size_t i = 0; i < second->nphases; i++) {
        struct phase phase = second->phases[i];
        if (!phase.detail)
            phase.detail = mem_strdup("on a second connection");
        evidence->phases =
            mem_grow(evidence->phases, evidence->nphases, sizeof *evidence->phases);
        evidence->phases[evidence->nphases++] = phase;
    }
    second->nphases = 0;
}

/* The first dialogue only waited: what the second found out stands in place of what it
 * found. */
static void adopt_second(struct talk *talk)
{
    struct evidence *evidence = talk->evidence, *second = &talk->second_evidence;

    dialogue_stop(talk->first);
    talk->first = NULL;
    findings_cut(talk->findings, talk->found);
    take_second_phases(talk);
    evidence->certificate = second->certificate;
    second->certificate = NULL;
}

/* The first dialogue waited in vain to the end. */
static bool only_waited(const struct talk *talk)
{
    const struct findings *findings = talk->findings;

    return findings->count > talk->found &&
           findings->items[findings->count - 1].id == FINDING_NO_GREETING;
}

/* A mail server that greets late, and tells a client that does not wait for it so. */
static void tell_of_delay(struct talk *talk, const char *met)
{
    findings_cut(talk->findings, talk->findings->count - 1);
    findings_add(talk->findings, FINDING_SLOW_GREETING,
                 "none in the time there was; a second connection: %s", met);
}

/* The second is not the right one: what it met is told as part of the first's story. */
static void tell_of_second(struct talk *talk)
{
    const struct findings *met = &talk->second_findings;

    take_second_phases(talk);
    if (talk->inner.untested)
        findings_move(talk->findings, &talk->second_findings);
    else if (met->count > 0 && talk->inner.clear_mail && only_waited(talk))
        tell_of_delay(talk, met->items[0].text);
    else if (met->count > 0)
        findings_add(talk->findings,
                     talk->inner.hung_up && only_waited(talk) ? FINDING_TLS_HUNG_UP
                                                              : FINDING_TLS_TRIED,
                     "TLS from the first byte, on a second connection: %s", met->items[0].text);
}

static const char *ssl_name(const struct talk *talk)
{
    return talk->ssl == TALK_SSL_TRUE ? "true" : "false";
}

/* With UseSsl the platform means STARTTLS, except on 465. */
static void judge_mail_inside(struct talk *talk)
{
    if (talk->ssl == TALK_SSL_UNSET)
        findings_add(talk->findings, FINDING_TLS_MODE_MISMATCH,
                     "port %u speaks TLS from the first byte, which is usual for 465 alone",
                     talk->port);
    else
        findings_add(talk->findings, FINDING_TLS_MODE_MISMATCH,
                     "port %u speaks TLS from the first byte; %s = %s does not fit that, nor does "
                     "%s: true usually means STARTTLS here",
                     talk->port, talk->ssl_key, ssl_name(talk),
                     talk->ssl == TALK_SSL_TRUE ? "false" : "true");
}

/* What came inside, if it was no greeting, the dialogue has told of; also how nothing came,
 * which may be a mail server that hangs. */
static void judge_tls_first(struct talk *talk)
{
    if (talk->inner.greeted)
        judge_mail_inside(talk);
    else if (!talk->inner.secured)
        findings_add(talk->findings, FINDING_TLS_ANSWERS,
                     "port %u answers in TLS, and no handshake came to its end", talk->port);
    else if (talk->inner.banner == BANNER_UNDECIDED)
        findings_add(talk->findings, FINDING_TLS_ANSWERS,
                     "port %u answers in TLS, and no greeting of SMTP was seen inside it",
                     talk->port);
}

static void judge_clear(struct talk *talk)
{
    const struct dialogue_outcome *outcome = &talk->outcome;

    if (!outcome->offered)
        return;
    if (talk->ssl == TALK_SSL_TRUE && !outcome->starttls)
        findings_add(talk->findings, FINDING_TLS_MODE_MISMATCH,
                     "%s = true, but port %u speaks in the clear and does not offer STARTTLS",
                     talk->ssl_key, talk->port);
    else if (talk->ssl == TALK_SSL_FALSE && outcome->clear_password)
        findings_add(talk->findings, FINDING_AUTH_IN_CLEAR,
                     "%s = false, and port %u offers AUTH outside TLS: a login would send its "
                     "password in the clear", talk->ssl_key, talk->port);
    else if (talk->ssl == TALK_SSL_FALSE && outcome->tls_auth && !outcome->clear_auth)
        findings_add(talk->findings, FINDING_TLS_MODE_MISMATCH,
                     "%s = false, but port %u offers AUTH only inside TLS: without it nobody can "
                     "log in", talk->ssl_key, talk->port);
}

/* A first dialogue that heard something after all needs no second. */
static bool needs_second(const struct talk *talk)
{
    return !talk->outcome.heard || talk->outcome.banner == BANNER_TLS;
}

static void finish(struct talk *talk)
{
    void (*done)(void *) = talk->done;
    void *context = talk->context;

    if (talk->adopts) {
        adopt_second(talk);
        if (talk->inner.spoke_tls)
            judge_tls_first(talk);
        findings_move(talk->findings, &talk->second_findings);
    } else {
        judge_clear(talk);
        if (needs_second(talk))
            tell_of_second(talk);
    }
    release(talk);
    done(context);
}

static void settle(struct talk *talk)
{
    if (!talk->first && !(talk->second && needs_second(talk)))
        finish(talk);
}

static void on_second_done(void *context, const struct dialogue_outcome *outcome)
{
    struct talk *talk = context;

    talk->second = NULL;
    bool needed = !talk->first || !dialogue_outcome(talk->first).heard;
    talk->inner = *outcome;
    talk->adopts = (outcome->spoke_tls || outcome->other) && needed;
    if (talk->adopts)
        finish(talk);
    else
        settle(talk);
}

static void start_second(struct talk *talk)
{
    struct dialogue_target target = talk->target;

    target.kind = DIALOGUE_SMTP_TLS;
    target.changed = NULL;
    talk->second =
        dialogue_start(talk->loop, &target, talk->deadline, &talk->second_evidence,
                       &talk->second_findings, on_second_done, talk);
}

static void on_first_changed(void *context)
{
    struct talk *talk = context;

    if (talk->changed)
        talk->changed(talk->context);
}

static void on_first_done(void *context, const struct dialogue_outcome *outcome)
{
    struct talk *talk = context;

    talk->first = NULL;
    talk->outcome = *outcome;
    if (talk->target.kind == DIALOGUE_SMTP && outcome->banner == BANNER_TLS && !talk->second)
        start_second(talk);
    settle(talk);
}

static void on_silence(uv_timer_t *timer)
{
    struct talk *talk = timer->data;

    if (talk->first && !dialogue_outcome(talk->first).heard)
        start_second(talk);
}

static bool read_address(const struct talk_target *target, struct dial_address *to)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    char port[6];

    snprintf(port, sizeof port, "%u", target->port);
    if (getaddrinfo(target->address, port, &hints, &list) != 0)
        return false;
    to->length = list->ai_addrlen;
    memcpy(&to->address, list->ai_addr, list->ai_addrlen);
    freeaddrinfo(list);
    return true;
}

/* UseSsl = false on 465 can only mean a server that speaks in the clear there. */
static enum dialogue_kind first_kind(const struct talk_target *target)
{
    if (!target->smtp)
        return DIALOGUE_TLS;
    return target->port == TALK_SUBMISSIONS_PORT && target->ssl != TALK_SSL_FALSE
               ? DIALOGUE_SMTP_TLS
               : DIALOGUE_SMTP;
}

struct talk *talk_start(uv_loop_t *loop, const struct talk_target *target, clock_us deadline,
                        struct evidence *evidence, struct findings *findings,
                        void (*done)(void *context), void *context)
{
    struct dial_address to = {0};

    if (!read_address(target, &to))
        return NULL;
    struct talk *talk = mem_zalloc(sizeof *talk);
    *talk = (struct talk){.loop = loop, .port = target->port, .ssl = target->ssl,
                          .deadline = deadline, .evidence = evidence, .findings = findings,
                          .found = findings->count, .changed = target->changed,
                          .done = done, .context = context};
    talk->host = mem_strdup(target->host);
    talk->ssl_key = target->ssl_key ? mem_strdup(target->ssl_key) : NULL;
    talk->target =
        (struct dialogue_target){first_kind(target), to, talk->host, on_first_changed};
    uv_timer_init(loop, &talk->timer);
    talk->timer.data = talk;
    if (talk->target.kind == DIALOGUE_SMTP)
        uv_timer_start(&talk->timer, on_silence, SMTP_LATE_US / CLOCK_MS, 0);
    talk->first = dialogue_start(loop, &talk->target, deadline, evidence, findings,
                                 on_first_done, talk);
    return talk;
}

void talk_stop(struct talk *talk)
{
    if (talk)
        release(talk);
}
