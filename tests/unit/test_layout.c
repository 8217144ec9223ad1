#include "suites.h"
#include "ui/layout.h"

#include <string.h>

/* How often each cell is covered; false for a part outside the screen. No
 * assertions in here: Check reports every one of them through a pipe. */
static bool cover(unsigned char (*cells)[200], int rows, int cols, struct rect rect)
{
    if (rect.rows == 0)
        return true;
    if (rect.row < 0 || rect.col < 0 || rect.rows < 0 || rect.row + rect.rows > rows ||
        rect.cols < 1 || rect.col + rect.cols > cols)
        return false;
    for (int row = rect.row; row < rect.row + rect.rows; row++)
        for (int col = rect.col; col < rect.col + rect.cols; col++)
            cells[row][col]++;
    return true;
}

static bool covers_each_cell_once(const struct layout *layout, int rows, int cols)
{
    static unsigned char cells[60][200];
    const struct rect parts[] = {layout->header, layout->footer,       layout->list_title,
                                 layout->list,   layout->detail_title, layout->detail};

    memset(cells, 0, sizeof cells);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!cover(cells, rows, cols, parts[i]))
            return false;
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++) {
            bool divider = layout->mode == LAYOUT_SIDE && col == layout->divider &&
                           row >= layout->list_title.row && row < layout->footer.row;
            if (cells[row][col] != (divider ? 0 : 1))
                return false;
        }
    return true;
}

static bool is_right(int rows, int cols, bool detail_focused, bool zoomed)
{
    const struct layout layout = layout_compute(rows, cols, 16, detail_focused, zoomed);
    bool list = layout.list.rows > 0, detail = layout.detail.rows > 0;

    if (rows < 10 || cols < 40)
        return layout.mode == LAYOUT_TOO_SMALL;
    if (!covers_each_cell_once(&layout, rows, cols))
        return false;
    if (layout.mode == LAYOUT_SINGLE)
        return detail == detail_focused && list != detail && (zoomed || cols < 100);
    return list && detail && !zoomed && (layout.mode == LAYOUT_SIDE) == (cols >= 100);
}

/* Every cell of every size belongs to exactly one part. */
START_TEST(test_every_size)
{
    for (int cols = 1; cols <= 200; cols++)
        for (int focus = 0; focus < 4; focus++)
            if (!is_right(_i, cols, focus & 1, focus & 2))
                ck_abort_msg("%dx%d, focus and zoom %d", cols, _i, focus);
}
END_TEST

START_TEST(test_first_class_size)
{
    struct layout layout = layout_compute(24, 80, 16, false, false);

    ck_assert_int_eq(layout.mode, LAYOUT_STACKED);
    ck_assert_int_ge(layout.list.rows, 6);
    ck_assert_int_ge(layout.detail.rows, 12);
    /* A short list leaves its rows to the details. */
    ck_assert_int_eq(layout_compute(24, 80, 5, false, false).list.rows, 5);
    ck_assert_int_eq(layout_compute(10, 40, 16, false, false).mode, LAYOUT_SINGLE);
    ck_assert_int_eq(layout_compute(40, 140, 16, false, false).mode, LAYOUT_SIDE);
}
END_TEST

Suite *layout_suite(void)
{
    Suite *suite = suite_create("layout");
    TCase *tcase = tcase_create("sizes");

    tcase_add_loop_test(tcase, test_every_size, 1, 61);
    tcase_add_test(tcase, test_first_class_size);
    suite_add_tcase(suite, tcase);
    return suite;
}
