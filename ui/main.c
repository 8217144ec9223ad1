/* The program: a screen where there is a terminal for it, else a report. */
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/defaults.h"
#include "cli/docs.h"
#include "cli/fix.h"
#include "cli/fix_plain.h"
#include "cli/incident.h"
#include "cli/list.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "cli/show.h"
#include "cli/version.h"
#include "ui/dashboard.h"
#include "ui/term.h"
#include "ui/walk_action.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The dashboard gave the terminal back: what was run stays readable there. */
static int say_farewell(const struct dashboard *dashboard, const struct session *session,
                        const struct options *options)
{
    size_t count = catalog_count(session->catalog);
    const struct result **results = mem_zalloc((count + 1) * sizeof *results);
    const struct tally tally = dashboard_tally(dashboard);
    struct report report;

    report_init(&report, stdout, options->program, options->no_color, options->ascii);
    for (size_t i = 0; i < count; i++)
        results[i] = dashboard_result(dashboard, i);
    report_farewell(&report, results, count, &tally, session->vantage);
    if (options->exit_status)
        report_why_warn(&report, tally_why_warn(&tally, results, count));
    fflush(stdout);
    free(results);
    return options->exit_status ? tally_exit_status(&tally) : EXIT_STATUS_OK;
}

/* The parent is to see what ended us (128 + the number, in a shell). */
static void pass_on(int number)
{
    fflush(stdout);
    signal(number, SIG_DFL);
    raise(number);
}

static int open_dashboard(struct session *session, const struct check *walk,
                          const struct options *options)
{
    struct error err = {0}, journal_err = {0};
    struct journal *journal = command_open_journal(session, options, &journal_err);
    const struct dashboard_options dashboard_options = {
        .runner = {options->timeout_us, options->concurrency, false},
        .color = !options->no_color,
        .ascii = options->ascii,
        .journal = journal,
        .note = journal_err.text[0] ? journal_err.text : NULL,
        .read_only = options->read_only,
        .rounds = (int)options->passes,
        .walk = walk,
        .platform = options->platform,
    };
    struct dashboard *dashboard = dashboard_run(session, &dashboard_options, &err);

    journal_close(journal);
    if (!dashboard) {
        command_complain(options, err.text);
        return walk ? fix_walk_plain(session, walk, options, false) : EXIT_STATUS_UNKNOWN;
    }
    int number = dashboard_signal(dashboard);
    int status = number == SIGHUP ? EXIT_STATUS_OK : say_farewell(dashboard, session, options);
    dashboard_free(dashboard);
    if (number)
        pass_on(number);
    return status;
}

static int run_dashboard(struct session *session, const struct options *options)
{
    const char *why;

    if (term_usable(&why))
        return open_dashboard(session, NULL, options);
    fprintf(stderr, "%s: no dashboard here (%s); this is the report\n", options->program, why);
    return command_run(session, options);
}

static int run_fix(struct session *session, const struct options *options)
{
    const struct check *check = fix_check(session, options);
    const char *why;

    if (!check)
        return EXIT_STATUS_UNKNOWN;
    if (options->dry_run)
        return fix_print_steps(session, check, options);
    bool capable = term_usable(&why);
    if (capable && !options->plain)
        return open_dashboard(session, check, options);
    return fix_walk_plain(session, check, options, capable);
}

static struct manual_key manual_key(const struct action_row *row)
{
    return (struct manual_key){row->keys_text, row->help};
}

/* The manual has the keys of the tables here; the rows that are none end the lists. */
static int run_docs(struct session *session, const struct options *options)
{
    struct manual_key dashboard[ACTIONS] = {0}, walkthrough[WALK_ACTIONS] = {0};

    for (int action = ACTION_NONE + 1; action < ACTIONS; action++)
        dashboard[action - 1] = manual_key(action_row((enum action)action));
    for (int action = WALK_ACTION_NONE + 1; action < WALK_ACTIONS; action++)
        walkthrough[action - 1] = manual_key(walk_action_row((enum walk_action)action));
    return command_docs(session, options, dashboard, walkthrough);
}

static int run_command(struct session *session, const struct options *options)
{
    static int (*const commands[COMMANDS])(struct session *, const struct options *) = {
        [COMMAND_DASHBOARD] = run_dashboard, [COMMAND_RUN] = command_run,
        [COMMAND_LIST] = command_list,       [COMMAND_SHOW] = command_show,
        [COMMAND_SETTINGS] = command_settings, [COMMAND_FIX] = run_fix, [COMMAND_REPORT] = command_report,
        [COMMAND_DOCS] = run_docs,
        [COMMAND_COMPLETION] = command_completion,
    };
    return commands[options->command](session, options);
}

static int run_session(const struct options *options)
{
    const struct session_options session_options = command_session_options(options);
    struct session session;
    struct error err = {0};
    int status = EXIT_STATUS_UNKNOWN;

    if (session_open(&session, &session_options, &err)) {
        command_print_problems(&session, options);
        status = run_command(&session, options);
    } else {
        command_complain(options, err.text);
    }
    session_close(&session);
    return status;
}

/* A mistake in doctor.ini stops nothing; JSON is not disturbed. */
static void complain_of_defaults(void *context, const char *text)
{
    command_warn(context, text);
}

/* A closed standard stream would be taken by the next open, and libuv aborts
 * when it closes such a descriptor. What stands in fails like a closed one. */
static void occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* A file that may grow no more (setrlimit(2), RLIMIT_FSIZE) is an error like a full disk,
 * which the writer hears of: the signal would end the program, and leave the screen. */
static void survive_file_limit(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    sigaction(SIGXFSZ, &ignore, NULL);
}

int main(int argc, char **argv)
{
    struct options options;
    struct error err = {0};
    int status = EXIT_STATUS_OK;

    occupy_standard_streams();
    survive_file_limit();
    /* Only characters: numbers and comparisons stay those of the C locale. */
    setlocale(LC_CTYPE, "");
    if (!options_parse(&options, argc, argv, &err)) {
        status = command_complain(&options, err.text);
    } else if (options.help) {
        options_print_help(&options, stdout);
        status = command_close_output(&options, EXIT_STATUS_OK);
    } else if (options.version) {
        printf("stella doctor %s\n", STELLA_VERSION);
        status = command_close_output(&options, EXIT_STATUS_OK);
    } else {
        defaults_load(&options, complain_of_defaults, &options);
        status = run_session(&options);
    }
    options_clear(&options);
    return status;
}
