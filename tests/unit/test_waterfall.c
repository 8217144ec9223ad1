#include "numeric.h"
#include "printed.h"
#include "run/waterfall.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

/* The run begins at a time of its own; all others are milliseconds after that. */
#define AT(ms) (9 * CLOCK_SECOND + (clock_us)((ms) * CLOCK_MS))
#define PHASE(kind, status, from, to, detail) \
    {PHASE_##kind, STEP_##status, AT(from), AT(to), (char *)(detail)}
#define RUNNING(kind, from) {PHASE_##kind, STEP_RUNNING, AT(from), 0, NULL}

static const struct view {
    struct phase phases[3];
    size_t nphases;
    double budget, ended, now; /* ended: 0 while it runs */
    int cols;
    bool ascii;
    const char *rows;
} views[] = {
    {.cols = 70, .budget = 5000, .ended = 1, .rows = ""},
    {{PHASE(LOOKUP, OK, 0, 0.25, "1 address"), PHASE(CONNECT, FAILED, 0.25, 1, "127.0.0.1:587")},
     2, 5000, 1, 1, 70, false,
     "lookup    ok       █░░░░░░░░░░░░░░░░░░░     0.2 ms  1 address\n"
     "connect   failed   █░░░░░░░░░░░░░░░░░░░     0.8 ms  127.0.0.1:587\n"},
    {{PHASE(LOOKUP, OK, 0, 2, "1 address"), PHASE(CONNECT, TIMEOUT, 2, 5004, NULL)},
     2, 5000, 5004, 5004, 70, true,
     "lookup    ok       #-------------------     2.0 ms  1 address\n"
     "connect   timeout  ####################  5002.0 ms\n"
     "connect took 5.00 s of the 5.0 s\n"},
    {{PHASE(LOOKUP, OK, 0, 3100, "2 addresses"), PHASE(CONNECT, OK, 3100, 3120, "[::1]:25")},
     2, 5000, 3120, 3120, 70, true,
     "lookup    ok       ############--------  3100.0 ms  2 addresses\n"
     "connect   ok       ------------#-------    20.0 ms  [::1]:25\n"
     "lookup took 3.10 s of the 5.0 s\n"},
    {{PHASE(LOOKUP, OK, 0, 1000, NULL), RUNNING(CONNECT, 1000)}, 2, 5000, 0, 2500, 70, true,
     "lookup    ok       ####----------------  1000.0 ms\n"
     "connect   running  ----######----------\n"},
    {{PHASE(LOOKUP, OK, 0, 1000, NULL), RUNNING(CONNECT, 1000)}, 2, 5000, 0, 5300, 70, true,
     "lookup    ok       ####----------------  1000.0 ms\n"
     "connect   running  ----################\n"},
    {{RUNNING(LOOKUP, 0)}, 1, 5000, 0, 0, 70, true,
     "lookup    running  --------------------\n"},
    {{PHASE(LOOKUP, OK, 0, 4999, NULL), PHASE(CONNECT, TIMEOUT, 5001, 5002, NULL)},
     2, 5000, 5002, 5002, 70, true,
     "lookup    ok       ###################-  4999.0 ms\n"
     "connect   timeout  -------------------#     1.0 ms\n"
     "lookup took 5.00 s of the 5.0 s\n"},
    {{PHASE(LOOKUP, CANCELLED, 0, 20, "x")}, 1, 5000, 20, 20, 70, true,
     "lookup    cancelled  #-------------------    20.0 ms  x\n"},
    {{PHASE(CONNECT, OK, 0, 20, "2001:db8:1234:5678::1")}, 1, 5000, 20, 20, 66, false,
     "connect   ok       █░░░░░░░░░░░░░░░░░░░    20.0 ms  2001:db8:1234…\n"},
    {{PHASE(CONNECT, OK, 0, 20, "2001:db8:1234:5678::1")}, 1, 5000, 20, 20, 66, true,
     "connect   ok       #-------------------    20.0 ms  2001:db8:12...\n"},
    {{PHASE(CONNECT, OK, 0, 20, "2001:db8:1234:5678::1")}, 1, 5000, 20, 20, 60, true,
     "connect   ok       #-----------------------------    20.0 ms\n"},
    {{PHASE(CONNECT, OK, 0, 20, "2001:db8:1234:5678::1")}, 1, 5000, 20, 20, 38, true,
     "connect   ok         20.0 ms\n"},
    {{PHASE(CONNECT, OK, 0, 20, "\xC3\xA4 a long name\xE2\x80\xA6")}, 1, 5000, 20, 20, 66, true,
     "connect   ok       #-------------------    20.0 ms  ? a long na...\n"},
    {{PHASE(GREETING, OK, 0, 2000, NULL), PHASE(EHLO_TLS, OK, 2000, 3100, NULL),
      PHASE(QUIT, TIMEOUT, 3100, 5000, "")}, 3, 5000, 5000, 5000, 70, true,
     "greeting  ok       ########------------  2000.0 ms\n"
     "ehlo-tls  ok       --------####--------  1100.0 ms\n"
     "quit      timeout  ------------########  1900.0 ms\n"
     "greeting took 2.00 s of the 5.0 s, the longest phase\n"},
    {{PHASE(CONNECT, TIMEOUT, 0, 301, NULL)}, 1, 300, 301, 301, 70, true,
     "connect   timeout  ####################   301.0 ms\n"
     "connect took 300 ms of the 300 ms\n"},
    {{PHASE(CONNECT, TIMEOUT, 0, 60000, NULL)}, 1, 60000, 60000, 60000, 70, true,
     "connect   timeout  ####################  60000.0 ms\n"
     "connect took 60.00 s of the 60.0 s\n"},
};
enum { VIEWS = sizeof views / sizeof *views };

static struct rows rows;

static void clear(void)
{
    rows_clear(&rows);
}

static struct evidence evidence_of(const struct view *view)
{
    return (struct evidence){.started = AT(0),
                             .deadline = AT(view->budget),
                             .ended = view->ended > 0 ? AT(view->ended) : 0,
                             .phases = (struct phase *)view->phases,
                             .nphases = view->nphases};
}

START_TEST(test_rows)
{
    const struct view *view = &views[_i];
    struct evidence evidence = evidence_of(view);

    rows.ascii = view->ascii;
    waterfall_layout(&evidence, AT(view->now), view->cols, &rows);
    printed_assert(&rows, view->rows);
}
END_TEST

/* One row a phase at every width, and none wider than that. */
START_TEST(test_widths)
{
    const struct view *view = &views[_i];
    struct evidence evidence = evidence_of(view);
    size_t wide = 0, wrapped = 0;

    for (int cols = 31; cols < 120; cols++) {
        rows_clear(&rows);
        waterfall_layout(&evidence, AT(view->now), cols, &rows);
        for (size_t i = 0; i < rows.count; i++)
            wide += rows_row_cols(&rows, &rows.rows[i]) > cols;
        for (size_t i = 0; i < view->nphases; i++) {
            const char *name = phase_name(view->phases[i].kind);
            const struct span *first = &rows.spans[rows.rows[i].first];
            wrapped += strncmp(rows.text.data + first->start, name, strlen(name)) != 0;
        }
    }
    ck_assert_uint_eq(wide, 0);
    ck_assert_uint_eq(wrapped, 0);
}
END_TEST

/* The cells of all bars are as many as the budget has, whenever a phase is. */
START_TEST(test_cells)
{
    struct phase phase = {PHASE_CONNECT, STEP_OK, 0, 0, NULL};
    struct evidence evidence = {
        .started = AT(0), .deadline = AT(5000), .ended = AT(9000), .phases = &phase, .nphases = 1};
    size_t unlike = 0, empty = 0;

    rows.ascii = true;
    for (int from = 0; from < 6000; from += 500)
        for (int to = from + 1; to < 7000; to += 499) {
            rows_clear(&rows);
            phase.started = AT(from);
            phase.ended = AT(to);
            waterfall_layout(&evidence, 0, 70, &rows);
            const char *bar = strpbrk(rows.text.data, "#-");
            unlike += strspn(bar, "#-") != 20;
            empty += strcspn(bar, "#") >= 20;
        }
    ck_assert_uint_eq(unlike, 0);
    ck_assert_uint_eq(empty, 0);
}
END_TEST

START_TEST(test_longest_only_at_the_end)
{
    struct evidence evidence = evidence_of(&views[2]);

    evidence.ended = 0;
    ck_assert_ptr_null(waterfall_longest(&evidence));
    evidence.ended = AT(5004);
    char *longest = waterfall_longest(&evidence);
    ck_assert_str_eq(longest, "connect took 5.00 s of the 5.0 s");
    free(longest);
}
END_TEST

/* Colour says no more than the word beside it. */
START_TEST(test_styles)
{
    struct evidence evidence = evidence_of(&views[2]);
    size_t failed = 0, passed = 0;

    waterfall_layout(&evidence, 0, 70, &rows);
    for (size_t i = 0; i < rows.nspans; i++) {
        failed += rows.spans[i].style == STYLE_FAIL;
        passed += rows.spans[i].style == STYLE_PASS;
    }
    ck_assert_uint_eq(failed, 2);
    ck_assert_uint_eq(passed, 2);
    ck_assert_int_eq(waterfall_style(STEP_RUNNING), STYLE_RUN);
    ck_assert_int_eq(waterfall_style(STEP_CANCELLED), STYLE_DIM);
}
END_TEST

Suite *waterfall_suite(void)
{
    Suite *suite = suite_create("waterfall");
    TCase *tcase = tcase_create("waterfall");

    tcase_add_checked_fixture(tcase, use_decimal_points, clear);
    tcase_add_loop_test(tcase, test_rows, 0, VIEWS);
    tcase_add_loop_test(tcase, test_widths, 0, VIEWS);
    tcase_add_test(tcase, test_cells);
    tcase_add_test(tcase, test_longest_only_at_the_end);
    tcase_add_test(tcase, test_styles);
    suite_add_tcase(suite, tcase);
    return suite;
}
