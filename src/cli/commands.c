#include "cli/commands.h"

#include "base/mem.h"
#include "base/text.h"
#include "cli/report.h"
#include "cli/select.h"
#include "run/runner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session_options command_session_options(const struct options *options)
{
    return (struct session_options){
        .data_dir = options->data_dir,
        .sources = options->sources.items,
        .nsources = options->sources.count,
        .dotnet_major = options->dotnet_major,
        .sets = options->sets.items,
        .nsets = options->sets.count,
        .default_sources = !options->no_default_sources,
        .demo = options->demo,
    };
}

int command_complain(const struct options *options, const char *text)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    fprintf(stderr, "%s: %s\n", options->program, clean);
    free(clean);
    return EXIT_STATUS_UNKNOWN;
}

int command_close_output(const struct options *options, int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "%s: cannot write the report: %s\n", options->program, strerror(errno));
    return EXIT_STATUS_UNKNOWN;
}

void command_print_problems(const struct session *session, const struct options *options)
{
    for (size_t i = 0; i < catalog_problem_count(session->catalog); i++)
        fprintf(stderr, "%s: %s\n", options->program, catalog_problem(session->catalog, i));
}

static const struct check **select_or_complain(const struct session *session,
                                               const struct options *options, size_t *count)
{
    struct error err = {0};
    const struct check **checks = select_checks(session->catalog, options, count, &err);

    if (!checks)
        command_complain(options, err.text);
    return checks;
}

static struct report open_report(const struct options *options)
{
    struct report report;
    report_init(&report, stdout, options->program, options->no_color, options->ascii);
    return report;
}

/* One `run` command on its way. */
struct batch {
    const struct check **checks;
    struct result **results; /* NULL until finished; freed once printed */
    size_t count, printed;
    struct runner *runner;
    struct report report;
    struct tally tally;
    uv_signal_t interrupt, terminate;
};

static void print_ready(struct batch *batch)
{
    for (; batch->printed < batch->count; batch->printed++) {
        struct result *result = batch->results[batch->printed];
        if (!result)
            break;
        report_result(&batch->report, result);
        result_free(result);
    }
    fflush(batch->report.out);
}

static void close_signals(struct batch *batch)
{
    uv_close((uv_handle_t *)&batch->interrupt, NULL);
    uv_close((uv_handle_t *)&batch->terminate, NULL);
}

static void on_finished(void *context, struct result *result)
{
    struct batch *batch = context;
    size_t i = batch->printed;

    tally_add(&batch->tally, result);
    while (batch->checks[i] != result->check)
        i++;
    batch->results[i] = result;
    print_ready(batch);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct batch *batch = handle->data;

    (void)number;
    runner_cancel_all(batch->runner);
}

static void watch(uv_loop_t *loop, uv_signal_t *handle, int number, struct batch *batch)
{
    uv_signal_init(loop, handle);
    handle->data = batch;
    uv_signal_start(handle, on_signal, number);
    uv_unref((uv_handle_t *)handle);
}

static void run_batch(struct batch *batch, struct session *session, const struct options *options)
{
    const struct runner_options runner = {options->timeout_us, options->concurrency};
    const struct runner_observer observer = {.finished = on_finished, .context = batch};

    watch(session->loop, &batch->interrupt, SIGINT, batch);
    watch(session->loop, &batch->terminate, SIGTERM, batch);
    batch->runner = runner_new(session->loop, session->settings, &runner, &observer);
    for (size_t i = 0; i < batch->count; i++)
        runner_start(batch->runner, batch->checks[i]);
    uv_run(session->loop, UV_RUN_DEFAULT);
    runner_free(batch->runner);
    close_signals(batch);
    uv_run(session->loop, UV_RUN_DEFAULT);
}

int command_run(struct session *session, const struct options *options)
{
    struct batch batch = {.report = open_report(options)};

    batch.checks = select_or_complain(session, options, &batch.count);
    if (!batch.checks)
        return EXIT_STATUS_UNKNOWN;
    batch.results = mem_zalloc(batch.count * sizeof *batch.results);
    run_batch(&batch, session, options);
    report_summary(&batch.report, &batch.tally, session->vantage);
    free(batch.results);
    free(batch.checks);
    return command_close_output(options, tally_exit_status(&batch.tally));
}

static void print_check(const struct report *report, const struct check *check, int width)
{
    report_print(report, STYLE_PLAIN, "%-4s  %-*s  %s  [", severity_name(check->head.severity),
                 width, check->id, check->head.title);
    for (size_t i = 0; i < check->head.ntags; i++)
        report_print(report, STYLE_DIM, "%s%s", i ? ", " : "", check->head.tags[i]);
    report_print(report, STYLE_PLAIN, "]\n");
}

int command_list(struct session *session, const struct options *options)
{
    const struct report report = open_report(options);
    const char *plugin = "";
    size_t count;
    int width = 0;

    const struct check **checks = select_or_complain(session, options, &count);
    if (!checks)
        return EXIT_STATUS_UNKNOWN;
    for (size_t i = 0; i < count; i++)
        if (text_cols(checks[i]->id) > width)
            width = text_cols(checks[i]->id);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(plugin, checks[i]->head.plugin) != 0)
            report_print(&report, STYLE_STRONG, "%s\n", checks[i]->head.plugin);
        plugin = checks[i]->head.plugin;
        print_check(&report, checks[i], width);
    }
    free(checks);
    return command_close_output(options, EXIT_STATUS_OK);
}

static void print_section(const struct report *report, const struct article *article,
                          enum article_section section, enum platform platform,
                          const char *heading)
{
    struct rows rows = {0};

    article_layout(article, section, platform, 80, &rows);
    if (rows.count > 0) {
        report_print(report, STYLE_HEADING, "\n%s\n", heading);
        report_rows(report, &rows);
    }
    rows_clear(&rows);
}

static void print_article(const struct report *report, const struct check *check,
                          const struct article *article)
{
    report_print(report, STYLE_HEADING, "%s\n", check->head.title);
    report_print(report, STYLE_DIM, "%s, plugin %s, severity %s\n", check->id, check->head.plugin,
                 severity_name(check->head.severity));
    for (int i = 0; i < ARTICLE_SECTIONS; i++) {
        enum article_section section = (enum article_section)i;
        print_section(report, article, section, PLATFORMS, article_section_title(section));
        for (int p = 0; section == ARTICLE_FIX && p < PLATFORMS; p++)
            print_section(report, article, section, (enum platform)p,
                          platform_title((enum platform)p));
    }
}

int command_show(struct session *session, const struct options *options)
{
    const struct report report = open_report(options);
    struct error err = {0};
    size_t count;

    const struct check **checks = select_or_complain(session, options, &count);
    if (!checks)
        return EXIT_STATUS_UNKNOWN;
    struct article *article = check_open_article(checks[0], &err);
    if (article)
        print_article(&report, checks[0], article);
    else
        command_complain(options, err.text);
    free(checks);
    int status = article ? EXIT_STATUS_OK : EXIT_STATUS_UNKNOWN;
    article_free(article);
    return command_close_output(options, status);
}
