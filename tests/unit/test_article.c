#include "article/article.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "bundled.h"
#include "printed.h"
#include "suites.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRONT "---\ncheckId: check.a.b\nplugin: p.q\nseverity: warn\ntags: [x, y]\n---\n"

static char *section_text(const char *markdown, size_t len, enum article_section section,
                          enum platform platform, int cols)
{
    struct article *article = article_parse(markdown, len);
    struct rows rows = {0};

    article_layout(article, section, platform, cols, &rows);
    char *text = printed_rows(&rows);
    rows_clear(&rows);
    article_free(article);
    return text;
}

static void assert_section(const char *markdown, enum article_section section,
                           enum platform platform, const char *expected)
{
    char *text = section_text(markdown, strlen(markdown), section, platform, 40);
    ck_assert_str_eq(text, expected);
    free(text);
}

/* Every section for every platform, one after the other. */
static char *whole_text(const char *markdown, size_t len, int cols)
{
    struct article *article = article_parse(markdown, len);
    struct rows rows = {0};

    for (int section = 0; section < ARTICLE_SECTIONS; section++)
        for (int platform = 0; platform < (section == ARTICLE_FIX ? PLATFORMS : 1); platform++)
            article_layout(article, (enum article_section)section, (enum platform)platform, cols,
                           &rows);
    char *text = printed_rows(&rows);
    rows_clear(&rows);
    article_free(article);
    return text;
}

START_TEST(test_sorts_text_into_sections)
{
    static const char text[] = FRONT "# T\nA\n## what it checks\nB\n## Why It Matters\nC\n\n"
                                     "Common Causes <!-- setext -->\n---\nD\n## HOW TO FIX\nall\n"
                                     "### Docker Compose\nE\n#### Docker\n### Bare metal\nF\n"
                                     "### On Helm\nG\n### Windows\nH\n## Verification\nI\n"
                                     "## Appendix\nJ\n## Related Checks\nK\n";

    assert_section(text, ARTICLE_WHAT, PLATFORMS, "A\n\nB\n");
    assert_section(text, ARTICLE_WHY, PLATFORMS, "C\n");
    assert_section(text, ARTICLE_CAUSES, PLATFORMS, "D\n");
    assert_section(text, ARTICLE_FIX, PLATFORM_COMPOSE, "all\n\nE\n\nDocker\n\nWindows\n\nH\n");
    assert_section(text, ARTICLE_FIX, PLATFORM_SYSTEMD, "all\n\nF\n\nWindows\n\nH\n");
    assert_section(text, ARTICLE_FIX, PLATFORM_HELM, "all\n\nG\n\nWindows\n\nH\n");
    assert_section(text, ARTICLE_FIX, PLATFORMS, "all\n\nWindows\n\nH\n");
    assert_section(text, ARTICLE_VERIFY, PLATFORMS, "I\n\nAppendix\n\nJ\n");
    assert_section(text, ARTICLE_RELATED, PLATFORMS, "K\n");
}
END_TEST

START_TEST(test_knows_what_an_article_has)
{
    static const char text[] = "## How to Fix\nall\n### Kubernetes\nhelm\n## Verification\n";
    struct article *article = article_parse(text, sizeof text - 1);

    ck_assert(article_has(article, ARTICLE_FIX, PLATFORM_HELM));
    ck_assert(!article_has(article, ARTICLE_FIX, PLATFORM_COMPOSE));
    ck_assert(article_has(article, ARTICLE_FIX, PLATFORMS));
    ck_assert(!article_has(article, ARTICLE_VERIFY, PLATFORMS));
    ck_assert(!article_has(article, ARTICLE_WHAT, PLATFORMS));
    article_free(article);
    article_free(NULL);
}
END_TEST

static const struct {
    const char *markdown, *text;
} renderings[] = {
    {"one\ntwo  \nthree\\\nfour", "one two\nthree\nfour\n"},
    {"- a\n- b\n  - c\n\nd", "• a\n• b\n  • c\n\nd\n"},
    {"a\n- b\n\n- c\n\n  d", "a\n\n• b\n\n• c\n\n  d\n"},
    {"9. nine\n10. ten\n    - deep", "9. nine\n10. ten\n    • deep\n"},
    {"- - a\n  - b", "• • a\n  • b\n"},
    {"1. ```\n   x\n   ```\n2. y", "1.\n     x\n2. y\n"},
    {"> a\n> > b\n\nc", "> a\n\n> > b\n\nc\n"},
    {"> - a\n>   b", "> • a b\n"},
    {"```\na\n\n\tb\n```\nc", "  a\n\n      b\n\nc\n"},
    {"    indented\n", "  indented\n"},
    {"```\n```\nempty", "empty\n"},
    {"a\n\n***\n\nb", "a\n\n---\n\nb\n"},
    {"a|b\n---|---\nlong|x\nc|\n", "  a     b\n  ----  -\n  long  x\n  c     \n"},
    {"- a|b\n  ---|---\n  c|**d**\n", "•\n    a  b\n    -  -\n    c  d\n"},
    {"> a|b\n> ---|---\n> c|d\n", "    a  b\n    -  -\n    c  d\n"},
    {"[t](http://h/?a&amp;b)", "t <http://h/?a&b>\n"},
    {"<http://h/> <m@h.x> [](u) []()", "http://h/ m@h.x  <u>\n"},
    {"![alt *text*](i.png) ~~gone~~", "alt text gone\n"},
    {"&lt;&amp;&mdash;&#65;&#x42;&no; &#0;&#xD800;&#9999999;", "<&—AB&no; ���\n"},
    {"a <!-- b --> c\n\n<!-- d\n\ne -->\n\nf", "a  c\n\nf\n"},
    {"a <!-- b\nc --> d", "a  d\n"},
    {"> <!-- open\n\nf <b>g</b>", "f <b>g</b>\n"},
    {"<div>\nx\n</div>", "<div> x </div>\n"},
    {"- <!-- only -->\n- b", "• b\n"},
    {"## Other *title*\nx\n- ## In a list", "Other title\n\nx\n\n• In a list\n"},
    {"aaa bbb ccc ddd eee fff ggg hhh iii jjj k", "aaa bbb ccc ddd eee fff ggg hhh iii jjj\nk\n"},
};

START_TEST(test_renders_markdown)
{
    assert_section(renderings[_i].markdown, ARTICLE_WHAT, PLATFORMS, renderings[_i].text);
}
END_TEST

static const struct {
    const char *markdown, *part;
    enum style style;
} styles[] = {
    {"a **b** c", "b", STYLE_STRONG},        {"a *b* c", "b", STYLE_EMPHASIS},
    {"a ***b***", "b", STYLE_STRONG},        {"a `b` c", "b", STYLE_CODE},
    {"## b", "b", STYLE_HEADING},            {"[b](c)", "b <c>", STYLE_LINK},
    {"```\n# b\n```", "# b", STYLE_CODE},    {"```bash\n # b\n```", " # b", STYLE_COMMENT},
    {"```YAML\n#b\n```", "#b", STYLE_COMMENT}, {"```sh\nb #c\n```", "b #c", STYLE_CODE},
    {"b|\n---|\n", "b", STYLE_STRONG},         {"a|\n---|\nb|\n", "b", STYLE_PLAIN},
};

static bool has_span(const struct rows *rows, const char *text, enum style style)
{
    for (size_t i = 0; i < rows->nspans; i++) {
        const struct span *span = &rows->spans[i];
        if (span->style == style && span->len == strlen(text) &&
            memcmp(rows->text.data + span->start, text, span->len) == 0)
            return true;
    }
    return false;
}

START_TEST(test_styles_text)
{
    struct article *article = article_parse(styles[_i].markdown, strlen(styles[_i].markdown));
    struct rows rows = {0};

    article_layout(article, ARTICLE_WHAT, PLATFORMS, 40, &rows);
    ck_assert_msg(has_span(&rows, styles[_i].part, styles[_i].style), "%s", styles[_i].markdown);
    rows_clear(&rows);
    article_free(article);
}
END_TEST

START_TEST(test_links_related_checks)
{
    static const char text[] =
        "## Why It Matters\n- check.not.here\n## Related Checks\ncheck.no.item\n"
        "- `check.a.b` — long enough to need a second row\n- check.c.d\n"
        "- [check.e.f](e.md)\n- words first check.g.h\n- check\n\n  check.no.first\n";
    static const char *const links[] = {
        NULL, NULL,        "check.a.b", "check.a.b", NULL, "check.c.d", NULL,
        "check.e.f", NULL, NULL,        NULL,        NULL, NULL,        NULL,
    };
    struct article *article = article_parse(text, sizeof text - 1);
    struct rows rows = {0};

    article_layout(article, ARTICLE_RELATED, PLATFORMS, 40, &rows);
    ck_assert_uint_eq(rows.count, sizeof links / sizeof *links);
    for (size_t i = 0; i < rows.count; i++)
        ck_assert_pstr_eq(rows.rows[i].link, links[i]);
    rows_clear(&rows);
    article_layout(article, ARTICLE_WHY, PLATFORMS, 40, &rows);
    ck_assert_ptr_null(rows.rows[0].link);
    rows_clear(&rows);
    article_free(article);
}
END_TEST

static int row_cols(const struct rows *rows, const struct row *row)
{
    int cols = 0;
    for (size_t i = row->first; i < row->first + row->count; i++) {
        char *text = mem_strndup(rows->text.data + rows->spans[i].start, rows->spans[i].len);
        cols += text_cols(text);
        free(text);
    }
    return cols;
}

/* Columns of the widest row that may not be wider than the pane. */
static int widest_prose(const struct article *article, enum article_section section, int cols)
{
    struct rows rows = {0};
    int widest = 0;

    article_layout(article, section, PLATFORM_COMPOSE, cols, &rows);
    for (size_t i = 0; i < rows.count; i++) {
        int width = rows.rows[i].code ? 0 : row_cols(&rows, &rows.rows[i]);
        widest = width > widest ? width : widest;
    }
    rows_clear(&rows);
    return widest;
}

START_TEST(test_fits_every_width)
{
    char *text = bundled_read("smtp");
    struct article *article = article_parse(text, strlen(text));

    for (int cols = 1; cols <= 200; cols++) {
        int widest = widest_prose(article, (enum article_section)_i, cols);
        ck_assert_int_gt(widest, 0);
        ck_assert_int_le(widest, cols < 80 ? cols : 80);
    }
    article_free(article);
    free(text);
}
END_TEST

/* A line feed, or a character that a terminal just shows. */
static bool is_harmless(uint32_t c, size_t bytes)
{
    if (c == 0xFFFD)
        return bytes == 3; /* written so, not an invalid byte */
    return c == '\n' || (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && (c < 0x2028 || c > 0x202E));
}

/* One assertion a text: Check reports each to its parent, and they add up. */
static void assert_harmless(const char *text)
{
    size_t n = strlen(text), at = 0;

    while (at < n) {
        uint32_t c;
        size_t step = text_decode(text + at, n - at, &c);
        if (!is_harmless(c, step))
            break;
        at += step;
    }
    ck_assert_msg(at == n, "harmful from byte %zu: %.20s", at, text + at);
}

static const char *const hostile_parts[] = {
    "\x1B[31m", "\x1B]0;x\a", "\x7F", "\xC2\x9B[m", "\xFF\xFE", "\xE2\x80\xAE", "&#27;[m",
    "&#x9b;", "&#x202e;", "&#13;", "a\rb", "\xED\xA0\x80", "\xF4\x90\x80\x80",
};

START_TEST(test_lets_no_hostile_byte_through)
{
    const char *part = hostile_parts[_i];
    struct buf text = {0};

    buf_printf(&text, FRONT "# T%s\n## x %s\n%s `%s` **%s**\n- %s\n\n", part, part, part, part,
               part, part);
    buf_printf(&text, "[%s](<u%s> \"%s\")\n```%s\n%s\n```\n", part, part, part, part, part);
    buf_printf(&text, "a|b\n---|---\n%s|%s\n\n<b %s>\n\n## Related Checks\n- a.b%s\n", part, part,
               part, part);
    char *seen = whole_text(text.data, text.len, 60);
    assert_harmless(seen);
    free(seen);

    struct article_head head;
    ck_assert(article_read_head(text.data, text.len, &head, NULL));
    assert_harmless(head.title);
    article_head_clear(&head);
    buf_clear(&text);
}
END_TEST

/* What makes a parser of Markdown slow, deep or large: an article of it ends
 * within the test's time, and what it is laid out into is not out of proportion. */
static const struct {
    const char *start, *unit;
} floods[] = {
    {"", "*"},       {"", "> "},       {"", "- "},         {"", "1) "},     {"", "> - "},
    {"", "["},       {"", "[]"},       {"", "[a]("},       {"", "![a]("},   {"", "[a]\n"},
    {"", "`a``b```"}, {"", "<"},        {"", "a <!-- "},    {"", "_a*b"},    {"", "*a* `b` "},
    {"", "&#27;"},   {"", "\n"},       {"", "a\n\n"},      {"", "- a\n"},   {"", "|"},
    {"", "#\n"},     {"", "# a\n"},    {"", "\\"},         {"", "```\n"},   {"", "~~~ sh\n#\n"},
    {"", "\x01"},    {"", "\xFF"},     {"", "\t"},         {"", "a\t-\n"},
    {"a|b\n---|---\n", "|\n"},
    {"## How to Fix\n", "### Docker\nx\n"},
    {"## Related Checks\n", "- check.a.b\n"},
};

START_TEST(test_survives_floods)
{
    enum { FLOOD_BYTES = 160 * 1024 };
    struct buf text = {0};

    buf_puts(&text, floods[_i].start);
    while (text.len < FLOOD_BYTES)
        buf_puts(&text, floods[_i].unit);
    char *seen = whole_text(text.data, text.len, 80);
    ck_assert_uint_lt(strlen(seen), 16 * 1024 * 1024);
    ck_assert_ptr_nonnull(strstr(seen, "The article is too long: the rest of it is not shown."));
    free(seen);
    buf_clear(&text);
}
END_TEST

START_TEST(test_survives_a_wide_table)
{
    struct buf text = {0};

    for (int i = 0; i < 20000; i++)
        buf_puts(&text, "|a");
    buf_putc(&text, '\n');
    for (int i = 0; i < 20000; i++)
        buf_puts(&text, "|---");
    for (int i = 0; i < 50000; i++)
        buf_puts(&text, "\n|");
    char *seen = whole_text(text.data, text.len, 80);
    ck_assert_ptr_nonnull(strstr(seen, "The article is too long"));
    free(seen);
    buf_clear(&text);
}
END_TEST

/* Every truncation of a real article, in slices that run side by side. */
START_TEST(test_survives_every_truncation)
{
    enum { SLICES = 8 };
    char *text = bundled_read("smtp");
    size_t len = strlen(text);

    for (size_t n = (size_t)_i; n < len; n += SLICES) {
        struct article_head head;
        char *part = mem_strndup(text, n);
        struct error err = {0};
        if (article_read_head(part, n, &head, &err))
            article_head_clear(&head);
        else
            ck_assert(err.text[0] >= '1' && err.text[0] <= '9');
        char *seen = whole_text(part, n, (int)(n % 90) + 1);
        assert_harmless(seen);
        free(seen);
        free(part);
    }
    free(text);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

Suite *article_suite(void)
{
    Suite *suite = suite_create("article");
    TCase *body = tcase_create("body");
    TCase *hostile = tcase_create("hostile");

    tcase_add_test(body, test_sorts_text_into_sections);
    tcase_add_test(body, test_knows_what_an_article_has);
    tcase_add_loop_test(body, test_renders_markdown, 0, COUNT(renderings));
    tcase_add_loop_test(body, test_styles_text, 0, COUNT(styles));
    tcase_add_test(body, test_links_related_checks);
    tcase_add_loop_test(body, test_fits_every_width, 0, ARTICLE_SECTIONS);
    suite_add_tcase(suite, body);
    tcase_set_timeout(hostile, 30);
    tcase_add_loop_test(hostile, test_lets_no_hostile_byte_through, 0, COUNT(hostile_parts));
    tcase_add_loop_test(hostile, test_survives_floods, 0, COUNT(floods));
    tcase_add_test(hostile, test_survives_a_wide_table);
    tcase_add_loop_test(hostile, test_survives_every_truncation, 0, 8);
    suite_add_tcase(suite, hostile);
    return suite;
}
