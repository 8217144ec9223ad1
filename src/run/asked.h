/* What the nameservers said, for people. */
#ifndef RUN_ASKED_H
#define RUN_ASKED_H

#include "run/result.h"

/* "192.0.2.53: addresses after 3 ms, no IPv6 answer in 5000 ms": its status, and
 * of what did not come how long it was waited for. The caller frees it. */
char *asked_text(const struct nameserver *server);

/* Whose nameservers explain a result whose lookup failed or took all the time: those
 * that digging deeper asked, which had more time, else those of the verdict. Of any other
 * result it is an evidence without nameservers. */
const struct evidence *asked_about(const struct result *result);

#endif
