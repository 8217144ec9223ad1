#include "cli/fix_plain.h"

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/fix.h"
#include "cli/fix_model.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Ctrl-D, or there is no terminal any more, which its signal may not have told yet. */
static void on_input_ended(void *context)
{
    bool gone = !isatty(STDOUT_FILENO);

    putchar('\n');
    fix_leave(context, gone ? EXIT_STATUS_SIGNAL + SIGHUP : EXIT_STATUS_OK);
}

static void on_changed(void *context)
{
    struct plain *plain = context;
    char *lines = plain->shown.cut ? NULL : perform_lines(plain->perform);

    if (lines)
        fix_print_output(&plain->report, lines, &plain->shown);
    free(lines);
}

static void on_gave_back(void *context)
{
    fix_take_back(context);
}

static void on_verified(void *context, struct result *result)
{
    struct plain *plain = context;

    journal_add_result(plain->journal, result, plain->session->vantage);
    if (result->evidence.failure != FAILURE_CANCELLED)
        fix_print_round(&plain->report, plain->walk, result);
    result_free(plain->round);
    plain->round = result;
}

static void on_ended(void *context)
{
    struct plain *plain = context;

    if (plain->verifying)
        fix_print_verdict(&plain->report, plain->walk);
    else
        fix_print_end(&plain->report, plain->walk, &plain->shown);
    fix_ask_choice(plain);
}

/* With the result of the first run, which may be NULL. */
static void open_walk(struct plain *plain, const struct result *result)
{
    char *directory = journal_directory(NULL);
    const struct perform_observer observer = {on_changed, on_gave_back, on_verified, on_ended,
                                              plain};
    struct error err = {0};

    plain->walk = walk_open(&(struct walk_options){.session = plain->session,
                                                   .journal = plain->journal,
                                                   .directory = directory,
                                                   .check = plain->check,
                                                   .result = result,
                                                   .platform = plain->options->platform,
                                                   .rounds = (int)plain->options->passes}, &err);
    free(directory);
    if (!plain->walk) {
        fix_leave(plain, command_complain(plain->options, err.text));
        return;
    }
    plain->perform = perform_new(plain->session, plain->walk, &observer);
    putchar('\n');
    fix_say(plain, STYLE_PLAIN, walk_why(plain->walk));
    if (plain->options->read_only)
        fix_say(plain, STYLE_WARN, "read-only: nothing is run");
    fix_show(plain);
}

static void on_first_run(void *context, struct result *result)
{
    struct plain *plain = context;

    journal_add_result(plain->journal, result, plain->session->vantage);
    fix_print_result(&plain->report, result);
    open_walk(plain, result);
    result_free(result);
}

static void begin(struct plain *plain)
{
    const struct runner_options options = {0};
    const struct runner_observer observer = {.finished = on_first_run, .context = plain};

    if (!check_is_wired(plain->check)) {
        open_walk(plain, NULL);
        return;
    }
    fix_say(plain, STYLE_DIM, "Running the check first ...");
    plain->runner = runner_new(plain->session->loop, plain->session->settings, &options,
                               &observer);
    runner_start(plain->runner, plain->check);
}

/* Ctrl-C is the command's where one runs: a captured one has no terminal to get it from. Who
 * presses it twice does not mean to leave where the first has ended the command. */
static void interrupt(struct plain *plain)
{
    clock_us now = clock_now_us();

    if (plain->perform && (perform_cancel(plain->perform) || perform_is_busy(plain->perform))) {
        plain->cancelled = now;
        return;
    }
    if (plain->editor)
        return;
    if (plain->cancelled && now - plain->cancelled < FIX_TWICE_US) {
        fix_say(plain, STYLE_STRONG, "nothing runs any more; q leaves");
        ask_again(plain->ask);
        return;
    }
    putchar('\n');
    fix_leave(plain, EXIT_STATUS_CANCELLED);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct plain *plain = handle->data;

    if (number == SIGINT)
        interrupt(plain);
    else if (number == SIGCONT)
        ask_again(plain->ask);
    else
        fix_leave(plain, EXIT_STATUS_SIGNAL + number);
}

static void start_signals(struct plain *plain)
{
    static const int numbers[FIX_SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCONT};

    for (int i = 0; i < FIX_SIGNALS; i++) {
        uv_signal_init(plain->session->loop, &plain->signals[i]);
        plain->signals[i].data = plain;
        uv_signal_start(&plain->signals[i], on_signal, numbers[i]);
    }
}

static void say_farewell(const struct plain *plain)
{
    const char *program = plain->options->program;
    char *text = walk_proof(plain->walk)->verdict == WALK_FIXED
                     ? mem_printf("%s report prints what was done and proved.", program)
                     : mem_printf("%s fix %s goes on from here.", program, plain->check->id);

    fix_say(plain, STYLE_DIM, text);
    free(text);
}

/* The handles are part of plain: the loop has to close them before that goes. */
static void end(struct plain *plain)
{
    if (plain->walk && plain->journal)
        say_farewell(plain);
    clipboard_free(plain->clipboard);
    editor_free(plain->editor);
    perform_free(plain->perform);
    runner_free(plain->runner);
    ask_free(plain->ask);
    fix_take_back(plain);
    for (int i = 0; i < FIX_SIGNALS; i++)
        uv_close((uv_handle_t *)&plain->signals[i], NULL);
    uv_run(plain->session->loop, UV_RUN_DEFAULT);
    walk_close(plain->walk);
    journal_close(plain->journal);
    result_free(plain->round);
    free(plain->told);
}

static int print_instead(struct session *session, const struct check *check,
                         const struct options *options, const char *why)
{
    char *text = mem_printf("nobody can be asked here (%s), so nothing is run: these are the steps",
                            why);

    command_warn(options, text);
    free(text);
    fix_print_steps(session, check, options);
    return EXIT_STATUS_UNKNOWN;
}

int fix_walk_plain(struct session *session, const struct check *check,
                   const struct options *options, bool capable)
{
    struct plain plain = {.session = session, .check = check, .options = options,
                          .capable = capable, .tty = -1};
    const struct ask_observer observer = {fix_answered, fix_refused, on_input_ended, &plain};
    struct error err = {0};

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return print_instead(session, check, options,
                             isatty(STDIN_FILENO) ? "standard output is not a terminal"
                                                  : "standard input is not a terminal");
    plain.ask = ask_new(session->loop, &observer, &err);
    if (!plain.ask)
        return print_instead(session, check, options, err.text);
    report_init(&plain.report, stdout, options->program, options->no_color || !capable,
                options->ascii);
    plain.journal = command_open_journal(session, options, &err);
    if (err.text[0])
        fix_say(&plain, STYLE_WARN, err.text);
    start_signals(&plain);
    begin(&plain);
    uv_run(session->loop, UV_RUN_DEFAULT);
    end(&plain);
    /* Where a signal ended us the terminal may be gone, and be complained of to nobody. */
    return plain.status > EXIT_STATUS_SIGNAL ? plain.status
                                             : command_close_output(options, plain.status);
}
