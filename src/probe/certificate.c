#include "probe/certificate.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "probe/openssl.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* Loaded already: there are no certificates without it. */
static const struct openssl *openssl(void)
{
    return openssl_load(NULL);
}

static char *string_text(const ASN1_STRING *string)
{
    int n = openssl()->ASN1_STRING_length(string);

    return finding_excerpt((const char *)openssl()->ASN1_STRING_get0_data(string),
                           n > 0 ? (size_t)n : 0);
}

/* Frees the BIO that a text was printed into. */
static char *take_text(BIO *bio)
{
    char *bytes = NULL;
    long n = openssl()->BIO_ctrl(bio, BIO_CTRL_INFO, 0, &bytes);
    char *text = finding_excerpt(bytes, n > 0 ? (size_t)n : 0);

    openssl()->BIO_free(bio);
    return text;
}

/* As in RFC 4514, but with blanks after the commas and characters beyond ASCII as they
 * are. A name that ends in a broken string is given up to there. */
static char *name_text(const X509_NAME *name)
{
    const unsigned long strings = ASN1_STRFLGS_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    const unsigned long names = XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_DN_REV | XN_FLAG_FN_SN;
    BIO *bio = openssl()->BIO_new(openssl()->BIO_s_mem());

    openssl()->X509_NAME_print_ex(bio, name, 0, strings | names);
    char *text = take_text(bio);
    if (*text)
        return text;
    free(text);
    return mem_strdup("(no name)");
}

/* Unlike a DNS name it may be in another encoding than ASCII. */
static char *common_name_text(const ASN1_STRING *name)
{
    BIO *bio = openssl()->BIO_new(openssl()->BIO_s_mem());

    openssl()->ASN1_STRING_print_ex(bio, name, ASN1_STRFLGS_UTF8_CONVERT);
    return take_text(bio);
}

/* A name that is not kept is counted only. */
static void add_name(struct certificate *certificate, char *name)
{
    if (certificate->nnames < CERTIFICATE_NAMES)
        certificate->names[certificate->nnames] = name;
    else
        free(name);
    certificate->nnames++;
}

static char *address_text(const ASN1_STRING *address)
{
    char text[INET6_ADDRSTRLEN];
    int n = openssl()->ASN1_STRING_length(address);

    if (n != 4 && n != 16)
        return mem_strdup("a broken address");
    inet_ntop(n == 4 ? AF_INET : AF_INET6, openssl()->ASN1_STRING_get0_data(address), text,
              sizeof text);
    return mem_strdup(text);
}

static void read_alternative_names(struct certificate *certificate, const X509 *x509)
{
    GENERAL_NAMES *names = openssl()->X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
    const OPENSSL_STACK *stack = (const OPENSSL_STACK *)names;

    for (int i = 0; i < openssl()->OPENSSL_sk_num(stack); i++) {
        const GENERAL_NAME *name = openssl()->OPENSSL_sk_value(stack, i);
        if (name->type == GEN_DNS)
            add_name(certificate, string_text(name->d.dNSName));
        else if (name->type == GEN_IPADD)
            add_name(certificate, address_text(name->d.iPAddress));
    }
    openssl()->GENERAL_NAMES_free(names);
}

static void read_common_name(struct certificate *certificate, const X509 *x509)
{
    const X509_NAME *subject = openssl()->X509_get_subject_name(x509);
    int at = openssl()->X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

    if (at >= 0)
        add_name(certificate, common_name_text(openssl()->X509_NAME_ENTRY_get_data(
                                  openssl()->X509_NAME_get_entry(subject, at))));
}

static bool read_time(const ASN1_TIME *time, time_t *when)
{
    struct tm tm;

    if (!openssl()->ASN1_TIME_to_tm(time, &tm))
        return false;
    *when = timegm(&tm);
    return true;
}

void certificate_read(struct certificate *certificate, struct x509_st *x509)
{
    *certificate = (struct certificate){
        .subject = name_text(openssl()->X509_get_subject_name(x509)),
        .issuer = name_text(openssl()->X509_get_issuer_name(x509)),
    };
    read_alternative_names(certificate, x509);
    if (certificate->nnames == 0)
        read_common_name(certificate, x509);
    certificate->dated =
        read_time(openssl()->X509_get0_notBefore(x509), &certificate->not_before) &&
        read_time(openssl()->X509_get0_notAfter(x509), &certificate->not_after);
    openssl()->ERR_clear_error();
}

static void clear_judgement(struct certificate *certificate)
{
    free(certificate->matched);
    free(certificate->distrust);
    for (size_t i = 0; i < CERTIFICATE_CHAIN; i++)
        free(certificate->chain[i]);
    memset(certificate->chain, 0, sizeof certificate->chain);
    certificate->matched = certificate->distrust = NULL;
    certificate->nchain = 0;
}

void certificate_clear(struct certificate *certificate)
{
    clear_judgement(certificate);
    free(certificate->subject);
    free(certificate->issuer);
    for (size_t i = 0; i < CERTIFICATE_NAMES; i++)
        free(certificate->names[i]);
    *certificate = (struct certificate){0};
}

void certificate_free(struct certificate *certificate)
{
    if (certificate)
        certificate_clear(certificate);
    free(certificate);
}

int certificate_days_left(const struct certificate *certificate, time_t now)
{
    return (int)((certificate->not_after - now) / DAY);
}

char *certificate_names(const struct certificate *certificate)
{
    struct buf text = {0};

    if (certificate->nnames == 0)
        buf_puts(&text, "no name");
    for (size_t i = 0; i < certificate->nnames && i < CERTIFICATE_NAMES; i++)
        buf_printf(&text, "%s%s", i > 0 ? ", " : "", certificate->names[i]);
    if (certificate->nnames > CERTIFICATE_NAMES)
        buf_printf(&text, " and %zu more", certificate->nnames - CERTIFICATE_NAMES);
    return buf_take(&text);
}

void certificate_host(const char *host, char name[static CERTIFICATE_HOST_BYTES])
{
    size_t n = strcspn(host, "%");

    if (n >= CERTIFICATE_HOST_BYTES)
        n = CERTIFICATE_HOST_BYTES - 1;
    if (n > 1 && host[n - 1] == '.')
        n--;
    memcpy(name, host, n);
    name[n] = '\0';
}

bool certificate_host_is_address(const char *name)
{
    struct in6_addr address;

    return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
}

/* "3 days": the largest unit of which there are two, so that little is lost. */
static void format_span(time_t seconds, char text[static 32])
{
    static const struct {
        time_t seconds;
        const char *name;
    } units[] = {{DAY, "days"}, {HOUR, "hours"}, {MINUTE, "minutes"}, {1, "seconds"}};
    size_t i = 0;

    while (units[i].seconds > 1 && seconds < 2 * units[i].seconds)
        i++;
    snprintf(text, 32, "%lld %s", (long long)(seconds / units[i].seconds), units[i].name);
}

void certificate_validity(const struct certificate *certificate, time_t now,
                          char text[static CERTIFICATE_VALIDITY_BYTES])
{
    time_t begin = certificate->not_before, end = certificate->not_after;
    bool early = now < begin, late = !early && now > end;
    char span[32];

    format_span(early ? begin - now : late ? now - end : end - now, span);
    snprintf(text, CERTIFICATE_VALIDITY_BYTES, "%s%s%s",
             early ? "valid in " : late ? "expired " : "", span,
             early ? "" : late ? " ago" : " left");
}

/* A fact about this certificate and when it begins or ends to hold. */
static void add_date(struct findings *findings, enum finding_id id,
                     const struct certificate *certificate, time_t when, time_t now)
{
    char date[21], clock[21], span[32];
    const char *subject = certificate->subject;

    clock_format_utc(when, date);
    clock_format_utc(now, clock);
    format_span(when < now ? now - when : when - now, span);
    if (id == FINDING_CERT_EXPIRED)
        findings_add(findings, id, "%s expired on %s, %s ago (the clock here says %s)", subject,
                     date, span, clock);
    else if (id == FINDING_CERT_NOT_YET_VALID)
        findings_add(findings, id,
                     "%s is valid from %s, in %s: suspect the clock here, which says %s", subject,
                     date, span, clock);
    else
        findings_add(findings, id, "%s expires on %s, in %s", subject, date, span);
}

/* Whether it is valid at the time now, which is said if it is not. */
static bool judge_dates(struct findings *findings, const struct certificate *certificate,
                        time_t now)
{
    time_t begin = certificate->not_before, end = certificate->not_after;

    if (!certificate->dated)
        return false;
    if (now < begin)
        add_date(findings, FINDING_CERT_NOT_YET_VALID, certificate, begin, now);
    else if (now > end)
        add_date(findings, FINDING_CERT_EXPIRED, certificate, end, now);
    return begin <= now && now <= end;
}

static void judge_own_dates(struct findings *findings, const struct certificate *certificate,
                            time_t now)
{
    time_t end = certificate->not_after;

    if (judge_dates(findings, certificate, now) && end - now < CERTIFICATE_SOON_DAYS * DAY)
        add_date(findings, FINDING_CERT_EXPIRES_SOON, certificate, end, now);
}

/* The name in it that fits, or NULL. The caller frees it. */
static char *match_name(X509 *x509, const char *name)
{
    char *peer = NULL;

    if (certificate_host_is_address(name))
        return openssl()->X509_check_ip_asc(x509, name, 0) == 1 ? mem_strdup(name) : NULL;
    if (openssl()->X509_check_host(x509, name, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, &peer) != 1)
        return NULL;
    char *matched = finding_excerpt(peer, strlen(peer));
    openssl()->CRYPTO_free(peer, __FILE__, __LINE__);
    return matched;
}

static void judge_name(struct findings *findings, struct certificate *certificate, X509 *x509,
                       const char *host)
{
    char name[CERTIFICATE_HOST_BYTES];

    certificate_host(host, name);
    certificate->matched = match_name(x509, name);
    if (certificate->matched)
        return;
    char *wanted = finding_excerpt(name, strlen(name)), *presented = certificate_names(certificate);
    findings_add(findings, FINDING_CERT_WRONG_NAME, "wanted %s, the certificate is for %s", wanted,
                 presented);
    free(wanted);
    free(presented);
}

/* What the verification goes by. */
struct judging {
    struct findings *findings;
    struct certificate *own;
    time_t now;
    int sent;        /* certificates */
    bool distrusted; /* said already: one missing certificate makes several errors */
};

/* Whether it says where its issuer's certificate can be fetched: RFC 5280, section
 * 4.2.2.1. */
static bool names_place_of_issuer(const X509 *x509)
{
    AUTHORITY_INFO_ACCESS *access = openssl()->X509_get_ext_d2i(x509, NID_info_access, NULL, NULL);
    const OPENSSL_STACK *stack = (const OPENSSL_STACK *)access;
    bool found = false;

    for (int i = 0; i < openssl()->OPENSSL_sk_num(stack); i++) {
        const ACCESS_DESCRIPTION *place = openssl()->OPENSSL_sk_value(stack, i);
        found |= openssl()->OBJ_obj2nid(place->method) == NID_ad_ca_issuers;
    }
    openssl()->AUTHORITY_INFO_ACCESS_free(access);
    return found;
}

/* The chain ends with this certificate: that of its issuer was neither sent nor is it
 * known here. Roots need not be sent, so past the server's own certificate it is the
 * root that is not trusted. Right above its own there should be one between if others
 * were sent, or if it can be fetched somewhere. */
static void add_missing(struct judging *judging, const struct certificate *certificate, X509 *x509,
                        int depth)
{
    if (depth == 0 && (judging->sent > 1 || names_place_of_issuer(x509)))
        findings_add(judging->findings, FINDING_CERT_INCOMPLETE,
                     "%s was issued by %s, whose certificate is missing among the %d sent",
                     certificate->subject, certificate->issuer, judging->sent);
    else
        findings_add(judging->findings, FINDING_CERT_UNTRUSTED,
                     "%s was issued by %s, which is not trusted here%s", certificate->subject,
                     certificate->issuer,
                     depth == 0 ? "; the server does not send that one's certificate" : "");
}

static void add_distrust(struct judging *judging, const struct certificate *certificate, X509 *x509,
                         int error, int depth)
{
    struct findings *findings = judging->findings;

    switch (error) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        findings_add(findings, FINDING_CERT_SELF_SIGNED, "%s is signed by itself",
                     certificate->subject);
        break;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        findings_add(findings, FINDING_CERT_UNTRUSTED, "the authority %s is not trusted here",
                     certificate->subject);
        break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        add_missing(judging, certificate, x509, depth);
        break;
    default:
        findings_add(findings, FINDING_CERT_UNTRUSTED, "%s: %s", certificate->subject,
                     openssl()->X509_verify_cert_error_string(error));
    }
}

static bool is_about_dates(int error)
{
    return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
}

/* Called for each error, and for each certificate without one. */
static int on_verified(int ok, X509_STORE_CTX *context)
{
    struct judging *judging = openssl()->X509_STORE_CTX_get_ex_data(context, 0);
    X509 *x509 = openssl()->X509_STORE_CTX_get_current_cert(context);
    int error = openssl()->X509_STORE_CTX_get_error(context);
    int depth = openssl()->X509_STORE_CTX_get_error_depth(context);
    struct certificate certificate;

    if (!ok && !judging->own->distrust)
        judging->own->distrust = mem_strdup(openssl()->X509_verify_cert_error_string(error));
    if (ok || !x509 || (is_about_dates(error) ? depth == 0 : judging->distrusted))
        return 1;
    certificate_read(&certificate, x509);
    if (is_about_dates(error)) {
        judge_dates(judging->findings, &certificate, judging->now);
    } else {
        judging->distrusted = true;
        add_distrust(judging, &certificate, x509, error, depth);
    }
    certificate_clear(&certificate);
    return 1;
}

/* As it was built: what was sent, and what is known here. */
static void read_chain(struct certificate *own, const OPENSSL_STACK *built)
{
    int count = openssl()->OPENSSL_sk_num(built);

    own->nchain = count > 0 ? (size_t)count : 0;
    for (size_t i = 0; i < own->nchain && i < CERTIFICATE_CHAIN; i++)
        own->chain[i] = name_text(
            openssl()->X509_get_subject_name(openssl()->OPENSSL_sk_value(built, (int)i)));
}

static void judge_trust(struct stack_st_X509 *chain, X509 *x509, struct judging *judging)
{
    const struct openssl *lib = openssl();
    X509_STORE *store = lib->X509_STORE_new();
    X509_STORE_CTX *context = lib->X509_STORE_CTX_new();

    lib->X509_STORE_set_default_paths(store);
    lib->X509_STORE_CTX_init(context, store, x509, chain);
    lib->X509_STORE_CTX_set_default(context, "ssl_server");
    lib->X509_VERIFY_PARAM_set_time(lib->X509_STORE_CTX_get0_param(context), judging->now);
    lib->X509_STORE_CTX_set_ex_data(context, 0, judging);
    lib->X509_STORE_CTX_set_verify_cb(context, on_verified);
    lib->X509_verify_cert(context);
    read_chain(judging->own, (const OPENSSL_STACK *)lib->X509_STORE_CTX_get0_chain(context));
    lib->X509_STORE_CTX_free(context);
    lib->X509_STORE_free(store);
    lib->ERR_clear_error();
}

void certificate_judge(struct stack_st_X509 *chain, const char *host, time_t now,
                       struct certificate *own, struct findings *findings)
{
    const OPENSSL_STACK *stack = (const OPENSSL_STACK *)chain;
    struct judging judging = {.findings = findings, .own = own, .now = now,
                              .sent = openssl()->OPENSSL_sk_num(stack)};
    X509 *x509 = openssl()->OPENSSL_sk_value(stack, 0);

    clear_judgement(own);
    own->judged = now;
    judge_own_dates(findings, own, now);
    judge_name(findings, own, x509, host);
    judge_trust(chain, x509, &judging);
}
