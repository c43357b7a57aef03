/* The functions of one digest each are deprecated since OpenSSL 3.0 for those that choose a digest by
   name. These fetch a provider, at the cost of many small files, and link all of libcrypto. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
