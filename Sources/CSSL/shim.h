#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* Wrappers for macros with arguments, which Swift does not import. */

/// A context for clients: TLS 1.2 or later, certificates verified. NULL when out of memory.
///
/// No configuration file is read: the one of the system may list modules, which a static executable
/// cannot load.
static inline SSL_CTX *cssl_client_context(void) {
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  if (context == NULL) return NULL;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
  /* Treat a connection that is closed without a close_notify as closed; HTTP's framing detects
     truncated messages. */
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  return context;
}

/// Sets the host to verify the certificate for: a name or, if `is_address` is not 0, an IP address;
/// a name is also sent to the server (SNI). Returns 1 on success.
static inline int cssl_expect_host(SSL *ssl, const char *host, int is_address) {
  if (is_address) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

/// HMAC-SHA256 of `count` bytes; `digest` has room for 32.
static inline void cssl_hmac_sha256(const void *key, int key_count, const unsigned char *start,
                                    size_t count, unsigned char *digest) {
  HMAC(EVP_sha256(), key, key_count, start, count, digest, NULL);
}
