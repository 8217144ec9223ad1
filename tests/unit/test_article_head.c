#include "article/article.h"
#include "base/buf.h"
#include "suites.h"

#include <string.h>

#define FRONT "---\ncheckId: check.a.b\nplugin: p.q\nseverity: warn\ntags: [x, y]\n---\n"

START_TEST(test_reads_a_head)
{
    static const char text[] = "\xEF\xBB\xBF---\r\n# a comment\r\ncheckId: check.a.b\r\n"
                               "plugin: 'p.q'\r\nmore: {a: [1, {b: c}]}\r\nseverity: fail\r\n"
                               "tags:\r\n  - \"x\"\r\n  - y\r\n  - x\r\n---\r\n\r\n"
                               "```\r\n# no title\r\n```\r\n## Neither\r\n  #  The title ##\r\n";
    struct article_head head;
    struct error err = {0};

    ck_assert_msg(article_read_head(text, sizeof text - 1, &head, &err), "%s", err.text);
    ck_assert_str_eq(head.check_id, "check.a.b");
    ck_assert_str_eq(head.plugin, "p.q");
    ck_assert_str_eq(head.title, "The title");
    ck_assert_int_eq(head.severity, SEVERITY_FAIL);
    ck_assert_uint_eq(head.ntags, 2);
    ck_assert_str_eq(head.tags[0], "x");
    ck_assert_str_eq(head.tags[1], "y");
    article_head_clear(&head);
    ck_assert_ptr_null(head.check_id);
}
END_TEST

static const struct {
    const char *text, *error; /* error: how it begins */
} bad_heads[] = {
    {"", "1: no front matter"},
    {"# Title\n", "1: no front matter"},
    {"--\n", "1: no front matter"},
    {"---\ncheckId: check.a.b\n", "1: the front matter is not closed"},
    {"---\n---\n# T\n", "2: checkId is missing: add a line \"checkId: "},
    {"---\n# only a comment\n---\n# T\n", "3: checkId is missing"},
    {"---\ncheckId: a\nseverity: warn\ntags: [x]\n---\n# T\n", "5: plugin is missing"},
    {"---\ncheckId: a\nplugin: p\ntags: [x]\n---\n# T\n", "5: severity is missing"},
    {"---\ncheckId: a\nplugin: p\nseverity: warn\n---\n# T\n", "5: tags is missing"},
    {"---\n- checkId: a\n---\n# T\n", "2: the front matter must be lines"},
    {"---\njust words\n---\n# T\n", "2: the front matter must be lines"},
    {"---\ncheckId:\n---\n", "2: checkId must be a name"},
    {"---\ncheckId: ~\n---\n", "2: checkId must be a name"},
    {"---\ncheckId: [a]\n---\n", "2: checkId must be a name"},
    {"---\ncheckId: a b\n---\n", "2: checkId must be a name"},
    {"---\nx: 1\nplugin: {a: b}\n---\n", "3: plugin must be a name"},
    {"---\nx: 1\n\nseverity: wran\n---\n", "4: severity must be info, warn or fail, not \"wran\""},
    {"---\nseverity: [warn]\n---\n", "2: severity must be info, warn or fail, not \"\""},
    {"---\nx: &a warn\nseverity: *a\n---\n", "3: severity must be"},
    {"---\ntags: x, y\n---\n", "2: tags must be a list"},
    {"---\ntags: []\n---\n", "2: tags must be a list"},
    {"---\ntags:\n  - a\n  - [b]\n---\n", "4: tags must be a list"},
    {"---\ntags:\n  - a\n  -\n---\n", "4: tags must be a list"},
    {"---\nplugin: p\nplugin: p\n---\n", "3: plugin is given twice"},
    {"---\n[a]: b\n---\n", "2: a key must be plain text"},
    {"---\ncheckId: a\nx: [1, 2\n---\n", "4: not YAML: "},
    {"---\ncheckId: \"a\n---\n", "3: not YAML: "},
    {"---\ncheckId: a\nplugin: \xFF\n---\n", "3: not YAML: "},
    {"---\ncheckId: a\n\nplugin: \x1B[m\n---\n", "4: not YAML: "},
    {FRONT "Words\n## Second\n#NoBlank\n# \n", "6: no title"},
};

START_TEST(test_names_what_is_wrong_in_a_head)
{
    struct article_head head;
    struct error err = {0};
    const char *text = bad_heads[_i].text, *expected = bad_heads[_i].error;

    ck_assert(!article_read_head(text, strlen(text), &head, &err));
    ck_assert_msg(strncmp(err.text, expected, strlen(expected)) == 0, "%d: got \"%s\", not \"%s\"",
                  _i, err.text, expected);
    ck_assert_ptr_null(head.check_id);
    ck_assert_ptr_null(head.tags);
}
END_TEST

static void assert_head_error(struct buf *text, const char *expected)
{
    struct article_head head;
    struct error err = {0};

    ck_assert(!article_read_head(text->data, text->len, &head, &err));
    ck_assert_msg(strstr(err.text, expected) != NULL, "%s", err.text);
    buf_clear(text);
}

START_TEST(test_limits_a_head)
{
    struct buf text = {0};

    buf_puts(&text, "---\nx: ");
    for (int i = 0; i < 101; i++)
        buf_putc(&text, '[');
    buf_puts(&text, "\n---\n# T\n");
    assert_head_error(&text, "2: nested deeper than 100 levels");

    buf_puts(&text, "---\ntags:\n");
    for (int i = 0; i < 65; i++)
        buf_printf(&text, " - tag%d\n", i);
    buf_puts(&text, "---\n# T\n");
    assert_head_error(&text, "67: tags must be a list of 1 to 64");

    buf_puts(&text, "---\n");
    while (text.len <= 64 * 1024)
        buf_puts(&text, "# filler\n");
    buf_puts(&text, FRONT "# T\n");
    assert_head_error(&text, "1: the front matter is not closed within 64 KiB");
}
END_TEST

/* Aliases are not followed: this would be a billion words. */
START_TEST(test_does_not_expand_aliases)
{
    static const char text[] = "---\ncheckId: a\nplugin: p\nseverity: info\ntags: [t]\n"
                               "x: &x [w, w, w, w, w, w, w, w, w, w]\n"
                               "y: &y [*x, *x, *x, *x, *x, *x, *x, *x, *x, *x]\n"
                               "z: [*y, *y, *y, *y, *y, *y, *y, *y, *y, *y]\n---\n# T\n";
    struct article_head head;
    struct error err = {0};

    ck_assert_msg(article_read_head(text, sizeof text - 1, &head, &err), "%s", err.text);
    ck_assert_str_eq(severity_name(head.severity), "info");
    article_head_clear(&head);
}
END_TEST

START_TEST(test_sanitises_the_escapes_of_yaml)
{
    static const char text[] = "---\ncheckId: a\nplugin: p\nseverity: warn\n"
                               "tags: [\"\\e[m\", \"\\u202e\", \"\\0\", \"\\n\"]\n---\n# T\n";
    struct article_head head;
    struct error err = {0};

    ck_assert_msg(article_read_head(text, sizeof text - 1, &head, &err), "%s", err.text);
    ck_assert_uint_eq(head.ntags, 4);
    ck_assert_str_eq(head.tags[0], "\\x1b[m");
    ck_assert_str_eq(head.tags[1], "\\u202e");
    ck_assert_str_eq(head.tags[2], "\\x00");
    ck_assert_str_eq(head.tags[3], "\\n");
    article_head_clear(&head);
}
END_TEST

Suite *article_head_suite(void)
{
    Suite *suite = suite_create("article_head");
    TCase *tests = tcase_create("tests");

    tcase_add_test(tests, test_reads_a_head);
    tcase_add_loop_test(tests, test_names_what_is_wrong_in_a_head, 0,
                        sizeof bad_heads / sizeof *bad_heads);
    tcase_add_test(tests, test_limits_a_head);
    tcase_add_test(tests, test_does_not_expand_aliases);
    tcase_add_test(tests, test_sanitises_the_escapes_of_yaml);
    suite_add_tcase(suite, tests);
    return suite;
}
