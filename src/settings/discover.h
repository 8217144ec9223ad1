/* Which sources are in force on this machine, where nobody names any: what the
 * running platform was started with, else its unit, else the files of the usual
 * places. Never blocks, writes, or runs anything. */
#ifndef SETTINGS_DISCOVER_H
#define SETTINGS_DISCOVER_H

#include "settings/settings.h"

/* The platform's unit and the folder of its appsettings files. */
#define DISCOVER_UNIT "stellaops-platform.service"
#define DISCOVER_ETC "/etc/stellaops"

struct discovery {
    const char *root;      /* "/"; another directory for tests: all paths are below it */
    const char *directory; /* absolute: where compose.yaml, .env and values.yaml are sought */
    int dotnet_major;
};

/* Adds one layer for each source that is in force, lowest precedence first, each
 * with a note on how it was found, and a note (settings_add_note) for each step
 * that found nothing or could not read, and why:
 *
 * 1. a running process of the platform: its arguments, its environment, and the
 *    appsettings files of its content root, where they can be read;
 * 2. else the unit stellaops-platform.service with its drop-ins: Environment=,
 *    EnvironmentFile=, the arguments in ExecStart=, and the appsettings files of the
 *    content root that these give;
 *    where neither can be read although the process runs, its environment is a
 *    source that cannot be opened: anything else would be a guess;
 * 3. else /etc/stellaops/appsettings.json and appsettings.Production.json;
 * 4. else .env beside a compose.yaml, or values.yaml, in the working directory.
 *
 * The environment of this process is not among them: the caller adds it. */
void settings_discover(struct settings *settings, const struct discovery *discovery);

/* The file in a directory below root that Compose reads there, or NULL; the caller
 * frees it. */
char *discover_compose_file(const char *root, const char *directory);

#endif
