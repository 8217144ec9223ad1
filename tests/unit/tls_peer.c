#include "tls_peer.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "temporary.h"

#include <arpa/inet.h>
#include <check.h>
#include <dlfcn.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define FUNCTIONS(X) \
    X(ASN1_INTEGER_set) \
    X(ASN1_STRING_set) \
    X(ASN1_STRING_type_new) \
    X(ASN1_TIME_set) \
    X(BASIC_CONSTRAINTS_free) \
    X(BASIC_CONSTRAINTS_new) \
    X(BIO_ctrl) \
    X(BIO_free) \
    X(BIO_new) \
    X(BIO_read) \
    X(BIO_s_mem) \
    X(BIO_write) \
    X(EVP_PKEY_Q_keygen) \
    X(EVP_PKEY_free) \
    X(EVP_sha256) \
    X(GENERAL_NAMES_free) \
    X(GENERAL_NAME_new) \
    X(GENERAL_NAME_set0_value) \
    X(OPENSSL_init_ssl) \
    X(OPENSSL_sk_new_null) \
    X(OPENSSL_sk_push) \
    X(PEM_write_bio_X509) \
    X(SSL_CTX_ctrl) \
    X(SSL_CTX_free) \
    X(SSL_CTX_new) \
    X(SSL_CTX_set_cipher_list) \
    X(SSL_CTX_set_verify) \
    X(SSL_CTX_use_PrivateKey) \
    X(SSL_CTX_use_certificate) \
    X(SSL_do_handshake) \
    X(SSL_free) \
    X(SSL_get_servername) \
    X(SSL_is_init_finished) \
    X(SSL_new) \
    X(SSL_read) \
    X(SSL_set_accept_state) \
    X(SSL_set_bio) \
    X(SSL_shutdown) \
    X(SSL_write) \
    X(TLS_server_method) \
    X(X509V3_EXT_conf_nid) \
    X(X509_EXTENSION_free) \
    X(X509_NAME_add_entry_by_txt) \
    X(X509_add1_ext_i2d) \
    X(X509_add_ext) \
    X(X509_free) \
    X(X509_get_serialNumber) \
    X(X509_get_subject_name) \
    X(X509_getm_notAfter) \
    X(X509_getm_notBefore) \
    X(X509_new) \
    X(X509_set_issuer_name) \
    X(X509_set_pubkey) \
    X(X509_set_version) \
    X(X509_sign)
/* clang-format on */

static struct {
#define MEMBER(name) __typeof__(name) *(name);
    FUNCTIONS(MEMBER)
#undef MEMBER
} lib;

static void find(void *library, const char *name, void *function)
{
    void *symbol = dlsym(library, name);

    ck_assert_msg(symbol != NULL, "%s", name);
    memcpy(function, &symbol, sizeof symbol);
}

static void load(void)
{
    void *library = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);

    ck_assert_ptr_nonnull(library);
#define FIND(name) find(library, #name, &lib.name);
    FUNCTIONS(FIND)
#undef FIND
    lib.OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

struct identity {
    X509 *x509;
    EVP_PKEY *key;
};

/* A heap copy of the n bytes with NULs for the @s. */
static char *with_nuls(const char *bytes, size_t n)
{
    char *copy = mem_strndup(bytes, n);

    for (size_t i = 0; i < n; i++)
        if (copy[i] == '@')
            copy[i] = '\0';
    return copy;
}

static ASN1_STRING *new_string(int type, const void *bytes, size_t n)
{
    ASN1_STRING *string = lib.ASN1_STRING_type_new(type);

    lib.ASN1_STRING_set(string, bytes, (int)n);
    return string;
}

static GENERAL_NAME *new_name(const char *text, size_t n)
{
    GENERAL_NAME *name = lib.GENERAL_NAME_new();
    char *bytes = with_nuls(text, n);
    unsigned char address[16];

    if (inet_pton(AF_INET, bytes, address) == 1)
        lib.GENERAL_NAME_set0_value(name, GEN_IPADD, new_string(V_ASN1_OCTET_STRING, address, 4));
    else if (inet_pton(AF_INET6, bytes, address) == 1)
        lib.GENERAL_NAME_set0_value(name, GEN_IPADD, new_string(V_ASN1_OCTET_STRING, address, 16));
    else
        lib.GENERAL_NAME_set0_value(name, GEN_DNS, new_string(V_ASN1_IA5STRING, bytes, n));
    free(bytes);
    return name;
}

static void add_names(X509 *x509, const char *names)
{
    OPENSSL_STACK *stack = lib.OPENSSL_sk_new_null();

    while (names) {
        size_t n = strcspn(names, "|");
        lib.OPENSSL_sk_push(stack, new_name(names, n));
        names = names[n] ? names + n + 1 : NULL;
    }
    lib.X509_add1_ext_i2d(x509, NID_subject_alt_name, stack, 0, 0);
    lib.GENERAL_NAMES_free((GENERAL_NAMES *)stack);
}

static void add_authority(X509 *x509)
{
    BASIC_CONSTRAINTS *constraints = lib.BASIC_CONSTRAINTS_new();

    constraints->ca = 0xFF;
    lib.X509_add1_ext_i2d(x509, NID_basic_constraints, constraints, 1, 0);
    lib.BASIC_CONSTRAINTS_free(constraints);
}

static void add_place(X509 *x509)
{
    static const char places[] = "OCSP;URI:http://ca.test/ocsp,caIssuers;URI:http://ca.test/ca";
    X509_EXTENSION *extension = lib.X509V3_EXT_conf_nid(NULL, NULL, NID_info_access, places);

    lib.X509_add_ext(x509, extension, -1);
    lib.X509_EXTENSION_free(extension);
}

static void set_common_name(X509 *x509, const struct identity_wish *wish)
{
    size_t n = strlen(wish->common_name);
    char *name = with_nuls(wish->common_name, n);

    lib.X509_NAME_add_entry_by_txt(lib.X509_get_subject_name(x509), "CN",
                                   wish->wide ? V_ASN1_BMPSTRING : V_ASN1_UTF8STRING,
                                   (const unsigned char *)name, (int)n, -1, 0);
    free(name);
}

static void fill(X509 *x509, const struct identity_wish *wish)
{
    static long serial;

    lib.X509_set_version(x509, 2);
    lib.ASN1_INTEGER_set(lib.X509_get_serialNumber(x509), ++serial);
    lib.ASN1_TIME_set(lib.X509_getm_notBefore(x509),
                      wish->begin ? wish->begin : PEER_NOW - 365 * PEER_DAY);
    lib.ASN1_TIME_set(lib.X509_getm_notAfter(x509),
                      wish->end ? wish->end : PEER_NOW + 365 * PEER_DAY);
    if (wish->common_name)
        set_common_name(x509, wish);
    if (wish->names)
        add_names(x509, wish->names);
    if (wish->authority)
        add_authority(x509);
    if (wish->names_place)
        add_place(x509);
}

struct identity *identity_new(const struct identity_wish *wish)
{
    struct identity *identity = mem_zalloc(sizeof *identity);
    const struct identity *issuer = wish->issuer ? wish->issuer : identity;

    load();
    identity->key = lib.EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    ck_assert_ptr_nonnull(identity->key);
    identity->x509 = lib.X509_new();
    fill(identity->x509, wish);
    lib.X509_set_pubkey(identity->x509, identity->key);
    lib.X509_set_issuer_name(identity->x509, lib.X509_get_subject_name(issuer->x509));
    ck_assert_int_gt(lib.X509_sign(identity->x509, issuer->key, lib.EVP_sha256()), 0);
    return identity;
}

void identity_free(struct identity *identity)
{
    if (!identity)
        return;
    lib.X509_free(identity->x509);
    lib.EVP_PKEY_free(identity->key);
    free(identity);
}

void identity_trust(const struct identity *identity)
{
    BIO *bio = lib.BIO_new(lib.BIO_s_mem());
    char text[4096];

    lib.PEM_write_bio_X509(bio, identity->x509);
    int n = lib.BIO_read(bio, text, sizeof text - 1);
    ck_assert_int_gt(n, 0);
    text[n] = '\0';
    lib.BIO_free(bio);
    setenv("SSL_CERT_DIR", temporary_directory(), 1);
    setenv("SSL_CERT_FILE", temporary_file("trusted.pem", text), 1);
}

struct tls_server {
    SSL *ssl;
    BIO *in, *out;
};

static SSL_CTX *new_context(const struct tls_server_wish *wish)
{
    SSL_CTX *context = lib.SSL_CTX_new(lib.TLS_server_method());

    lib.SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION,
                     wish->version ? wish->version : TLS1_VERSION, NULL);
    lib.SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, wish->version, NULL);
    lib.SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0");
    ck_assert_int_eq(lib.SSL_CTX_use_certificate(context, wish->own->x509), 1);
    ck_assert_int_eq(lib.SSL_CTX_use_PrivateKey(context, wish->own->key), 1);
    if (wish->sent)
        lib.SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, wish->sent->x509);
    if (wish->wants_certificate)
        lib.SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return context;
}

struct tls_server *tls_server_new(const struct tls_server_wish *wish)
{
    struct tls_server *server = mem_zalloc(sizeof *server);
    SSL_CTX *context = new_context(wish);

    server->ssl = lib.SSL_new(context);
    server->in = lib.BIO_new(lib.BIO_s_mem());
    server->out = lib.BIO_new(lib.BIO_s_mem());
    lib.SSL_set_bio(server->ssl, server->in, server->out);
    lib.SSL_set_accept_state(server->ssl);
    lib.SSL_CTX_free(context);
    return server;
}

void tls_server_free(struct tls_server *server)
{
    lib.SSL_free(server->ssl);
    free(server);
}

void tls_server_receive(struct tls_server *server, const char *bytes, size_t n)
{
    lib.BIO_write(server->in, bytes, (int)n);
    if (!lib.SSL_is_init_finished(server->ssl))
        lib.SSL_do_handshake(server->ssl);
}

bool tls_server_is_ready(const struct tls_server *server)
{
    return lib.SSL_is_init_finished(server->ssl);
}

size_t tls_server_take(struct tls_server *server, char *bytes, size_t size)
{
    int n = lib.BIO_read(server->out, bytes, (int)size);

    return n > 0 ? (size_t)n : 0;
}

void tls_server_write(struct tls_server *server, const char *text)
{
    ck_assert_int_gt(lib.SSL_write(server->ssl, text, (int)strlen(text)), 0);
}

size_t tls_server_read(struct tls_server *server, char *bytes, size_t size)
{
    int n = lib.SSL_read(server->ssl, bytes, (int)size);

    return n > 0 ? (size_t)n : 0;
}

void tls_server_finish(struct tls_server *server)
{
    lib.SSL_shutdown(server->ssl);
}

const char *tls_server_name(const struct tls_server *server)
{
    return lib.SSL_get_servername(server->ssl, TLSEXT_NAMETYPE_host_name);
}

struct tls_session *peer_session(const char *host)
{
    struct error err = {0};
    struct tls_session *session = tls_new(host, &err);

    ck_assert_msg(session != NULL, "%s", err.text);
    return session;
}

static void send_to_server(struct tls_session *session, struct tls_server *server)
{
    size_t n;
    const char *bytes;

    while (bytes = tls_output(session, &n), n > 0) {
        tls_server_receive(server, bytes, n);
        tls_sent(session, n);
    }
}

size_t peer_talk(struct tls_session *session, struct tls_server *server, size_t piece,
                 size_t limit)
{
    static char bytes[PEER_WHOLE];
    size_t n, said = 0;

    send_to_server(session, server);
    while ((n = tls_server_take(server, bytes, piece)) > 0) {
        size_t left = said < limit ? limit - said : 0;
        if (left > 0)
            tls_receive(session, bytes, n < left ? n : left);
        said += n;
        send_to_server(session, server);
    }
    return said;
}

static void check_clean(const char *text)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    ck_assert_str_eq(clean, text);
    free(clean);
}

void peer_judge(struct tls_session *session, const char *what, const char *ids,
                const char *text)
{
    struct findings findings = {0};
    struct buf found = {0};

    tls_judge(session, PEER_NOW, &findings);
    buf_puts(&found, "");
    for (size_t i = 0; i < findings.count; i++) {
        buf_printf(&found, "%s%s", i > 0 ? " " : "", finding_name(findings.items[i].id));
        check_clean(findings.items[i].text);
    }
    ck_assert_msg(strcmp(found.data, ids) == 0, "%s: %s", what, found.data);
    if (findings.count > 0)
        ck_assert_msg(strstr(findings.items[0].text, text) != NULL, "%s: %s", what,
                      findings.items[0].text);
    buf_clear(&found);
    findings_clear(&findings);
}
