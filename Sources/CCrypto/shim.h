/* OpenSSL 3.0 deprecates the functions for a single digest. Their replacements, which look up a digest
   by name, fetch a provider, which is slow for many small files, and link all of libcrypto. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
