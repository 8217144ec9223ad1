/* Time. Durations and deadlines use the monotonic clock in microseconds;
 * wall-clock time is only printed. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef int64_t clock_us;

enum { CLOCK_MS = 1000, CLOCK_SECOND = 1000000 };

/* CLOCK_MONOTONIC now, in microseconds. */
clock_us clock_now_us(void);

/* Reads "5", "5s", "250ms", "1.5s", "10m" or "1h" (a bare number is seconds)
 * into *us. False for anything else, for 0, and for more than 24 h. */
bool clock_parse_duration(const char *text, clock_us *us);

/* Reads a moment, given now_ms, into *ms, both since 1970: how long ago it was, in weeks,
 * days, hours, minutes and seconds, the greater unit first ("2d", "1h30m"), or as of
 * clock_parse_duration ("90", "1.5h"); or a date in UTC ("2026-11-24", "2026-11-24T03:04",
 * "2026-11-24 03:04:05Z"). False for anything else, and for more than 10 years ago. */
bool clock_parse_moment(const char *text, int64_t now_ms, int64_t *ms);

/* RFC 3339 UTC with seconds, as 2026-11-24T03:04:05Z, of a wall-clock time. */
void clock_format_utc(time_t when, char text[static 21]);

/* CLOCK_REALTIME now, in milliseconds since 1970. */
int64_t clock_wall_ms(void);

/* The same with milliseconds, as 2026-11-24T03:04:05.678Z, and back: exactly that
 * form, else false. */
void clock_format_utc_ms(int64_t ms, char text[static 25]);
bool clock_parse_utc_ms(const char *text, int64_t *ms);

#endif
