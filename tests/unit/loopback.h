/* Ports of this machine that answer in one way. */
#ifndef TESTS_UNIT_LOOPBACK_H
#define TESTS_UNIT_LOOPBACK_H

/* Each opens one on 127.0.0.1, and returns what holds it; *port is its number as text.
 * loopback_close closes it and frees port. */
int loopback_open(char **port);     /* takes connections */
int loopback_refusing(char **port); /* is held, but refuses them */

/* Its queue is full: no answer comes, as behind a firewall. *filler is closed by the
 * caller, before. */
int loopback_silent(char **port, int *filler);
void loopback_close(int fd, char *port);

#endif
