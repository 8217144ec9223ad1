#include "ui/detail.h"

#include "run/causes.h"
#include "ui/head.h"

enum { PROSE_COLS = 80 };

void detail_clear(struct detail *detail)
{
    rows_clear(&detail->head);
    rows_clear(&detail->body);
    article_free(detail->article);
    *detail = (struct detail){.ascii = detail->ascii, .platform = detail->platform};
}

static void put_heading(struct detail *detail, const char *title)
{
    rows_blank(&detail->body);
    rows_open(&detail->body, detail->cols, 0, 0);
    rows_printf(&detail->body, STYLE_HEADING, "%s", title);
    rows_close(&detail->body);
}

/* "[1 Docker Compose]  2 Bare Metal / systemd  3 Kubernetes / Helm": the
 * brackets show the open one where there is no colour. */
static void put_tabs(struct detail *detail)
{
    struct rows *rows = &detail->body;

    rows_open(rows, detail->cols, 0, 0);
    for (int i = 0; i < PLATFORMS; i++) {
        bool open = (enum platform)i == detail->platform;
        rows_printf(rows, open ? STYLE_TAB_CURRENT : STYLE_TAB, open ? "[%d %s]" : " %d %s ", i + 1,
                    platform_title((enum platform)i));
    }
    rows_close(rows);
    rows_blank(rows);
}

/* Prose is no easier to read when its lines are longer. */
static int prose_cols(const struct detail *detail)
{
    return detail->cols < PROSE_COLS ? detail->cols : PROSE_COLS;
}

static void put_causes(struct detail *detail)
{
    put_heading(detail, "Common Causes, most likely first");
    causes_layout(detail->diagnosis, prose_cols(detail), &detail->body);
}

static void put_not_proven(struct detail *detail)
{
    put_heading(detail, "What this does not prove");
    not_proven_layout(detail->diagnosis, prose_cols(detail), &detail->body);
}

static void put_section(struct detail *detail, enum article_section section)
{
    if (section == ARTICLE_CAUSES && detail->diagnosis && detail->diagnosis->ncauses) {
        put_causes(detail);
        return;
    }
    if (!article_has(detail->article, section, PLATFORMS))
        return;
    put_heading(detail, article_section_title(section));
    if (section == ARTICLE_FIX) {
        detail->fix = (int)detail->body.count - 1;
        put_tabs(detail);
    }
    article_layout(detail->article, section, detail->platform, detail->cols, &detail->body);
}

/* Who has a failure wants its causes and fixes first; who reads, the order of
 * the article. */
static void layout_body(struct detail *detail)
{
    static const enum article_section reading[] = {ARTICLE_WHAT, ARTICLE_WHY,    ARTICLE_CAUSES,
                                                   ARTICLE_FIX,  ARTICLE_VERIFY, ARTICLE_RELATED};
    static const enum article_section mending[] = {ARTICLE_CAUSES,  ARTICLE_FIX,  ARTICLE_VERIFY,
                                                   ARTICLE_RELATED, ARTICLE_WHAT, ARTICLE_WHY};
    bool failed = detail->status == STATUS_FAIL;
    const enum article_section *order = failed ? mending : reading;

    rows_clear(&detail->body);
    detail->fix = -1;
    for (int i = 0; detail->article && i < ARTICLE_SECTIONS; i++) {
        if (detail->diagnosis && order[i] == (failed ? ARTICLE_RELATED : ARTICLE_WHAT))
            put_not_proven(detail);
        put_section(detail, order[i]);
    }
    detail->diagnosis = NULL;
    detail->laid_out = detail->platform;
}

static void open_check(struct detail *detail, const struct check *check)
{
    struct error err = {0};

    article_free(detail->article);
    detail->article = check ? check_open_article(check, &err) : NULL;
    detail->check = check;
    detail->top = detail->left = 0;
    detail->link = DETAIL_NO_LINK;
    if (check && !detail->article) {
        rows_clear(&detail->body);
        rows_open(&detail->body, detail->cols, 0, 0);
        rows_printf(&detail->body, STYLE_WARN, "No article: %s", err.text);
        rows_close(&detail->body);
    }
}

static const struct result *last_result(const struct detail_source *source)
{
    return source->check && !source->live ? source->state->result : NULL;
}

void detail_update(struct detail *detail, const struct detail_source *source, int cols)
{
    const struct result *result = last_result(source);
    clock_us run = result ? result->evidence.started : source->live ? detail->run : 0;
    enum status status = source->check ? source->state->status : STATUS_NOT_RUN;
    bool fresh = detail->check != source->check || detail->cols == 0;

    detail->head.ascii = detail->body.ascii = detail->ascii;
    /* While it runs, digging included, the article stays in the order it had. */
    if (!fresh && (source->live || status == STATUS_RUNNING || status == STATUS_QUEUED))
        status = detail->status;
    bool stale = fresh || status != detail->status || cols != detail->cols ||
                 detail->laid_out != detail->platform || run != detail->run;
    if (!fresh && status != detail->status)
        detail->top = 0;
    detail->cols = cols;
    detail->status = status;
    detail->run = run;
    detail->diagnosis = result ? &result->diagnosis : NULL;
    if (fresh)
        open_check(detail, source->check);
    if (stale && (detail->article || !source->check))
        layout_body(detail);
    rows_clear(&detail->head);
    head_layout(&detail->head, source, cols);
    if (detail->show_fix && detail->fix >= 0)
        detail->top = (int)detail->head.count + detail->fix;
    detail->show_fix = false;
}

void detail_open_fix(struct detail *detail, enum platform platform)
{
    detail->platform = platform;
    detail->show_fix = true;
}

int detail_rows(const struct detail *detail)
{
    return (int)(detail->head.count + detail->body.count);
}

const struct row *detail_row(const struct detail *detail, int index, const struct rows **rows)
{
    int heads = (int)detail->head.count;

    *rows = index < heads ? &detail->head : &detail->body;
    return &(*rows)->rows[index < heads ? index : index - heads];
}

static const char *link_at(const struct detail *detail, int index)
{
    const struct rows *rows;
    bool inside = index >= 0 && index < detail_rows(detail);
    return inside ? detail_row(detail, index, &rows)->link : NULL;
}

/* The next row with another link in a direction from a row, within first and last. */
static int find_link(const struct detail *detail, int from, int step, int first, int last)
{
    const char *here = link_at(detail, from);

    for (int i = from + step; i >= first && i <= last; i += step) {
        const char *link = link_at(detail, i);
        if (link && link != here)
            return i;
    }
    return DETAIL_NO_LINK;
}

static int last_top(const struct detail *detail, int height)
{
    int most = detail_rows(detail) - height;
    return most > 0 ? most : 0;
}

void detail_settle(struct detail *detail, int height)
{
    int most = last_top(detail, height);

    if (detail->top > most)
        detail->top = most;
    if (detail->top < 0)
        detail->top = 0;
    int last = detail->top + height - 1;
    if (detail->link < detail->top || detail->link > last || !link_at(detail, detail->link))
        detail->link = find_link(detail, detail->top - 1, 1, detail->top, last);
}

void detail_scroll(struct detail *detail, int delta, int height)
{
    int most = last_top(detail, height), step = delta < 0 ? -1 : 1;
    int top = delta > most - detail->top ? most : detail->top + delta;

    if (top < 0)
        top = 0;
    /* Upwards the link goes back first, downwards the text scrolls first. */
    int next = find_link(detail, detail->link, step, detail->top, detail->top + height - 1);
    bool at_end = detail->top == most;
    if ((delta == 1 || delta == -1) && at_end && next != DETAIL_NO_LINK &&
        detail->link != DETAIL_NO_LINK)
        detail->link = next;
    else
        detail->top = top;
    detail_settle(detail, height);
}

void detail_scroll_code(struct detail *detail, int delta)
{
    int widest = 0;

    for (int i = 0; i < detail_rows(detail); i++) {
        const struct rows *rows;
        const struct row *row = detail_row(detail, i, &rows);
        int cols = row->code ? rows_row_cols(rows, row) : 0;
        widest = cols > widest ? cols : widest;
    }
    int most = widest > detail->cols ? widest - detail->cols : 0;
    detail->left += delta;
    if (detail->left > most)
        detail->left = most;
    if (detail->left < 0)
        detail->left = 0;
}

const char *detail_link(const struct detail *detail)
{
    return link_at(detail, detail->link);
}
