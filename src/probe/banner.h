/* Which protocol a server speaks, told from the first bytes that it sends. */
#ifndef PROBE_BANNER_H
#define PROBE_BANNER_H

#include <stdbool.h>
#include <stddef.h>

enum banner {
    BANNER_UNDECIDED, /* too few bytes */
    BANNER_SMTP,      /* the shape of an SMTP reply: a code of three digits */
    BANNER_FTP,       /* that shape, and the words of a file server */
    BANNER_LMTP,      /* that shape, and the words of a local mail store: RFC 2033 */
    BANNER_HTTP,
    BANNER_SSH,
    BANNER_IMAP,
    BANNER_POP3,
    BANNER_REDIS, /* RESP, the protocol of Redis and of those that do as it does */
    BANNER_MANAGESIEVE,
    BANNER_TLS, /* a record of an alert or a handshake: RFC 8446, section 5.1 */
    BANNER_MYSQL,
    BANNER_AMQP, /* what a broker says to what is none: AMQP 0-9-1, section 4.2.2 */
    BANNER_TELNET,
    BANNER_VNC,
    BANNER_ECHO, /* RFC 862: never of first bytes, but of an answer (tls_banner) */
    BANNER_OTHER /* none of these */
};
enum { BANNERS = BANNER_OTHER + 1 };

enum { BANNER_BYTES = 16 }; /* so many decide it */

/* "SSH" for a reader; "a protocol that is not known here" where none is recognised. */
const char *banner_name(enum banner banner);

/* The protocol of the first n bytes. Once decided it stays so, however many
 * bytes follow; FTP and LMTP are not told from SMTP here, nor what begins with -ERR from
 * POP3. */
enum banner banner_classify(const char *bytes, size_t n);

/* SMTP, FTP or LMTP: which of the three a greeting of that shape is. A name of
 * a host that contains "ftp" makes no file server. */
enum banner banner_of_greeting(const char *text);

/* Which protocol a line is of that banner_classify took for POP3's. A mailbox speaks first
 * (RFC 1939, section 4): an -ERR that only came once something was said to it is none of
 * POP3. BANNER_OTHER where the line proves no protocol. */
enum banner banner_of_mailbox(const char *line, bool spoke_first);

/* What banner_classify made of the beginning of a line, now that all of it has come in answer
 * to a ClientHello. */
enum banner banner_of_line(enum banner banner, const char *line);

/* FTP if an answer to EHLO or HELO is a file server's, else SMTP: there 530 means "not
 * logged in" (RFC 959, section 4.2.1), in SMTP that TLS or a login must come first. */
enum banner banner_of_answer(int code, const char *text);

/* True if what the protocol's servers send first is a line of text. */
bool banner_is_text(enum banner banner);

#endif
