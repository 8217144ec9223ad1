#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#define AGO_MAX_SECONDS INT64_C(315576000)

clock_us clock_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (clock_us)now.tv_sec * CLOCK_SECOND + now.tv_nsec / 1000;
}

static clock_us unit_of(const char *text)
{
    static const struct {
        const char *name;
        clock_us us;
    } units[] = {
        {"", CLOCK_SECOND},
        {"s", CLOCK_SECOND},
        {"ms", CLOCK_MS},
        {"m", 60LL * CLOCK_SECOND},
        {"h", 3600LL * CLOCK_SECOND},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].name, text) == 0)
            return units[i].us;
    return 0;
}

/* By hand rather than strtod(3): that one follows the locale's decimal comma
 * and takes hexadecimal, "inf" and "nan". */
bool clock_parse_duration(const char *text, clock_us *us)
{
    const clock_us day = 24LL * 3600 * CLOCK_SECOND;
    clock_us mantissa = 0, scale = 1;
    bool dot = false, digit = false;
    const char *p = text;

    for (; (*p >= '0' && *p <= '9') || (*p == '.' && !dot); p++) {
        if (*p == '.') {
            dot = true;
            continue;
        }
        digit = true;
        if (mantissa > day || scale >= CLOCK_SECOND)
            return false;
        mantissa = mantissa * 10 + (*p - '0');
        if (dot)
            scale *= 10;
    }
    clock_us unit = unit_of(p);
    if (!digit || !unit || mantissa > day / unit * scale)
        return false;
    *us = mantissa * unit / scale;
    return *us > 0;
}

/* Returns what follows the number and its unit, which is to be below *unit and becomes
 * it; NULL where there is none. */
static const char *take_ago(const char *text, size_t *unit, int64_t *seconds)
{
    static const char letters[] = "smhdw";
    static const int64_t units[] = {1, 60, 3600, 86400, 604800};
    int64_t number = 0;
    const char *p = text;

    for (; *p >= '0' && *p <= '9' && number < AGO_MAX_SECONDS; p++)
        number = number * 10 + (*p - '0');
    const char *letter = *p ? strchr(letters, *p) : letters;
    if (p == text || !letter || (size_t)(letter - letters) >= *unit)
        return NULL;
    *unit = (size_t)(letter - letters);
    *seconds += number * units[*unit];
    return *p ? p + 1 : p;
}

static bool parse_ago(const char *text, int64_t *seconds)
{
    size_t unit = SIZE_MAX;

    *seconds = 0;
    do
        text = take_ago(text, &unit, seconds);
    while (text && *text && *seconds <= AGO_MAX_SECONDS);
    return text && *seconds > 0 && *seconds <= AGO_MAX_SECONDS;
}

/* By hand for the forms, by strptime(3) for the calendar: that one takes "2026-1-2". */
static bool parse_date(const char *text, int64_t *ms)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    static const char *const rests[] = {"T00:00:00", ":00", ""};
    size_t n = 0, shapes[] = {10, 16, 19};
    char whole[20];

    while (form[n] && (form[n] == 'd' ? text[n] >= '0' && text[n] <= '9'
                                      : text[n] == form[n] || (n == 10 && text[n] == ' ')))
        n++;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct tm tm = {0};
        if (n != shapes[i] || (text[n] && strcmp(text + n, "Z") != 0))
            continue;
        snprintf(whole, sizeof whole, "%.*s%s", (int)n, text, rests[i]);
        whole[10] = 'T';
        const char *end = strptime(whole, "%Y-%m-%dT%H:%M:%S", &tm);
        *ms = (int64_t)timegm(&tm) * 1000;
        return end && *end == '\0';
    }
    return false;
}

bool clock_parse_moment(const char *text, int64_t now_ms, int64_t *ms)
{
    int64_t seconds;
    clock_us us;

    if (parse_ago(text, &seconds))
        *ms = now_ms - seconds * 1000;
    else if (clock_parse_duration(text, &us))
        *ms = now_ms - us / CLOCK_MS;
    else
        return parse_date(text, ms);
    return true;
}

void clock_format_utc(time_t when, char text[static 21])
{
    struct tm tm;
    gmtime_r(&when, &tm);
    strftime(text, 21, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

int64_t clock_wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_format_utc_ms(int64_t ms, char text[static 25])
{
    clock_format_utc(ms / 1000, text);
    snprintf(text + 19, 6, ".%03uZ", (unsigned)(ms % 1000) % 1000);
}

bool clock_parse_utc_ms(const char *text, int64_t *ms)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ";
    struct tm tm = {0};
    const char *p = text;

    for (const char *f = form; *f; f++, p++)
        if (*f == 'd' ? *p < '0' || *p > '9' : *p != *f)
            return false;
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (*p || rest != text + 19)
        return false;
    *ms = (int64_t)timegm(&tm) * 1000 + (rest[1] - '0') * 100 + (rest[2] - '0') * 10 + rest[3] - '0';
    return true;
}
