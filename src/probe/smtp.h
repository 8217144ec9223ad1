/* The dialogue with an SMTP server, RFC 5321, as far as it can be asked without
 * credentials and without mail: greeting, EHLO, STARTTLS (RFC 3207), EHLO again,
 * QUIT. A pure state machine: bytes in, bytes and findings out, a deadline out;
 * no socket and no clock. Where the server's bytes are split makes no difference.
 *
 * The caller loops: send smtp_output (and say smtp_sent), give what arrives to
 * smtp_receive, an end to smtp_closed, a passed smtp_deadline to smtp_expire,
 * until smtp_waits_for says SMTP_ENDED; then one try to send what is left of the
 * output (a QUIT) and close. At SMTP_WAIT_TLS, with all output sent and nothing
 * left to read, it makes the TLS handshake and calls smtp_secured; bytes that
 * arrive before its ClientHello go to smtp_receive, which calls them injected.
 * A handshake that fails or stalls is the caller's finding; one that never began, because
 * the connection ended, is told here. On a connection that
 * is TLS from the first byte the handshake comes before smtp_new. */
#ifndef PROBE_SMTP_H
#define PROBE_SMTP_H

#include "base/clock.h"
#include "probe/banner.h"
#include "probe/evidence.h"
#include "probe/finding.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    SMTP_TOTAL_BYTES = 64 * 1024,      /* of the server, over the whole dialogue */
    SMTP_REPLY_US = 3 * CLOCK_SECOND,  /* for each reply, and for the handshake */
    SMTP_LINE_US = CLOCK_SECOND,       /* for the rest of a line that is only quoted */
    SMTP_QUIT_US = CLOCK_SECOND / 2,   /* for the reply to QUIT, which proves nothing */
    SMTP_LATE_US = 2 * CLOCK_SECOND,   /* a first byte later than this makes a slow greeting */
    SMTP_DRIP_US = CLOCK_SECOND        /* and so does more from the first byte to the last */
};

enum smtp_wait {
    SMTP_WAIT_GREETING, /* until the whole dialogue's deadline: it may legally take long */
    SMTP_WAIT_BANNER,   /* the rest of a first line that is not SMTP's, to quote it */
    SMTP_WAIT_EHLO,
    SMTP_WAIT_HELO, /* after an EHLO that the server does not know */
    SMTP_WAIT_STARTTLS,
    SMTP_WAIT_TLS,      /* the caller's handshake */
    SMTP_WAIT_INJECTED, /* the rest of a line that came in its place, to quote it */
    SMTP_WAIT_QUIT,
    SMTP_ENDED
};

/* What was learned beside the findings. All strings are clean. */
struct smtp_facts {
    enum step_status step; /* how the step before the present wait ended */
    size_t received;       /* bytes in all */
    enum banner banner; /* BANNER_UNDECIDED: nothing, or too little, was received */
    char *greeting;     /* an excerpt, "220 mail.example.com ESMTP", or NULL if none was complete */
    bool offered;       /* EHLO was answered with extensions, outside TLS */
    bool starttls;      /* and STARTTLS is among them */
    bool tls;           /* in use */
    bool clear_auth;    /* outside TLS EHLO offered AUTH with methods */
    bool clear_password; /* and one of them sends the password itself: PLAIN, LOGIN */
    char *auth;         /* methods that the last EHLO offered, "PLAIN LOGIN", or NULL */
};

struct smtp;

/* Starts at now, to end by deadline at the latest; both are on the caller's
 * clock, as every now is. client, which is copied, is what EHLO says: a host name
 * or an address literal, "[192.0.2.1]" or "[IPv6:2001:db8::1]"; characters that
 * neither can have become "-". tls: the connection is encrypted already. Findings
 * are added to findings, which the caller keeps until smtp_free. Free takes NULL. */
struct smtp *smtp_new(const char *client, bool tls, clock_us now, clock_us deadline,
                      struct findings *findings);
void smtp_free(struct smtp *smtp);

/* What the dialogue waits for, and until when: the earlier of the step's and the
 * whole dialogue's deadline. */
enum smtp_wait smtp_waits_for(const struct smtp *smtp);
clock_us smtp_deadline(const struct smtp *smtp);

/* Learned so far; valid until the next call that is not const. */
const struct smtp_facts *smtp_facts(const struct smtp *smtp);

/* The *n bytes to send next (0: none), valid until the next call that is not
 * const. They are only ever EHLO, HELO, STARTTLS and QUIT. */
const char *smtp_output(const struct smtp *smtp, size_t *n);

/* The first n of them have been sent. */
void smtp_sent(struct smtp *smtp, size_t n);

/* n bytes arrived. After the end they are ignored. */
void smtp_receive(struct smtp *smtp, const char *bytes, size_t n, clock_us now);

/* Nothing will arrive any more: the server closed (error 0), or recv(2) gave the
 * errno. */
void smtp_closed(struct smtp *smtp, int error, clock_us now);

/* Judges if the deadline has come; before it nothing happens. */
void smtp_expire(struct smtp *smtp, clock_us now);

/* The handshake at SMTP_WAIT_TLS is done. */
void smtp_secured(struct smtp *smtp, clock_us now);

#endif
