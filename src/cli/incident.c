#include "cli/incident.h"

#include "cli/commands.h"
#include "cli/version.h"
#include "guide/incident.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* Reads the events of the period that is asked for. */
static bool read_period(struct incident *incident, const struct options *options,
                        struct error *err)
{
    int64_t until = options->until_ms ? options->until_ms : clock_wall_ms();
    int64_t since = options->since_ms ? options->since_ms : until - DAY_MS;

    return incident_read(incident, NULL, options->everything ? 0 : since, options->until_ms, err);
}

static enum incident_format format_of(const struct options *options)
{
    if (options->format == FORMAT_JSON)
        return INCIDENT_JSON;
    return options->format == FORMAT_MARKDOWN ? INCIDENT_MARKDOWN : INCIDENT_TEXT;
}

static int print(const struct incident *incident, const struct options *options)
{
    struct output *output = NULL;
    struct error err = {0};

    if (options->output && !(output = output_open(options->output, &err)))
        return command_complain(options, err.text);
    incident_print(incident, format_of(options), STELLA_VERSION,
                   output ? output_stream(output) : stdout);
    return command_commit_output(options, output, EXIT_STATUS_OK);
}

int command_report(struct session *session, const struct options *options)
{
    struct incident incident = {0};
    struct error err = {0};

    (void)session;
    int status = read_period(&incident, options, &err) ? print(&incident, options)
                                                       : command_complain(options, err.text);
    incident_clear(&incident);
    return status;
}
