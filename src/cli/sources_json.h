/* The sources of the settings in JSON: one form for every command. */
#ifndef CLI_SOURCES_JSON_H
#define CLI_SOURCES_JSON_H

#include "settings/settings.h"

#include <jansson.h>

/* An array with one object a source, lowest precedence first, so that its index
 * is the "source" of every "from": {"kind", "path", "status": "ok", "absent" or
 * "error", "error": {"class", "line", "message"}}. Absent members are left out.
 * The caller owns the reference. */
json_t *settings_sources_json(const struct settings *settings);

#endif
