/* What the test process holds, to find what was left behind. */
#ifndef TESTS_UNIT_PROCESS_H
#define TESTS_UNIT_PROCESS_H

int process_descriptors(void);
int process_threads(void);

/* Waits until no more than count threads are left. */
void process_await_threads(int count);

#endif
