#include "suites.h"

#include "base/clock.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct {
    const char *text;
    clock_us us; /* 0: refused */
} durations[] = {
    {"5", 5 * CLOCK_SECOND},
    {"5s", 5 * CLOCK_SECOND},
    {"250ms", 250 * CLOCK_MS},
    {"1.5s", 1500 * CLOCK_MS},
    {".5s", 500 * CLOCK_MS},
    {"2.", 2 * CLOCK_SECOND},
    {"0.001ms", 1},
    {"10m", 600LL * CLOCK_SECOND},
    {"1h", 3600LL * CLOCK_SECOND},
    {"24h", 86400LL * CLOCK_SECOND},
    {"86400", 86400LL * CLOCK_SECOND},
    {"24.1h", 0},
    {"25h", 0},
    {"86401", 0},
    {"99999999999999999999999s", 0},
    {"0", 0},
    {"0.0s", 0},
    {"0.0001ms", 0},
    {"", 0},
    {"s", 0},
    {".", 0},
    {".s", 0},
    {"-5s", 0},
    {"+5s", 0},
    {" 5s", 0},
    {"5 s", 0},
    {"5s ", 0},
    {"5S", 0},
    {"5d", 0},
    {"1.2.3", 0},
    {"1,5s", 0},
    {"0x10", 0},
    {"1e3", 0},
    {"inf", 0},
};

START_TEST(reads_durations)
{
    clock_us us = -1;
    bool read = clock_parse_duration(durations[_i].text, &us);
    ck_assert_msg(read == (durations[_i].us > 0), "\"%s\"", durations[_i].text);
    if (read)
        ck_assert_int_eq(us, durations[_i].us);
}
END_TEST

START_TEST(formats_utc)
{
    char text[21];
    clock_format_utc(0, text);
    ck_assert_str_eq(text, "1970-01-01T00:00:00Z");
    clock_format_utc(1795489445, text);
    ck_assert_str_eq(text, "2026-11-24T03:04:05Z");
}
END_TEST

enum { NOW_S = 1795489445 }; /* 2026-11-24T03:04:05Z */

static const struct {
    const char *text;
    int64_t s; /* -1: refused */
} asked[] = {
    {"90", NOW_S - 90},
    {"90s", NOW_S - 90},
    {"1h30m", NOW_S - 5400},
    {"2d", NOW_S - 2 * 86400},
    {"1w2d3h4m5s", NOW_S - 9 * 86400 - 3 * 3600 - 245},
    {"3650d", NOW_S - 3650LL * 86400},
    {"2026-11-24", NOW_S - 3 * 3600 - 245},
    {"2026-11-24Z", NOW_S - 3 * 3600 - 245},
    {"2026-11-24T03:04", NOW_S - 5},
    {"2026-11-24 03:04Z", NOW_S - 5},
    {"2026-11-24T03:04:05Z", NOW_S},
    {"2026-11-24 03:04:06", NOW_S + 1},
    {"", -1},
    {"0", -1},
    {"d", -1},
    {"2x", -1},
    {"1m1h", -1},
    {"1h1h", -1},
    {"-1h", -1},
    {"1.5h", NOW_S - 5400},
    {"1.5d", -1},
    {"2h ", -1},
    {"4000d", -1},
    {"99999999999999999999d", -1},
    {"2026-11", -1},
    {"2026-11-24T", -1},
    {"2026-11-24T03", -1},
    {"2026-13-24", -1},
    {"2026-11-24T03:04:05.678Z", -1},
    {"2026-11-24T03:04+01:00", -1},
    {"26-11-24", -1},
    {"2026-1-24", -1},
    {"yesterday", -1},
};

START_TEST(reads_moments)
{
    int64_t ms = -1;
    bool read = clock_parse_moment(asked[_i].text, NOW_S * INT64_C(1000), &ms);

    ck_assert_msg(read == (asked[_i].s >= 0), "\"%s\"", asked[_i].text);
    if (read)
        ck_assert_int_eq(ms, asked[_i].s * 1000);
}
END_TEST

static const struct {
    const char *text;
    int64_t ms; /* -1: refused */
} moments[] = {
    {"1970-01-01T00:00:00.000Z", 0},
    {"2026-11-24T03:04:05.678Z", 1795489445678},
    {"2026-11-24T03:04:05.008Z", 1795489445008},
    {"2026-11-24T03:04:05Z", -1},
    {"2026-11-24T03:04:05.678", -1},
    {"2026-11-24T03:04:05.678Zx", -1},
    {"2026-11-24 03:04:05.678Z", -1},
    {"2026-13-24T03:04:05.678Z", -1},
    {"2026-11-24T25:04:05.678Z", -1},
    {"20261-1-24T03:04:05.678Z", -1},
    {"", -1},
};

START_TEST(reads_and_formats_milliseconds)
{
    char text[25];
    int64_t ms = -1;

    ck_assert_int_eq(clock_parse_utc_ms(moments[_i].text, &ms), moments[_i].ms >= 0);
    ck_assert_int_eq(ms, moments[_i].ms);
    if (ms >= 0) {
        clock_format_utc_ms(ms, text);
        ck_assert_str_eq(text, moments[_i].text);
    }
}
END_TEST

START_TEST(never_goes_back)
{
    clock_us before = clock_now_us();
    ck_assert_int_gt(before, 0);
    ck_assert_int_ge(clock_now_us(), before);
}
END_TEST

Suite *clock_suite(void)
{
    Suite *suite = suite_create("clock");
    TCase *tcase = tcase_create("clock");
    tcase_add_loop_test(tcase, reads_durations, 0, COUNT(durations));
    tcase_add_loop_test(tcase, reads_moments, 0, COUNT(asked));
    tcase_add_test(tcase, formats_utc);
    tcase_add_loop_test(tcase, reads_and_formats_milliseconds, 0, COUNT(moments));
    tcase_add_test(tcase, never_goes_back);
    suite_add_tcase(suite, tcase);
    return suite;
}
