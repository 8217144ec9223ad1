#include "catalog/catalog.h"
#include "suites.h"
#include "temporary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARTICLE(id, title)                                                                         \
    "---\ncheckId: " id "\nplugin: example\nseverity: fail\ntags: [one, two]\n---\n# " title       \
    "\n\n## What It Checks\nSomething.\n"
#define WIRING(id) "[" id "]\nprobe = tcp\nhost = A:Host, B:Host\ndefault_port = 25\ntimeout = 2s\n"

static struct catalog *catalog;
static const char *directory;

static void setup(void)
{
    catalog = catalog_new();
    directory = temporary_directory();
}

static void teardown(void)
{
    catalog_free(catalog);
    temporary_remove();
}

static void load(void)
{
    ck_assert(catalog_add_directory(catalog, directory, NULL));
    catalog_finish(catalog);
}

static bool has_problem(const char *part)
{
    for (size_t i = 0; i < catalog_problem_count(catalog); i++)
        if (strstr(catalog_problem(catalog, i), part))
            return true;
    return false;
}

START_TEST(test_builtin)
{
    static const struct {
        const char *id, *key;
        unsigned port;
    } wanted[] = {
        {"check.integration.smtp", "Smtp:Host", 587},
        {"check.integration.slack", "Slack:WebhookUrl", 0},
        {"check.integration.teams", "Teams:WebhookUrl", 0},
    };

    catalog_add_builtin(catalog);
    catalog_finish(catalog);
    ck_assert_uint_eq(catalog_problem_count(catalog), 0);
    ck_assert_uint_eq(catalog_count(catalog), 3);
    for (size_t i = 0; i < 3; i++) {
        const struct check *check = catalog_at(catalog, i);
        ck_assert_str_eq(check->id, wanted[i].id);
        ck_assert_str_eq(check->keys[0], wanted[i].key);
        ck_assert_uint_eq(check->default_port, wanted[i].port);
        ck_assert_int_eq(check->timeout_us, 5 * CLOCK_SECOND);
        ck_assert_str_eq(check->head.plugin, "stellaops.doctor.integration");
        ck_assert_int_eq(check->head.severity, SEVERITY_WARN);
        ck_assert(check_has_tag(check, "connectivity"));
        struct article *article = check_open_article(check, NULL);
        ck_assert_ptr_nonnull(article);
        article_free(article);
    }
}
END_TEST

START_TEST(test_drop_in)
{
    temporary_file("checks/a.ini", WIRING("check.a"));
    temporary_file("articles/example/a.md", ARTICLE("check.a", "First"));
    load();
    const struct check *check = catalog_find(catalog, "check.a");
    ck_assert_ptr_nonnull(check);
    ck_assert_str_eq(check->head.title, "First");
    ck_assert_int_eq(check->head.severity, SEVERITY_FAIL);
    ck_assert_uint_eq(check->nkeys, 2);
    ck_assert_str_eq(check->keys[1], "B:Host");
    ck_assert_int_eq(check->timeout_us, 2 * CLOCK_SECOND);
    ck_assert_uint_eq(catalog_problem_count(catalog), 0);
}
END_TEST

START_TEST(test_later_one_wins)
{
    temporary_file("checks/a.ini", WIRING("check.integration.smtp"));
    temporary_file("articles/example/a.md", ARTICLE("check.integration.smtp", "Ours"));
    catalog_add_builtin(catalog);
    load();
    ck_assert_uint_eq(catalog_count(catalog), 3);
    const struct check *check = catalog_at(catalog, 0);
    ck_assert_str_eq(check->head.title, "Ours");
    ck_assert_str_eq(check->keys[0], "A:Host");
}
END_TEST

START_TEST(test_article_without_wiring_is_read_only)
{
    temporary_file("articles/example/a.md", ARTICLE("check.a", "First"));
    load();
    ck_assert_uint_eq(catalog_count(catalog), 1);
    ck_assert_int_eq(catalog_at(catalog, 0)->probe, PROBE_NONE);
}
END_TEST

START_TEST(test_wiring_without_article_is_a_problem)
{
    temporary_file("checks/a.ini", WIRING("check.a"));
    load();
    ck_assert_uint_eq(catalog_count(catalog), 0);
    ck_assert(has_problem("checks/a.ini:2: no article has checkId: check.a"));
    ck_assert_ptr_null(catalog_find(catalog, "check.a"));
}
END_TEST

static const struct {
    const char *wiring, *problem;
} broken[] = {
    {"[check.b]\nprobe = http\n", "b.ini:2: probe = http: probe must be tcp"},
    {"[check.b]\nprobe = tcp\nhots = A\n", "b.ini:3: hots = A: unknown name"},
    {"[check.b]\nhost = A\ndefault_port = 0\n", "b.ini:3: default_port = 0: default_port must be"},
    {"[check.b]\nhost = A\ndefault_port = 25x\n", "must be a number from 1 to 65535"},
    {"[check.b]\nhost = A\nurl = B\n", "b.ini:3: url = B: a check has either host or url"},
    {"[check.b]\nhost = ,\n", "b.ini:2: host = ,: name at least one key"},
    {"[check.b]\nhost = A\ntimeout = soon\n", "b.ini:3: timeout = soon: timeout must be a time"},
    {"[check.b]\nhost = A\nplaceholders = a.example\n", "placeholders must be up to 16 texts"},
    {"[check.b]\nhost = A\nplaceholders = a.example: user\n", "host, port, url or tls"},
    {"[check.b]\nhost = A\nplaceholders = : host\n", "host, port, url or tls"},
    {"[check.b]\nprobe = tcp\n", "b.ini:2: the check names no target"},
    {"[check.b]\nhost = A\n", "b.ini:2: the check has no default_port"},
    {"[check b]\nhost = A\n", "b.ini:2: the section must be the id of a check"},
    {"host = A\n", "b.ini:1: the section must be the id of a check"},
    {"[check.b\nhost = A\n", "b.ini:1: expected [section] or name = value"},
};

/* A broken file is reported with its line, and the others still load. */
START_TEST(test_broken_wiring)
{
    temporary_file("checks/a.ini", WIRING("check.a"));
    temporary_file("articles/example/a.md", ARTICLE("check.a", "First"));
    temporary_file("checks/b.ini", broken[_i].wiring);
    load();
    ck_assert_uint_eq(catalog_count(catalog), 1);
    ck_assert_msg(has_problem(broken[_i].problem), "%s", catalog_problem(catalog, 0));
}
END_TEST

/* An article whose wiring is broken gives no verdict; it does not look unwired. */
START_TEST(test_broken_wiring_is_no_skip)
{
    temporary_file("checks/a.ini", "[check.a]\nprobe = http\n");
    temporary_file("articles/example/a.md", ARTICLE("check.a", "First"));
    load();
    ck_assert_uint_eq(catalog_count(catalog), 1);
    ck_assert_int_eq(catalog_at(catalog, 0)->probe, PROBE_BROKEN);
    ck_assert(!check_is_wired(catalog_at(catalog, 0)));
    ck_assert(catalog_at(catalog, 0)->miswired);
}
END_TEST

/* What it wires is wired still, but its placeholders may not be those that are meant. */
START_TEST(test_broken_wiring_beside_another)
{
    temporary_file("checks/a.ini", WIRING("check.a"));
    temporary_file("articles/example/a.md", ARTICLE("check.a", "First"));
    temporary_file("checks/b.ini", "[check.a]\nprobe = tcp\nhost = A:Host\ndefault_port = 1\n"
                                   "placeholders = mail.example.org\n");
    load();
    ck_assert(check_is_wired(catalog_at(catalog, 0)));
    ck_assert(catalog_at(catalog, 0)->miswired);
    temporary_file("checks/c.ini", WIRING("check.a"));
    catalog_free(catalog);
    catalog = catalog_new();
    load();
    ck_assert(!catalog_at(catalog, 0)->miswired);
}
END_TEST

START_TEST(test_broken_article)
{
    temporary_file("articles/example/a.md", ARTICLE("check.a", "First"));
    temporary_file("articles/example/b.md", "---\ncheckId: [\n---\n# T\n");
    temporary_file("articles/example/c.txt", "not looked at");
    load();
    ck_assert_uint_eq(catalog_count(catalog), 1);
    ck_assert_uint_eq(catalog_problem_count(catalog), 1);
    ck_assert(has_problem("articles/example/b.md:"));
}
END_TEST

START_TEST(test_directory_that_is_not_there)
{
    struct error err = {0};

    ck_assert(!catalog_add_directory(catalog, "/nonexistent/x", &err));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_str_eq(err.text, "/nonexistent/x: No such file or directory");
}
END_TEST

START_TEST(test_article_that_has_gone)
{
    struct error err = {0};
    const char *path = temporary_file("articles/example/a.md", ARTICLE("check.a", "First"));

    load();
    remove(path);
    ck_assert_ptr_null(check_open_article(catalog_at(catalog, 0), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "a.md: No such file"));
}
END_TEST

Suite *catalog_suite(void)
{
    Suite *suite = suite_create("catalog");
    TCase *tcase = tcase_create("load");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_builtin);
    tcase_add_test(tcase, test_drop_in);
    tcase_add_test(tcase, test_later_one_wins);
    tcase_add_test(tcase, test_article_without_wiring_is_read_only);
    tcase_add_test(tcase, test_wiring_without_article_is_a_problem);
    tcase_add_loop_test(tcase, test_broken_wiring, 0, sizeof broken / sizeof *broken);
    tcase_add_test(tcase, test_broken_wiring_is_no_skip);
    tcase_add_test(tcase, test_broken_wiring_beside_another);
    tcase_add_test(tcase, test_broken_article);
    tcase_add_test(tcase, test_directory_that_is_not_there);
    tcase_add_test(tcase, test_article_that_has_gone);
    suite_add_tcase(suite, tcase);
    return suite;
}
