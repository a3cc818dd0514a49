#ifndef CNETTLE_SHIM_H
#define CNETTLE_SHIM_H

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <nettle/version.h>

/* Nettle 4 knows the digest's length itself. */
#if NETTLE_VERSION_MAJOR >= 4
#define CNETTLE_FINISH(name, length, context, digest) nettle_##name##_digest(context, digest)
#else
#define CNETTLE_FINISH(name, length, context, digest) nettle_##name##_digest(context, length, digest)
#endif

static inline void cnettle_md5_finish(struct md5_ctx *context, uint8_t *digest) {
    CNETTLE_FINISH(md5, MD5_DIGEST_SIZE, context, digest);
}
static inline void cnettle_sha1_finish(struct sha1_ctx *context, uint8_t *digest) {
    CNETTLE_FINISH(sha1, SHA1_DIGEST_SIZE, context, digest);
}
static inline void cnettle_sha256_finish(struct sha256_ctx *context, uint8_t *digest) {
    CNETTLE_FINISH(sha256, SHA256_DIGEST_SIZE, context, digest);
}
static inline void cnettle_sha512_finish(struct sha512_ctx *context, uint8_t *digest) {
    CNETTLE_FINISH(sha512, SHA512_DIGEST_SIZE, context, digest);
}

#endif
