/* Where a result is seen from: a pass here proves nothing about another network. */
#ifndef RUN_VANTAGE_H
#define RUN_VANTAGE_H

/* "host web-1", "container 3f2a9c (web-1)" or "pod gateway-7d9 in namespace
 * stella": found without running anything, from /.dockerenv,
 * /run/.containerenv, /run/systemd/container, the Kubernetes service
 * account's files and environment. Clean text; the caller frees it. */
char *vantage_describe(void);

/* The name of this host, clean; the caller frees it. */
char *vantage_host_name(void);

#endif
