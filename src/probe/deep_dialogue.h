/* A conversation with a server over a TCP connection of its own, to find out what it
 * speaks: SMTP (smtp.h), TLS (tls.h), or one inside the other. No credentials, no
 * mail, no request. */
#ifndef PROBE_DEEP_DIALOGUE_H
#define PROBE_DEEP_DIALOGUE_H

#include "probe/banner.h"
#include "probe/dial.h"
#include "probe/evidence.h"
#include "probe/finding.h"

#include <uv.h>

struct dialogue;

enum dialogue_kind {
    DIALOGUE_SMTP,     /* with STARTTLS, where the server offers it */
    DIALOGUE_SMTP_TLS, /* inside TLS from the first byte: RFC 8314, section 3 */
    DIALOGUE_TLS       /* the handshake and no more */
};

enum { DIALOGUE_TLS_US = 3 * CLOCK_SECOND }; /* for a handshake */

/* Read during the call of dialogue_start alone. */
struct dialogue_target {
    enum dialogue_kind kind;
    struct dial_address to;
    const char *host; /* that the certificate must bear: a name, or an address */
    void (*changed)(void *context); /* a phase began or ended, on the loop; or NULL */
};

/* What came of it, beside the findings. */
struct dialogue_outcome {
    enum banner banner; /* of what the server said in the clear */
    bool heard;         /* it sent at least a byte */
    bool greeted;       /* with a greeting of SMTP, whatever it says */
    bool offered;       /* it answered EHLO outside TLS with what it can do */
    bool starttls;      /* and that was among it */
    bool clear_auth;    /* as was AUTH */
    bool clear_password; /* with a method that sends the password itself */
    bool tls_auth;      /* inside TLS AUTH was offered */
    bool untested;      /* TLS could not be begun here: tls-untested was found */
    bool secured;       /* a handshake ended well */
    bool spoke_tls;     /* or the server answered in TLS, be it with a refusal */
    bool other;         /* the answer to a ClientHello was another protocol, in the clear */
    bool clear_mail;    /* it was SMTP, in the clear */
    bool hung_up;       /* it was the end of the connection, before any byte */
};

/* Connects and talks until it is over, by deadline (monotonic) at the latest. EHLO says
 * the address literal of this end (RFC 5321, section 4.1.4), so that no name leaves
 * this host. findings and evidence, to which it appends its phases and adds the
 * certificate that the server shows, are the caller's and must last until done or
 * dialogue_stop. done is called on the loop, never from within dialogue_start; the
 * dialogue is gone after it. */
struct dialogue *dialogue_start(uv_loop_t *loop, const struct dialogue_target *target,
                                clock_us deadline, struct evidence *evidence,
                                struct findings *findings,
                                void (*done)(void *context, const struct dialogue_outcome *),
                                void *context);

/* What has come of it so far. */
struct dialogue_outcome dialogue_outcome(const struct dialogue *dialogue);

/* Closes at once; done is not called; a phase that runs is cancelled. Not valid after
 * done. NULL is allowed. */
void dialogue_stop(struct dialogue *dialogue);

#endif
