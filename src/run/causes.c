#include "run/causes.h"

enum { HANG = 3 };

static void put_cause(const struct cause *cause, int cols, struct rows *rows)
{
    bool likely = cause->rank == 1 && cause->because;

    rows_open(rows, cols, 0, HANG);
    rows_printf(rows, likely ? STYLE_FAIL : STYLE_DIM, "%d. ", cause->rank);
    rows_printf(rows, likely ? STYLE_STRONG : STYLE_PLAIN, "%s", cause->text);
    rows_close(rows);
    if (!cause->because)
        return;
    rows_open(rows, cols, HANG, HANG);
    rows_printf(rows, STYLE_PLAIN, "Because %s.", cause->because);
    rows_close(rows);
}

static void put_ruled_out(const struct cause *cause, int cols, struct rows *rows)
{
    rows_open(rows, cols, 0, HANG);
    rows_printf(rows, STYLE_DIM, "-  %s", cause->text);
    rows_close(rows);
    rows_open(rows, cols, HANG, HANG);
    rows_printf(rows, STYLE_DIM, "Ruled out: %s.", cause->ruled_out);
    rows_close(rows);
}

static void put_separate(const struct diagnosis *diagnosis, int cols, struct rows *rows)
{
    size_t shared = 0;

    while (shared < diagnosis->ncauses && diagnosis->causes[shared].rank == 1)
        shared++;
    rows_open(rows, cols, HANG, HANG);
    rows_printf(rows, STYLE_WARN, "The first %zu look alike from here. ", shared);
    rows_printf(rows, STYLE_PLAIN, "%s.", diagnosis->separate);
    rows_close(rows);
}

void causes_layout(const struct diagnosis *diagnosis, int cols, struct rows *rows)
{
    bool separated = !diagnosis->separate;

    for (size_t i = 0; i < diagnosis->ncauses; i++) {
        const struct cause *cause = &diagnosis->causes[i];
        if (!separated && cause->rank != 1) {
            put_separate(diagnosis, cols, rows);
            separated = true;
        }
        if (cause->ruled_out)
            put_ruled_out(cause, cols, rows);
        else
            put_cause(cause, cols, rows);
    }
    if (!separated)
        put_separate(diagnosis, cols, rows);
}

void not_proven_layout(const struct diagnosis *diagnosis, int cols, struct rows *rows)
{
    for (size_t i = 0; i < diagnosis->nnot_proven; i++) {
        rows_open(rows, cols, 0, HANG);
        rows_printf(rows, STYLE_DIM, "-  %s", diagnosis->not_proven[i]);
        rows_close(rows);
    }
}
