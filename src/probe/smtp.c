#include "probe/smtp.h"

#include "base/mem.h"
#include "base/text.h"
#include "probe/smtp_reply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct smtp {
    char *client;
    struct findings *findings;
    struct smtp_facts facts;
    struct smtp_reply reply;
    struct buf output;
    char first[BANNER_BYTES]; /* of what was received */
    enum smtp_wait wait;
    clock_us started, deadline;
    clock_us first_byte; /* when it came, if facts.received is not 0 */
    clock_us step;       /* since when it waits for this */
    clock_us now;        /* of the latest call */
};

static const struct {
    const char *what;
    clock_us limit; /* 0: only the whole dialogue's */
} steps[] = {
    [SMTP_WAIT_GREETING] = {"the greeting", 0},
    [SMTP_WAIT_BANNER] = {"the first line", SMTP_LINE_US},
    [SMTP_WAIT_EHLO] = {"the answer to EHLO", SMTP_REPLY_US},
    [SMTP_WAIT_HELO] = {"the answer to HELO", SMTP_REPLY_US},
    [SMTP_WAIT_STARTTLS] = {"the answer to STARTTLS", SMTP_REPLY_US},
    [SMTP_WAIT_TLS] = {"the TLS handshake", SMTP_REPLY_US},
    [SMTP_WAIT_INJECTED] = {"the unencrypted line after it", SMTP_LINE_US},
    [SMTP_WAIT_QUIT] = {"the answer to QUIT", SMTP_QUIT_US},
    [SMTP_ENDED] = {"nothing", 0},
};

/* So that nothing in the name can become a command of its own. */
static char *safe_client(const char *client)
{
    static const char allowed[] = "0123456789-.:[]_"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char *safe = mem_strdup(client);

    for (char *at = safe; *(at += strspn(at, allowed)); at++)
        *at = '-';
    return safe;
}

struct smtp *smtp_new(const char *client, bool tls, clock_us now, clock_us deadline,
                      struct findings *findings)
{
    struct smtp *smtp = mem_zalloc(sizeof *smtp);

    smtp->client = safe_client(client);
    smtp->findings = findings;
    smtp->facts.tls = tls;
    smtp->wait = SMTP_WAIT_GREETING;
    smtp->started = smtp->step = smtp->now = now;
    smtp->deadline = deadline;
    return smtp;
}

void smtp_free(struct smtp *smtp)
{
    if (!smtp)
        return;
    free(smtp->client);
    free(smtp->facts.greeting);
    free(smtp->facts.auth);
    smtp_reply_clear(&smtp->reply);
    buf_clear(&smtp->output);
    free(smtp);
}

enum smtp_wait smtp_waits_for(const struct smtp *smtp)
{
    return smtp->wait;
}

clock_us smtp_deadline(const struct smtp *smtp)
{
    clock_us limit = steps[smtp->wait].limit;

    return limit && smtp->step + limit < smtp->deadline ? smtp->step + limit : smtp->deadline;
}

const struct smtp_facts *smtp_facts(const struct smtp *smtp)
{
    return &smtp->facts;
}

const char *smtp_output(const struct smtp *smtp, size_t *n)
{
    *n = smtp->output.len;
    return smtp->output.data ? smtp->output.data : "";
}

void smtp_sent(struct smtp *smtp, size_t n)
{
    if (n == 0)
        return;
    smtp->output.len -= n;
    memmove(smtp->output.data, smtp->output.data + n, smtp->output.len + 1);
}

static void wait_for(struct smtp *smtp, enum smtp_wait wait)
{
    smtp->wait = wait;
    smtp->step = smtp->now;
    smtp->facts.step = STEP_OK;
    smtp_reply_clear(&smtp->reply);
}

static void end_step(struct smtp *smtp, enum step_status how)
{
    wait_for(smtp, SMTP_ENDED);
    smtp->facts.step = how;
}

static void ask(struct smtp *smtp, const char *command, enum smtp_wait wait)
{
    buf_printf(&smtp->output, "%s\r\n", command);
    wait_for(smtp, wait);
}

static void greet(struct smtp *smtp, const char *verb, enum smtp_wait wait)
{
    char *command = mem_printf("%s %s", verb, smtp->client);

    ask(smtp, command, wait);
    free(command);
}

static void quit(struct smtp *smtp)
{
    ask(smtp, "QUIT", SMTP_WAIT_QUIT);
}

/* A server that says 421 closes by itself: RFC 5321, section 3.8. */
static void quit_after_refusal(struct smtp *smtp)
{
    if (smtp->reply.code == 421)
        wait_for(smtp, SMTP_ENDED);
    else
        quit(smtp);
    smtp->facts.step = STEP_FAILED;
}

static double seconds(clock_us us)
{
    return (double)us / CLOCK_SECOND;
}

/* Adds a finding that quotes what came: BEFORE the greeting is "...". */
static void add_quote(struct smtp *smtp, enum finding_id id, const char *before)
{
    char *excerpt = smtp_reply_excerpt(&smtp->reply);

    findings_add(smtp->findings, id, "%s%s is \"%s\"", before, steps[smtp->wait].what, excerpt);
    free(excerpt);
}

/* 421 is the whole service's, whatever was asked: RFC 5321, section 3.8. */
static void refuse(struct smtp *smtp, enum finding_id id, const char *before)
{
    bool busy = smtp->reply.code == 421;

    add_quote(smtp, busy ? FINDING_GREETING_BUSY : id, busy ? "" : before);
    quit_after_refusal(smtp);
}

static void end_with_quote(struct smtp *smtp, enum finding_id id, const char *before)
{
    add_quote(smtp, id, before);
    end_step(smtp, STEP_FAILED);
}

/* It may have come before the command was sent: then it is no answer to it. */
static void end_with_garbage(struct smtp *smtp)
{
    end_with_quote(smtp, FINDING_GARBAGE_REPLY, "in place of ");
}

static void end_with_banner(struct smtp *smtp)
{
    const char *where = smtp->facts.tls ? " inside TLS" : "";

    if (smtp->facts.banner == BANNER_POP3)
        smtp->facts.banner = banner_of_mailbox(smtp->reply.text.data, true);
    enum banner banner = smtp->facts.banner;
    if (banner == BANNER_SMTP || banner == BANNER_OTHER) {
        end_with_quote(smtp, FINDING_GARBAGE_GREETING, "");
    } else if (!banner_is_text(banner)) {
        findings_add(smtp->findings, FINDING_WRONG_PROTOCOL, "%s answers%s", banner_name(banner),
                     where);
        end_step(smtp, STEP_FAILED);
    } else {
        char *before = mem_printf("%s answers%s: ", banner_name(banner), where);
        end_with_quote(smtp, FINDING_WRONG_PROTOCOL, before);
        free(before);
    }
}

static void end_with_injection(struct smtp *smtp)
{
    end_with_quote(smtp, FINDING_STARTTLS_INJECTION, "STARTTLS was answered, and ");
}

/* Waits for the rest of a line whose beginning, in the reply, is all the proof
 * there need be: it is quoted. */
static void await_line(struct smtp *smtp, enum smtp_wait wait)
{
    smtp->wait = wait;
    smtp->step = smtp->now;
}

/* Not from the reply's text: there a line feed has lost its meaning as a byte. */
static void look_at_banner(struct smtp *smtp, char byte)
{
    struct smtp_facts *facts = &smtp->facts;

    if (smtp->facts.received > BANNER_BYTES)
        return;
    smtp->first[smtp->facts.received - 1] = byte;
    facts->banner = banner_classify(smtp->first, smtp->facts.received);
    if (facts->banner == BANNER_UNDECIDED || facts->banner == BANNER_SMTP)
        return;
    if (banner_is_text(facts->banner))
        await_line(smtp, SMTP_WAIT_BANNER);
    else
        end_with_banner(smtp);
}

static void look_at_pace(struct smtp *smtp)
{
    clock_us late = smtp->first_byte - smtp->started;

    if (late > SMTP_LATE_US || smtp->now - smtp->first_byte > SMTP_DRIP_US)
        findings_add(smtp->findings, FINDING_SLOW_GREETING,
                     "complete after %.2f s, its first byte after %.2f s",
                     seconds(smtp->now - smtp->started), seconds(late));
}

static void answer_greeting(struct smtp *smtp)
{
    int code = smtp->reply.code;

    smtp->facts.banner = banner_of_greeting(smtp->reply.text.data);
    if (smtp->facts.banner != BANNER_SMTP || (code != 220 && code < 400)) {
        end_with_banner(smtp);
        return;
    }
    smtp->facts.greeting = smtp_reply_excerpt(&smtp->reply);
    look_at_pace(smtp);
    if (code == 220) {
        greet(smtp, "EHLO", SMTP_WAIT_EHLO);
    } else {
        refuse(smtp, FINDING_GREETING_REFUSED, "");
    }
}

/* RFC 4616, and the older LOGIN: of these the password itself is sent. */
static void note_clear_auth(struct smtp_facts *facts, const char *methods)
{
    facts->clear_auth = methods && *methods;
    facts->clear_password =
        methods && (text_fold_contains(methods, "PLAIN") || text_fold_contains(methods, "LOGIN"));
}

static void take_auth(struct smtp *smtp)
{
    char *methods = smtp_reply_extension(&smtp->reply, "AUTH");

    if (!smtp->facts.tls)
        note_clear_auth(&smtp->facts, methods);
    free(smtp->facts.auth);
    smtp->facts.auth = methods && *methods ? finding_excerpt(methods, strlen(methods)) : NULL;
    free(methods);
}

static void take_offer(struct smtp *smtp)
{
    const char *before = smtp->facts.tls ? "inside TLS " : "";

    take_auth(smtp);
    if (!smtp->facts.tls) {
        smtp->facts.offered = true;
        char *starttls = smtp_reply_extension(&smtp->reply, "STARTTLS");
        smtp->facts.starttls = starttls;
        free(starttls);
        if (smtp->facts.starttls) {
            ask(smtp, "STARTTLS", SMTP_WAIT_STARTTLS);
            return;
        }
        add_quote(smtp, FINDING_STARTTLS_ABSENT, before);
    }
    if (!smtp->facts.auth)
        add_quote(smtp, FINDING_AUTH_ABSENT, before);
    quit(smtp);
}

static bool is_unknown(int code)
{
    return code == 500 || code == 502;
}

/* A greeting of "220 Welcome." may be anybody's: what comes after tells. */
static bool is_no_mail_server(const struct smtp *smtp)
{
    int code = smtp->reply.code;

    if (smtp->facts.offered || text_fold_contains(smtp->facts.greeting, "SMTP"))
        return false;
    return (smtp->wait == SMTP_WAIT_HELO && is_unknown(code)) ||
           banner_of_answer(code, smtp->reply.text.data) != BANNER_SMTP;
}

/* That EHLO is unknown was found already, and is no finding of its own then. */
static void refuse_greeting(struct smtp *smtp)
{
    enum banner banner = banner_of_answer(smtp->reply.code, smtp->reply.text.data);
    const char *who = banner == BANNER_SMTP ? "another service" : banner_name(banner);
    char *before = mem_printf("%s answers: the greeting is \"%s\", and ", who,
                              smtp->facts.greeting);

    if (smtp->wait == SMTP_WAIT_HELO)
        findings_cut(smtp->findings, smtp->findings->count - 1);
    smtp->facts.banner = banner == BANNER_SMTP ? BANNER_OTHER : banner;
    add_quote(smtp, FINDING_WRONG_PROTOCOL, before);
    quit_after_refusal(smtp);
    free(before);
}

static void answer_hello(struct smtp *smtp)
{
    int code = smtp->reply.code;
    bool extended = smtp->wait == SMTP_WAIT_EHLO;

    if (code == 250 && extended) {
        take_offer(smtp);
    } else if (code == 250) {
        quit(smtp);
    } else if (is_no_mail_server(smtp)) {
        refuse_greeting(smtp);
    } else if (extended && is_unknown(code)) {
        add_quote(smtp, FINDING_EHLO_UNSUPPORTED, "");
        greet(smtp, "HELO", SMTP_WAIT_HELO);
    } else if (code >= 400) {
        refuse(smtp, FINDING_EHLO_REFUSED, "");
    } else {
        end_with_garbage(smtp);
    }
}

static void answer_starttls(struct smtp *smtp)
{
    int code = smtp->reply.code;

    if (code == 220) {
        wait_for(smtp, SMTP_WAIT_TLS);
    } else if (code >= 400) {
        refuse(smtp, FINDING_STARTTLS_REFUSED,
               code == 454 ? "offered, but not available now: " : "offered, but refused: ");
    } else {
        end_with_garbage(smtp);
    }
}

static void answer(struct smtp *smtp)
{
    if (smtp->wait == SMTP_WAIT_GREETING)
        answer_greeting(smtp);
    else if (smtp->wait == SMTP_WAIT_STARTTLS)
        answer_starttls(smtp);
    else
        answer_hello(smtp);
}

/* A file server's greeting may have lines without a code: RFC 959, section 4.2. */
static void refuse_invalid(struct smtp *smtp)
{
    if (smtp->wait != SMTP_WAIT_GREETING) {
        end_with_garbage(smtp);
        return;
    }
    smtp->facts.banner = smtp->facts.banner == BANNER_SMTP
                             ? banner_of_greeting(smtp->reply.text.data)
                             : BANNER_OTHER;
    end_with_banner(smtp);
}

/* True if the line, the connection or the time ended where that alone ends the
 * dialogue and is no finding of its own. */
static bool ends_here(struct smtp *smtp)
{
    if (smtp->wait == SMTP_WAIT_BANNER)
        end_with_banner(smtp);
    else if (smtp->wait == SMTP_WAIT_INJECTED)
        end_with_injection(smtp);
    else if (smtp->wait == SMTP_WAIT_TLS || smtp->wait == SMTP_WAIT_QUIT)
        wait_for(smtp, SMTP_ENDED);
    return smtp->wait == SMTP_ENDED;
}

static void take_status(struct smtp *smtp, enum smtp_reply_status status)
{
    if (status == SMTP_REPLY_MORE || ends_here(smtp))
        return;
    if (status == SMTP_REPLY_DONE)
        answer(smtp);
    else if (status == SMTP_REPLY_INVALID)
        refuse_invalid(smtp);
    else if (status == SMTP_REPLY_LINE_TOO_LONG)
        end_with_quote(smtp, FINDING_REPLY_TOO_LONG, "a line over 512 bytes: ");
    else
        end_with_quote(smtp, FINDING_REPLY_TOO_LONG, "over 100 lines: ");
}

static void take_byte(struct smtp *smtp, char byte)
{
    if (smtp->wait == SMTP_WAIT_TLS)
        await_line(smtp, SMTP_WAIT_INJECTED);
    if (++smtp->facts.received > SMTP_TOTAL_BYTES) {
        if (!ends_here(smtp))
            end_with_quote(smtp, FINDING_REPLY_TOO_LONG, "over 64 KiB in all: ");
        return;
    }
    enum smtp_reply_status status = smtp_reply_feed(&smtp->reply, byte);
    if (smtp->wait == SMTP_WAIT_GREETING)
        look_at_banner(smtp, byte);
    take_status(smtp, status);
}

void smtp_receive(struct smtp *smtp, const char *bytes, size_t n, clock_us now)
{
    smtp->now = now;
    for (size_t i = 0; i < n && smtp->wait != SMTP_ENDED; i++) {
        if (smtp->facts.received == 0)
            smtp->first_byte = now;
        take_byte(smtp, bytes[i]);
    }
}

/* The connection or the time ended before a reply did. */
static void end_cut(struct smtp *smtp, enum finding_id id, enum step_status status,
                    const char *how)
{
    bool nothing = smtp->reply.text.len == 0;
    char *excerpt = smtp_reply_excerpt(&smtp->reply);

    findings_add(smtp->findings, id, "%s after %.2f s of waiting for %s%s%s%s", how,
                 seconds(smtp->now - smtp->step), steps[smtp->wait].what,
                 nothing ? "" : ", of which came \"", excerpt, nothing ? "" : "\"");
    free(excerpt);
    end_step(smtp, status);
}

void smtp_closed(struct smtp *smtp, int error, clock_us now)
{
    smtp->now = now;
    if (smtp->wait != SMTP_WAIT_TLS && ends_here(smtp))
        return;
    if (error == 0)
        end_cut(smtp, FINDING_CLOSED_EARLY, STEP_FAILED, "closed");
    else if (error == ECONNRESET || error == EPIPE)
        end_cut(smtp, FINDING_RESET_EARLY, STEP_FAILED, "reset");
    else
        end_cut(smtp, FINDING_CONNECTION_LOST, STEP_FAILED, errno_name(error));
}

void smtp_expire(struct smtp *smtp, clock_us now)
{
    if (now < smtp_deadline(smtp))
        return;
    smtp->now = now;
    if (ends_here(smtp))
        return;
    if (smtp->wait != SMTP_WAIT_GREETING)
        end_cut(smtp, FINDING_NO_REPLY, STEP_TIMEOUT, "out of time");
    else if (smtp->facts.received == 0)
        end_cut(smtp, FINDING_NO_GREETING, STEP_TIMEOUT, "out of time");
    else
        end_cut(smtp, FINDING_SLOW_GREETING, STEP_TIMEOUT, "out of time");
}

void smtp_secured(struct smtp *smtp, clock_us now)
{
    smtp->now = now;
    smtp->facts.tls = true;
    greet(smtp, "EHLO", SMTP_WAIT_EHLO);
}
