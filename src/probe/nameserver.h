/* What each nameserver of resolv.conf(5) says about a name, asked by itself, one A
 * and one AAAA query each: which one is dead, refuses, fails, or knows no such
 * name. This explains a verdict; the verdict stays that of libc (resolve.h). */
#ifndef PROBE_NAMESERVER_H
#define PROBE_NAMESERVER_H

#include "base/clock.h"
#include "probe/evidence.h"

#include <uv.h>

struct nameservers;

/* Asks all nameservers for host as an absolute name (or with the first search domain
 * where it has fewer dots than ndots). One answer per server is appended to
 * evidence->nameservers and changes as replies come. Nothing waits: sockets are
 * polled on the loop. NULL where host is a literal or there is nobody to ask.
 * done is called on the loop once all have answered, unless stopped before. */
struct nameservers *nameservers_ask(uv_loop_t *loop, const char *host, struct evidence *evidence,
                                    void (*done)(void *context), void *context);

/* Takes in what has arrived already, without waiting; whoever did not answer stays
 * NAMESERVER_SILENT until now. Frees; NULL is allowed. */
void nameservers_stop(struct nameservers *nameservers);

#endif
