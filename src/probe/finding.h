/* Findings: what digging deeper found out beside the verdict. Each has a stable
 * id with one meaning and one fix (the manual and the reports print both), and
 * a text with the values that were observed. */
#ifndef PROBE_FINDING_H
#define PROBE_FINDING_H

#include <stdbool.h>
#include <stddef.h>

enum finding_id {
    /* What the connection is like. */
    FINDING_WRONG_PROTOCOL,
    FINDING_TLS_ANSWERS,
    FINDING_NO_GREETING,
    FINDING_SLOW_GREETING,
    FINDING_CLOSED_EARLY,
    FINDING_RESET_EARLY,
    FINDING_CONNECTION_LOST,
    /* What the server says. */
    FINDING_GREETING_REFUSED,
    FINDING_GREETING_BUSY,
    FINDING_GARBAGE_GREETING,
    FINDING_NO_REPLY,
    FINDING_GARBAGE_REPLY,
    FINDING_REPLY_TOO_LONG,
    FINDING_EHLO_UNSUPPORTED,
    FINDING_EHLO_REFUSED,
    FINDING_STARTTLS_ABSENT,
    FINDING_STARTTLS_REFUSED,
    FINDING_STARTTLS_INJECTION,
    FINDING_AUTH_ABSENT,
    FINDING_AUTH_IN_CLEAR,
    /* TLS. */
    FINDING_TLS_MODE_MISMATCH,
    FINDING_TLS_STALLED,
    FINDING_TLS_TOO_OLD,
    FINDING_TLS_FAILED,
    FINDING_TLS_UNTESTED,
    FINDING_TLS_TRIED,
    FINDING_TLS_HUNG_UP,
    FINDING_CERT_EXPIRED,
    FINDING_CERT_NOT_YET_VALID,
    FINDING_CERT_EXPIRES_SOON,
    FINDING_CERT_SELF_SIGNED,
    FINDING_CERT_UNTRUSTED,
    FINDING_CERT_INCOMPLETE,
    FINDING_CERT_WRONG_NAME,
    /* Addresses, names and contrast. */
    FINDING_DEAD_ADDRESS,
    FINDING_DNS_SLOW,
    FINDING_DNS_SERVER_DEAD,
    FINDING_DNS_AAAA_SILENT,
    FINDING_OTHER_PORT_OPEN,
    FINDING_OTHER_HOST_OPEN,
    FINDING_ACCEPTED_LATER,
    FINDING_PROXY_UNTESTED,
    /* What the settings say. */
    FINDING_USESSL_NOT_BOOLEAN,
    FINDING_WEBHOOK_PLAINTEXT
};
enum { FINDINGS = FINDING_WEBHOOK_PLAINTEXT + 1 };

/* "wrong-protocol": stable, for reports and scripts. */
const char *finding_name(enum finding_id id);

/* One sentence: what it means; what mends it. */
const char *finding_meaning(enum finding_id id);
const char *finding_fix(enum finding_id id);

/* True for warnings, which --deep counts for the exit status; false for what is
 * only good to know. */
bool finding_is_warning(enum finding_id id);

enum {
    FINDING_EXCERPT_BYTES = 200, /* of one foreign text */
    FINDING_READ_BYTES = 64 * 1024, /* and so many of it are looked at, for secrets */
    FINDING_TEXT_BYTES = 480     /* of a whole text */
};

struct finding {
    enum finding_id id;
    char *text; /* what was observed: one clean line of at most FINDING_TEXT_BYTES */
};

/* In the order in which they were found. Zeroed is empty. Embedded. */
struct findings {
    struct finding *items;
    size_t count;
};

/* Appends a finding with a printf-like text. Whatever is foreign in it passes
 * text_sanitise; a long text is cut at a whole character and ends in "...". */
void findings_add(struct findings *findings, enum finding_id id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Leaves only the first count of them. */
void findings_cut(struct findings *findings, size_t count);

/* Moves all of from to the end of to. */
void findings_move(struct findings *to, struct findings *from);

/* The first that is a warning; NULL where none is. */
const struct finding *findings_first_warning(const struct findings *findings);

/* Whether one of them is a warning. */
bool findings_warn(const struct findings *findings);

/* Frees all and starts empty again. */
void findings_clear(struct findings *findings);

/* The beginning of the n foreign bytes, for a text: clean, one line, with *** in place
 * of secrets that show themselves (mask_text), cut like a text at FINDING_EXCERPT_BYTES.
 * The caller frees it. */
char *finding_excerpt(const char *bytes, size_t n);

#endif
