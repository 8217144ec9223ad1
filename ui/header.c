#include "ui/header.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Draws text against the right edge where it leaves a gap; returns its columns. */
static int put_right(struct term *term, int row, int used, int cols, enum style style,
                     const char *text)
{
    int width = text_cols(text);

    if (used + 2 + width >= cols)
        return 0;
    term_put(term, row, cols - 1 - width, width, style, text);
    return width;
}

static void paint_first(struct term *term, const struct model *model, int row, int cols)
{
    char *vantage = mem_printf("seen from %s", model->session->vantage);

    int used = 1 + term_put(term, row, 1, cols - 1, STYLE_STRONG, "stella doctor");
    used += term_put(term, row, used, cols - used, STYLE_PLAIN, "  ");
    used += term_put(term, row, used, cols - used, STYLE_PLAIN, model->configured);
    if (put_right(term, row, used, cols, STYLE_PLAIN, vantage) == 0)
        put_right(term, row, used, cols, STYLE_PLAIN, model->session->vantage);
    free(vantage);
}

static void paint_counts(struct term *term, const struct model *model, int row, int cols)
{
    size_t counts[STATUSES], problems = catalog_problem_count(model->session->catalog);
    char *found = found_text(model_found(model), term_is_ascii(term));
    char text[64];
    int used = 1;

    model_count(model, counts);
    for (int i = 0; i < STATUSES; i++) {
        const struct status_look *look = status_look((enum status)i);
        bool always = i == STATUS_FAIL || i == STATUS_PASS;
        if (counts[i] == 0 && !always)
            continue;
        snprintf(text, sizeof text, "%s %zu %s",
                 status_sign((enum status)i, term_is_ascii(term)), counts[i], look->word);
        used += term_put(term, row, used, cols - used, counts[i] ? look->style : STYLE_DIM, text);
        used += term_put(term, row, used, cols - used, STYLE_PLAIN, "   ");
    }
    if (model_digging(model)) {
        snprintf(text, sizeof text, "%s %zu digging   ",
                 status_sign(STATUS_RUNNING, term_is_ascii(term)), model_digging(model));
        used += term_put(term, row, used, cols - used, STYLE_RUN, text);
    }
    if (found)
        used += term_put(term, row, used, cols - used, STYLE_WARN, found);
    free(found);
    if (problems) {
        snprintf(text, sizeof text, "%zu not loaded: press !", problems);
        put_right(term, row, used, cols, STYLE_WARN, text);
    }
}

void header_paint(struct term *term, const struct model *model)
{
    const struct rect *area = &model->layout.header;

    if (area->rows > 1)
        paint_first(term, model, area->row, area->cols);
    paint_counts(term, model, area->row + area->rows - 1, area->cols);
}
