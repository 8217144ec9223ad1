#include "cli/show.h"

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/pager.h"

#include <stdlib.h>

enum { COLS = 80 };

/* One article on its way out. */
struct page {
    struct report report;
    const struct check *check;
    const struct article *article;
    bool any; /* something was printed */
};

/* Takes the rows over. */
static void print_rows(struct page *page, const char *heading, struct rows *rows)
{
    if (rows->count > 0) {
        report_print(&page->report, STYLE_HEADING, "%s%s\n", page->any ? "\n" : "", heading);
        report_rows(&page->report, rows);
        page->any = true;
    }
    rows_clear(rows);
}

static void print_section(struct page *page, enum article_section section, const char *heading)
{
    struct rows rows = {0};

    article_layout(page->article, section, PLATFORMS, COLS, &rows);
    print_rows(page, heading, &rows);
}

static void print_platform(struct page *page, enum platform platform)
{
    struct rows rows = {0};

    article_layout_platform(page->article, platform, COLS, &rows);
    print_rows(page, platform_title(platform), &rows);
}

static void print_fix(struct page *page, enum platform wanted)
{
    print_section(page, ARTICLE_FIX, article_section_title(ARTICLE_FIX));
    for (enum platform p = 0; p < PLATFORMS; p++)
        if (wanted == PLATFORMS || wanted == p)
            print_platform(page, p);
}

static void print_head(struct page *page)
{
    const struct check *check = page->check;

    report_print(&page->report, STYLE_HEADING, "%s\n", check->head.title);
    report_print(&page->report, STYLE_DIM, "%s, plugin %s, severity %s\n", check->id,
                 check->head.plugin, severity_name(check->head.severity));
    page->any = true;
}

static void print_article(struct page *page, const struct options *options)
{
    if (options->section == ARTICLE_SECTIONS)
        print_head(page);
    for (enum article_section s = 0; s < ARTICLE_SECTIONS; s++) {
        if (options->section != ARTICLE_SECTIONS && options->section != s)
            continue;
        if (s == ARTICLE_FIX)
            print_fix(page, options->platform);
        else
            print_section(page, s, article_section_title(s));
    }
}

/* Everything is laid out before the first line goes to a pager: one that cannot
 * start then costs nothing. */
static int show_page(struct page *page, const struct options *options)
{
    char *text = NULL;
    size_t len;

    page->report.out = open_memstream(&text, &len);
    if (!page->report.out)
        return command_complain(options, "out of memory");
    print_article(page, options);
    fclose(page->report.out);
    int status = EXIT_STATUS_OK;
    if (!page->any) {
        char *reason = mem_printf("the article of %s has no section %s", page->check->id,
                                  article_section_title(options->section));
        status = command_complain(options, reason);
        free(reason);
    } else if (options->no_pager || !pager_is_useful() || !pager_show(text, len)) {
        fwrite(text, 1, len, stdout);
    }
    free(text);
    return command_close_output(options, status);
}

int command_show(struct session *session, const struct options *options)
{
    const char *id[] = {options->words.items[0]};
    const struct options selection = {.program = options->program, .checks = {id, 1}};
    struct error err = {0};
    size_t count;

    const struct check **checks = command_select(session, &selection, &count);
    if (!checks)
        return EXIT_STATUS_UNKNOWN;
    struct page page = {.report = command_open_report(options), .check = checks[0]};
    free(checks);
    struct article *article = check_open_article(page.check, &err);
    if (!article)
        return command_complain(options, err.text);
    page.article = article;
    int status = show_page(&page, options);
    article_free(article);
    return status;
}
