/* A journal of events, and the incident note that is made of it. */
#ifndef TESTS_UNIT_NOTED_H
#define TESTS_UNIT_NOTED_H

#include "guide/incident.h"

/* 2026-11-24T00:00:00Z */
#define NOTED_MIDNIGHT_MS INT64_C(1795478400000)
enum { NOTED_HOUR_MS = 3600000 };

/* Fixtures: a directory for the journal, which is empty. */
void noted_setup(void);
void noted_teardown(void);

/* Adds a line of that moment of the day, "03:02:11"; or anything. */
void noted_add(const char *kind, const char *moment, const char *members);
void noted_puts(const char *text);

/* Reads what there is of that part of the day, in hours or in milliseconds. */
void noted_read(int since, int until);
void noted_read_until(int since_ms, int until_ms);

/* What was read last. */
struct incident *noted_incident(void);

/* Its note, which the caller frees; it is cleared. */
char *noted_print(enum incident_format format);

#endif
