/* Digests that tell texts apart; not against somebody who wants two to be alike. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a of the len bytes at data. */
uint64_t digest_of(const char *data, size_t len);

#endif
