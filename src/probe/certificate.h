/* Certificates of a server: RFC 5280, names by RFC 6125. What one says, as clean text,
 * and what is wrong with it. OpenSSL's types stay out of here: x509_st is its X509,
 * stack_st_X509 its STACK_OF(X509). */
#ifndef PROBE_CERTIFICATE_H
#define PROBE_CERTIFICATE_H

#include "base/error.h"
#include "probe/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct x509_st;
struct stack_st_X509;

enum {
    CERTIFICATE_NAMES = 5,      /* of a certificate, so many are shown */
    CERTIFICATE_CHAIN = 6,      /* and so many of a chain */
    CERTIFICATE_SOON_DAYS = 14, /* fewer days left are a finding */
    CERTIFICATE_HOST_BYTES = 256 /* of a host name with its NUL: DNS allows 253 */
};

/* All texts are clean and at most FINDING_EXCERPT_BYTES. Zeroed is empty. Embedded. */
struct certificate {
    char *subject, *issuer; /* "CN=mail.example.com, O=Example"; "(no name)" if empty */
    char *names[CERTIFICATE_NAMES]; /* the first: DNS names and addresses, else the CN */
    size_t nnames;                  /* all of them; those past CERTIFICATE_NAMES are not kept */
    bool dated;                     /* both dates could be read */
    time_t not_before, not_after;
    /* Of the judgement, empty before it. */
    time_t judged;                  /* when: wall clock */
    char *matched;                  /* the name that fits the wanted host, or NULL: none does */
    char *chain[CERTIFICATE_CHAIN]; /* subjects, from its own up to the root, as far as known */
    size_t nchain;                  /* all of them, as with names */
    char *distrust;                 /* the first fault of the chain; NULL: it is trusted here */
};

/* Reads x509 into certificate, which certificate_clear empties again. OpenSSL must be
 * loaded (probe/openssl.h), as for all that follows. */
void certificate_read(struct certificate *certificate, struct x509_st *x509);
void certificate_clear(struct certificate *certificate);

/* Clears and frees; NULL is allowed. */
void certificate_free(struct certificate *certificate);

/* Whole days from now to the end, or back to it: -3 for one that expired three days and
 * some hours ago. Needs dated. */
int certificate_days_left(const struct certificate *certificate, time_t now);

/* "60 days left", "expired 3 days ago", "valid in 2 hours". Needs dated. */
enum { CERTIFICATE_VALIDITY_BYTES = 48 };
void certificate_validity(const struct certificate *certificate, time_t now,
                          char text[static CERTIFICATE_VALIDITY_BYTES]);

/* The names that are shown, ", " between them and "and 7 more" behind; "no name" if it
 * has none. The caller frees it. */
char *certificate_names(const struct certificate *certificate);

/* A host as names in certificates are written: without the dot of the root at its end
 * and the zone of an address behind "%". A name that is too long is cut. */
void certificate_host(const char *host, char name[static CERTIFICATE_HOST_BYTES]);

/* True for an IPv4 or IPv6 address, which certificates name apart and SNI not at all
 * (RFC 6066, section 3). */
bool certificate_host_is_address(const char *name);

/* Judges the certificates that a server sent, its own first, as a client at the time
 * now that wants host and trusts what this machine trusts (SSL_CERT_FILE and
 * SSL_CERT_DIR are obeyed). Adds the findings: the dates of its own, its name, whether
 * it is trusted, then other dates. Several may hold at once. own is the first one, read
 * before, and gets what the judgement saw. Reads files, those of the trusted
 * authorities, and waits for nothing else. */
void certificate_judge(struct stack_st_X509 *chain, const char *host, time_t now,
                       struct certificate *own, struct findings *findings);

#endif
