#include "cli/commands.h"

#include "base/text.h"
#include "cli/report.h"
#include "cli/select.h"
#include "cli/writer.h"

#include <errno.h>
#include <jansson.h>
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
        .unreadable_sources = options->command == COMMAND_SETTINGS,
        .demo = options->demo,
    };
}

bool command_speaks_json(const struct options *options)
{
    return options->format == FORMAT_JSON || options->format == FORMAT_JSONL;
}

static void complain_in_json(const char *text)
{
    json_t *error = json_pack("{s:i, s:{s:s}}", "schema_version", 1, "error", "message", text);

    json_dumpf(error, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(error);
    fflush(stdout);
}

/* It reads standard output alone, where "|" begins the figures. */
static void complain_to_nagios(const char *text)
{
    fputs("DOCTOR UNKNOWN - ", stdout);
    nagios_put_text(stdout, text);
    putchar('\n');
    fflush(stdout);
}

void command_warn(const struct options *options, const char *text)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    if (!command_speaks_json(options))
        fprintf(stderr, "%s: %s\n", options->program, clean);
    free(clean);
}

int command_complain(const struct options *options, const char *text)
{
    char *clean = text_sanitise(text, strlen(text), TEXT_ONE_LINE);

    if (command_speaks_json(options))
        complain_in_json(clean);
    else if (options->format == FORMAT_NAGIOS)
        complain_to_nagios(clean);
    command_warn(options, clean);
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

int command_commit_output(const struct options *options, struct output *output, int status)
{
    struct error err = {0};

    if (!output)
        return command_close_output(options, status);
    return output_commit(output, &err) ? status : command_complain(options, err.text);
}

struct journal *command_open_journal(const struct session *session, const struct options *options,
                                     struct error *err)
{
    struct journal *journal = options->no_journal ? NULL : journal_open(NULL, err);

    journal_hide_secrets(journal, session->settings);
    return journal;
}

void command_print_problems(const struct session *session, const struct options *options)
{
    if (command_speaks_json(options) || options->command == COMMAND_DOCS)
        return;
    for (size_t i = 0; i < catalog_problem_count(session->catalog); i++)
        fprintf(stderr, "%s: %s\n", options->program, catalog_problem(session->catalog, i));
}

const struct check **command_select(const struct session *session, const struct options *options,
                                    size_t *count)
{
    struct error err = {0};
    const struct check **checks = select_checks(session->catalog, options, count, &err);

    if (!checks)
        command_complain(options, err.text);
    return checks;
}

struct report command_open_report(const struct options *options)
{
    struct report report;
    report_init(&report, stdout, options->program, options->no_color, options->ascii);
    return report;
}
