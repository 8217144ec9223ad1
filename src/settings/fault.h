/* What can be wrong with a source or with what it says; the names are part of
 * the JSON contract. */
#ifndef SETTINGS_FAULT_H
#define SETTINGS_FAULT_H

#include "base/error.h"

#include <stdbool.h>

enum fault_class {
    FAULT_NONE,
    /* of a source */
    FAULT_UNREADABLE, /* it cannot be opened, or is no regular file */
    FAULT_PARSE,
    FAULT_DUPLICATE_KEY,
    FAULT_DEPTH,
    FAULT_TOP_LEVEL, /* well-formed, but its root is no object or mapping */
    FAULT_ENCODING,
    FAULT_TOO_LARGE,
    /* of the answer */
    FAULT_NO_HOST,
    FAULT_EMPTY_HOST,
    FAULT_BAD_HOST,
    FAULT_BAD_PORT,
    FAULT_AMBIGUOUS
};
enum { FAULT_CLASSES = FAULT_AMBIGUOUS + 1 };

/* "unreadable", "parse", "duplicate-key", ...; "" for FAULT_NONE. */
const char *fault_name(enum fault_class kind);

/* A source's fault. line is from 1, or 0 where there is none; the reason does
 * not repeat it, quotes no value, and says what to do. */
struct fault {
    enum fault_class kind;
    int line;
    struct error reason;
};

/* Sets all of it, the reason printf-like. fault may be NULL. Returns false. */
bool fault_set(struct fault *fault, enum fault_class kind, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
