/* A machine of a test's own, below a temporary directory, and what discovery finds
 * on it. */
#ifndef TESTS_UNIT_FOUND_H
#define TESTS_UNIT_FOUND_H

#include "settings/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

/* Makes the directory and empty settings; frees both. */
void found_setup(void);
void found_teardown(void);

const char *found_root(void);
struct settings *found_settings(void);

/* Runs discovery below the root, its top being the working directory. */
void found_discover(void);

/* "json:/etc/a absent, environ:/proc/7/environ ok": paths below the root. */
void found_assert_sources(const char *wanted);

/* What settings_get shows for key. */
void found_assert_value(const char *key, const char *wanted);

/* Whether a note, that of a source, or a warning of the code has a part. */
bool found_has_note(const char *part);
bool found_has_source_note(const char *part);
bool found_has_warning(const char *code, const char *part);

/* A file whose bytes may hold NUL. */
void found_put_bytes(const char *name, const char *bytes, size_t n);
#define FOUND_PUT(name, bytes) found_put_bytes(name, bytes, sizeof(bytes) - 1)

void found_link(const char *target, const char *name);
void found_set_mode(const char *name, mode_t mode);

/* Sets a file's time, in seconds since 1970. */
void found_set_time(const char *name, time_t when);

/* Process 7 of the unit, in /opt/app, and when it was started. */
void found_make_process(void);
enum { FOUND_STARTED = 1000000001 };

#endif
