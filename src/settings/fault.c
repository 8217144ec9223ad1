#include "settings/fault.h"

#include <stdarg.h>
#include <stdio.h>

const char *fault_name(enum fault_class kind)
{
    static const char *const names[FAULT_CLASSES] = {
        [FAULT_NONE] = "",
        [FAULT_UNREADABLE] = "unreadable",
        [FAULT_PARSE] = "parse",
        [FAULT_DUPLICATE_KEY] = "duplicate-key",
        [FAULT_DEPTH] = "depth",
        [FAULT_TOP_LEVEL] = "top-level",
        [FAULT_ENCODING] = "encoding",
        [FAULT_TOO_LARGE] = "too-large",
        [FAULT_NO_HOST] = "no-host",
        [FAULT_EMPTY_HOST] = "empty-host",
        [FAULT_BAD_HOST] = "bad-host",
        [FAULT_BAD_PORT] = "bad-port",
        [FAULT_AMBIGUOUS] = "ambiguous",
    };
    return names[kind];
}

bool fault_set(struct fault *fault, enum fault_class kind, int line, const char *format, ...)
{
    char text[2 * ERROR_TEXT_SIZE];
    va_list arguments;

    if (!fault)
        return false;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    *fault = (struct fault){.kind = kind, .line = line};
    error_set(&fault->reason, "%s", text); /* which cuts at a whole character */
    return false;
}
