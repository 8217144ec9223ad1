/* The certificates of a server: probe/certificate.h. An input is DER, one certificate
 * after the other, the server's own first; it ends where OpenSSL reads none. */
#include "base/clock.h"
#include "fuzz.h"
#include "probe/certificate.h"
#include "probe/openssl.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MAX = 8, NOW = 1795521600 };

/* What only a test needs of OpenSSL. */
/* clang-format off */
#define FUNCTIONS(X) \
    X(OPENSSL_sk_free) \
    X(OPENSSL_sk_new_null) \
    X(OPENSSL_sk_push) \
    X(X509_free) \
    X(d2i_X509)
/* clang-format on */

static struct {
#define MEMBER(name) __typeof__(name) *(name);
    FUNCTIONS(MEMBER)
#undef MEMBER
} lib;

static void find(void *library, const char *name, void *function)
{
    void *symbol = dlsym(library, name);

    assert(symbol);
    memcpy(function, &symbol, sizeof symbol);
}

/* Nothing is trusted, so that the machine's authorities make no difference. */
static const struct openssl *load(void)
{
    const struct openssl *openssl = openssl_load(NULL);
    void *library = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);

    assert(openssl && library);
#define FIND(name) find(library, #name, &lib.name);
    FUNCTIONS(FIND)
#undef FIND
    setenv("SSL_CERT_FILE", "/dev/null", 1);
    setenv("SSL_CERT_DIR", "/dev/null", 1);
    return openssl;
}

static void check_certificate(X509 *x509)
{
    struct certificate certificate;

    certificate_read(&certificate, x509);
    fuzz_check_clean(certificate.subject);
    fuzz_check_clean(certificate.issuer);
    assert(strlen(certificate.subject) <= FINDING_EXCERPT_BYTES);
    assert(strlen(certificate.issuer) <= FINDING_EXCERPT_BYTES);
    for (size_t i = 0; i < CERTIFICATE_NAMES; i++)
        assert(!certificate.names[i] == (i >= certificate.nnames));
    char *names = certificate_names(&certificate);
    fuzz_check_clean(names);
    free(names);
    if (certificate.dated) {
        char date[21];
        clock_format_utc(certificate.not_after, date);
        fuzz_check_clean(date);
        certificate_days_left(&certificate, NOW);
        char validity[CERTIFICATE_VALIDITY_BYTES];
        certificate_validity(&certificate, NOW, validity);
        fuzz_check_clean(validity);
    }
    certificate_clear(&certificate);
}

static void check_judgement(OPENSSL_STACK *chain, X509 *first, const char *host)
{
    struct findings findings = {0};
    struct certificate own;

    certificate_read(&own, first);
    certificate_judge((struct stack_st_X509 *)chain, host, NOW, &own, &findings);
    assert(findings.count > 0);
    for (size_t i = 0; i < findings.count; i++)
        fuzz_check_clean(findings.items[i].text);
    findings_clear(&findings);
    assert(own.distrust); /* nobody is trusted */
    fuzz_check_clean(own.distrust);
    if (own.matched)
        fuzz_check_clean(own.matched);
    for (size_t i = 0; i < own.nchain && i < CERTIFICATE_CHAIN; i++)
        fuzz_check_clean(own.chain[i]);
    certificate_clear(&own);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct openssl *openssl;
    const unsigned char *at = data;
    X509 *chain[CHAIN_MAX];
    size_t count = 0;

    if (!openssl)
        openssl = load();
    OPENSSL_STACK *stack = lib.OPENSSL_sk_new_null();
    while (count < CHAIN_MAX &&
           (chain[count] = lib.d2i_X509(NULL, &at, (long)(data + size - at)))) {
        lib.OPENSSL_sk_push(stack, chain[count]);
        check_certificate(chain[count++]);
    }
    if (count > 0) {
        check_judgement(stack, chain[0], "mail.example.com");
        check_judgement(stack, chain[0], "192.0.2.1");
    }
    lib.OPENSSL_sk_free(stack);
    while (count > 0)
        lib.X509_free(chain[--count]);
    openssl->ERR_clear_error();
    return 0;
}
