/* One reply of an SMTP server, read byte by byte: RFC 5321, section 4.2. A bare
 * line feed ends a line too. Lines of one reply may differ in their codes; the
 * last one counts. */
#ifndef PROBE_SMTP_REPLY_H
#define PROBE_SMTP_REPLY_H

#include "base/buf.h"

enum {
    SMTP_LINE_BYTES = 512, /* with its CR LF: RFC 5321, section 4.5.3.1.5 */
    SMTP_REPLY_LINES = 100
};

enum smtp_reply_status {
    SMTP_REPLY_MORE,          /* not complete yet */
    SMTP_REPLY_DONE,          /* its last line has ended */
    SMTP_REPLY_INVALID,       /* a line has ended that is not "250 text" or "250-text" */
    SMTP_REPLY_LINE_TOO_LONG, /* over SMTP_LINE_BYTES */
    SMTP_REPLY_TOO_MANY_LINES /* a line over SMTP_REPLY_LINES is announced */
};

/* Zeroed is empty. Embedded; smtp_reply_clear frees what it holds. */
struct smtp_reply {
    struct buf text; /* the lines with their codes, a line feed between two */
    size_t line;     /* where the last of them starts in text */
    int lines;       /* that have ended */
    int code;        /* of the last line that has ended, 200 to 599; 0 before */
};

/* Takes the next byte. Not to be called again after anything but
 * SMTP_REPLY_MORE before the reply is cleared. */
enum smtp_reply_status smtp_reply_feed(struct smtp_reply *reply, char byte);

/* Frees all and starts empty again. */
void smtp_reply_clear(struct smtp_reply *reply);

/* What has come so far as an excerpt for a finding, in one line; the caller
 * frees it. */
char *smtp_reply_excerpt(const struct smtp_reply *reply);

/* The parameters of an extension in the reply to EHLO (RFC 5321, section
 * 4.1.1.1), "" where it has none: a heap string that the caller frees; NULL if
 * it is not offered. keyword is found in any case of letters; "AUTH=LOGIN", as
 * servers wrote it before RFC 2554, counts as "AUTH LOGIN". */
char *smtp_reply_extension(const struct smtp_reply *reply, const char *keyword);

#endif
