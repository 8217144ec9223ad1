#include "settings/boolean.h"

#include "settings/space.h"

#include <string.h>
#include <strings.h>

bool boolean_read(const char *text, bool *value)
{
    const char *end = text + strlen(text);

    space_trim(&text, &end);
    *value = end - text == 4 && strncasecmp(text, "true", 4) == 0;
    return *value || (end - text == 5 && strncasecmp(text, "false", 5) == 0);
}
