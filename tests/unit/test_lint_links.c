#include "base/mem.h"
#include "cli/lint_links.h"
#include "suites.h"
#include "temporary.h"

#include <stdlib.h>

static const struct {
    const char *target;
    bool resolves;
} table[] = {
    /* Addresses are not asked for. */
    {"https://example.com/x", true},
    {"mailto:root@example.com", true},
    {"a+b.c:", true},
    {":x", false},
    /* Headings, as GitHub names them. */
    {"#why-it-matters", true},
    {"#bare-metal--systemd", true},
    {"#stra\xc3\x9f" "e_1", true},
    {"#why-it-matter", false},
    {"#why-it-matters-", false},
    {"#Why-It-Matters", false},
    {"#plain-text", false},
    /* Files beside the article. */
    {"smtp.md", true},
    {"./smtp.md", true},
    {".././stellaops.doctor.integration/./slack.md", true},
    {"slack.md#no-matter", true},
    {"slack.md?x", true},
    {"../stellaops.doctor.integration/teams.md", true},
    {"../../checks/integration.ini", true},
    {"../../articles/../checks/integration.ini", true},
    {"../../../../../../../../checks/integration.ini", false},
    {"smpt.md", false},
    {"", false},
};

static void setup(void)
{
    temporary_directory();
}

START_TEST(test_built_in)
{
    static char name[] = "articles/stellaops.doctor.integration/smtp.md";
    const struct check check = {.article_name = name};
    const char *text = "plain text\n# Title\n## Why It Matters\r\n\n"
                       "### Bare Metal / systemd\n#### Stra\xc3\x9f" "e_1";

    ck_assert_msg(lint_link_resolves(&check, text, table[_i].target) == table[_i].resolves, "%s",
                  table[_i].target);
}
END_TEST

START_TEST(test_file)
{
    char *path = mem_strdup(temporary_file("articles/p/a.md", "text"));
    const struct check check = {.article_path = path, .article_name = path};

    temporary_file("articles/q/b.md", "text");
    ck_assert(lint_link_resolves(&check, "", "a.md"));
    ck_assert(lint_link_resolves(&check, "", "../q/b.md#x"));
    ck_assert(!lint_link_resolves(&check, "", "b.md"));
    ck_assert(!lint_link_resolves(&check, "", ""));
    free(path);
}
END_TEST

Suite *lint_links_suite(void)
{
    Suite *suite = suite_create("lint_links");
    TCase *tcase = tcase_create("resolve");

    tcase_add_checked_fixture(tcase, setup, temporary_remove);
    tcase_add_loop_test(tcase, test_built_in, 0, sizeof table / sizeof *table);
    tcase_add_test(tcase, test_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
