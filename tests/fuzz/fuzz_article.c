/* A whole article, laid out at several widths, and its steps: article/article.h. */
#include "article/steps.h"
#include "fuzz.h"

#include <assert.h>
#include <locale.h>
#include <string.h>

/* Where a wide character and the least of an indent always fit. */
enum { COLS_FAIR = 20 };

static void check_spans(const struct rows *rows, const struct row *row)
{
    assert(row->first <= rows->nspans && row->count <= rows->nspans - row->first);
    for (size_t i = row->first; i < row->first + row->count; i++) {
        const struct span *span = &rows->spans[i];
        assert(span->start <= rows->text.len && span->len <= rows->text.len - span->start);
    }
}

static void check_rows(const struct rows *rows, int cols)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->rows[i];
        check_spans(rows, row);
        assert(row->code || cols < COLS_FAIR || rows_row_cols(rows, row) <= cols);
        assert(!row->link || *row->link);
    }
    if (rows->text.len > 0) {
        assert(strlen(rows->text.data) == rows->text.len);
        fuzz_check_clean(rows->text.data);
    }
}

static void check_section(const struct article *article, enum article_section section)
{
    static const int widths[] = {1, COLS_FAIR, 80};

    for (int platform = 0; platform <= PLATFORMS; platform++) {
        for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
            struct rows rows = {0};
            article_layout(article, section, (enum platform)platform, widths[i], &rows);
            check_rows(&rows, widths[i]);
            assert(rows.count == 0 || article_has(article, section, PLATFORMS));
            rows_clear(&rows);
        }
    }
}

static void check_command(const struct step_command *command)
{
    assert(*command->text && command->line > 0);
    fuzz_check_clean(command->title);
}

static void check_steps(const struct article *article, enum platform platform)
{
    struct steps steps = {0};

    article_steps(article, platform, &steps);
    for (size_t i = 0; i < steps.count; i++) {
        assert(steps.items[i].ncommands > 0);
        for (size_t j = 0; j < steps.items[i].ncommands; j++)
            check_command(&steps.items[i].commands[j]);
    }
    steps_clear(&steps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    struct article *article = article_parse((const char *)data, size);

    for (int section = 0; section < ARTICLE_SECTIONS; section++)
        check_section(article, (enum article_section)section);
    for (int platform = 0; platform < PLATFORMS; platform++)
        check_steps(article, (enum platform)platform);
    article_free(article);
    return 0;
}
