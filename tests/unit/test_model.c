#include "base/buf.h"
#include "base/mem.h"
#include "suites.h"
#include "temporary.h"
#include "ui/model.h"

#include <stdlib.h>
#include <string.h>

/* A session on the built-in checks, with settings that need no network. */
static struct session session;
static struct model model;

static void on_changed(void *context, const struct result *live)
{
    model_changed(context, live->check);
}

static void on_verdict(void *context, const struct result *live)
{
    model_verdict(context, live);
}

static void on_finished(void *context, struct result *result)
{
    model_finished(context, result);
}

static void settle(int rows, int cols)
{
    model_settle(&model, rows, cols, clock_now_us());
}

static void open_model(const struct session_options *options)
{
    const struct runner_options runner_options = {0};
    const struct runner_observer observer = {on_changed, on_verdict, on_finished, &model};

    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    ck_assert(session_open(&session, options, NULL));
    model_init(&model, &session, false);
    model.runner = runner_new(session.loop, session.settings, &runner_options, &observer);
    settle(24, 80);
}

static void open_port(const char *port)
{
    static const char *sets[] = {"Smtp:Host=127.0.0.1", NULL}; /* the session keeps it */
    const struct session_options options = {.sets = sets, .nsets = 2};

    sets[1] = port;
    open_model(&options);
}

static void setup(void)
{
    open_port("Smtp:Port=x");
}

/* The same on a directory that holds no check at all. */
static void setup_empty(void)
{
    const struct session_options options = {.data_dir = temporary_directory()};

    open_model(&options);
}

static void teardown(void)
{
    runner_free(model.runner);
    model_clear(&model);
    session_close(&session);
    temporary_remove();
}

static void press(const char *keys)
{
    for (; *keys; keys++) {
        struct key key = {INPUT_CHAR, (uint32_t)*keys};
        if (*keys == '\r')
            key = (struct key){INPUT_ENTER, 0};
        else if (*keys == '\t')
            key = (struct key){INPUT_TAB, 0};
        else if (*keys == '\b')
            key = (struct key){INPUT_BACKSPACE, 0};
        else if (*keys == '\x1b')
            key = (struct key){INPUT_ESCAPE, 0};
        else if (*keys < ' ')
            key = (struct key){INPUT_CTRL, (uint32_t)(*keys + 'a' - 1)};
        model_key(&model, &key);
        settle(model.rows, model.cols);
    }
}

/* The visible list: a group's name, or a check's last part, at its depth. */
static void assert_list(const char *wanted)
{
    struct buf text = {0};

    for (size_t i = 0; i < model.tree.count; i++) {
        const struct node *node = &model.tree.nodes[i];
        const char *name = node->kind == NODE_GROUP
                               ? node->label
                               : strrchr(catalog_at(session.catalog, node->check)->id, '.') + 1;
        buf_printf(&text, "%d%s%s ", node->depth, name, node->folded ? "+" : "");
    }
    ck_assert_str_eq(text.data, wanted);
    buf_clear(&text);
}

static const char *selected_id(void)
{
    size_t index = model_selected_check(&model);
    return index < catalog_count(session.catalog) ? catalog_at(session.catalog, index)->id : "";
}

#define ALL                                                                                        \
    "0stellaops.doctor.integration 1connectivity 2smtp 2slack 2teams 1email 2smtp 1smtp 2smtp "    \
    "1notifications 2slack 2teams 1slack 2slack 1teams 2teams "

START_TEST(test_starts_open_on_the_first_check)
{
    assert_list(ALL);
    ck_assert_str_eq(selected_id(), "check.integration.smtp");
    ck_assert_uint_eq(model.tree.nodes[0].count, 3);
}
END_TEST

START_TEST(test_groupings)
{
    press("t");
    assert_list("0stellaops.doctor.integration 1smtp 1slack 1teams ");
    ck_assert_str_eq(selected_id(), "check.integration.smtp");
    press("t");
    assert_list("0connectivity 1smtp 1slack 1teams 0email 1smtp 0smtp 1smtp "
                "0notifications 1slack 1teams 0slack 1slack 0teams 1teams ");
    press("tr");
    assert_list("0FAIL 1smtp 0not run 1slack 1teams ");
    ck_assert_str_eq(selected_id(), "check.integration.smtp");
    press("t");
    assert_list(ALL);
}
END_TEST

START_TEST(test_folds)
{
    press("hh");
    assert_list("0stellaops.doctor.integration 1connectivity+ 1email 2smtp 1smtp 2smtp "
                "1notifications 2slack 2teams 1slack 2slack 1teams 2teams ");
    press("\r");
    assert_list(ALL);
    press("ghl");
    assert_list(ALL);
    press("gh");
    assert_list("0stellaops.doctor.integration+ ");
    ck_assert_uint_eq(model.tree.nodes[0].count, 3);
}
END_TEST

START_TEST(test_filter)
{
    press("/SLACK");
    ck_assert(model.prompting);
    assert_list("0stellaops.doctor.integration 1connectivity 2slack 1notifications 2slack 1slack "
                "2slack ");
    press("\r");
    ck_assert(!model.prompting);
    ck_assert_str_eq(selected_id(), "check.integration.slack");
    press("q");
    assert_list(ALL);
    ck_assert(!model.quit);
    press("/q\x1b");
    assert_list(ALL);
    ck_assert(!model.quit);
}
END_TEST

START_TEST(test_filter_without_match)
{
    press("/zzz\r");
    ck_assert_uint_eq(model.tree.count, 0);
    press("jkhl\rrnNgG\tz");
    ck_assert_uint_eq(model_selected_check(&model), catalog_count(session.catalog));
    ck_assert_uint_eq(runner_count(model.runner), 0);
}
END_TEST

START_TEST(test_next_check_goes_round)
{
    press("n");
    ck_assert_str_eq(selected_id(), "check.integration.slack");
    press("NN");
    ck_assert_str_eq(selected_id(), "check.integration.teams");
    press("n");
    ck_assert_str_eq(selected_id(), "check.integration.smtp");
}
END_TEST

START_TEST(test_failing_only)
{
    press("R");
    press("f");
    assert_list("0stellaops.doctor.integration 1connectivity 2smtp 1email 2smtp 1smtp 2smtp ");
    press("f");
    assert_list(ALL);
}
END_TEST

/* It passed, but the exit status is 1. */
START_TEST(test_warnings_show_among_failures)
{
    struct result *result = mem_zalloc(sizeof *result);

    result->check = catalog_at(session.catalog, 1);
    result->summary = mem_strdup("Connected");
    model_finished(&model, result);
    press("f");
    ck_assert_uint_eq(model.tree.count, 0);
    press("f");
    result = mem_zalloc(sizeof *result);
    result->check = catalog_at(session.catalog, 1);
    result->summary = mem_strdup("Connected");
    findings_add(&result->findings, FINDING_CERT_EXPIRED, "past");
    model_finished(&model, result);
    press("f");
    assert_list("0stellaops.doctor.integration 1connectivity 2slack 1notifications 2slack 1slack "
                "2slack ");
    ck_assert_uint_eq(model.tree.nodes[0].failing, 0);
    ck_assert_uint_eq(model.tree.nodes[0].warned, 1);
}
END_TEST

/* A check under three tags counts once. */
START_TEST(test_counts)
{
    size_t counts[STATUSES];

    press("R");
    model_count(&model, counts);
    ck_assert_uint_eq(counts[STATUS_FAIL], 1);
    ck_assert_uint_eq(counts[STATUS_SKIP], 2);
    ck_assert_uint_eq(counts[STATUS_NOT_RUN], 0);
    ck_assert_uint_eq(model.tree.nodes[0].failing, 1);
    const struct tally tally = model_tally(&model);
    ck_assert_int_eq(tally_exit_status(&tally), EXIT_STATUS_WARN);
}
END_TEST

/* The verdict stays while it digs, in every count, and the end takes its place. */
START_TEST(test_digging_keeps_the_verdict)
{
    const struct check *check = catalog_at(session.catalog, 0);
    struct result *live = mem_zalloc(sizeof *live);
    size_t counts[STATUSES];

    live->check = check;
    live->outcome = OUTCOME_FAIL;
    model_changed(&model, check);
    model_verdict(&model, live);
    model_changed(&model, check);
    press("t");
    model_count(&model, counts);
    ck_assert_uint_eq(counts[STATUS_FAIL], 1);
    ck_assert_uint_eq(counts[STATUS_RUNNING], 0);
    ck_assert_uint_eq(model_digging(&model), 1);
    ck_assert_uint_eq(model.tree.nodes[0].failing, 1);
    const struct tally tally = model_tally(&model);
    ck_assert_int_eq(tally_exit_status(&tally), EXIT_STATUS_WARN);
    model_finished(&model, live);
    ck_assert_uint_eq(model_digging(&model), 0);
    ck_assert_ptr_eq(model.states[0].result, live);
}
END_TEST

/* Looked at closer: header and groups keep the last verdict until there is a new one. */
START_TEST(test_last_verdict_stays_until_the_next)
{
    size_t counts[STATUSES];

    teardown();
    open_port("Smtp:Port=1"); /* which refuses */
    press("r");
    while (runner_count(model.runner) > 0)
        uv_run(session.loop, UV_RUN_ONCE);
    press("d");
    ck_assert_uint_eq(runner_count(model.runner), 1);
    model_count(&model, counts);
    ck_assert_uint_eq(counts[STATUS_FAIL], 1);
    ck_assert_uint_eq(counts[STATUS_RUNNING] + counts[STATUS_QUEUED], 0);
    ck_assert_uint_eq(model_digging(&model), 1);
    ck_assert_uint_eq(model.tree.nodes[0].failing, 1);
    ck_assert(runner_cancel(model.runner, catalog_at(session.catalog, 0)));
    ck_assert_uint_eq(model_digging(&model), 0);
}
END_TEST

START_TEST(test_group_runs_its_checks_folded_or_not)
{
    size_t counts[STATUSES];

    press("gh");
    press("r");
    model_count(&model, counts);
    ck_assert_uint_eq(counts[STATUS_NOT_RUN], 0);
}
END_TEST

START_TEST(test_close_takes_the_top)
{
    press("\tz?");
    ck_assert_int_eq(model.overlay, OVERLAY_HELP);
    press("q");
    ck_assert_int_eq(model.overlay, OVERLAY_NONE);
    press("q");
    ck_assert(!model.zoomed);
    press("q");
    ck_assert_int_eq(model.focus, FOCUS_LIST);
    press("\x1b");
    ck_assert(!model.quit);
    press("q");
    ck_assert(model.quit);
}
END_TEST

START_TEST(test_interrupt_quits_when_nothing_runs)
{
    press("\x03");
    ck_assert(model.quit);
}
END_TEST

START_TEST(test_links_and_back)
{
    press("\rG");
    ck_assert_str_eq(detail_link(&model.detail), "check.integration.slack");
    press("j");
    ck_assert_str_eq(detail_link(&model.detail), "check.integration.teams");
    press("k");
    ck_assert_str_eq(detail_link(&model.detail), "check.integration.slack");
    press("\r");
    ck_assert_str_eq(selected_id(), "check.integration.slack");
    ck_assert_int_eq(model.detail.top, 0);
    press("\b");
    ck_assert_str_eq(selected_id(), "check.integration.smtp");
    press("\b");
    ck_assert_int_eq(model.focus, FOCUS_LIST);
}
END_TEST

START_TEST(test_platform_tabs)
{
    press("]]");
    ck_assert_int_eq(model.detail.platform, PLATFORM_HELM);
    press("]");
    ck_assert_int_eq(model.detail.platform, PLATFORM_COMPOSE);
    press("[2");
    ck_assert_int_eq(model.detail.platform, PLATFORM_SYSTEMD);
}
END_TEST

/* Choosing a fix shows it, wherever the details stood. */
START_TEST(test_platform_key_scrolls_to_the_fix)
{
    const struct rows *rows;

    press("2");
    const struct row *row = detail_row(&model.detail, model.detail.top, &rows);
    ck_assert_int_gt(model.detail.top, 0);
    ck_assert_int_eq(strncmp(rows->text.data + rows->spans[row->first].start, "How to Fix", 10), 0);
}
END_TEST

/* Pasted text is text: it runs nothing, quits nothing. */
START_TEST(test_paste)
{
    const struct key begin = {INPUT_PASTE_BEGIN, 0}, end = {INPUT_PASTE_END, 0};

    model_key(&model, &begin);
    press("Rq\rt/");
    model_key(&model, &end);
    ck_assert(!model.quit && !model.prompting);
    ck_assert_int_eq(model.grouping, GROUP_PLUGIN_TAG);
    ck_assert_uint_eq(runner_count(model.runner), 0);
    press("/");
    model_key(&model, &begin);
    press("tea\rms");
    model_key(&model, &end);
    ck_assert_str_eq(model.filter, "teams");
}
END_TEST

/* Every key, in every state, at awkward sizes: only has to survive. */
START_TEST(test_survives_any_keys)
{
    static const char keys[] = "jkhl\r\t/nNfzt[]123?!rRgGq \b\x1b\x0c\x02\x06xyz";
    static const int sizes[][2] = {{24, 80}, {10, 40}, {60, 200}, {1, 1}, {5, 300}, {40, 140}};
    unsigned random = (unsigned)_i + 1;

    for (int i = 0; i < 1000; i++) {
        random = random * 1103515245 + 12345;
        char text[2] = {keys[(random >> 16) % (sizeof keys - 1)], '\0'};
        size_t size = (random >> 8) % (sizeof sizes / sizeof *sizes);
        settle(sizes[size][0], sizes[size][1]);
        press(text);
        bool cursor = model.tree.count == 0 || model.cursor < model.tree.count;
        if (!cursor || model.detail.top < 0 || model.list_top < 0)
            ck_abort_msg("after %d keys", i);
        model.quit = false;
    }
}
END_TEST

START_TEST(test_survives_without_checks)
{
    press("jkgGhl\r\t\rjkG12[]rRnNftz?q!q/x\r\b ");
    ck_assert_uint_eq(model.tree.count, 0);
    ck_assert_uint_eq(model.nhistory, 0);
    press("qqqq\x03");
    ck_assert(model.quit);
}
END_TEST

/* The same in bursts, as a slow line delivers them: nothing is laid out between. */
START_TEST(test_survives_bursts)
{
    static const char keys[] = "jjjkhl\r\r\t\t/nNfzt[]12?!RgGG q\b\b\x1b";
    unsigned random = (unsigned)_i + 1;

    for (int i = 0; i < 4000; i++) {
        random = random * 1103515245 + 12345;
        struct key key = {INPUT_CHAR, (uint32_t)keys[(random >> 16) % (sizeof keys - 1)]};
        if (key.character == '\r')
            key = (struct key){INPUT_ENTER, 0};
        else if (key.character == '\t')
            key = (struct key){INPUT_TAB, 0};
        else if (key.character == '\b')
            key = (struct key){INPUT_BACKSPACE, 0};
        else if (key.character == 0x1b)
            key = (struct key){INPUT_ESCAPE, 0};
        model_key(&model, &key);
        if (i % 40 == 0)
            settle(30, 100);
        for (size_t j = 0; j < model.nhistory; j++)
            if (model.history[j] >= catalog_count(session.catalog))
                ck_abort_msg("after %d keys the history is off", i);
    }
}
END_TEST

START_TEST(test_link_is_that_of_the_selection)
{
    press("\rG");
    const struct key tab = {INPUT_TAB, 0}, enter = {INPUT_ENTER, 0}, back = {INPUT_BACKSPACE, 0};
    const struct key left = {INPUT_LEFT, 0};
    model_key(&model, &tab);
    model_key(&model, &left);
    model_key(&model, &tab);
    model_key(&model, &enter);
    ck_assert_uint_eq(model.nhistory, 0);
    model_key(&model, &back);
    settle(24, 80);
    ck_assert_int_eq(model.focus, FOCUS_LIST);
}
END_TEST

Suite *model_suite(void)
{
    Suite *suite = suite_create("model");
    TCase *tcase = tcase_create("keys");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_starts_open_on_the_first_check);
    tcase_add_test(tcase, test_groupings);
    tcase_add_test(tcase, test_folds);
    tcase_add_test(tcase, test_filter);
    tcase_add_test(tcase, test_filter_without_match);
    tcase_add_test(tcase, test_next_check_goes_round);
    tcase_add_test(tcase, test_failing_only);
    tcase_add_test(tcase, test_warnings_show_among_failures);
    tcase_add_test(tcase, test_counts);
    tcase_add_test(tcase, test_digging_keeps_the_verdict);
    tcase_add_test(tcase, test_last_verdict_stays_until_the_next);
    tcase_add_test(tcase, test_group_runs_its_checks_folded_or_not);
    tcase_add_test(tcase, test_close_takes_the_top);
    tcase_add_test(tcase, test_interrupt_quits_when_nothing_runs);
    tcase_add_test(tcase, test_links_and_back);
    tcase_add_test(tcase, test_platform_tabs);
    tcase_add_test(tcase, test_platform_key_scrolls_to_the_fix);
    tcase_add_test(tcase, test_paste);
    tcase_add_loop_test(tcase, test_survives_any_keys, 0, 4);
    tcase_add_loop_test(tcase, test_survives_bursts, 0, 4);
    tcase_add_test(tcase, test_link_is_that_of_the_selection);
    suite_add_tcase(suite, tcase);
    TCase *empty = tcase_create("empty");
    tcase_add_checked_fixture(empty, setup_empty, teardown);
    tcase_add_test(empty, test_survives_without_checks);
    suite_add_tcase(suite, empty);
    return suite;
}
