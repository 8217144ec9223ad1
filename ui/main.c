/* The program: a screen where there is a terminal for it, else a report. */
#include "cli/commands.h"
#include "run/result.h"

#include <locale.h>
#include <stdio.h>

#ifndef STELLA_VERSION
#define STELLA_VERSION "unknown"
#endif

static int run_command(struct session *session, const struct options *options)
{
    switch (options->command) {
    case COMMAND_LIST:
        return command_list(session, options);
    case COMMAND_SHOW:
        return command_show(session, options);
    default:
        return command_run(session, options);
    }
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
        fprintf(stderr, "%s: %s\n", options->program, err.text);
    }
    session_close(&session);
    return status;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error err = {0};
    int status = EXIT_STATUS_OK;

    /* Only characters: numbers and comparisons stay those of the C locale. */
    setlocale(LC_CTYPE, "");
    if (!options_parse(&options, argc, argv, &err)) {
        fprintf(stderr, "%s: %s\n", options.program, err.text);
        status = EXIT_STATUS_UNKNOWN;
    } else if (options.help) {
        options_print_help(&options, stdout);
    } else if (options.version) {
        printf("stella doctor %s\n", STELLA_VERSION);
    } else {
        status = run_session(&options);
    }
    options_clear(&options);
    return status;
}
