#include "cli/incident.h"

#include "cli/commands.h"
#include "guide/incident.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static int64_t since_ms(const struct options *options)
{
    int64_t back = options->since_us ? options->since_us / CLOCK_MS : DAY_MS;

    return options->everything ? 0 : clock_wall_ms() - back;
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
    incident_print(incident, format_of(options), output ? output_stream(output) : stdout);
    return command_commit_output(options, output, EXIT_STATUS_OK);
}

int command_report(struct session *session, const struct options *options)
{
    struct incident incident = {0};
    struct error err = {0};

    (void)session;
    int status = incident_read(&incident, NULL, since_ms(options), &err)
                     ? print(&incident, options)
                     : command_complain(options, err.text);
    incident_clear(&incident);
    return status;
}
