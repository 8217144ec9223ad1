/* Running the steps of a walkthrough on the loop, and when that may be agreed to. */
#include "guide/perform.h"

#include "base/mem.h"
#include "guide/child.h"
#include "guide/walk_offer.h"
#include "suites.h"
#include "temporary.h"
#include "ui/model.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct session session;
static struct walk *walk;
static struct perform *perform;
static char *source;
static int ends;

static void on_verified(void *context, struct result *result)
{
    (void)context;
    result_free(result);
}

static void on_ended(void *context)
{
    (void)context;
    ends++;
}

/* docker is a stand-in that says so, and does not end. */
static void setup(void)
{
    struct error err = {0};
    const char *folder = temporary_directory();
    char *path = mem_printf("%s/bin:%s", folder, getenv("PATH"));

    ck_assert_int_eq(chdir(folder), 0);
    setenv("PATH", path, 1);
    ck_assert_int_eq(chmod(temporary_file("bin/docker",
                                          "#!/bin/sh\necho ready; exec tail -f /dev/null\n"),
                           0700), 0);
    source = mem_printf("env-file:%s", temporary_file(".env", "Smtp__Host=old.example\n"));
    static const char *sources[1];
    sources[0] = source;
    ck_assert_msg(session_open(&session, &(struct session_options){.sources = sources,
                                                                   .nsources = 1}, &err),
                  "%s", err.text);
    walk = walk_open(&(struct walk_options){
        .session = &session, .check = catalog_find(session.catalog, "check.integration.smtp"),
        .platform = PLATFORM_COMPOSE}, &err);
    ck_assert_msg(walk != NULL, "%s", err.text);
    perform = perform_new(&session, walk,
                          &(struct perform_observer){NULL, NULL, on_verified, on_ended, NULL});
    free(path);
}

static void teardown(void)
{
    perform_free(perform);
    uv_run(session.loop, UV_RUN_DEFAULT);
    walk_close(walk);
    session_close(&session);
    free(source);
    ck_assert_int_eq(chdir("/"), 0);
    temporary_remove();
}

static void turn_to(const char *title)
{
    while (strncmp(walk_page(walk)->command->title, title, strlen(title)) != 0)
        ck_assert_msg(walk_turn(walk, 1), "no step %s", title);
}

static void await_output(const char *part)
{
    for (;;) {
        char *text = perform_output(perform);
        bool there = text && strstr(text, part);
        free(text);
        if (there)
            return;
        uv_run(session.loop, UV_RUN_ONCE);
    }
}

static void find_longest(uv_handle_t *handle, void *context)
{
    uint64_t *longest = context;

    if (handle->type != UV_TIMER || !uv_is_active(handle))
        return;
    uint64_t due = uv_timer_get_due_in((uv_timer_t *)handle);
    if (due > *longest)
        *longest = due;
}

static uint64_t longest_timer_ms(void)
{
    uint64_t longest = 0;

    uv_walk(session.loop, find_longest, &longest);
    return longest;
}

START_TEST(only_what_looks_has_a_limit)
{
    turn_to(_i ? "Recreate the container" : "Test TCP from inside");
    ck_assert(perform_run(perform, -1));
    await_output("ready");
    if (_i)
        ck_assert_uint_eq(longest_timer_ms(), 0);
    else
        ck_assert_uint_gt(longest_timer_ms(), CHILD_LIMIT_US / CLOCK_MS - 10000);
}
END_TEST

/* The end of a command that is ended with the program is known, and so written down. */
START_TEST(ends_what_runs_and_knows_it)
{
    turn_to("Recreate the container");
    ck_assert(perform_run(perform, -1));
    await_output("ready");
    perform_terminate(perform);
    ck_assert(perform_was_interrupted(perform));
    while (perform_is_busy(perform))
        uv_run(session.loop, UV_RUN_ONCE);
    ck_assert_int_eq(ends, 1);
    ck_assert_int_eq(walk_page(walk)->state, WALK_RAN);
    ck_assert_ptr_nonnull(strstr(walk_page(walk)->outcome, "interrupted after"));
}
END_TEST

/* What an edit makes of a command decides whether it gets the terminal. */
START_TEST(an_edit_may_need_the_terminal)
{
    turn_to("Recreate the container");
    ck_assert(!walk_page(walk)->terminal);
    walk_edit(walk, "sudo docker compose up -d platform");
    ck_assert(walk_page(walk)->terminal);
    ck_assert(!perform_run(perform, -1));
    ck_assert_ptr_nonnull(strstr(walk_page(walk)->outcome, "no terminal for a command"));
    walk_edit(walk, NULL);
    ck_assert(!walk_page(walk)->terminal);
    ck_assert_str_eq(walk_page(walk)->text, "docker compose up -d platform");
}
END_TEST

static void press(struct model *model, char c)
{
    model_key(model, &(struct key){INPUT_CHAR, (uint32_t)c});
}

/* The question has to be read anew after each of these, however long it was there. */
START_TEST(consent_needs_the_page_on_the_screen)
{
    struct model model;
    struct walk_view view;

    model_init(&model, &session, false);
    model.runner = runner_new(session.loop, session.settings, &(struct runner_options){0},
                              &(struct runner_observer){0});
    walk_view_open(&view, walk, perform, false, false);
    model.walk = &view;
    model_settle(&model, 24, 80, CLOCK_SECOND);
    press(&model, 'x');
    model_settle(&model, 24, 80, CLOCK_SECOND);
    model_settle(&model, 24, 80, CLOCK_SECOND + WALK_ARM_US - 1);
    ck_assert(!view.armed);
    model_settle(&model, 24, 80, CLOCK_SECOND + WALK_ARM_US);
    ck_assert(view.armed);
    model_settle(&model, 24, LAYOUT_MIN_COLS - 1, 3 * CLOCK_SECOND);
    model_settle(&model, 24, LAYOUT_MIN_COLS - 1, 4 * CLOCK_SECOND);
    ck_assert(!view.armed);
    press(&model, 'y');
    ck_assert_int_eq(view.request, WALK_REQUEST_NONE);
    walk_view_close(&view);
    runner_free(model.runner);
    model_clear(&model);
}
END_TEST

Suite *perform_suite(void)
{
    Suite *suite = suite_create("perform");
    TCase *tcase = tcase_create("perform");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, only_what_looks_has_a_limit, 0, 2);
    tcase_add_test(tcase, ends_what_runs_and_knows_it);
    tcase_add_test(tcase, an_edit_may_need_the_terminal);
    tcase_add_test(tcase, consent_needs_the_page_on_the_screen);
    suite_add_tcase(suite, tcase);
    return suite;
}
