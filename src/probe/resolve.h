/* Names to addresses through libc, as the platform does it: getaddrinfo(3) on
 * detached threads. libuv's own pool is not used: libuv joins it at exit, so a
 * stuck lookup would hold the exit for 10-20 s (measured). */
#ifndef PROBE_RESOLVE_H
#define PROBE_RESOLVE_H

#include <netdb.h>
#include <stdint.h>
#include <uv.h>

struct resolver;
struct lookup;

/* At most this many threads answer at a time, and as many more may be stuck in
 * abandoned lookups; further lookups wait in a queue. */
enum { RESOLVER_THREADS = 64 };

/* Called on the loop, never from within resolver_lookup. error is 0 or EAI_*;
 * list (freeaddrinfo(3) by the callee) is NULL on error. */
typedef void (*lookup_done)(void *context, int error, struct addrinfo *list);

/* One resolver a loop. It keeps the loop alive only while a lookup is pending,
 * and starts no thread before the first lookup that needs one. */
struct resolver *resolver_new(uv_loop_t *loop);

/* Abandons all lookups, closes the loop handle (run the loop once more for
 * that) and frees itself when the last stuck thread is done. NULL is allowed. */
void resolver_free(struct resolver *resolver);

/* Looks host up for TCP to port. IP literals (with or without a zone, no
 * brackets) are answered without a thread. Where no thread can be started the
 * answer is EAI_AGAIN. host is copied. */
struct lookup *resolver_lookup(struct resolver *resolver, const char *host, uint16_t port,
                               lookup_done done, void *context);

/* Gives a lookup up: done is not called, the thread is left behind. Not valid
 * once done was called or the resolver freed. */
void lookup_abandon(struct lookup *lookup);

#endif
