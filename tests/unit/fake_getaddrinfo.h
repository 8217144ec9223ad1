/* A getaddrinfo(3) that replaces libc's in the whole test program. It answers
 * names under .fake by itself and passes all others on:
 *   one.fake      127.0.0.1
 *   both.fake     127.0.0.2, 127.0.0.1
 *   unknown.fake  EAI_NONAME
 *   stuck.fake    as one.fake, but not before fake_release() */
#ifndef TESTS_UNIT_FAKE_GETADDRINFO_H
#define TESTS_UNIT_FAKE_GETADDRINFO_H

/* Waits until calls for stuck.fake are stuck in count threads. */
void fake_await_stuck(int count);

/* Lets all go that are stuck, and those to come. */
void fake_release(void);

/* Lookups that were not of AI_NUMERICHOST, since the program started. */
int fake_lookups(void);

/* The most threads that were stuck at a time. */
int fake_most_stuck(void);

#endif
