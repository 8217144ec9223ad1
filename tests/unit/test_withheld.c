/* What must not run as it stands: what holds a secret's example, or one that is left, or is
 * of a check whose wiring is broken. An article of somebody's own. */
#include "guide/perform.h"
#include "suites.h"
#include "temporary.h"
#include "ui/walk_view.h"

#include <string.h>
#include <unistd.h>

static struct session session;
static struct walk *walk;
static struct check own;
static char own_url[] = "https://hooks.example/T0/B0/EXAMPLE", own_variable[] = "url",
            own_host[] = "hooks.example.com", own_host_variable[] = "host";
static struct placeholder own_placeholders[] = {{own_url, own_variable},
                                                {own_host, own_host_variable}};

static void setup(void)
{
    struct error err = {0};

    ck_assert_int_eq(chdir(temporary_directory()), 0);
    ck_assert_msg(session_open(&session, &(struct session_options){0}, &err), "%s", err.text);
}

static void teardown(void)
{
    walk_close(walk);
    walk = NULL;
    session_close(&session);
    ck_assert_int_eq(chdir("/"), 0);
    temporary_remove();
}

static void open_own(bool miswired)
{
    static const char text[] =
        "---\ncheckId: check.a\nplugin: p\nseverity: warn\ntags: [a]\n---\n# T\n\n## How to Fix\n\n"
        "<!-- steps: reads; changes-config; changes-config -->\n```bash\n"
        "# Look\ncurl https://hooks.example/T0/B0/EXAMPLE\n"
        "# Write\necho Slack__WebhookUrl=https://hooks.example/T0/B0/EXAMPLE >>.env\n"
        "# Glued\ncurl -h hooks.example.com -shooks.example.com\n```\n\n"
        "```yaml\nurl: https://hooks.example/T0/B0/EXAMPLE\n```\n";
    struct error err = {0};

    own = *catalog_find(session.catalog, "check.integration.slack");
    own.article_text = text;
    own.article_len = strlen(text);
    own.article_path = NULL;
    own.placeholders = own_placeholders;
    own.nplaceholders = miswired ? 0 : 2;
    own.miswired = miswired;
    walk = walk_open(&(struct walk_options){.session = &session, .check = &own,
                                            .platform = PLATFORM_COMPOSE}, &err);
    ck_assert_msg(walk != NULL, "%s", err.text);
}

enum { WRITE = 1, GLUED, FILE_TEXT };

static void go_to(int step)
{
    walk_turn(walk, -FILE_TEXT);
    walk_turn(walk, step);
}

static void assert_says(const char *text, const char *part)
{
    ck_assert_msg(text && strstr(text, part), "\"%s\" is not in \"%s\"", part, text ? text : "");
}

/* It can be copied, for people to put the secret in, but not run with the example. */
START_TEST(test_secret)
{
    open_own(false);
    ck_assert_ptr_null(walk_page(walk)->withheld);
    go_to(WRITE);
    ck_assert_ptr_null(walk_page(walk)->blocked);
    assert_says(walk_page(walk)->text, own_url);
    assert_says(walk_page(walk)->withheld, "it holds a secret: edit it (e), or copy it");
    walk_edit(walk, "echo Slack__WebhookUrl='https://hooks.example/T0/B0/EXAMPLE' >.env");
    assert_says(walk_page(walk)->withheld, "still holds the article's");
    walk_edit(walk, "echo Slack__WebhookUrl=https://hooks.example/T0/B0/mine >.env");
    ck_assert_ptr_null(walk_page(walk)->withheld);
    walk_edit(walk, "echo https://hooks.example/T0/B0/EXAMPLE/mine >.env");
    ck_assert_ptr_null(walk_page(walk)->withheld);
    go_to(FILE_TEXT);
    ck_assert_ptr_null(walk_page(walk)->withheld);
}
END_TEST

/* A placeholder that no value is put into does not run, also where it was left in an edit. */
START_TEST(test_example)
{
    open_own(false);
    go_to(GLUED);
    ck_assert_ptr_nonnull(walk_page(walk)->asks);
    ck_assert(walk_answer(walk, "host", "new.example", NULL));
    ck_assert_ptr_null(walk_page(walk)->asks);
    assert_says(walk_page(walk)->blocked, "\"hooks.example.com\" cannot be filled in: where it stands");
    walk_edit(walk, "curl -h new.example -s hooks.example.com");
    ck_assert_ptr_null(walk_page(walk)->blocked);
    assert_says(walk_page(walk)->withheld, "still holds the article's \"hooks.example.com\"");
    walk_edit(walk, "curl -h new.example -snew.example");
    ck_assert_ptr_null(walk_page(walk)->withheld);
    ck_assert(walk_answer(walk, "host", "hooks.example.com", NULL));
    walk_edit(walk, "curl -h hooks.example.com");
    ck_assert_ptr_null(walk_page(walk)->withheld);
}
END_TEST

START_TEST(test_miswired)
{
    open_own(true);
    do {
        assert_says(walk_page(walk)->blocked, "the check's wiring could not be loaded");
        walk_edit(walk, "true");
        ck_assert_ptr_null(walk_page(walk)->blocked);
    } while (walk_turn(walk, 1));
}
END_TEST

static void on_ended(void *context)
{
    *(bool *)context = true;
}

/* No front end can run it by mistake. */
START_TEST(test_withheld_does_not_run)
{
    bool ended = false;
    const struct perform_observer observer = {.ended = on_ended, .context = &ended};

    open_own(false);
    struct perform *perform = perform_new(&session, walk, &observer);
    go_to(WRITE);
    ck_assert(!perform_run(perform, -1));
    assert_says(walk_page(walk)->outcome, "not started: it holds a secret");
    ck_assert_int_eq(walk_page(walk)->state, WALK_OPEN);
    go_to(GLUED);
    ck_assert(!perform_run(perform, -1));
    walk_edit(walk, "true");
    ck_assert(perform_run(perform, -1));
    while (!ended)
        uv_run(session.loop, UV_RUN_ONCE);
    assert_says(walk_page(walk)->outcome, "exit status 0");
    perform_free(perform);
    uv_run(session.loop, UV_RUN_DEFAULT);
}
END_TEST

static void press(struct walk_view *view, uint32_t c)
{
    view->request = WALK_REQUEST_NONE;
    walk_view_key(view, &(struct key){.code = INPUT_CHAR, .character = c}, false);
}

/* What is withheld can be copied, and what is blocked be edited. */
START_TEST(test_keys)
{
    const struct perform_observer observer = {.ended = on_ended};
    struct walk_view view;

    open_own(false);
    struct perform *perform = perform_new(&session, walk, &observer);
    walk_view_open(&view, walk, perform, false, false);
    go_to(WRITE);
    press(&view, 'x');
    assert_says(view.note, "it holds a secret");
    ck_assert_int_eq(view.mode, WALK_MODE_PAGE);
    press(&view, 'c');
    ck_assert_int_eq(view.request, WALK_REQUEST_COPY);
    go_to(GLUED);
    ck_assert(walk_answer(walk, "host", "new.example", NULL));
    press(&view, 'c');
    assert_says(view.note, "not possible: ");
    ck_assert_int_eq(view.request, WALK_REQUEST_NONE);
    press(&view, 'e');
    ck_assert_int_eq(view.request, WALK_REQUEST_EDIT);
    walk_view_close(&view);
    perform_free(perform);
    uv_run(session.loop, UV_RUN_DEFAULT);
}
END_TEST

Suite *withheld_suite(void)
{
    Suite *suite = suite_create("withheld");
    TCase *tcase = tcase_create("own");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_secret);
    tcase_add_test(tcase, test_example);
    tcase_add_test(tcase, test_miswired);
    tcase_add_test(tcase, test_withheld_does_not_run);
    tcase_add_test(tcase, test_keys);
    suite_add_tcase(suite, tcase);
    return suite;
}
