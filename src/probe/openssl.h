/* OpenSSL, loaded when it is first needed: linked plainly it would double the start
 * of a program that mostly does not use it. Its headers give the types, so every call
 * through the table is checked as if it were direct. Only tls.c, certificate.c and
 * tests include this. */
#ifndef PROBE_OPENSSL_H
#define PROBE_OPENSSL_H

#include "base/error.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* clang-format off */
#define OPENSSL_FUNCTIONS(X) \
    X(ASN1_STRING_get0_data) \
    X(ASN1_STRING_length) \
    X(ASN1_STRING_print_ex) \
    X(ASN1_TIME_to_tm) \
    X(AUTHORITY_INFO_ACCESS_free) \
    X(BIO_ctrl) \
    X(BIO_free) \
    X(BIO_new) \
    X(BIO_read) \
    X(BIO_s_mem) \
    X(BIO_write_ex) \
    X(CRYPTO_free) \
    X(ERR_clear_error) \
    X(ERR_peek_error) \
    X(ERR_reason_error_string) \
    X(GENERAL_NAMES_free) \
    X(OBJ_obj2nid) \
    X(OPENSSL_init_ssl) \
    X(OPENSSL_sk_num) \
    X(OPENSSL_sk_value) \
    X(SSL_CIPHER_get_name) \
    X(SSL_CTX_ctrl) \
    X(SSL_CTX_free) \
    X(SSL_CTX_new) \
    X(SSL_CTX_set_cipher_list) \
    X(SSL_CTX_set_options) \
    X(SSL_ctrl) \
    X(SSL_do_handshake) \
    X(SSL_free) \
    X(SSL_get_current_cipher) \
    X(SSL_get_error) \
    X(SSL_get_peer_cert_chain) \
    X(SSL_get_version) \
    X(SSL_new) \
    X(SSL_read_ex) \
    X(SSL_set_bio) \
    X(SSL_set_connect_state) \
    X(SSL_shutdown) \
    X(SSL_version) \
    X(SSL_write_ex) \
    X(TLS_client_method) \
    X(X509_NAME_ENTRY_get_data) \
    X(X509_NAME_get_entry) \
    X(X509_NAME_get_index_by_NID) \
    X(X509_NAME_print_ex) \
    X(X509_STORE_CTX_free) \
    X(X509_STORE_CTX_get0_param) \
    X(X509_STORE_CTX_get0_chain) \
    X(X509_STORE_CTX_get_current_cert) \
    X(X509_STORE_CTX_get_error) \
    X(X509_STORE_CTX_get_error_depth) \
    X(X509_STORE_CTX_get_ex_data) \
    X(X509_STORE_CTX_init) \
    X(X509_STORE_CTX_new) \
    X(X509_STORE_CTX_set_default) \
    X(X509_STORE_CTX_set_ex_data) \
    X(X509_STORE_CTX_set_verify_cb) \
    X(X509_STORE_free) \
    X(X509_STORE_new) \
    X(X509_STORE_set_default_paths) \
    X(X509_VERIFY_PARAM_set_time) \
    X(X509_check_host) \
    X(X509_check_ip_asc) \
    X(X509_get0_notAfter) \
    X(X509_get0_notBefore) \
    X(X509_get_ext_d2i) \
    X(X509_get_issuer_name) \
    X(X509_get_subject_name) \
    X(X509_verify_cert) \
    X(X509_verify_cert_error_string)
/* clang-format on */

struct openssl {
#define OPENSSL_MEMBER(name) __typeof__(name) *(name);
    OPENSSL_FUNCTIONS(OPENSSL_MEMBER)
#undef OPENSSL_MEMBER
};

/* The functions; they stay loaded until the process ends. The first call loads the
 * library, without the machine's openssl.cnf, which may forbid the old versions of
 * TLS that are to be found. NULL, with err set, where it is not installed; the next
 * call tries again. Only for the thread of the loop. */
const struct openssl *openssl_load(struct error *err);

#endif
