/* How the state of a check is shown: word, sign and style together, so that
 * neither colour nor Unicode is ever needed to read it. */
#ifndef UI_STATUS_H
#define UI_STATUS_H

#include "base/rows.h"
#include "run/result.h"

/* In the order in which groups by outcome stand. */
enum status {
    STATUS_FAIL,
    STATUS_ERROR,
    STATUS_RUNNING,
    STATUS_QUEUED,
    STATUS_PASS,
    STATUS_SKIP,
    STATUS_NOT_RUN,
    STATUSES
};

enum { STATUS_WORD_COLS = 7 };

struct status_look {
    const char *word;  /* at most STATUS_WORD_COLS columns */
    const char *sign;  /* one column; one that text_ascii would lose has a twin */
    const char *ascii; /* one ASCII character */
    enum style style;
};

/* The look of a status. */
const struct status_look *status_look(enum status status);

/* Its sign as the terminal can show it. */
const char *status_sign(enum status status, bool ascii);

/* The sign of a warning likewise. */
const char *warning_sign(bool ascii);

/* A finding's sign likewise: of a warning, or of what is only good to know. */
const char *finding_sign(enum finding_id id, bool ascii);

/* How many are worth a look at a glance: all, or none where none is a warning. */
size_t found_count(const struct findings *findings);

/* "▲ 2 found" as a heap text; NULL for 0. */
char *found_text(size_t count, bool ascii);

/* The status of a finished result. */
enum status status_of_outcome(enum outcome outcome);

#endif
